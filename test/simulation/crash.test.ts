import { ListStackInstancesCommand, ListStackSetsCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { MoveAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/reconciler/outcome.js';
import { LEASE_TTL } from '../../src/reconciler/execute.js';
import { createTroubled, life, ProcessDied } from '../support/trouble.js';
import type { Troubled } from '../support/trouble.js';
import { HUB, accountId, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';

const WORKLOADS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const OTHER = stackManifest('other', 'targets: [{ accounts: [a3], regions: [us-east-1] }]');
const delay = (seconds: number): string => `parameters: { Delay: "${seconds}" }`;
const setManifest = (spec: string): string => `apiVersion: evenkeel/v1
kind: StackSet
metadata: { name: baseline }
spec:
  template: templates/queue.yaml
  permissionModel: self-managed
${spec.replace(/^/gm, '  ')}
`;

type Story = {
  readonly before: Readonly<Record<string, string | null>>;
  /** Whether `before` is reconciled by a controller that lives, before `edit`. */
  readonly settled: boolean;
  readonly edit: Readonly<Record<string, string | null>>;
  /** What happens between the crash and the next run. */
  readonly meanwhile?: (world: Troubled) => Promise<void>;
  readonly end: (world: Troubled) => Promise<void>;
};

/** Tells the story with a controller that dies before its n-th effect, and with another one that comes after it. */
async function tell(story: Story, n: number): Promise<'died' | 'lived'> {
  const world = await createTroubled({ organization: smallOrganization(3), files: { 'templates/queue.yaml': queueTemplate(), 'other.yaml': OTHER, ...story.before } as Record<string, string>, seed: n });
  try {
    if (story.settled) expect((await world.run()).exitCode).toBe(EXIT.done);
    await world.write(story.edit);
    const doomed = life(world, { diesBefore: n });
    const died = await world.run(doomed).then(
      () => false,
      () => true,
    );
    expect(died).toBe(doomed.isDead());
    if (!died) return 'lived';
    await story.meanwhile?.(world);
    const soon = await world.run();
    if (soon.exitCode === EXIT.leaseHeld) {
      expect(soon.refusals).toMatchObject([{ code: 'EK6016' }]);
      world.pass(LEASE_TTL / 1000 + 1);
      expect(await world.run()).toMatchObject({ exitCode: EXIT.done, refusals: [] });
    } else expect(soon).toMatchObject({ exitCode: EXIT.done, refusals: [] });
    await story.end(world);
    for (const entry of await world.entries()) expect(entry).toMatchObject({ step: { type: 'idle' }, sync: 'IN_SYNC' });
    const quiet = life(world);
    expect((await world.run(quiet)).exitCode).toBe(EXIT.done);
    expect(quiet.effects).toEqual([]);
    return 'died';
  } finally {
    await world.close();
  }
}

async function atEveryPoint(story: Story): Promise<void> {
  for (let n = 1; ; n += 1) {
    const how = await tell(story, n).catch((error: unknown) => {
      throw new Error(`killed before effect ${n}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    if (how === 'lived') {
      console.log('points', n);
      expect(n).toBeGreaterThan(5);
      return;
    }
  }
}

/** Every stack that ever had that name, deleted ones too: name of status. */
async function everCalled(world: Troubled, account: string, pattern: RegExp): Promise<(string | undefined)[]> {
  const { StackSummaries } = await world.cloudFormation(account).send(new ListStacksCommand({}));
  return (StackSummaries ?? []).filter((stack) => pattern.test(stack.StackName ?? '')).map((stack) => stack.StackStatus);
}

describe('a controller that dies at any point', () => {
  it('while it creates stacks: each is created once', async () => {
    await atEveryPoint({
      before: {},
      settled: false,
      edit: { 'queue.yaml': stackManifest('queue', WORKLOADS) },
      end: async (world) => {
        for (const n of [1, 2, 3]) expect(await everCalled(world, accountId(n), /^evenkeel-queue$/)).toEqual(['CREATE_COMPLETE']);
      },
    });
  }, 120_000);

  it('while it updates stacks: each is updated once', async () => {
    await atEveryPoint({
      before: { 'queue.yaml': stackManifest('queue', WORKLOADS) },
      settled: true,
      edit: { 'queue.yaml': stackManifest('queue', `${WORKLOADS}\n${delay(5)}`) },
      end: async (world) => {
        const executed = world.simulator.calls.entries().filter((call) => call.operation === 'ExecuteChangeSet' && call.outcome === 'ok');
        expect(executed).toHaveLength(3);
        expect((await world.look()).plan).toMatchObject({ changes: [], drift: [] });
      },
    });
  }, 120_000);

  it('while it deletes stacks: each is deleted once', async () => {
    await atEveryPoint({
      before: { 'queue.yaml': stackManifest('queue', WORKLOADS) },
      settled: true,
      edit: { 'queue.yaml': null },
      end: async (world) => {
        for (const n of [1, 2, 3]) expect(await everCalled(world, accountId(n), /^evenkeel-queue$/)).toEqual(['DELETE_COMPLETE']);
      },
    });
  }, 120_000);
});

describe('a controller that dies at any point of a stack set', () => {
  const instances = async (world: Troubled): Promise<string[]> => {
    const { Summaries } = await world.cloudFormation(HUB).send(new ListStackInstancesCommand({ StackSetName: 'evenkeel-baseline' }));
    return (Summaries ?? []).map((instance) => `${instance.Account} ${instance.Status}`).sort();
  };
  const sets = async (world: Troubled): Promise<(string | undefined)[]> => {
    const { Summaries } = await world.cloudFormation(HUB).send(new ListStackSetsCommand({}));
    return (Summaries ?? []).map((set) => set.Status);
  };

  it('while it creates it: set and instances are made once', async () => {
    await atEveryPoint({
      before: {},
      settled: false,
      edit: { 'set.yaml': setManifest(WORKLOADS) },
      end: async (world) => {
        expect(await sets(world)).toEqual(['ACTIVE']);
        expect(await instances(world)).toEqual([1, 2, 3].map((n) => `${accountId(n)} CURRENT`));
        for (const n of [1, 2, 3]) expect(await everCalled(world, accountId(n), /^StackSet-/)).toEqual(['CREATE_COMPLETE']);
      },
    });
  }, 120_000);

  it('while it updates it: one operation', async () => {
    await atEveryPoint({
      before: { 'set.yaml': setManifest(WORKLOADS) },
      settled: true,
      edit: { 'set.yaml': setManifest(`${WORKLOADS}\n${delay(5)}`) },
      end: async (world) => {
        expect(world.simulator.calls.entries().filter((call) => call.operation === 'UpdateStackSet' && call.outcome === 'ok')).toHaveLength(1);
        expect((await world.look()).plan).toMatchObject({ changes: [], drift: [] });
      },
    });
  }, 120_000);

  it('while it deletes it: nothing is left', async () => {
    await atEveryPoint({
      before: { 'set.yaml': setManifest(WORKLOADS) },
      settled: true,
      edit: { 'set.yaml': null },
      end: async (world) => {
        expect(await sets(world)).toEqual(['DELETED']);
        for (const n of [1, 2, 3]) expect(await everCalled(world, accountId(n), /^StackSet-/)).toEqual(['DELETE_COMPLETE']);
      },
    });
  }, 120_000);
});
