import type { Address } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import { NO_DRIFT } from '../model/drift.js';
import type { Attribution, DriftState } from '../model/drift.js';
import { grouped } from '../model/grouped.js';
import type { RunId } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Entry, JournalStep, Recorded, SyncStatus } from '../model/recorded.js';
import { targetKey } from '../model/target.js';
import { walkLooks } from './drift/findings.js';
import type { When } from './drift/findings.js';
import type { Look } from './drift/look.js';
import { askActors } from './drift/actors.js';
import { hasOpenDrift, isOfResource, layUnit } from './drift/unit-drift.js';
import type { Actors, UnitDrift } from './drift/unit-drift.js';
import { LEASE_TTL, leaseName } from './execute.js';
import { isGone } from './plan-removal.js';
import { LedgerConflict } from './ports.js';
import type { EntryWrite, Trail } from './ports.js';
import { recordOf } from './record.js';
import type { Survey, SurveyPorts } from './survey.js';
import { isOutOfSight, isWhole } from './units.js';
import type { Unit } from './units.js';

export type Settling = {
  readonly run: RunId;
  /** When the walk looked, and when one did before. */
  readonly when: When;
  /** What other methods found, by deployment. */
  readonly looks: readonly Look[];
  /** Who is asked who did it; null where nobody is. */
  readonly trail: Trail | null;
  readonly signal: AbortSignal;
};

/** The units with their entries as they are now. */
export type Settled = {
  readonly units: readonly Unit[];
  /** Units whose findings could not be written, because somebody else is at them. */
  readonly unsettled: ReadonlySet<Address>;
};

/**
 * Brings the ledger up to what was seen where AWS needs nothing: a change that had ended when its controller died, a stack whose marks moved
 * although it says the same, something recorded that is gone; and every drift that came, changed or went. Writes nothing where nothing moved.
 * Somebody else's lease means that somebody else is at it: then it is left to them.
 */
export async function settle(from: Survey, ports: SurveyPorts, settling: Settling): Promise<Settled> {
  const by: Attribution = {
    revision: ports.files.revision,
    run: settling.run,
    at: ports.clock.now().toISOString(),
  };
  const looksOf = looksByUnit(from, settling);
  const settlementsWith = (actors: Actors): readonly Settlement[] =>
    from.units.flatMap((unit) => settlement(unit, from, by, looksOf.get(unit.subject.address) ?? [], actors) ?? []);
  const anonymous = settlementsWith(new Map());
  const actors = await askActors(from.units, anonymous, by, settling.trail, settling.signal);
  const writes = actors.size === 0 ? anonymous : settlementsWith(actors);
  if (writes.length === 0) return { units: from.units, unsettled: new Set() };
  const holder = `${ports.controller.name}:${settling.run}`;
  const acquired = await ports.ledger.acquire(
    [...new Set(writes.map((write) => leaseName(write.address)))].sort(),
    holder,
    LEASE_TTL,
    ports.clock.now(),
  );
  if (acquired.type === 'held') return { units: from.units, unsettled: new Set(writes.map(({ address }) => address)) };
  const entries = new Map<Address, Entry>();
  const unsettled = new Set<Address>();
  try {
    const generations = new Map(acquired.leases.map((lease) => [lease.name, lease.generation]));
    await Promise.all(
      writes.map(async (write) => {
        try {
          const generation = generations.get(leaseName(write.address))!;
          entries.set(write.address, await ports.ledger.write({ ...write, generation }));
        } catch (error) {
          if (!(error instanceof LedgerConflict)) throw error;
          unsettled.add(write.address);
        }
      }),
    );
  } finally {
    await ports.ledger.release(acquired.leases, holder);
  }
  const units = from.units.map((unit) => {
    const entry = entries.get(unit.subject.address);
    return entry === undefined ? unit : { ...unit, entry };
  });
  return { units, unsettled };
}

export type Settlement = Omit<EntryWrite, 'generation'>;

/** What the walk says of each unit, and what other methods found at its deployments. */
function looksByUnit(from: Survey, { when, looks }: Settling): ReadonlyMap<Address, readonly Look[]> {
  const active = new Set(
    from.organization.accounts.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id as string),
  );
  const context = { scope: from.plan.scope, isActive: (account: string) => active.has(account), when };
  const others = grouped(looks, ({ address }) => address);
  return new Map(
    from.units.map((unit) => {
      const { address, targets } = unit.subject;
      const seen = from.observed.get(address);
      const members = targets.map((target): Address => `${address}@${targetKey(target)}` as Address);
      const found = others.size === 0 ? [] : [address, ...members].flatMap((each) => others.get(each) ?? []);
      return [address, [...(seen === undefined ? [] : walkLooks(unit, seen, context)), ...found]];
    }),
  );
}

/** Null where the ledger already says what was seen. What the plan is going to change, or cannot judge, moves only in its drift. */
export function settlement(
  unit: Unit,
  from: Pick<Survey, 'plan' | 'observed'>,
  by: Attribution,
  looks: readonly Look[],
  actors: Actors,
): Settlement | null {
  const { entry } = unit;
  const { address } = unit.subject;
  const seen = from.observed.get(address);
  if (seen === undefined) return null;
  const laid = layUnit(unit, looks, by, actors);
  const kept = { recorded: entry?.recorded ?? null, step: entry?.step ?? IDLE, sync: entry?.sync ?? 'NOT_CHECKED' };
  const moved = isAtRest(unit, from.plan)
    ? standing(unit, seen, from, laid, by)
    : { ...kept, sync: stillDrifted(laid, kept.sync) };
  const { recorded, step, sync } = moved;
  if (entry === null && recorded === null) return null;
  const gone = recorded === null && step.type === 'idle';
  const drift = gone ? NO_DRIFT : laid.drift;
  const memberDrift = gone ? {} : laid.memberDrift;
  const isUnmoved =
    entry !== null &&
    entry.sync === sync &&
    entry.step.type === step.type &&
    isSameDrift(entry, { drift, memberDrift }) &&
    canonicalJson(entry.recorded) === canonicalJson(recorded);
  if (isUnmoved) return null;
  const event = eventFor(entry, { recorded, step }, by);
  return {
    address,
    expected: entry?.version ?? 0,
    recorded,
    step,
    sync,
    drift,
    memberDrift,
    events: [...(event === null ? [] : [event]), ...laid.events],
    memberEvents: laid.memberEvents,
  };
}

const IDLE: JournalStep = { type: 'idle' };

/** Whether the unit was looked at whole, and there is nothing to do about it. */
function isAtRest(unit: Unit, plan: Survey['plan']): boolean {
  const { address } = unit.subject;
  if (!isWhole(unit, plan.scope)) return false;
  return (
    !plan.changes.some((change) => change.address === address) &&
    !plan.refusals.some((refusal) => refusal.address === address || belongs(unit, refusal))
  );
}

type Standing = Pick<Settlement, 'recorded' | 'step' | 'sync'>;

function standing(
  unit: Unit,
  seen: Observation,
  { plan }: Pick<Survey, 'plan'>,
  laid: UnitDrift,
  by: Attribution,
): Standing {
  const { address } = unit.subject;
  const reported = plan.drift.some(
    (finding) =>
      (finding.address === address || belongs(unit, finding)) && finding.fields.some(({ path }) => !isOfResource(path)),
  );
  // Of what nothing wants any more, only what stands counts.
  const drifted = reported || (unit.wanted !== null && isStackDrifted(laid));
  const hasUnknownMembers = plan.unknowns.some((unknown) => belongs(unit, unknown));
  return {
    recorded: recordedNow(unit, seen, { drifted, by }),
    step: stepNow(unit, seen, drifted),
    sync: syncOf(
      seen,
      reported || (unit.wanted !== null && hasOpenDrift(laid)),
      hasUnknownMembers,
      unit.entry?.sync ?? 'NOT_CHECKED',
    ),
  };
}

/** Accepted or not, what stands is not what is recorded. */
function isStackDrifted({ drift, memberDrift }: UnitDrift): boolean {
  return [drift, ...Object.values(memberDrift)].some((state) =>
    state.findings.some(({ layer }) => layer !== 'resource'),
  );
}

function stillDrifted(laid: UnitDrift, before: SyncStatus): SyncStatus {
  if (hasOpenDrift(laid)) return 'DRIFTED';
  return before === 'DRIFTED' ? 'NOT_CHECKED' : before;
}

function isSameDrift(entry: Entry, drift: Pick<UnitDrift, 'drift' | 'memberDrift'>): boolean {
  const same = (one: DriftState, other: DriftState): boolean =>
    one === other || canonicalJson(one) === canonicalJson(other);
  return same(entry.drift, drift.drift) && canonicalJson(entry.memberDrift) === canonicalJson(drift.memberDrift);
}

/** A step has ended where all of it was seen and nothing is left to do; until then the journal is how it is found again. */
function stepNow(unit: Unit, seen: Observation, drifted: boolean): JournalStep {
  const before: JournalStep = unit.entry?.step ?? { type: 'idle' };
  const isOpen = seen.type === 'unknown' || drifted || (unit.wanted === null && !isGone(unit, seen));
  return isOpen ? before : { type: 'idle' };
}

type Seen = { readonly drifted: boolean; readonly by: Attribution };

function recordedNow(unit: Unit, seen: Observation, { drifted, by }: Seen): Recorded | null {
  const before = unit.entry?.recorded ?? null;
  if (seen.type === 'unknown' || drifted) return before;
  if (unit.wanted === null) return isGone(unit, seen) ? null : before;
  if (seen.type === 'absent' || seen.ownership === 'theirs' || seen.condition.type !== 'settled') return before;
  if (before !== null && isOutOfSight(seen)) return before;
  const now = recordOf(unit, seen, 'whole', by);
  if (before === null || now === null || canonicalJson(now.settings) !== canonicalJson(before.settings)) return now;
  // The revision moves only when the deployment does.
  return { ...now, revision: before.revision, run: before.run, at: before.at };
}

function syncOf(seen: Observation, isDrifted: boolean, hasUnknownMembers: boolean, before: SyncStatus): SyncStatus {
  if (seen.type === 'unknown') return 'UNKNOWN';
  if (isDrifted) return 'DRIFTED';
  if (hasUnknownMembers) return 'UNKNOWN';
  // What was drifted when it was last in sight is so until it is seen to be otherwise.
  if (isOutOfSight(seen)) return before === 'DRIFTED' ? 'DRIFTED' : 'NOT_CHECKABLE';
  return 'IN_SYNC';
}

function belongs(unit: Unit, finding: { readonly address: Address | null }): boolean {
  return unit.subject.targets.some(
    (target) => finding.address === (`${unit.subject.address}@${targetKey(target)}` as Address),
  );
}

function eventFor(
  entry: Entry | null,
  { recorded, step }: Pick<Settlement, 'recorded' | 'step'>,
  by: Attribution,
): Settlement['events'][number] | null {
  if (entry?.recorded != null && recorded === null)
    return { ...by, event: 'deleted', summary: 'it is gone, as was wanted', fields: [] };
  if (entry?.step.type === 'in-doubt' && step.type === 'idle' && recorded !== null)
    return {
      ...by,
      event: entry.recorded === null ? 'created' : 'updated',
      summary: 'it had ended when the reconcile that began it was interrupted',
      fields: [],
    };
  if (entry?.recorded == null && recorded !== null)
    return { ...by, event: 'adopted', summary: 'its tags say that it is ours; the record was missing', fields: [] };
  return null;
}
