import {
  DeleteStackSetCommand,
  DescribeStackSetCommand,
  ListStackSetsCommand,
  type ListStackSetsCommandInput,
  type StackSetSummary,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal } from './desk.js';
import { MANAGED, trust, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';
import { withParameter } from './templates.js';

const list = (aws: Aws, input: ListStackSetsCommandInput = {}, account = aws.management) =>
  aws.cloudFormation(account).send(new ListStackSetsCommand(input));

/** Emulators keep what other sentences made, so everything is read. */
async function all(aws: Aws, input: ListStackSetsCommandInput = {}, account?: string): Promise<StackSetSummary[]> {
  const found: StackSetSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await list(aws, { ...input, NextToken }, account);
    found.push(...page.Summaries!);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

const byName = (summaries: readonly StackSetSummary[], name: string): readonly StackSetSummary[] =>
  summaries.filter(({ StackSetName }) => StackSetName === name);

export const deleteStackSet: Chapter = {
  service: 'CloudFormation',
  operation: 'DeleteStackSet',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'leaves a deleted stack set to be described by its id, as DELETED, and no more by its name',
      source: assumption('ListStackSets can ask for deleted stack sets, so they are kept'),
      differs: { moto: 'answers StackSetNotFoundException' },
      test: async (aws) => {
        const sets = desk(aws);
        const StackSetName = await sets.create();
        await sets.client.send(new DeleteStackSetCommand({ StackSetName: sets.StackSetName }));
        expect((await refusal(sets.describe())).name).toBe('StackSetNotFoundException');
        const { StackSet } = await sets.client.send(new DescribeStackSetCommand({ StackSetName }));
        expect(StackSet!.Status).toBe('DELETED');
      },
    },
    {
      says: 'answers StackSetNotEmptyException while the stack set has instances',
      source: shape('StackSetNotEmptyException'),
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.deploy({ Accounts: [aws.members[0]] });
        const call = sets.client.send(new DeleteStackSetCommand({ StackSetName: sets.StackSetName }));
        expect((await refusal(call)).name).toBe('StackSetNotEmptyException');
      },
    },
    {
      says: 'answers OperationInProgressException while an operation runs on the stack set',
      source: api('DeleteStackSet'),
      differs: { moto: 'ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.begin({ Accounts: [aws.members[0]] });
        const call = sets.client.send(new DeleteStackSetCommand({ StackSetName: sets.StackSetName }));
        expect((await refusal(call)).name).toBe('OperationInProgressException');
      },
    },
    {
      says: 'accepts a stack set that does not exist',
      source: assumption('the model has no StackSetNotFoundException for it'),
      test: async (aws) => {
        const sets = desk(aws);
        await sets.client.send(new DeleteStackSetCommand({ StackSetName: sets.StackSetName }));
      },
    },
  ],
};

export const describeStackSet: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackSet',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'shows template, parameters, tags, capabilities, ARN and roles of a self-managed stack set',
      source: shape('StackSet'),
      differs: { moto: 'shows no capabilities' },
      test: async (aws) => {
        const sets = desk(aws);
        const Parameters = [{ ParameterKey: 'Team', ParameterValue: 'blue' }];
        const Tags = [{ Key: 'owner', Value: 'security' }];
        const StackSetId = await sets.create({
          Parameters,
          Tags,
          Capabilities: ['CAPABILITY_IAM'],
          Description: 'base',
        });
        expect(await sets.describe()).toMatchObject({
          StackSetId,
          StackSetARN: `arn:aws:cloudformation:us-east-1:${aws.management}:stackset/${StackSetId}`,
          TemplateBody: sets.template,
          Description: 'base',
          Parameters,
          Tags,
          Capabilities: ['CAPABILITY_IAM'],
          AdministrationRoleARN: `arn:aws:iam::${aws.management}:role/AWSCloudFormationStackSetAdministrationRole`,
          ExecutionRoleName: 'AWSCloudFormationStackSetExecutionRole',
        });
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        expect((await refusal(desk(aws).describe())).name).toBe('StackSetNotFoundException');
      },
    },
    {
      says: 'finds a stack set by its id',
      source: shape('DescribeStackSetInput'),
      test: async (aws) => {
        const sets = desk(aws);
        const StackSetName = await sets.create();
        const { StackSet } = await sets.client.send(new DescribeStackSetCommand({ StackSetName }));
        expect(StackSet!.StackSetName).toBe(sets.StackSetName);
      },
    },
    {
      says: 'hides the value of a parameter with NoEcho',
      source: assumption('DescribeStacks hides it'),
      differs: { moto: 'shows the value' },
      test: async (aws) => {
        const sets = desk(aws);
        const TemplateBody = withParameter(sets.StackSetName, 'Secret', { Type: 'String', NoEcho: true });
        await sets.create({ TemplateBody, Parameters: [{ ParameterKey: 'Secret', ParameterValue: 'hunter2' }] });
        expect(JSON.stringify((await sets.describe()).Parameters)).not.toContain('hunter2');
      },
    },
    {
      says: 'shows the Regions in which the stack set has instances',
      source: shape('StackSet'),
      differs: { moto: 'shows no Regions' },
      test: async (aws) => {
        const sets = desk(aws);
        await trust(aws, [aws.members[0]]);
        await sets.create();
        await sets.deploy({ Accounts: [aws.members[0]], Regions: ['us-east-1', 'eu-west-1'] });
        expect([...((await sets.describe()).Regions ?? [])].sort()).toEqual(['eu-west-1', 'us-east-1']);
      },
    },
    {
      says: 'shows units and AutoDeployment of a service-managed stack set, and an execution role of AWS’s own making',
      source: guide('StackSets concepts'),
      differs: { moto: 'shows neither units nor AutoDeployment' },
      test: async (aws) => {
        const sets = desk(aws);
        const unit = await unitWith(aws, [aws.members[0]]);
        await sets.create(MANAGED);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
        expect(await sets.describe()).toMatchObject({
          PermissionModel: 'SERVICE_MANAGED',
          AutoDeployment: { Enabled: false },
          OrganizationalUnitIds: [unit],
          ExecutionRoleName: expect.stringMatching(/^stacksets-exec-[0-9a-f]{32}$/) as string,
        });
      },
    },
  ],
};

export const listStackSets: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStackSets',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'shows a stack set at once after it was created',
      source: api('ListStackSets'),
      test: async (aws) => {
        const sets = desk(aws);
        const StackSetId = await sets.create({ Description: 'base' });
        expect(byName(await all(aws), sets.StackSetName)).toMatchObject([
          {
            StackSetId,
            Status: 'ACTIVE',
            Description: 'base',
            PermissionModel: 'SELF_MANAGED',
            ManagedExecution: { Active: false },
          },
        ]);
      },
    },
    {
      says: 'goes on listing a deleted stack set, as DELETED',
      source: shape('StackSetStatus'),
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.client.send(new DeleteStackSetCommand({ StackSetName: sets.StackSetName }));
        expect(byName(await all(aws), sets.StackSetName).map(({ Status }) => Status)).toEqual(['DELETED']);
      },
    },
    {
      says: 'gives only those with the Status that is asked for',
      source: shape('ListStackSetsInput'),
      differs: { moto: 'ignores Status' },
      test: async (aws) => {
        const [kept, deleted] = [desk(aws), desk(aws)];
        await kept.create();
        await deleted.create();
        await deleted.client.send(new DeleteStackSetCommand({ StackSetName: deleted.StackSetName }));
        const active = (await all(aws, { Status: 'ACTIVE' })).map(({ StackSetName }) => StackSetName);
        expect(active).toContain(kept.StackSetName);
        expect(active).not.toContain(deleted.StackSetName);
        const gone = (await all(aws, { Status: 'DELETED' })).map(({ StackSetName }) => StackSetName);
        expect(gone).toContain(deleted.StackSetName);
        expect(gone).not.toContain(kept.StackSetName);
      },
    },
    {
      says: 'gives at most MaxResults at a time, and a NextToken until nothing is left',
      source: shape('ListStackSetsInput'),
      differs: { moto: 'gives everything in one page' },
      test: async (aws) => {
        const names = [desk(aws), desk(aws), desk(aws)];
        for (const sets of names) await sets.create();
        const page = await list(aws, { MaxResults: 2 });
        expect(page.Summaries).toHaveLength(2);
        expect(page.NextToken).toBeDefined();
        const found = (await all(aws, { MaxResults: 2 })).map(({ StackSetName }) => StackSetName);
        expect(found).toEqual(expect.arrayContaining(names.map(({ StackSetName }) => StackSetName)));
        expect(new Set(found).size).toBe(found.length);
      },
    },
    {
      says: 'refuses a NextToken that it never gave',
      source: assumption('every listing of CloudFormation does'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        expect((await refusal(list(aws, { NextToken: 'never-given' }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses MaxResults beyond 1 to 100',
      source: shape('MaxResults'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        expect((await refusal(list(aws, { MaxResults: 101 }))).name).toBe('ValidationError');
        expect((await refusal(list(aws, { MaxResults: 0 }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'shows an account its own stack sets only',
      source: api('ListStackSets'),
      test: async (aws) => {
        const [member] = aws.members;
        const [theirs, ours] = [desk(aws, member), desk(aws)];
        await theirs.create();
        await ours.create();
        const seen = (await all(aws, {}, member)).map(({ StackSetName }) => StackSetName);
        expect(seen).toContain(theirs.StackSetName);
        expect(seen).not.toContain(ours.StackSetName);
      },
    },
  ],
};
