import { manifestOf, targetOf } from '../model/address.js';
import type { ManifestAddress } from '../model/address.js';
import type { Rollout } from '../model/desired.js';
import type { Region } from '../model/identifiers.js';
import type { Change } from '../model/plan.js';
import type { Unit } from './units.js';

/** How one wave of a manifest's stacks goes: how many at once, and after how many failures nothing more begins; null where none stops the others. */
export type WavePace = { readonly atOnce: number; readonly tolerated: number | null };

/** Whether a failure of one deployment stops others of the same manifest. Deployments that are taken away wait for nobody. */
export function isStopped(unit: Unit): boolean {
  return unit.wanted !== null && unit.wanted.rollout.stops;
}

/** Whether the deployments of a manifest do not all go at once. */
export function isPaced(unit: Unit): boolean {
  if (unit.wanted === null) return false;
  const { stops, maxConcurrent, regionOrder } = unit.wanted.rollout;
  return stops || maxConcurrent !== null || regionOrder.length > 0;
}

/** Shares of a wave are rounded down, and at least one goes at a time. Waves alone tolerate no failure. */
export function paceOf(rollout: Rollout, count: number): WavePace {
  const asked = rollout.maxConcurrent === null ? count : share(rollout.maxConcurrent, count);
  const tolerated =
    rollout.failureTolerance === null ? (rollout.stops ? 0 : null) : share(rollout.failureTolerance, count);
  // Strict, as CloudFormation means it: never more under way than may fail, and one.
  const most = rollout.concurrencyMode === 'strict' && tolerated !== null ? tolerated + 1 : count;
  return { atOnce: Math.max(1, Math.min(asked, count, most)), tolerated };
}

/** The Regions of a wave, one after the other where the rollout gives them an order; those that it does not name come last, together. */
export function regionTurn({ regionOrder, regionConcurrency }: Rollout, region: Region): number {
  if (regionConcurrency === 'parallel' || regionOrder.length === 0) return 0;
  const turn = regionOrder.indexOf(region);
  return turn < 0 ? regionOrder.length : turn;
}

function share(part: number | `${number}%`, count: number): number {
  return typeof part === 'number' ? part : Math.floor((count * Number.parseFloat(part)) / 100);
}

export type RolledOut = { readonly unit: Unit; readonly change: Change };

/** Wave by wave, what of each manifest's stacks a plan changes; a stack set is rolled out inside its own step. */
export function wavesOf<Job extends RolledOut>(
  jobs: readonly Job[],
): ReadonlyMap<ManifestAddress, ReadonlyMap<number, readonly Job[]>> {
  const manifests = new Map<ManifestAddress, Map<number, Job[]>>();
  for (const job of jobs) {
    if (!isPaced(job.unit) || targetOf(job.change.address) === null) continue;
    const manifest = manifestOf(job.change.address);
    const waves = manifests.get(manifest) ?? new Map<number, Job[]>();
    manifests.set(manifest, waves);
    waves.set(job.change.wave, [...(waves.get(job.change.wave) ?? []), job]);
  }
  return manifests;
}
