import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentAddress } from '../../src/model/address.js';
import type { Address } from '../../src/model/address.js';
import { findCycle } from '../../src/model/cycle.js';
import type { Rollout } from '../../src/model/desired.js';
import type { AccountId, Region } from '../../src/model/identifiers.js';
import type { Change } from '../../src/model/plan.js';
import { NOTHING_CARRIED } from '../../src/reconciler/carry-out.js';
import type { Carried } from '../../src/reconciler/carry-out.js';
import type { Job } from '../../src/reconciler/execute.js';
import { paceOf } from '../../src/reconciler/rollout.js';
import { createTurns } from '../../src/reconciler/turns.js';
import type { Stopped } from '../../src/reconciler/turns.js';
import { artifact, deployment, desired, settings } from '../support/builders.js';

describe('a circle', () => {
  const graphs = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 });

  it('is found exactly where the nodes cannot be put in an order, and each member needs the next', () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        const nodes = edges.map((_, node) => node);
        const needs = (node: number): readonly number[] => (edges[node] ?? []).filter((other) => other < edges.length);
        const circle = findCycle(nodes, needs);
        let left = new Set(nodes);
        for (let size = -1; size !== left.size;) {
          size = left.size;
          left = new Set([...left].filter((node) => needs(node).some((other) => left.has(other))));
        }
        expect(circle === null).toBe(left.size === 0);
        circle?.forEach((node, index) => expect(needs(node)).toContain(circle[(index + 1) % circle.length]));
      }),
    );
  });
});

const ROLLOUT: Rollout = { ...desired().rollout, stops: true, waves: [{ all: true }] };
const addressOf = (n: number): Address =>
  deploymentAddress('Stack/x', { account: String(100_000_000_000 + n) as AccountId, region: 'us-east-1' as Region });

function job(n: number, wave: number, dependsOn: readonly number[], rollout: Rollout): Job {
  const address = addressOf(n);
  const change: Change = {
    address,
    action: 'update',
    reason: 'manifest-changed',
    fields: [],
    members: [],
    replaces: [],
    removes: [],
    artifactSha256: null,
    observedSha256: null,
    dependsOn: dependsOn.map(addressOf),
    wave,
  };
  const wanted = { settings: settings(), artifact: artifact(), deployments: [deployment(address as never)], rollout };
  const subject = {
    address,
    driver: 'stack' as const,
    stackName: desired().stackName,
    options: {},
    targets: [],
    recorded: null,
    tokens: [],
  };
  return { change, observed: { type: 'absent' }, unit: { subject, desired: desired(), wanted, entry: null } };
}

describe('turns', () => {
  const stories = fc.record({
    jobs: fc.array(
      fc.record({
        wave: fc.nat(3),
        fails: fc.boolean(),
        needs: fc.array(fc.nat(30), { maxLength: 3 }),
        pause: fc.nat(3),
      }),
      { minLength: 1, maxLength: 25 },
    ),
    tolerance: fc.nat(3),
    atOnce: fc.integer({ min: 1, max: 4 }),
  });

  it('come to every job once, after what it needs and the waves before it, and never beyond what a wave tolerates', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ({ jobs: told, tolerance, atOnce }) => {
        const rollout: Rollout = { ...ROLLOUT, failureTolerance: tolerance, maxConcurrent: atOnce };
        const waves = told.map(({ wave }) => wave);
        // Only what comes in an earlier wave, or earlier in the same one, can be needed without a circle.
        const jobs = told.map(({ wave, needs }, n) =>
          job(
            n,
            wave,
            needs.filter((other) => other < n && (waves[other] ?? 9) <= wave),
            rollout,
          ),
        );
        const ends = new Map<Address, Carried>();
        const underWay = new Map<number, number>();
        const stops: Stopped[] = [];
        const turns = createTurns(jobs, {
          dropped: [],
          stopped: async (stopped) => void stops.push(stopped),
        });
        const carry = async (each: Job, n: number, skip: boolean): Promise<Carried> => {
          const { address, action, wave, dependsOn } = each.change;
          const end = (result: Carried['result']): Carried => {
            const carried: Carried = { ...NOTHING_CARRIED, address, action, result, detail: '' };
            expect(ends.has(address)).toBe(false);
            ends.set(address, carried);
            return carried;
          };
          if (skip) return end('skipped');
          expect(dependsOn.every((needed) => ends.get(needed)?.result === 'done')).toBe(true);
          const earlier = jobs.filter(({ change }) => change.wave < wave);
          expect(earlier.every(({ change }) => ends.has(change.address))).toBe(true);
          const failed = earlier.filter(({ change }) => ends.get(change.address)!.result === 'failed');
          const mostInAWave = Math.max(0, ...[0, 1, 2, 3].map((w) => failed.filter((f) => f.change.wave === w).length));
          expect(mostInAWave).toBeLessThanOrEqual(tolerance);
          underWay.set(wave, (underWay.get(wave) ?? 0) + 1);
          expect(underWay.get(wave)).toBeLessThanOrEqual(atOnce);
          for (let ticks = 0; ticks < told[n]!.pause; ticks += 1) await Promise.resolve();
          underWay.set(wave, underWay.get(wave)! - 1);
          return end(told[n]!.fails ? 'failed' : 'done');
        };
        await Promise.all(jobs.map((each, n) => turns.take(each, (turn) => carry(each, n, turn.type === 'skip'))));
        expect(ends.size).toBe(jobs.length);
        expect(stops.length).toBeLessThanOrEqual(1);
        for (const { failures } of stops) expect(failures.length).toBeGreaterThan(tolerance);
      }),
      { numRuns: 200 },
    );
  });

  it('of what needs a change that is not made in this run never come', async () => {
    const needy = job(1, 0, [0], { ...ROLLOUT, stops: false });
    const dropped = job(0, 0, [], { ...ROLLOUT, stops: false });
    const turns = createTurns([needy], { dropped: [dropped], stopped: async () => undefined });
    const said: unknown[] = [];
    await turns.take(needy, async (turn) => {
      said.push(turn);
      return { ...NOTHING_CARRIED, address: needy.change.address, action: 'update', result: 'skipped', detail: '' };
    });
    expect(said).toEqual([{ type: 'skip', why: `${addressOf(0)}, which it needs, is not changed in this run` }]);
  });
});

describe('the pace of a wave', () => {
  it.each([
    [{ maxConcurrent: null, failureTolerance: null }, 8, { atOnce: 8, tolerated: 0 }],
    [{ maxConcurrent: '25%' as const, failureTolerance: '10%' as const }, 8, { atOnce: 2, tolerated: 0 }],
    [{ maxConcurrent: '10%' as const, failureTolerance: 2 }, 3, { atOnce: 1, tolerated: 2 }],
    [{ maxConcurrent: 50, failureTolerance: 0 }, 3, { atOnce: 3, tolerated: 0 }],
    [{ maxConcurrent: 4, failureTolerance: 1, concurrencyMode: 'strict' as const }, 8, { atOnce: 2, tolerated: 1 }],
  ])('of %j for %i deployments', (said, count, pace) => {
    expect(paceOf({ ...ROLLOUT, ...said }, count)).toEqual(pace);
  });
});
