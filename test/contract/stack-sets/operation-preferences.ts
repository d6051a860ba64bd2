import type { StackSetOperationPreferences, StackSetOperationResultSummary } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { strangers, trust } from './organization.js';
import { guide, NO_STACK_SETS, shape } from './sources.js';

const REGIONS = ['eu-west-1', 'us-east-1'];

/** Follows an operation to its end, and tells what was RUNNING at each moment. */
async function followed(aws: Aws, sets: Desk, id: string) {
  const moments: StackSetOperationResultSummary[][] = [];
  await aws.until(
    async () => {
      moments.push((await sets.results(id)).filter(({ Status }) => Status === 'RUNNING'));
      return (await sets.operation(id)).Status;
    },
    (status) => status !== 'RUNNING',
  );
  return {
    most: Math.max(...moments.map((running) => running.length)),
    regionsAtOnce: Math.max(...moments.map((running) => new Set(running.map(({ Region }) => Region)).size)),
    regions: [...new Set(moments.flat().map(({ Region }) => Region))],
  };
}

type Wish = { readonly Accounts: readonly string[]; readonly Regions?: string[] };

/** An operation that is under way, on a stack set whose members and management account have their roles. */
async function begun(aws: Aws, { Accounts, ...rest }: Wish, OperationPreferences?: StackSetOperationPreferences) {
  const sets = desk(aws);
  await trust(aws, [aws.management, ...aws.members]);
  await sets.create();
  const id = await sets.begin({ Accounts: [...Accounts], ...rest, OperationPreferences });
  return { sets, id };
}

const all = (aws: Aws): readonly string[] => [aws.management, ...aws.members];

const counted = async (sets: Desk, id: string, status: string): Promise<number> =>
  (await sets.results(id)).filter(({ Status }) => Status === status).length;

/** How many of so many failing accounts failed before the rest was cancelled. */
async function failures(aws: Aws, accounts: number, preferences: StackSetOperationPreferences) {
  const { sets, id } = await begun(aws, { Accounts: strangers(accounts) }, preferences);
  const { Status } = await sets.settled(id);
  return { Status, failed: await counted(sets, id, 'FAILED'), cancelled: await counted(sets, id, 'CANCELLED') };
}

export const operationPreferences: Chapter = {
  service: 'CloudFormation',
  operation: 'Operation preferences',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'works on one account at a time, Region after Region, where nothing is said',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'does everything at once, before the call returns' },
      test: async (aws) => {
        const { sets, id } = await begun(aws, { Accounts: all(aws), Regions: REGIONS });
        expect(await followed(aws, sets, id)).toMatchObject({ most: 1, regionsAtOnce: 1 });
        expect(await counted(sets, id, 'SUCCEEDED')).toBe(6);
      },
    },
    {
      says: 'keeps to RegionOrder',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'does everything at once, before the call returns' },
      test: async (aws) => {
        for (const RegionOrder of [REGIONS, [...REGIONS].reverse()]) {
          const { sets, id } = await begun(aws, { Accounts: [aws.members[0]], Regions: REGIONS }, { RegionOrder });
          expect((await followed(aws, sets, id)).regions).toEqual(RegionOrder);
        }
      },
    },
    {
      says: 'refuses a RegionOrder with a Region that the operation does not target',
      source: assumption('it cannot be kept to'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const call = begun(aws, { Accounts: [aws.members[0]] }, { RegionOrder: ['us-east-1', 'eu-west-1'] });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'works on all Regions at once with RegionConcurrencyType PARALLEL',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'does everything at once, before the call returns' },
      test: async (aws) => {
        const wish = { Accounts: all(aws), Regions: REGIONS };
        const { sets, id } = await begun(aws, wish, { RegionConcurrencyType: 'PARALLEL' });
        expect(await followed(aws, sets, id)).toMatchObject({ most: 2, regionsAtOnce: 2 });
      },
    },
    {
      says: 'works on MaxConcurrentCount accounts at once, never on more',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'does everything at once, before the call returns' },
      test: async (aws) => {
        const wish = { Accounts: all(aws) };
        const preferences = { MaxConcurrentCount: 2, FailureToleranceCount: 2 };
        const { sets, id } = await begun(aws, wish, preferences);
        expect((await followed(aws, sets, id)).most).toBe(2);
      },
    },
    {
      says: 'rounds MaxConcurrentPercentage down, but not below one account',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'does everything at once, before the call returns' },
      test: async (aws) => {
        const most = async (MaxConcurrentPercentage: number) => {
          const preferences = { MaxConcurrentPercentage, ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE' as const };
          const { sets, id } = await begun(aws, { Accounts: all(aws) }, preferences);
          return (await followed(aws, sets, id)).most;
        };
        expect(await most(99)).toBe(2);
        expect(await most(1)).toBe(1);
      },
    },
    {
      says: 'begins with no more accounts than its tolerance and one, where it is strict, whatever MaxConcurrentCount says',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'does everything at once, before the call returns' },
      test: async (aws) => {
        const preferences = { MaxConcurrentCount: 3, FailureToleranceCount: 1 };
        const { sets, id } = await begun(aws, { Accounts: all(aws) }, preferences);
        expect((await followed(aws, sets, id)).most).toBe(2);
      },
    },
    {
      says: 'lowers its concurrency with each failure, where it is strict, so that never more than the tolerance and one fail',
      source: guide('Choose the Concurrency Mode for CloudFormation StackSets'),
      differs: { moto: 'asks for no roles, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const preferences = { MaxConcurrentCount: 10, FailureToleranceCount: 3 };
        expect(await failures(aws, 10, preferences)).toEqual({ Status: 'FAILED', failed: 4, cancelled: 6 });
      },
    },
    {
      says: 'lets more fail than its tolerance with SOFT_FAILURE_TOLERANCE, for what is under way goes on to its end',
      source: guide('Choose the Concurrency Mode for CloudFormation StackSets'),
      differs: { moto: 'asks for no roles, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const outcome = await failures(aws, 10, {
          MaxConcurrentCount: 5,
          FailureToleranceCount: 1,
          ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
        });
        expect(outcome.Status).toBe('FAILED');
        expect(outcome.failed).toBeGreaterThanOrEqual(5);
        expect(outcome.cancelled).toBeGreaterThan(0);
      },
    },
    {
      says: 'begins with MaxConcurrentCount accounts with SOFT_FAILURE_TOLERANCE, though it tolerates no failure',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'does everything at once, before the call returns' },
      test: async (aws) => {
        const preferences = { MaxConcurrentCount: 3, ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE' as const };
        const { sets, id } = await begun(aws, { Accounts: all(aws) }, preferences);
        expect((await followed(aws, sets, id)).most).toBe(3);
      },
    },
    {
      says: 'SUCCEEDED where no Region had more failures than FailureToleranceCount',
      source: shape('StackSetOperation'),
      differs: { moto: 'asks for no roles, so that nothing fails' },
      test: async (aws) => {
        const outcome = await failures(aws, 2, { FailureToleranceCount: 2 });
        expect(outcome).toEqual({ Status: 'SUCCEEDED', failed: 2, cancelled: 0 });
      },
    },
    {
      says: 'rounds FailureTolerancePercentage down',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'asks for no roles, so that nothing fails' },
      test: async (aws) => {
        expect(await failures(aws, 3, { FailureTolerancePercentage: 66 })).toEqual({
          Status: 'FAILED',
          failed: 2,
          cancelled: 1,
        });
      },
    },
    {
      says: 'counts failures for each Region by itself',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'shows no StatusDetails' },
      test: async (aws) => {
        const wish = { Accounts: [...all(aws), ...strangers(1)], Regions: REGIONS };
        const { sets, id } = await begun(aws, wish, { FailureToleranceCount: 1 });
        expect(await sets.settled(id)).toMatchObject({
          Status: 'SUCCEEDED',
          StatusDetails: { FailedStackInstancesCount: 2 },
        });
      },
    },
    {
      says: 'cancels the rest of a Region whose tolerance is exceeded, and every Region after it',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'asks for no roles, so that nothing fails' },
      test: async (aws) => {
        const wish = { Accounts: strangers(2), Regions: REGIONS };
        const { sets, id } = await begun(aws, wish, { RegionOrder: REGIONS });
        expect((await sets.settled(id)).Status).toBe('FAILED');
        expect((await sets.results(id)).map(({ Region, Status }) => `${Region} ${Status}`).sort()).toEqual([
          'eu-west-1 CANCELLED',
          'eu-west-1 FAILED',
          'us-east-1 CANCELLED',
          'us-east-1 CANCELLED',
        ]);
        expect(new Set((await sets.instances()).map(({ Status }) => Status))).toEqual(new Set(['OUTDATED']));
      },
    },
    {
      says: 'refuses a count together with the percentage of the same',
      source: shape('StackSetOperationPreferences'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const both = [
          { FailureToleranceCount: 1, FailureTolerancePercentage: 10 },
          { MaxConcurrentCount: 1, MaxConcurrentPercentage: 10 },
        ];
        for (const preferences of both) {
          const call = begun(aws, { Accounts: [aws.members[0]] }, preferences);
          expect((await refusal(call)).name).toBe('ValidationError');
        }
      },
    },
    {
      says: 'refuses numbers out of range: no concurrency, a negative tolerance, more than a hundred percent',
      source: shape('MaxConcurrentCount'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const wrong = [
          { MaxConcurrentCount: 0 },
          { MaxConcurrentPercentage: 0 },
          { FailureToleranceCount: -1 },
          { FailureTolerancePercentage: 101 },
        ];
        for (const preferences of wrong) {
          const call = begun(aws, { Accounts: [aws.members[0]] }, preferences);
          expect((await refusal(call)).name).toBe('ValidationError');
        }
      },
    },
  ],
};
