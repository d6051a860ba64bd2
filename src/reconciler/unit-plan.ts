import { manifestOf, targetOf } from '../model/address.js';
import type { Condition, Known } from '../model/observed.js';
import type { Change, DriftFinding, Field, MemberChange, Reason, Refusal, UnknownTarget } from '../model/plan.js';
import type { Unit, UnitContext } from './units.js';

export type UnitPlan = {
  readonly change: Change | null;
  readonly drift: readonly DriftFinding[];
  readonly refusals: readonly Refusal[];
  readonly unknowns: readonly UnknownTarget[];
  /** Accounts that are recorded, no longer wanted, and not ACTIVE: named, and left alone. */
  readonly departed: readonly string[];
};

/** Nothing to do, nothing to say. */
export const NOTHING: UnitPlan = { change: null, drift: [], refusals: [], unknowns: [], departed: [] };

/** An operation runs on it. */
export type Busy = Extract<Condition, { type: 'busy' }>;

export function isOurs(unit: Unit, { operation }: Busy): boolean {
  return operation !== null && unit.subject.tokens.some((token) => operation.startsWith(token));
}

export function somebodyElses(unit: Unit, observed: Known): UnitPlan {
  return refused(
    'EK6008',
    unit,
    `somebody else's operation is running on ${unit.subject.stackName} (${observed.status})`,
    'wait until it has ended; the next reconcile looks again',
  );
}

/** Why what stands there is not ours, in one sentence. */
export function foreign(unit: Unit, observed: Known): string {
  const place = targetOf(unit.subject.address);
  return `${unit.subject.stackName}${place === null ? '' : ` in ${place.account}/${place.region}`} exists (${observed.status}) and its tags do not say that it belongs to ${manifestOf(unit.subject.address)}`;
}

/** Nothing to do but to say why not. */
export function refused(code: Refusal['code'], unit: Unit, message: string, remedy: string): UnitPlan {
  return { ...NOTHING, refusals: [{ code, address: unit.subject.address, message, remedy }] };
}

type ChangeParts = {
  readonly action: Change['action'];
  readonly reason: Reason;
  readonly fields?: readonly Field[];
  readonly members?: readonly MemberChange[];
  readonly reverts?: Change['reverts'];
  readonly context: UnitContext;
};

/** An update that leaves the template as it is gives none to CloudFormation that anybody would have to look at again. */
function injectedBy({ wanted }: Unit, { action, fields = [] }: ChangeParts): Pick<Change, 'injected'> {
  const injected = wanted?.artifact.injected ?? [];
  const sends = action !== 'update' || fields.some(({ path }) => path === 'template');
  return injected.length > 0 && sends ? { injected } : {};
}

/** One line of the plan, filled in. */
export function change(unit: Unit, observed: Known | null, parts: ChangeParts): Change {
  const { predicted } = parts.context;
  const updates = parts.action === 'update' || parts.action === 'adopt';
  return {
    address: unit.subject.address,
    action: parts.action,
    reason: parts.reason,
    fields: parts.fields ?? [],
    members: parts.members ?? [],
    replaces: updates ? predicted.replaces : [],
    removes: updates ? predicted.removes : [],
    ...(parts.reverts === undefined || parts.reverts.length === 0 ? {} : { reverts: parts.reverts }),
    artifactSha256: unit.wanted?.artifact.sha256 ?? null,
    ...injectedBy(unit, parts),
    observedSha256: observed?.sha256 ?? null,
    dependsOn: [],
    wave: 0,
  };
}
