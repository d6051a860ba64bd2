import { targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { Attribution, DriftState } from '../model/drift.js';
import { grouped } from '../model/grouped.js';
import type { RunId } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Plan, Scope } from '../model/plan.js';
import type { Entry, HistoryHead, JournalStep, Recorded, SyncStatus } from '../model/recorded.js';
import { targetKey } from '../model/target.js';
import { walkLooks } from './drift/findings.js';
import type { When } from './drift/findings.js';
import type { Look } from './drift/look.js';
import { askActors } from './drift/actors.js';
import { ended, hasOpenDrift, isOfResource, layUnit } from './drift/unit-drift.js';
import type { Actors, UnitDrift } from './drift/unit-drift.js';
import { LEASE_TTL, leaseName } from './execute.js';
import { isGone } from './plan-removal.js';
import { LedgerConflict } from './ports.js';
import type { EntryWrite, Trail, Written } from './ports.js';
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
  /** Of the histories that were moved. */
  readonly heads: readonly HistoryHead[];
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
  const judged = judgementsOf(from.plan);
  const settled = (unit: Unit, actors: Actors): Settlement | null =>
    settlement(unit, from.observed.get(unit.subject.address), judged, by, {
      looks: looksOf.get(unit.subject.address) ?? [],
      actors,
    });
  const anonymous = from.units.flatMap((unit) => settled(unit, NOBODY) ?? []);
  const actors = await askActors(from.units, anonymous, by, settling.trail, settling.signal);
  const writes = actors.size === 0 ? anonymous : from.units.flatMap((unit) => settled(unit, actors) ?? []);
  // Of what has no entry yet, nothing that was found can be kept: it is looked at again.
  const unkept = from.units.flatMap(({ entry, subject: { address } }) =>
    entry === null && (looksOf.get(address) ?? []).some(({ sightings }) => sightings.length > 0) ? [address] : [],
  );
  const written = new Set(writes.map(({ address }) => address));
  const unsettled = new Set(unkept.filter((address) => !written.has(address)));
  if (writes.length === 0) return { units: from.units, unsettled, heads: [] };
  const holder = `${ports.controller.name}:${settling.run}`;
  const acquired = await ports.ledger.acquire(
    [...new Set(writes.map((write) => leaseName(write.address)))].sort(),
    holder,
    LEASE_TTL,
    ports.clock.now(),
  );
  if (acquired.type === 'held') return { units: from.units, unsettled: new Set([...unsettled, ...written]), heads: [] };
  const entries = new Map<Address, Written>();
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
  return { units, unsettled, heads: [...entries.values()].flatMap(({ heads }) => heads) };
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
      const members =
        targetOf(address) === null ? targets.map((each) => `${address}@${targetKey(each)}` as Address) : [];
      const found = others.size === 0 ? [] : [address, ...members].flatMap((each) => others.get(each) ?? []);
      return [address, [...(seen === undefined ? [] : walkLooks(unit, seen, context)), ...found]];
    }),
  );
}

const NOBODY: Actors = new Map();

/** What the plan says of each address, so that nobody reads all of it for each of many thousands of units. */
type Judged = {
  readonly scope: Scope;
  readonly changing: ReadonlySet<Address>;
  readonly refused: ReadonlySet<Address>;
  /** Told of the stack's own settings, or of the instance. */
  readonly drifted: ReadonlySet<Address>;
  readonly unknown: ReadonlySet<Address>;
};

function judgementsOf({ scope, changes, refusals, drift, unknowns }: Plan): Judged {
  return {
    scope,
    changing: new Set(changes.map(({ address }) => address)),
    refused: new Set(refusals.flatMap(({ address }) => address ?? [])),
    drifted: new Set(
      drift.flatMap(({ address, fields }) => (fields.some(({ path }) => !isOfResource(path)) ? [address] : [])),
    ),
    unknown: new Set(unknowns.map(({ address }) => address)),
  };
}

type Found = { readonly looks: readonly Look[]; readonly actors: Actors };

/** Null where the ledger already says what was seen. What the plan is going to change, or cannot judge, moves only in its drift. */
function settlement(
  unit: Unit,
  seen: Observation | undefined,
  judged: Judged,
  by: Attribution,
  { looks, actors }: Found,
): Settlement | null {
  const { entry } = unit;
  const { address } = unit.subject;
  if (seen === undefined) return null;
  const found = layUnit(unit, looks, by, actors);
  const kept = { recorded: entry?.recorded ?? null, step: entry?.step ?? IDLE, sync: entry?.sync ?? 'NOT_CHECKED' };
  const moved = isAtRest(unit, judged)
    ? standing(unit, seen, judged, found, by)
    : { ...kept, sync: stillDrifted(found, kept.sync) };
  const { recorded, step, sync } = moved;
  if (entry === null && recorded === null) return null;
  const laid = recorded === null && step.type === 'idle' ? ended(unit, by) : found;
  const { drift, memberDrift } = laid;
  const isUnmoved =
    entry !== null &&
    entry.sync === sync &&
    entry.step.type === step.type &&
    isSameDrift(entry, { drift, memberDrift }) &&
    (entry.recorded === recorded || canonicalJson(entry.recorded) === canonicalJson(recorded));
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
function isAtRest(unit: Unit, { scope, changing, refused }: Judged): boolean {
  const { address } = unit.subject;
  return isWhole(unit, scope) && !changing.has(address) && !isAmong(unit, refused);
}

type Standing = Pick<Settlement, 'recorded' | 'step' | 'sync'>;

function standing(unit: Unit, seen: Observation, judged: Judged, laid: UnitDrift, by: Attribution): Standing {
  const reported = isAmong(unit, judged.drifted);
  // Of what nothing wants any more, only what stands counts.
  const drifted = reported || (unit.wanted !== null && isStackDrifted(laid));
  const hasUnknownMembers = membersAmong(unit, judged.unknown);
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
  if (before === null || now === null) return now;
  // The revision moves only when the deployment does.
  const same = { ...now, revision: before.revision, run: before.run, at: before.at };
  if (canonicalJson(same) === canonicalJson(before)) return before;
  return canonicalJson(now.settings) === canonicalJson(before.settings) ? same : now;
}

function syncOf(seen: Observation, isDrifted: boolean, hasUnknownMembers: boolean, before: SyncStatus): SyncStatus {
  if (seen.type === 'unknown') return 'UNKNOWN';
  if (isDrifted) return 'DRIFTED';
  if (hasUnknownMembers) return 'UNKNOWN';
  // What was drifted when it was last in sight is so until it is seen to be otherwise.
  if (isOutOfSight(seen)) return before === 'DRIFTED' ? 'DRIFTED' : 'NOT_CHECKABLE';
  return 'IN_SYNC';
}

function isAmong(unit: Unit, addresses: ReadonlySet<Address>): boolean {
  return addresses.has(unit.subject.address) || membersAmong(unit, addresses);
}

function membersAmong({ subject: { address, targets } }: Unit, addresses: ReadonlySet<Address>): boolean {
  if (addresses.size === 0 || targetOf(address) !== null) return false;
  return targets.some((target) => addresses.has(`${address}@${targetKey(target)}` as Address));
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
