import { manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import { findCycle } from '../model/cycle.js';
import { digestOf } from '../model/canonical.js';
import type { ExcludedAccount } from '../model/desired.js';
import type { AccountId, Revision, Sha256 } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Organization } from '../model/organization.js';
import type { Hold } from '../model/hold.js';
import type { Change, Plan, Refusal, Scope } from '../model/plan.js';
import type { Announced } from '../model/action.js';

import { targetKey } from '../model/target.js';
import { EVENKEEL_VERSION } from '../model/version.js';
import type { Unrevertable } from './drift/reverts.js';
import { isSuspended } from './guard.js';
import type { Needs } from './needs.js';
import { behindObstacles } from './obstacles.js';
import { planUnit } from './plan-unit.js';
import { rolloutsOf } from './plan-rollouts.js';
import { NOTHING } from './unit-plan.js';
import type { UnitPlan } from './unit-plan.js';
import type { Unit } from './units.js';

export type PlanInput = {
  readonly installation: string;
  readonly revision: Revision;
  readonly lockSha256: Sha256;
  readonly scope: Scope;
  readonly now: Date;
  readonly organization: Organization;
  readonly excluded: readonly ExcludedAccount[];
  readonly units: readonly Unit[];
  readonly observed: ReadonlyMap<Address, Observation>;
  /** Who needs whom among the units. */
  readonly needs: Needs;
  /** Units that cannot be changed for want of an output. */
  readonly waiting: ReadonlyMap<Address, Refusal>;
  /** Rollouts that stopped. */
  readonly holds: readonly Hold[];
  /** What CloudFormation would replace and remove, by unit; only units whose template or parameters change are in it. */
  readonly predicted: ReadonlyMap<Address, Announced>;
  /** What CloudFormation cannot put right of what is recorded as drifted. */
  readonly unrevertable: Unrevertable;
};

const NOTHING_PREDICTED: Announced = { replaces: [], removes: [] };

/** Desired × observed × recorded × in doubt → what is to be done. A value: the same input gives the same digest. */
export function plan(input: PlanInput): Plan {
  const active = new Set(
    input.organization.accounts.filter((account) => account.state === 'ACTIVE').map((account) => account.id as string),
  );
  const each = input.units.map((unit) => ({ unit, part: partOf(unit, input, (account) => active.has(account)) }));
  const parts = behindObstacles(sparingClaimed(each, input.observed), input.needs);
  const departed = new Set(parts.flatMap(({ part }) => part.departed));
  const body: Omit<Plan, 'digest'> = {
    schemaVersion: 1,
    evenkeelVersion: EVENKEEL_VERSION,
    installation: input.installation,
    revision: input.revision,
    lockSha256: input.lockSha256,
    scope: input.scope,
    targetsSha256: digestOf(
      input.units.flatMap((unit) => (unit.wanted?.deployments ?? []).map((deployment) => deployment.address)).sort(),
    ),
    changes: ordered(parts, input.needs),
    rollouts: rolloutsOf(parts),
    drift: parts.flatMap(({ part }) => part.drift),
    refusals: parts.flatMap(({ part }) => part.refusals),
    unknowns: parts.flatMap(({ part }) => part.unknowns),
    excluded: [...input.excluded, ...departedAccounts(departed, input)],
    unchanged: parts.reduce((sum, { unit, part }) => sum + unchangedIn(unit, part), 0),
  };
  return { ...body, digest: digestOf(body) };
}

type Part = { readonly unit: Unit; readonly part: UnitPlan };

/** Every change with what of this plan comes before it: what it needs, and of what is taken away, whatever needed it. */
function ordered(parts: readonly Part[], needs: Needs): readonly Change[] {
  const changing = parts.flatMap(({ unit, part: { change } }) => (change === null ? [] : [{ unit, change }]));
  const movingOf = (some: readonly Changing[]): ReadonlySet<Address> =>
    new Set(some.flatMap(({ change: { address } }): Address[] => [address, manifestOf(address)]));
  const wanted = movingOf(changing.filter(({ unit }) => unit.wanted !== null));
  const unwanted = movingOf(changing.filter(({ unit }) => unit.wanted === null));
  const leaving = leavingBefore(changing);
  return changing.map(({ unit, change }) => {
    const before = unit.wanted === null ? leaving(manifestOf(change.address)) : needs.of(change.address);
    const moving = unit.wanted === null ? unwanted : wanted;
    return {
      ...change,
      dependsOn: before.filter((address) => moving.has(address) && address !== change.address),
      wave: targetOf(change.address) === null ? 0 : (unit.wanted?.deployments[0]?.wave ?? 0),
    };
  });
}

type Changing = { readonly unit: Unit; readonly change: Change };

/** Which manifests' deployments are taken away before those of another, as the record says who needed whom; nothing where it says so in a circle. */
function leavingBefore(changing: readonly Changing[]): (manifest: ManifestAddress) => readonly ManifestAddress[] {
  const before = new Map<ManifestAddress, Set<ManifestAddress>>();
  for (const { unit, change } of changing) {
    if (unit.wanted !== null || change.action !== 'delete') continue;
    const leaving = manifestOf(change.address);
    for (const needed of unit.entry?.recorded?.needs ?? [])
      if (needed !== leaving) before.set(needed, (before.get(needed) ?? new Set()).add(leaving));
  }
  const of = (manifest: ManifestAddress): readonly ManifestAddress[] => [...(before.get(manifest) ?? [])].sort();
  return findCycle(before.keys(), of) === null ? of : () => [];
}

/** A manifest that was renamed asks for the very stack that its old name would delete: what somebody wants is never deleted for somebody else. */
function sparingClaimed(parts: readonly Part[], observed: PlanInput['observed']): readonly Part[] {
  const identityOf = ({ unit }: Part): string | null => {
    const seen = observed.get(unit.subject.address);
    return seen?.type === 'known' ? seen.identity : null;
  };
  const claims = new Map(parts.filter(({ unit }) => unit.wanted !== null).map((part) => [identityOf(part), part]));
  return parts.map((each) => {
    const { change } = each.part;
    const identity = identityOf(each);
    const claim = identity === null ? undefined : claims.get(identity);
    if (claim === undefined || each.unit.wanted !== null || change === null || change.action === 'forget') return each;
    if (claim.part.change?.action === 'adopt')
      return {
        ...each,
        part: { ...each.part, change: { ...change, action: 'forget', members: [], replaces: [], removes: [] } },
      };
    const refusal: Refusal = {
      code: 'EK6027',
      address: each.unit.subject.address,
      message: `${each.unit.subject.stackName} is asked for by ${claim.unit.subject.address} now, and is not deleted for it`,
      remedy: `write "adopt: true" and stackName: ${each.unit.subject.stackName} in that manifest to keep the stack under its new address; or give it another stackName`,
    };
    return { ...each, part: { ...each.part, change: null, refusals: [...each.part.refusals, refusal] } };
  });
}

type PartInput = Pick<PlanInput, 'scope' | 'observed' | 'waiting' | 'holds' | 'predicted' | 'unrevertable' | 'now'>;

/** A suspended manifest, and one whose rollout has stopped, are looked at like any other; what would have been done is refused by name. */
function partOf(unit: Unit, input: PartInput, isActive: (account: string) => boolean): UnitPlan {
  const { address } = unit.subject;
  const observed = input.observed.get(address);
  if (observed === undefined) throw new Error(`nothing was observed of ${address}`);
  const waits = input.waiting.get(address);
  if (waits !== undefined && observed.type !== 'unknown') return { ...NOTHING, refusals: [waits] };
  const part = planUnit(unit, observed, {
    scope: input.scope,
    isActive,
    predicted: input.predicted.get(address) ?? NOTHING_PREDICTED,
    unrevertable: input.unrevertable,
    now: input.now,
  });
  if (part.change === null) return part;
  const held = heldBack(unit, part.change, input.holds) ?? suspended(unit, part.change, input.now);
  return held === null ? part : { ...part, change: null, refusals: [...part.refusals, held] };
}

/** What is going to be done about a unit, as far as that is known before replacements are predicted. */
export function changeAhead(
  unit: Unit,
  observed: PlanInput['observed'],
  { scope, organization, holds, now }: Pick<PlanInput, 'scope' | 'organization' | 'holds' | 'now'>,
): Change | null {
  const isActive = (id: string): boolean =>
    organization.accounts.some((account) => account.id === id && account.state === 'ACTIVE');
  const nothing: Pick<PlanInput, 'predicted' | 'unrevertable' | 'waiting'> = {
    predicted: new Map(),
    unrevertable: new Map(),
    waiting: new Map(),
  };
  return partOf(unit, { ...nothing, scope, observed, holds, now }, isActive).change;
}

function suspended({ desired }: Unit, change: Change, now: Date): Refusal | null {
  const suspension = desired?.suspend ?? null;
  if (suspension === null || !isSuspended(suspension, now)) return null;
  const until = suspension.until === null ? '' : ` until ${suspension.until}`;
  return {
    code: 'EK6005',
    address: change.address,
    message: `${change.action} is held back: suspended by ${suspension.by}${until} (${suspension.reason})`,
    remedy: `${suspension.by} can lift it: remove "suspend" from the manifest`,
  };
}

/** A rollout that stopped goes on with no door until another artifact comes, or a person says so. What is taken away was never part of it. */
export function heldBack(unit: Unit, change: Change, holds: readonly Hold[]): Refusal | null {
  if (unit.desired === null || unit.wanted === null) return null;
  const { address } = unit.desired;
  const hold = holds.find(({ manifest, resumed }) => manifest === address && resumed === null);
  if (hold === undefined || hold.artifactSha256 !== unit.wanted.artifact.sha256) return null;
  const count = hold.failed.length;
  return {
    code: 'EK6030',
    address: change.address,
    message: `${change.action} is held back: ${stoppedWave(hold)} stopped in ${hold.run} when ${hold.failed[0] ?? 'a deployment'}${count > 1 ? ` and ${count - 1} more` : ''} failed: ${hold.reason}`,
    remedy: `release another version or template; or, where this one was not to blame, evenkeel resume ${address} --reason "…"`,
  };
}

/** `wave 1 of Stack/x`. */
export function stoppedWave({ manifest, wave }: Hold): string {
  return wave === null ? `the rollout of ${manifest}` : `wave ${wave + 1} of ${manifest}`;
}

/** Accounts that are gone from the organization, or not ACTIVE, and still stand in the record: named here, and nothing there is touched. */
function departedAccounts(departed: ReadonlySet<string>, input: PlanInput): ExcludedAccount[] {
  const known = new Map(input.organization.accounts.map((account) => [account.id as string, account]));
  const named = new Set(input.excluded.map((account) => account.id as string));
  return [...departed]
    .filter((id) => !named.has(id))
    .sort()
    .map((id) => ({
      id: id as AccountId,
      name: known.get(id)?.name ?? '',
      state: known.get(id)?.state ?? 'NOT_IN_ORGANIZATION',
    }));
}

function unchangedIn(unit: Unit, part: UnitPlan): number {
  const deployments = unit.wanted?.deployments ?? [];
  if (part.refusals.length > 0 && part.change === null && deployments.length <= 1) return 0;
  const touched = new Set<string>(
    [...part.drift, ...part.unknowns, ...(part.change?.members ?? [])].map((finding) => finding.address),
  );
  const whole = part.change !== null || touched.has(unit.subject.address);
  return deployments.filter(
    (deployment) =>
      !touched.has(deployment.address) &&
      !(
        whole &&
        (unit.wanted?.settings.members[targetKey(deployment.target)] === undefined || part.change?.fields.length !== 0)
      ),
  ).length;
}
