import type { Observation } from '../model/observed.js';
import type { Announced } from '../model/action.js';
import { deploymentAddress, manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import type { Artifact } from '../model/artifact.js';
import type { Deployment, Desired } from '../model/desired.js';
import type { Scope } from '../model/plan.js';
import type { Entry, Reach } from '../model/recorded.js';
import type { Subject, Wanted } from '../model/step.js';
import { parseTargetKey, targetKey } from '../model/target.js';
import type { Target, TargetKey } from '../model/target.js';
import type { Settings } from '../model/settings.js';
import type { Unrevertable } from './drift/reverts.js';
import type { Drivers } from './ports.js';

/** What one step covers, desired and recorded laid together; `wanted` is null where the manifest or the target is gone. */
export type Unit = {
  readonly subject: Subject;
  readonly desired: Desired | null;
  readonly wanted: Wanted | null;
  readonly entry: Entry | null;
  /** What the manifest says, where `wanted` leaves drift as it stands that it accepts; absent where they are the same. */
  readonly declared?: Settings;
};

/** Whether an account is ACTIVE in the tree; one that the tree does not show is not. */
export type IsActive = (account: string) => boolean;

export type UnitContext = {
  readonly scope: Scope;
  readonly isActive: IsActive;
  readonly predicted: Announced;
  readonly unrevertable: Unrevertable;
  readonly now: Date;
};

export type DesiredDeployments = {
  readonly desired: readonly Desired[];
  readonly deployments: ReadonlyMap<ManifestAddress, readonly Deployment[]>;
  readonly artifacts: ReadonlyMap<ManifestAddress, Artifact>;
};

/**
 * Lays what Git wants over what the ledger knows: every unit that either of them names, once.
 * Narrowed to one account, a unit that spans accounts is left out where its manifest is gone: it ends with a whole reconcile.
 */
export function joinUnits(from: DesiredDeployments, entries: readonly Entry[], drivers: Drivers, scope: Scope): Unit[] {
  const entryOf = new Map<Address, Entry>(entries.map((entry) => [entry.address, entry]));
  const wantedUnits = from.desired.flatMap((desired) => unitsOf(desired, from, entryOf, drivers));
  const named = new Set(wantedUnits.map((unit) => unit.subject.address));
  const desiredOf = new Map(from.desired.map((desired) => [desired.address, desired]));
  const orphans = entries
    .filter((entry) => !named.has(entry.address) && inScope(entry.address, scope))
    .flatMap((entry) => orphanOf(entry, desiredOf.get(manifestOf(entry.address)) ?? null));
  return [...wantedUnits, ...orphans].sort((one, other) => (one.subject.address < other.subject.address ? -1 : 1));
}

/** Whether a target is inside what the reconcile is narrowed to. */
export function targetInScope(key: TargetKey, scope: Scope): boolean {
  return scope.type === 'all' || parseTargetKey(key).account === scope.account;
}

/** Whether a reconcile of that scope sees all of a unit, or only what stands of it in one account. */
export function isWhole(unit: Unit, scope: Scope): boolean {
  return scope.type === 'all' || targetOf(unit.subject.address) !== null;
}

/** What becomes of it where nothing wants it any more: the newest word of Git that is known. */
export function deletionOf(unit: Unit): Reach['deletion'] {
  return unit.desired?.deletion ?? begunReach(unit.entry)?.deletion ?? unit.entry?.recorded?.deletion ?? 'retain';
}

/** What a step that was begun, and that has not been seen to succeed, may have reached. */
function begunReach(entry: Entry | null): Reach | null {
  return entry === null || entry.step.type === 'idle' ? null : entry.step.reach;
}

function inScope(address: Address, scope: Scope): boolean {
  const target = targetOf(address);
  return scope.type === 'all' || (target !== null && target.account === scope.account);
}

function unitsOf(
  desired: Desired,
  from: DesiredDeployments,
  entryOf: ReadonlyMap<Address, Entry>,
  drivers: Drivers,
): Unit[] {
  const deployments = from.deployments.get(desired.address) ?? [];
  const artifact = from.artifacts.get(desired.address);
  const driver = drivers.get(desired.driver);
  if (artifact === undefined || driver === undefined)
    throw new Error(`${desired.address} has no artifact or no driver`);
  const groups =
    driver.grain === 'deployment'
      ? deployments.map((deployment) => [deployment])
      : deployments.length === 0
        ? []
        : [deployments];
  return groups.map((group) => {
    const address: Address =
      driver.grain === 'deployment' ? deploymentAddress(desired.address, group[0]!.target) : desired.address;
    const entry = entryOf.get(address) ?? null;
    const settings = driver.settings(desired, artifact, group);
    return {
      subject: subjectOf(address, entry, {
        driver: desired.driver,
        stackName: desired.stackName,
        options: settings.options,
        targets: group.map((deployment) => deployment.target),
      }),
      desired,
      wanted: { settings, artifact, deployments: group, rollout: desired.rollout },
      entry,
    };
  });
}

/** A unit that only the ledger names: recorded, or begun and never verified. */
function orphanOf(entry: Entry, desired: Desired | null): Unit[] {
  const reach = reachOf(entry);
  if (reach === null) return [];
  return [
    {
      subject: subjectOf(entry.address, entry, { ...reach, targets: reach.targets.map(parseTargetKey) }),
      desired,
      wanted: null,
      entry,
    },
  ];
}

function reachOf(entry: Entry): Omit<Reach, 'deletion'> | null {
  if (entry.step.type !== 'idle') return entry.step.reach;
  if (entry.recorded === null) return null;
  const target = targetOf(entry.address);
  const { driver, stackName, settings } = entry.recorded;
  return { driver, stackName, options: settings.options, targets: target === null ? [] : [targetKey(target)] };
}

function subjectOf(
  address: Address,
  entry: Entry | null,
  from: Pick<Subject, 'driver' | 'stackName' | 'options'> & { readonly targets: readonly Target[] },
): Subject {
  const recorded = entry?.recorded ?? null;
  const targets = new Map<TargetKey, Target>(from.targets.map((target) => [targetKey(target), target]));
  const reached = [...(begunReach(entry)?.targets ?? []), ...(Object.keys(recorded?.members ?? {}) as TargetKey[])];
  for (const key of reached) targets.set(key, parseTargetKey(key));
  return {
    address,
    driver: from.driver,
    stackName: from.stackName,
    options: from.options,
    targets: [...targets.values()],
    recorded,
    tokens: entry?.step.type === 'in-doubt' ? [entry.step.token] : [],
  };
}

/** Whether an account does not let its part of a unit be looked at. */
export function isOutOfSight(seen: Observation): boolean {
  return seen.type === 'known' && Object.values(seen.members).some((member) => member.layer === 'unknown');
}
