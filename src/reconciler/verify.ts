import type { Address } from '../model/address.js';
import { NO_DRIFT } from '../model/drift.js';
import type { Known } from '../model/observed.js';
import type { Change, Field, MemberChange, Scope } from '../model/plan.js';
import type { SyncStatus } from '../model/recorded.js';
import { planMembers } from './plan-members.js';
import { planUnit } from './plan-unit.js';
import type { Clock } from './ports.js';
import { isOutOfSight, isWhole } from './units.js';
import type { IsActive, Unit, UnitContext } from './units.js';

type Verifying = { readonly scope: Scope; readonly isActive: IsActive; readonly clock: Pick<Clock, 'now'> };

/** Verification is planning again: nothing may be left to do of what the plan said; what it left out or only reported is not judged. */
export function isReached(unit: Unit, change: Change, observed: Known, by: Verifying): boolean {
  if (unit.wanted === null && change.action !== 'update') return false;
  const left = leftOf(unit, change, observed, by);
  return left.isSettled && left.fields.length + left.members.length === 0;
}

/** What of a change is still to be done, by what is seen now. */
type Left = {
  readonly isSettled: boolean;
  readonly fields: readonly Field[];
  readonly members: readonly MemberChange[];
};

/** The part of a plan made now that belongs to this change. */
export function leftOf(unit: Unit, change: Change, observed: Known, by: Verifying): Left {
  const judged = asReverting(unit);
  const context = contextOf(by);
  const rest = planUnit(judged, observed, context);
  const members = new Set<Address>(change.members.map((member) => member.address));
  const paths = new Set(change.fields.map((field) => field.path));
  // What an interrupted step changes was not known when it was planned; what is made or adopted is judged whole.
  const isWholly = change.reason === 'interrupted' || change.action !== 'update';
  // Where the definition is none of this change's, that it has drifted says nothing of the instances.
  const left =
    isWholly || change.fields.length > 0
      ? (rest.change?.members ?? [])
      : planMembers(judged, observed.members, context).changes;
  const refused = rest.refusals.some(
    ({ address }) => address === change.address || (address !== null && members.has(address)),
  );
  return {
    isSettled: observed.condition.type === 'settled' && !refused,
    fields: (rest.change?.fields ?? []).filter((field) => isWholly || paths.has(field.path)),
    members: left.filter((member) => isWholly || members.has(member.address)),
  };
}

/** Differences that CloudFormation may call none, and values that it does not show. */
export function isTakenAsGiven({ path }: Field): boolean {
  return path === 'template' || path.startsWith('parameters.');
}

/** Whatever the manifest says of drift, and as if none had been found before. */
function asReverting(unit: Unit): Unit {
  const desired = unit.desired === null ? null : { ...unit.desired, driftRespond: 'revert' as const };
  // What no walk shows, and what an earlier look found, is not judged by what is seen now.
  const entry = unit.entry === null ? null : { ...unit.entry, drift: NO_DRIFT, memberDrift: {} };
  return { ...unit, desired, entry };
}

function contextOf({ scope, isActive, clock }: Verifying): UnitContext {
  return { scope, isActive, predicted: { replaces: [], removes: [] }, unrevertable: new Map(), now: clock.now() };
}

/** What was only reported, or left out of the plan, is still there. */
export function syncAfter(unit: Unit, change: Change, observed: Known, by: Verifying): SyncStatus {
  if (!isWhole(unit, by.scope)) return unit.entry?.sync ?? 'NOT_CHECKED';
  const rest = planUnit(asReverting(unit), observed, contextOf(by));
  const left = leftOf(unit, change, observed, by);
  const open = (rest.change?.fields.length ?? 0) + (rest.change?.members.length ?? 0);
  const wasDrifted = unit.entry?.sync === 'DRIFTED';
  if (open > left.fields.length + left.members.length || (wasDrifted && isOutOfSight(observed))) return 'DRIFTED';
  if (rest.unknowns.length > 0) return 'UNKNOWN';
  return isOutOfSight(observed) ? 'NOT_CHECKABLE' : 'IN_SYNC';
}
