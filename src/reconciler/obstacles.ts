import { manifestOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import type { Refusal } from '../model/plan.js';
import { inOrder } from './needs.js';
import type { Needs } from './needs.js';
import type { UnitPlan } from './unit-plan.js';
import type { Unit } from './units.js';

type Part = { readonly unit: Unit; readonly part: UnitPlan };

/**
 * The same with every change refused that depends on what is not as it should be and is not changed either: refused, held back or out of
 * sight. Values that are known are there all the same; who waits for one that the refused change would have moved waits too.
 */
export function behindObstacles(parts: readonly Part[], needs: Needs): readonly Part[] {
  const partOf = new Map<Address, Part>(parts.map((each) => [each.unit.subject.address, each]));
  const obstacles = new Map<Address, Obstacle>();
  for (const unit of inOrder(
    parts.map((each) => each.unit),
    needs,
  )) {
    const { address } = unit.subject;
    const { part } = partOf.get(address)!;
    const why = part.change === null || unit.wanted === null ? null : obstacleBefore(unit, needs, obstacles);
    if (why !== null) {
      const refusals = [...part.refusals, refusalOf(address, why)];
      partOf.set(address, { unit, part: { ...part, change: null, refusals } });
      note(obstacles, unit, 'withdrawn');
    } else if (unit.wanted !== null && part.change === null && isAmiss(address, part)) note(obstacles, unit, 'amiss');
  }
  return obstacles.size === 0 ? parts : parts.map(({ unit }) => partOf.get(unit.subject.address)!);
}

/** `withdrawn`: what would have been done is not done, for want of something before it. */
type Obstacle = { readonly first: Address; readonly isWithdrawn: boolean };

function note(obstacles: Map<Address, Obstacle>, { subject, desired }: Unit, type: 'amiss' | 'withdrawn'): void {
  const isWithdrawn = type === 'withdrawn';
  for (const address of new Set<Address>([subject.address, desired!.address])) {
    const before = obstacles.get(address);
    obstacles.set(address, {
      first: before?.first ?? subject.address,
      isWithdrawn: isWithdrawn || before?.isWithdrawn === true,
    });
  }
}

function obstacleBefore(unit: Unit, needs: Needs, obstacles: ReadonlyMap<Address, Obstacle>): Address | null {
  const after = new Set<ManifestAddress>(unit.desired!.dependsOn.map(({ manifest }) => manifest));
  for (const address of needs.of(unit.subject.address)) {
    const obstacle = obstacles.get(address);
    if (obstacle !== undefined && (obstacle.isWithdrawn || after.has(manifestOf(address)))) return obstacle.first;
  }
  return null;
}

function isAmiss(address: Address, { refusals, unknowns }: UnitPlan): boolean {
  return [...refusals, ...unknowns].some((finding) => finding.address === address);
}

function refusalOf(address: Address, needed: Address): Refusal {
  return {
    code: 'EK6028',
    address,
    message: `it waits for ${needed}, which is not as it should be and is not changed either`,
    remedy: `see to ${needed}, then reconcile again; nothing else waits for it`,
  };
}
