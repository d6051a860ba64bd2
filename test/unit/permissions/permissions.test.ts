import { readFileSync } from 'node:fs';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { IAM_ACTIONS } from '../../../src/installation/permissions.js';
import { parseTemplate } from '../../../src/model/template.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { accountId, createWorld, HUB, queueTemplate, smallOrganization, stackManifest } from '../../support/world.js';

const text = readFileSync(new URL('../../../infra/member-roles.yaml', import.meta.url), 'utf8');

type Statement = { readonly Action: string | readonly string[] };
function allowed(logicalId: string): Set<string> {
  const parsed = parseTemplate(text);
  if (parsed.type !== 'template') throw new Error(parsed.message);
  const role = (parsed.document['Resources'] as any)[logicalId].Properties;
  return new Set(
    role.Policies.flatMap((policy: any) =>
      policy.PolicyDocument.Statement.flatMap((statement: Statement) => statement.Action),
    ),
  );
}

describe('the roles of infra/member-roles.yaml', () => {
  it.each([
    ['plan', 'PlanRole'],
    ['apply', 'ApplyRole'],
  ] as const)('allow %s exactly what is declared', (role, logicalId) => {
    const declared = new Set(IAM_ACTIONS.filter((action) => action.role === role).map((action) => action.action));
    expect([...allowed(logicalId)].sort()).toEqual([...declared].sort());
  });

  it('can be deployed', async () => {
    const simulator = createSimulator({ organization: smallOrganization(1, { roles: [] }) });
    const client = new CloudFormationClient({
      region: 'us-east-1',
      credentials: simulator.credentials(accountId(1)),
      requestHandler: simulator.requestHandler,
    });
    await client.send(
      new CreateStackCommand({
        StackName: 'member-roles',
        TemplateBody: text,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        Parameters: Object.entries({
          ControllerRoleArn: `arn:aws:iam::${HUB}:role/controller`,
          OrganizationId: 'o-exampleorgid',
          ExternalId: 'an-external-id',
        }).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      }),
    );
    simulator.world.clock.advance(900);
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'member-roles' }));
    expect(Stacks?.[0]).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect([...simulator.world.organization.accounts.get(accountId(1))!.roles.keys()]).toEqual(
      expect.arrayContaining(['evenkeel-plan', 'evenkeel-apply', 'evenkeel-cloudformation']),
    );
    await simulator.close();
  });
});

it('every call that a reconcile makes is declared for the role that makes it', async () => {
  const targets = 'targets: [{ organizationalUnits: [/Workloads/**], tags: { team: [red] }, regions: [us-east-1] }]';
  const set = stackManifest('set', `permissionModel: self-managed\n${targets}`).replace(
    'kind: Stack',
    'kind: StackSet',
  );
  const world = await createWorld({
    files: { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', targets), 'set.yaml': set },
  });
  await world.reconcile();
  await world.write({ 'templates/queue.yaml': queueTemplate(60) });
  await world.reconcile();
  await world.write({ 'queue.yaml': null });
  await world.reconcile();

  const declared = new Set(IAM_ACTIONS.map(({ role, action }) => `${role} ${action}`));
  const roleOf = (arn: string) =>
    arn.includes('/evenkeel-plan/') ? 'plan' : arn.includes('/evenkeel-apply/') ? 'apply' : 'controller';
  // CloudFormation works in a target account with roles of its own; a session's name ends the ARN of the caller.
  const made = world.simulator.calls
    .entries()
    .map(
      (call) =>
        `${roleOf(call.principal.arn)} ${call.service}:${call.operation === 'HeadObject' ? 'GetObject' : call.operation}`,
    );
  expect([...new Set(made)].filter((call) => !declared.has(call) && !call.includes('s3:CreateBucket'))).toEqual([]);
  expect(new Set(made).size).toBeGreaterThan(12);
  await world.close();
});
