import { deploymentAddress, manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import { findCycle } from '../model/cycle.js';
import type { Deployment } from '../model/desired.js';
import type { OutputReference } from '../model/output-reference.js';
import { targetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import { isPaced, regionTurn } from './rollout.js';
import type { Unit } from './units.js';

/** Who needs whom: each unit that is wanted, with the units that must be as they should be before it. */
export type Needs = {
  /** Addresses of units; a manifest's address stands for all of its units. */
  readonly of: (unit: Address) => readonly Address[];
  /** The units that an address of `of` stands for. */
  readonly unitsOf: (address: Address) => readonly Unit[];
  /** The unit that stands at a target for a manifest. */
  readonly unitAt: (manifest: ManifestAddress, key: TargetKey) => Unit | null;
};

/** What `references` and `dependsOn` of the units say of one another. */
export function needsOf(units: readonly Unit[]): Needs {
  const byAddress = new Map<Address, Unit>();
  const byDeployment = new Map<Address, Unit>();
  const byManifest = new Map<Address, Unit[]>();
  for (const unit of units) {
    if (unit.desired === null || unit.wanted === null) continue;
    byAddress.set(unit.subject.address, unit);
    for (const { address } of unit.wanted.deployments) byDeployment.set(address, unit);
    const siblings = byManifest.get(unit.desired.address);
    if (siblings === undefined) byManifest.set(unit.desired.address, [unit]);
    else siblings.push(unit);
  }
  const unitAt = (manifest: ManifestAddress, key: TargetKey): Unit | null =>
    byDeployment.get(`${manifest}@${key}`) ?? null;
  const known = new Map<Address, readonly Address[]>();
  const of = (address: Address): readonly Address[] => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const unit = byAddress.get(address);
    // A manifest that is no unit itself needs every unit of its own: that is how one edge can stand for all of them.
    const needed =
      unit === undefined
        ? (byManifest.get(address) ?? []).map(({ subject }) => subject.address)
        : neededBy(unit, unitAt);
    known.set(address, needed);
    return needed;
  };
  return {
    of,
    unitAt,
    unitsOf: (address) => {
      const unit = byAddress.get(address);
      return unit === undefined ? (byManifest.get(address) ?? []) : [unit];
    },
  };
}

function neededBy(unit: Unit, unitAt: Needs['unitAt']): readonly Address[] {
  const needed = new Set<Address>();
  const add = (manifest: ManifestAddress, key: TargetKey): void => {
    const upstream = unitAt(manifest, key);
    if (upstream !== null) needed.add(upstream.subject.address);
  };
  for (const deployment of unit.wanted!.deployments) {
    const here = targetKey(deployment.target);
    for (const reference of referencesOf(deployment)) {
      if (reference.source.type === 'every') needed.add(reference.manifest);
      else add(reference.manifest, reference.source.type === 'same' ? here : reference.source.key);
    }
    for (const { manifest, at } of unit.desired!.dependsOn) {
      if (at === 'every-target') needed.add(manifest);
      else add(manifest, here);
    }
  }
  return [...needed].sort();
}

/** Every output that a deployment's parameters are made of. */
export function referencesOf({ references }: Deployment): readonly OutputReference[] {
  return Object.values(references).flatMap((parts) =>
    parts.flatMap((part) => (part.type === 'output' ? [part.reference] : [])),
  );
}

/** Where the output of a reference stands, for a deployment that refers to it; a manifest's own address where it is all of them. */
export function whereOf({ manifest, source }: OutputReference, deployment: Deployment): Address {
  switch (source.type) {
    case 'same':
      return deploymentAddress(manifest, deployment.target);
    case 'target':
      return `${manifest}@${source.key}`;
    case 'every':
      return manifest;
    default:
      return unreachable(source);
  }
}

/** Units that need one another, in order; null where none do. That a wave, or a Region of it, waits for the one before it counts too. */
export function cycleOf(units: readonly Unit[], needs: Needs): readonly Address[] | null {
  const wanted = new Map<string, Unit>(
    units.filter((unit) => unit.wanted !== null).map((unit) => [unit.subject.address, unit]),
  );
  const stages = new Map<string, Map<number, Address[]>>();
  for (const unit of wanted.values()) {
    const stage = stageOf(unit);
    if (stage === null) continue;
    const own = stages.get(unit.desired!.address) ?? new Map<number, Address[]>();
    stages.set(unit.desired!.address, own.set(stage, [...(own.get(stage) ?? []), unit.subject.address]));
  }
  const stageNode = (manifest: string, stage: number): string => `${manifest} stage ${String(stage)}`;
  const members = new Map(
    [...stages].flatMap(([manifest, own]) =>
      [...own].map(([stage, addresses]) => [stageNode(manifest, stage), addresses] as const),
    ),
  );
  const neededBy = (node: string): readonly string[] => {
    const unit = wanted.get(node);
    if (unit === undefined) return members.get(node) ?? needs.of(node as Address);
    const stage = stageOf(unit);
    const manifest = unit.desired!.address;
    const before = stage === null ? [] : [...stages.get(manifest)!.keys()].filter((other) => other < stage);
    return [...needs.of(unit.subject.address), ...before.map((other) => stageNode(manifest, other))];
  };
  const circle = findCycle<string>(wanted.keys(), neededBy);
  return circle === null ? null : circle.flatMap((node) => wanted.get(node)?.subject.address ?? []);
}

/** More Regions than AWS has. */
const REGIONS = 1_000;

/** When a stack of a rollout comes, as one number: its wave, and the turn of its Region in it; null where it waits for no other. */
function stageOf(unit: Unit): number | null {
  const target = targetOf(unit.subject.address);
  if (target === null || !isPaced(unit)) return null;
  return unit.wanted!.deployments[0]!.wave * REGIONS + regionTurn(unit.wanted!.rollout, target.region);
}

/** Every unit after all that it needs; there is no cycle among them. */
export function inOrder(units: readonly Unit[], needs: Needs): readonly Unit[] {
  const ordered: Unit[] = [];
  const unitOf = new Map(units.map((unit) => [unit.subject.address, unit]));
  const seen = new Set<Address>();
  for (const start of units) {
    const path = [{ address: start.subject.address, rest: [...needs.of(start.subject.address)] }];
    if (seen.has(start.subject.address)) continue;
    seen.add(start.subject.address);
    while (path.length > 0) {
      const step = path.at(-1)!;
      const next = step.rest.pop();
      if (next === undefined) {
        path.pop();
        const unit = unitOf.get(step.address);
        if (unit !== undefined) ordered.push(unit);
      } else if (!seen.has(next)) {
        seen.add(next);
        path.push({ address: next, rest: [...needs.of(next)] });
      }
    }
  }
  return ordered;
}

/** The unit that a deployment belongs to. */
export function standingAt(needs: Needs, address: Address): Unit | null {
  const target = targetOf(address);
  return target === null ? null : needs.unitAt(manifestOf(address), targetKey(target));
}
