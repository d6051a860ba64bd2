import {
  DeleteStackInstancesCommand,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { ALPHA, BETA, GAMMA, MANAGEMENT, OUTSIDE, refusal, simulatedAws, TOOLING } from './aws.js';
import type { SimulatedAws } from './aws.js';
import { operator, SET } from './operator.js';

const MANAGED = { PermissionModel: 'SERVICE_MANAGED' as const, AutoDeployment: { Enabled: false } };
const AUTOMATIC = { ...MANAGED, AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false } };
const HERE = { Regions: ['us-east-1'] };

const accountsOf = async (ops: ReturnType<typeof operator>): Promise<readonly string[]> =>
  (await ops.instances()).map(({ Account }) => Account!);

/** Lets everything that is under way come to its end. */
function idle(aws: SimulatedAws): void {
  while (aws.clock.advanceToNext());
}

describe('a service-managed stack set', () => {
  it('deploys to units and what is below them, and never to the management account', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet(MANAGED);
    await ops.create({ DeploymentTargets: { OrganizationalUnitIds: [aws.organization.rootId!] }, ...HERE });
    expect(await accountsOf(ops)).toEqual([TOOLING, ALPHA, BETA, GAMMA, OUTSIDE]);
    expect(await accountsOf(ops)).not.toContain(MANAGEMENT);
    expect((await ops.instances())[0]!.OrganizationalUnitId).toBe(aws.organization.rootId);
  });

  it.each([
    ['INTERSECTION', [ALPHA, OUTSIDE], [ALPHA]],
    ['DIFFERENCE', [ALPHA], [BETA, GAMMA]],
    ['NONE', undefined, [ALPHA, BETA, GAMMA]],
  ] as const)('narrows its units by %s', async (AccountFilterType, Accounts, wanted) => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet(MANAGED);
    const OrganizationalUnitIds = [aws.unitOf('Workloads')];
    await ops.create({
      DeploymentTargets: { OrganizationalUnitIds, AccountFilterType, ...(Accounts && { Accounts: [...Accounts] }) },
      ...HERE,
    });
    expect(await accountsOf(ops)).toEqual(wanted);
  });

  it('widens its units by UNION, but not when instances are created', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet(MANAGED);
    await ops.create({ DeploymentTargets: { OrganizationalUnitIds: [aws.organization.rootId!] }, ...HERE });
    const DeploymentTargets = {
      OrganizationalUnitIds: [aws.unitOf('Workloads')],
      Accounts: [OUTSIDE],
      AccountFilterType: 'UNION' as const,
    };
    expect((await refusal(ops.begin({ DeploymentTargets, ...HERE }))).message).toContain(
      'UNION is not supported for CreateStackInstances',
    );
    const { OperationId } = await ops.client.send(
      new DeleteStackInstancesCommand({ StackSetName: SET, DeploymentTargets, ...HERE, RetainStacks: false }),
    );
    await ops.settle(OperationId);
    expect(await accountsOf(ops)).toEqual([TOOLING]);
  });

  it('takes units, not a list of accounts', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet(MANAGED);
    expect((await refusal(ops.begin({ Accounts: [ALPHA], ...HERE }))).message).toContain(
      'Accounts cannot be specified',
    );
    expect((await refusal(ops.begin({ DeploymentTargets: { Accounts: [ALPHA] }, ...HERE }))).message).toContain(
      'OrganizationalUnitIds are required',
    );
  });

  it('of a delegated administrator lives in the management account and is seen only by calls that say so', async () => {
    const aws = simulatedAws();
    const ops = operator(aws, aws.cloudFormation(TOOLING));
    const delegated = { CallAs: 'DELEGATED_ADMIN' as const };
    expect((await refusal(ops.createSet(MANAGED))).message).toContain(
      'You must be the management account or delegated admin account',
    );
    await ops.createSet({ ...MANAGED, ...delegated });
    const { StackSet } = await aws.cloudFormation(MANAGEMENT).send(new DescribeStackSetCommand({ StackSetName: SET }));
    expect(StackSet!.StackSetARN).toContain(`:${MANAGEMENT}:stackset/`);
    expect((await refusal(ops.client.send(new DescribeStackSetCommand({ StackSetName: SET })))).name).toBe(
      'StackSetNotFoundException',
    );
    const list = async (input: object) => (await ops.client.send(new ListStackSetsCommand(input))).Summaries;
    expect(await list({})).toEqual([]);
    expect(await list(delegated)).toHaveLength(1);
    await ops.create({ ...delegated, DeploymentTargets: { OrganizationalUnitIds: [aws.unitOf('Sandbox')] }, ...HERE });
    const { Summaries } = await ops.client.send(new ListStackInstancesCommand({ StackSetName: SET, ...delegated }));
    expect(Summaries!.map(({ Account }) => Account)).toEqual([OUTSIDE]);
    const stranger = aws.cloudFormation(ALPHA).send(new ListStackSetsCommand(delegated));
    expect((await refusal(stranger)).message).toBe('Account used is not a delegated administrator');
  });

  it('follows an account into its units and out of them again', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet(AUTOMATIC);
    await ops.create({ DeploymentTargets: { OrganizationalUnitIds: [aws.unitOf('Workloads')] }, ...HERE });
    aws.move(OUTSIDE, 'Workloads');
    aws.move(BETA, 'Sandbox');
    idle(aws);
    expect(await accountsOf(ops)).toEqual([ALPHA, GAMMA, OUTSIDE]);
    aws.move(OUTSIDE, 'Prod');
    expect((await ops.instance(OUTSIDE)).StackInstanceStatus!.DetailedStatus).toBe('SUCCEEDED');
  });

  it('leaves an account alone that it was told to leave out, until that account comes in from elsewhere', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet(AUTOMATIC);
    const OrganizationalUnitIds = [aws.unitOf('Workloads')];
    await ops.create({
      DeploymentTargets: { OrganizationalUnitIds, Accounts: [ALPHA], AccountFilterType: 'DIFFERENCE' },
      ...HERE,
    });
    aws.organization.changed(ALPHA);
    idle(aws);
    expect(await accountsOf(ops)).toEqual([BETA, GAMMA]);
    aws.move(ALPHA, 'Sandbox');
    aws.move(ALPHA, 'Workloads');
    idle(aws);
    expect(await accountsOf(ops)).toEqual([ALPHA, BETA, GAMMA]);
  });

  it('stays as it is without automatic deployment', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet(MANAGED);
    await ops.create({ DeploymentTargets: { OrganizationalUnitIds: [aws.unitOf('Sandbox')] }, ...HERE });
    aws.move(ALPHA, 'Sandbox');
    idle(aws);
    expect(await accountsOf(ops)).toEqual([OUTSIDE]);
  });
});
