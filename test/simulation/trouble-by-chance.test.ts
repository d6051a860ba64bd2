import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../src/reconciler/outcome.js';
import { TROUBLES } from '../../src/simulator/kernel/trouble.js';
import { setManifest } from '../support/trouble.js';
import { accountId, createWorld, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';
import type { World } from '../support/world.js';

/** What the SDK waits before it tries again passes at once: only the trouble is of interest. */
let ticking: NodeJS.Timeout;
beforeEach(() => {
  const tick = () => void vi.advanceTimersByTime(250);
  const every = setInterval;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  ticking = every(tick, 1);
});

let world: World;
afterEach(async () => {
  clearInterval(ticking);
  vi.useRealTimers();
  await world.close();
});

const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';

/** Who deletes a stack of a stack set leaves something that only a person can mend, so people stop short of it here. */
const DEEDS = ['hand:*', 'cloudformation:Update*'];

async function troubled(seed: number, name: 'some' | 'much'): Promise<void> {
  world = await createWorld({
    seed,
    trouble: { ...TROUBLES[name], people: { rate: TROUBLES[name].people as number, operations: DEEDS } },
    organization: smallOrganization(2),
    files: {
      'queue.yaml': stackManifest('queue', `${TARGETS}\ndrift: { respond: revert }`),
      'fleet.yaml': setManifest('fleet', TARGETS),
      'templates/queue.yaml': queueTemplate(),
    },
  });
}

/** Reconciles every quarter of an hour; what a pass could not do is left to the next. None of them may throw. */
async function passes(count: number): Promise<number[]> {
  const codes: number[] = [];
  for (let pass = 0; pass < count; pass += 1) {
    codes.push((await world.reconcile()).exitCode);
    world.simulator.world.clock.advance(900);
  }
  return codes;
}

/** Account and name of each stack that stands; a stack set's without its id. */
function standing(): string[] {
  const stacks = world.simulator.stacks.standing();
  return stacks.map(({ accountId: account, name }) => `${account} ${name.replace(/-[0-9a-f-]{36}$/, '')}`).toSorted();
}

const SETTLED = [1, 2].flatMap((n) => [`${accountId(n)} StackSet-evenkeel-fleet`, `${accountId(n)} evenkeel-queue`]);

describe('trouble by chance', () => {
  it.each([
    ['on a bad day', 'some', 2],
    ['on a bad day', 'some', 3],
    ['on the worst of days', 'much', 1],
  ] as const)(
    '%s (%s, seed %i) nothing is made twice, and peace mends what failed',
    async (_day, trouble, seed) => {
      await troubled(seed, trouble);
      await passes(2);
      world.simulator.calm();
      const codes = await passes(5);
      // What somebody changed in the stack set's stacks is reported, and stays.
      expect([EXIT.done, EXIT.changes]).toContain(codes.at(-1));
      expect(standing()).toEqual(SETTLED);
      expect((await world.plan()).plan!.changes).toEqual([]);
    },
    60_000,
  );
});
