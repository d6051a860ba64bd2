import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { LEASE_TTL } from '../../src/reconciler/execute.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import { createTroubled, life, setManifest } from '../support/trouble.js';
import type { Life, Troubled } from '../support/trouble.js';
import { accountId, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';

let world: Troubled;
afterEach(() => world.close());

const WORKLOADS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
/** Two stacks and a stack set of two instances. */
const both = (delay: number, spec = ''): Files => ({
  'queue.yaml': stackManifest('queue', `${WORKLOADS}\nparameters: { Delay: "${delay}" }\n${spec}`),
  'set.yaml': setManifest('baseline', `${WORKLOADS}\nparameters: { Delay: "${delay}" }\n${spec}`),
});
/** A desired state that is empty would be an error. */
const NEITHER: Files = {
  'queue.yaml': null,
  'set.yaml': null,
  'other.yaml': stackManifest('other', 'targets: [{ accounts: [hub], regions: [us-east-1] }]'),
};
const STACK = /^evenkeel-queue$/;
const INSTANCE = /^StackSet-evenkeel-baseline-/;
const ONE = accountId(1);
const TWO = accountId(2);

type Files = Readonly<Record<string, string | null>>;

type Story = {
  /** What a controller that lives has reconciled before; nothing where it is absent. */
  readonly before?: Files;
  readonly edit: Files;
  /** What somebody does by hand before the controller that dies begins. */
  readonly tampering?: () => Promise<void>;
  /** Between the crash and the next run. */
  readonly meanwhile?: (n: number) => Promise<void>;
  readonly end: () => Promise<void>;
};

async function open(n: number): Promise<void> {
  const files = { 'templates/queue.yaml': queueTemplate() };
  world = await createTroubled({ organization: smallOrganization(2), files, seed: n });
}

async function dies(being: Life): Promise<boolean> {
  const died = await world.run(being).then(
    () => false,
    () => true,
  );
  expect(died).toBe(being.isDead());
  return died;
}

/** Tells the story with a controller that dies before its n-th effect, and with others that come after it. */
async function tell(story: Story, n: number): Promise<'died' | 'lived'> {
  if (story.before !== undefined) {
    await world.write(story.before);
    expect((await world.run()).exitCode).toBe(EXIT.done);
  }
  await world.write(story.edit);
  await story.tampering?.();
  if (!(await dies(life(world, { diesBefore: n })))) return 'lived';
  await story.meanwhile?.(n);

  world.pass(LEASE_TTL / 1000 + 1);
  expect(await world.run()).toMatchObject({ exitCode: EXIT.done, refusals: [] });
  await story.end();
  const quiet = life(world);
  const { exitCode, planned } = await world.run(quiet);
  expect({ exitCode, effects: quiet.effects }).toEqual({ exitCode: EXIT.done, effects: [] });
  expect(planned.plan).toMatchObject({ changes: [], drift: [], refusals: [], unknowns: [] });
  for (const entry of await world.entries()) expect(entry).toMatchObject({ step: { type: 'idle' }, sync: 'IN_SYNC' });
  return 'died';
}

async function tellFor(points: Iterable<number>, story: Story): Promise<number> {
  for (const n of points) {
    await open(n);
    const how = await tell(story, n).catch((error: unknown) => {
      throw new Error(`killed before effect ${n}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    });
    if (how === 'lived') return n;
    await world.close();
  }
  return Number.POSITIVE_INFINITY;
}

function* everyPoint(): Generator<number> {
  for (let n = 1; ; n += 1) yield n;
}

/** Every second effect: that each point by itself is survived is told of the creation. */
function* everyOther(from: number): Generator<number> {
  for (let n = from; ; n += 2) yield n;
}

/** Every so many effects, and another time others: what is told at every point elsewhere need not be again. */
function* somePoints(from: number): Generator<number> {
  for (let n = from; n < 40; n += 7) yield n;
}

const succeeded = (operation: string): number =>
  world.simulator.calls.entries().filter((call) => call.operation === operation && call.outcome === 'ok').length;

async function stand(times: number): Promise<void> {
  for (const account of [ONE, TWO]) {
    expect(await world.everCalled(account, STACK)).toHaveLength(times);
    expect(await world.everCalled(account, INSTANCE)).toHaveLength(times);
  }
  expect(await world.sets()).toEqual(['ACTIVE']);
  expect(await world.instances('evenkeel-baseline')).toEqual([`${ONE}/us-east-1 CURRENT`, `${TWO}/us-east-1 CURRENT`]);
}

async function areGone(): Promise<void> {
  for (const account of [ONE, TWO])
    for (const name of [STACK, INSTANCE])
      expect((await world.everCalled(account, name)).filter((status) => status !== 'DELETE_COMPLETE')).toEqual([]);
  expect((await world.sets()).filter((status) => status !== 'DELETED')).toEqual([]);
}

describe('a controller that is killed before or after any of its effects is finished by the next one', () => {
  it('while it creates: each stack, the set and each instance are made once', async () => {
    const points = await tellFor(everyPoint(), { edit: both(0), end: () => stand(1) });
    expect(points).toBeGreaterThan(20);
  }, 120_000);

  it('while it updates: each stack and the set are updated once', async () => {
    const points = await tellFor(everyOther(1), {
      before: both(0),
      edit: both(5),
      end: async () => {
        await stand(1);
        expect([succeeded('ExecuteChangeSet'), succeeded('UpdateStackSet')]).toEqual([2, 1]);
      },
    });
    expect(points).toBeGreaterThan(20);
  }, 120_000);

  it('while it deletes: inside the budget, which counts each of them once', async () => {
    const points = await tellFor(everyOther(2), {
      before: both(0),
      edit: NEITHER,
      end: async () => {
        await areGone();
        expect(succeeded('DeleteStackInstances')).toBe(1);
      },
    });
    expect(points).toBeGreaterThan(20);
  }, 120_000);
});

describe('what was begun is dealt with, whatever happens to its manifest meanwhile', () => {
  it('edited: what was created is brought to the newer word', async () => {
    await tellFor(somePoints(3), { edit: both(0), meanwhile: () => world.write(both(9)), end: () => stand(1) });
  }, 60_000);

  it('edited, killed again and edited back: what was begun in between is no drift', async () => {
    await tellFor(somePoints(4), {
      before: both(0),
      edit: both(5),
      meanwhile: async (n) => {
        await world.write(both(9));
        world.pass(LEASE_TTL / 1000 + 1);
        await dies(life(world, { diesBefore: 2 + ((n * 5) % 17) }));
        await world.write(both(0));
      },
      end: () => stand(1),
    });
  }, 60_000);

  it('removed while it is created: it is deleted', async () => {
    await tellFor(somePoints(2), { edit: both(0), meanwhile: () => world.write(NEITHER), end: areGone });
  }, 60_000);

  it('removed while it is updated, to be retained: nothing is deleted', async () => {
    await tellFor(somePoints(5), {
      before: both(0, 'deletion: retain'),
      edit: both(5, 'deletion: retain'),
      meanwhile: () => world.write(NEITHER),
      end: () => {
        expect(['DeleteStack', 'DeleteStackSet', 'DeleteStackInstances'].map(succeeded)).toEqual([0, 0, 0]);
        return Promise.resolve();
      },
    });
  }, 60_000);

  it('removed while it is made again after somebody deleted it: what was made again is deleted', async () => {
    await tellFor(somePoints(2), {
      before: both(0),
      edit: {},
      tampering: async () => {
        for (const account of [ONE, TWO])
          await world.by(account).send(new DeleteStackCommand({ StackName: 'evenkeel-queue' }));
        world.pass(700);
      },
      meanwhile: () => world.write(NEITHER),
      end: areGone,
    });
  }, 60_000);

  it('its account moved away: only that account is left', async () => {
    await tellFor(somePoints(1), {
      edit: both(0),
      meanwhile: () => world.move(ONE, 'Elsewhere'),
      end: async () => {
        for (const name of [STACK, INSTANCE]) {
          expect((await world.everCalled(ONE, name)).filter((status) => status !== 'DELETE_COMPLETE')).toEqual([]);
          expect(await world.everCalled(TWO, name)).toEqual(['CREATE_COMPLETE']);
        }
      },
    });
  }, 60_000);

  it('added again while it is deleted: it is created anew, once', async () => {
    await tellFor(somePoints(6), {
      before: both(0),
      edit: NEITHER,
      meanwhile: () => world.write(both(5)),
      end: async () => {
        for (const account of [ONE, TWO])
          for (const name of [STACK, INSTANCE])
            expect(
              (await world.everCalled(account, name)).filter((status) => status !== 'DELETE_COMPLETE'),
            ).toHaveLength(1);
      },
    });
  }, 60_000);
});

it('the lease of a controller that died keeps others out until it runs out, and then falls free', async () => {
  await open(1);
  await world.write(both(0));
  const doomed = life(world, { diesBefore: 14 });
  expect(await dies(doomed)).toBe(true);
  expect(doomed.effects).toContain('cloudformation:CreateStack');

  const kept = await world.run();
  expect(kept).toMatchObject({
    exitCode: EXIT.leaseHeld,
    run: { outcome: 'lease-held' },
    refusals: [{ code: 'EK6016' }],
  });
  const until = Date.parse(/until (\S+)$/.exec(kept.refusals[0]!.message)![1]!);
  world.pass((until - world.simulator.world.clock.now().getTime()) / 1000 - 1);
  expect((await world.run()).exitCode).toBe(EXIT.leaseHeld);
  expect(succeeded('CreateStack')).toBe(doomed.effects.filter((effect) => effect.endsWith(':CreateStack')).length);
  world.pass(1);
  expect((await world.run()).exitCode).toBe(EXIT.done);
  await stand(1);
});
