import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { trust } from './organization.js';
import { NO_STACK_SETS, shape } from './sources.js';

const SAME = { UsePreviousTemplate: true } as const;
const ACTIVE = { ManagedExecution: { Active: true } } as const;

async function managed(aws: Aws): Promise<Desk> {
  const sets = desk(aws);
  await trust(aws, aws.members);
  await sets.create(ACTIVE);
  return sets;
}

const statuses = async (sets: Desk, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await sets.operation(id)).Status));

export const managedExecution: Chapter = {
  service: 'CloudFormation',
  operation: 'Managed execution',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'queues an operation that conflicts with one that runs, and begins it when that has ended',
      source: shape('ManagedExecution'),
      differs: { moto: 'queues nothing, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = await managed(aws);
        const first = await sets.begin({ Accounts: [aws.members[0]] });
        const second = await sets.remove({ Accounts: [aws.members[0]] });
        expect(await statuses(sets, [first, second])).toEqual(['RUNNING', 'QUEUED']);
        await aws.until(
          () => statuses(sets, [first, second]),
          ([, later]) => later === 'RUNNING',
        );
        expect(await statuses(sets, [first])).toEqual(['SUCCEEDED']);
        await sets.settled(second);
        expect(await sets.instances()).toEqual([]);
      },
    },
    {
      says: 'queues whatever comes in while another operation runs, and soon runs beside it what does not conflict with it',
      source: shape('ManagedExecution'),
      differs: { moto: 'queues nothing, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = await managed(aws);
        const first = await sets.begin({ Accounts: [aws.members[0]] });
        const second = await sets.begin({ Accounts: [aws.members[1]] });
        expect(await statuses(sets, [first, second])).toEqual(['RUNNING', 'QUEUED']);
        await aws.until(
          () => statuses(sets, [first, second]),
          ([one, two]) => one === 'RUNNING' && two === 'RUNNING',
        );
      },
    },
    {
      says: 'takes an update of the stack set for a conflict with everything',
      source: assumption('it touches every instance'),
      differs: { moto: 'queues nothing, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = await managed(aws);
        const first = await sets.begin({ Accounts: [aws.members[0]] });
        const second = await sets.update(SAME);
        const third = await sets.begin({ Accounts: [aws.members[1]] });
        await sets.settled(first);
        expect(await statuses(sets, [second, third])).toEqual(['RUNNING', 'QUEUED']);
        await sets.settled(second);
        await sets.settled(third);
        expect(await statuses(sets, [first, second, third])).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
      },
    },
    {
      says: 'begins queued operations in the order in which they were asked for',
      source: shape('ManagedExecution'),
      test: async (aws) => {
        const sets = await managed(aws);
        const ids = [await sets.begin({ Accounts: [aws.members[0]] })];
        for (let count = 0; count < 2; count += 1) ids.push(await sets.updateInstances({ Accounts: [aws.members[0]] }));
        const ends: string[] = [];
        await aws.until(
          async () => {
            const now = await statuses(sets, ids);
            ids.forEach((id, index) => {
              if (now[index] === 'SUCCEEDED' && !ends.includes(id)) ends.push(id);
            });
            expect(now.filter((status) => status === 'RUNNING').length).toBeLessThanOrEqual(1);
            return now;
          },
          (now) => now.every((status) => status === 'SUCCEEDED'),
        );
        expect(ends).toEqual(ids);
      },
    },
    {
      says: 'can be turned on by an update of its own, and runs the operation of that like any other',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'leaves it off' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.settled(await sets.update({ ...SAME, ...ACTIVE }));
        expect((await sets.describe()).ManagedExecution).toEqual({ Active: true });
      },
    },
    {
      says: 'cannot be turned on together with a change of template or parameters',
      source: assumption('seen in the field, in these words'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const Parameters = [{ ParameterKey: 'Level', ParameterValue: 'high' }];
        expect(await refusal(sets.update({ ...SAME, ...ACTIVE, Parameters }))).toMatchObject({
          name: 'ValidationError',
          message: 'Cannot update ManagedExecution while updating StackSet Template or Parameters',
        });
      },
    },
    {
      says: 'cannot be turned off while operations run or wait',
      source: shape('ManagedExecution'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = await managed(aws);
        await sets.begin({ Accounts: [aws.members[0]] });
        const call = sets.update({ ...SAME, ManagedExecution: { Active: false } });
        expect((await refusal(call)).name).toBe('InvalidOperationException');
        expect((await sets.describe()).ManagedExecution).toEqual({ Active: true });
      },
    },
  ],
};
