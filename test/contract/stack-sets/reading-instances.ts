import { ListStackInstancesCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { MANAGED, trust, unitWith } from './organization.js';
import { api, NO_STACK_SETS, shape } from './sources.js';

const OVERRIDES = [{ ParameterKey: 'Level', ParameterValue: 'high' }];

/** Instances in two accounts and two Regions; the second account has no execution role. */
async function deployed(aws: Aws): Promise<Desk> {
  const sets = desk(aws);
  await trust(aws, [aws.members[0]]);
  await sets.create();
  await sets.deploy({
    Accounts: [...aws.members],
    Regions: ['us-east-1', 'eu-west-1'],
    ParameterOverrides: OVERRIDES,
    OperationId: 'both',
    OperationPreferences: { FailureToleranceCount: 1 },
  });
  return sets;
}

const places = async (sets: Desk, input: object = {}) =>
  (await sets.instances(input)).map(({ Account, Region }) => `${Account}/${Region}`).sort();

export const listStackInstances: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStackInstances',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'lists every account and Region, with status, detailed status, reason and last operation',
      source: shape('StackInstanceSummary'),
      differs: { moto: 'shows no last operation and no drift status, and every instance is CURRENT' },
      test: async (aws) => {
        const sets = await deployed(aws);
        const [first, second] = aws.members;
        const listed = await sets.instances();
        expect(listed).toHaveLength(4);
        expect(listed.find(({ Account }) => Account === first)).toMatchObject({
          Status: 'CURRENT',
          StackInstanceStatus: { DetailedStatus: 'SUCCEEDED' },
          LastOperationId: 'both',
          DriftStatus: 'NOT_CHECKED',
        });
        expect(listed.find(({ Account }) => Account === second)).toMatchObject({
          Status: 'OUTDATED',
          StackInstanceStatus: { DetailedStatus: 'FAILED' },
          StatusReason: expect.stringContaining(second) as string,
        });
      },
    },
    {
      says: 'shows no overrides',
      source: shape('StackInstanceSummary'),
      test: async (aws) => {
        for (const instance of await (await deployed(aws)).instances())
          expect(instance).not.toHaveProperty('ParameterOverrides');
      },
    },
    {
      says: 'gives the same StackId each time, and DescribeStackInstance does too',
      source: shape('StackInstanceSummary'),
      differs: { moto: 'gives another StackId each time, which no stack has' },
      test: async (aws) => {
        const sets = await deployed(aws);
        const [member] = aws.members;
        const idOf = async () =>
          (await sets.instances()).find(({ Account, Region }) => Account === member && Region === 'us-east-1')!.StackId;
        const id = await idOf();
        expect(await idOf()).toBe(id);
        expect((await sets.instance(member)).StackId).toBe(id);
      },
    },
    {
      says: 'gives those of one account, of one Region, or of both',
      source: api('ListStackInstances'),
      differs: { moto: 'ignores account and Region' },
      test: async (aws) => {
        const sets = await deployed(aws);
        const [first, second] = aws.members;
        expect(await places(sets, { StackInstanceAccount: first })).toEqual([
          `${first}/eu-west-1`,
          `${first}/us-east-1`,
        ]);
        expect(await places(sets, { StackInstanceRegion: 'eu-west-1' })).toEqual(
          [`${first}/eu-west-1`, `${second}/eu-west-1`].sort(),
        );
        expect(await places(sets, { StackInstanceAccount: second, StackInstanceRegion: 'us-east-1' })).toEqual([
          `${second}/us-east-1`,
        ]);
      },
    },
    {
      says: 'filters by DETAILED_STATUS',
      source: shape('StackInstanceFilter'),
      differs: { moto: 'ignores the filter' },
      test: async (aws) => {
        const sets = await deployed(aws);
        const [, second] = aws.members;
        expect(await places(sets, { Filters: [{ Name: 'DETAILED_STATUS', Values: 'FAILED' }] })).toEqual([
          `${second}/eu-west-1`,
          `${second}/us-east-1`,
        ]);
      },
    },
    {
      says: 'filters by LAST_OPERATION_ID',
      source: shape('StackInstanceFilter'),
      differs: { moto: 'ignores the filter' },
      test: async (aws) => {
        const sets = await deployed(aws);
        const [first] = aws.members;
        await sets.settled(await sets.updateInstances({ Accounts: [first], OperationId: 'later' }));
        expect(await places(sets, { Filters: [{ Name: 'LAST_OPERATION_ID', Values: 'later' }] })).toEqual([
          `${first}/us-east-1`,
        ]);
      },
    },
    {
      says: 'gives at most MaxResults at a time, and a NextToken until nothing is left',
      source: shape('ListStackInstancesInput'),
      differs: { moto: 'gives everything in one page' },
      test: async (aws) => {
        const sets = await deployed(aws);
        const found: string[] = [];
        let NextToken: string | undefined;
        do {
          const input = { StackSetName: sets.StackSetName, MaxResults: 3, NextToken };
          const page = await sets.client.send(new ListStackInstancesCommand(input));
          expect(page.Summaries!.length).toBeLessThanOrEqual(3);
          found.push(...page.Summaries!.map(({ Account, Region }) => `${Account}/${Region}`));
          NextToken = page.NextToken;
        } while (NextToken !== undefined);
        expect(found.sort()).toEqual(await places(sets));
        expect(found).toHaveLength(4);
      },
    },
    {
      says: 'refuses a NextToken that it never gave',
      source: assumption('every listing of CloudFormation does'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = await deployed(aws);
        expect((await refusal(sets.instances({ NextToken: 'never-given' }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        expect((await refusal(desk(aws).instances())).name).toBe('StackSetNotFoundException');
      },
    },
  ],
};

export const describeStackInstance: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackInstance',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'shows the overrides of the instance',
      source: shape('StackInstance'),
      test: async (aws) => {
        const sets = await deployed(aws);
        expect((await sets.instance(aws.members[0])).ParameterOverrides).toEqual(OVERRIDES);
      },
    },
    {
      says: 'names the unit that was targeted, also where the account is further below',
      source: shape('StackInstance'),
      differs: { moto: 'gives no unit' },
      test: async (aws) => {
        const sets = desk(aws);
        const upper = await unitWith(aws, []);
        await unitWith(aws, [aws.members[0]], upper);
        await sets.create(MANAGED);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [upper] } });
        expect((await sets.instance(aws.members[0])).OrganizationalUnitId).toBe(upper);
      },
    },
    {
      says: 'answers StackInstanceNotFoundException for an account and Region without an instance',
      source: shape('StackInstanceNotFoundException'),
      differs: { moto: 'answers HTTP 500' },
      test: async (aws) => {
        const sets = await deployed(aws);
        const call = sets.instance(aws.members[0], 'eu-central-1');
        expect((await refusal(call)).name).toBe('StackInstanceNotFoundException');
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        expect((await refusal(desk(aws).instance(aws.members[0]))).name).toBe('StackSetNotFoundException');
      },
    },
  ],
};
