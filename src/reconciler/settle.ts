import type { Address } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { RunId } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { DriftFinding, Plan } from '../model/plan.js';
import type { Entry, JournalStep, Recorded, SyncStatus } from '../model/recorded.js';
import { targetKey } from '../model/target.js';
import { LEASE_TTL, leaseName } from './execute.js';
import { isGone } from './plan-removal.js';
import { LedgerConflict } from './ports.js';
import type { EntryWrite } from './ports.js';
import { recordOf } from './record.js';
import { NO_DRIFT } from '../model/drift.js';
import type { Attribution } from '../model/drift.js';
import type { Survey, SurveyPorts } from './survey.js';
import { isOutOfSight, isWhole } from './units.js';
import type { Unit } from './units.js';

/**
 * Brings the ledger up to what was seen where AWS needs nothing: a change that had ended when its controller died, a stack whose marks moved
 * although it says the same, drift that came or went, something recorded that is gone. Writes nothing where nothing moved.
 * Somebody else's lease means that somebody else is at it: then it is left to them.
 */
export async function settle(from: Survey, ports: SurveyPorts, run: RunId): Promise<void> {
  const by: Attribution = { revision: ports.files.revision, run, at: ports.clock.now().toISOString() };
  const writes = from.units.flatMap((unit) => settlement(unit, from, by) ?? []);
  if (writes.length === 0) return;
  const holder = `${ports.controller.name}:${run}`;
  const acquired = await ports.ledger.acquire(
    [...new Set(writes.map((write) => leaseName(write.address)))].sort(),
    holder,
    LEASE_TTL,
    ports.clock.now(),
  );
  if (acquired.type === 'held') return;
  try {
    const generations = new Map(acquired.leases.map((lease) => [lease.name, lease.generation]));
    await Promise.all(
      writes.map((write) =>
        ports.ledger
          .write({ ...write, generation: generations.get(leaseName(write.address))! })
          .catch((error: unknown) => {
            if (!(error instanceof LedgerConflict)) throw error;
          }),
      ),
    );
  } finally {
    await ports.ledger.release(acquired.leases, holder);
  }
}

type Settlement = Omit<EntryWrite, 'generation'>;

/**
 * Null where the ledger already says what was seen, where the plan has something to do, and where only a part of the unit was looked at.
 */
export function settlement(unit: Unit, from: Pick<Survey, 'plan' | 'observed'>, by: Attribution): Settlement | null {
  const address = unit.subject.address;
  const { plan } = from;
  const seen = from.observed.get(address);
  const isOf = (finding: { readonly address: Address | null }) => finding.address === address || belongs(unit, finding);
  if (seen === undefined || !isWhole(unit, plan.scope)) return null;
  if (plan.changes.some((change) => change.address === address) || plan.refusals.some(isOf)) return null;
  const entry = unit.entry;
  const findings = plan.drift.filter(isOf);
  const sync = syncOf(
    seen,
    findings,
    plan.unknowns.some((unknown) => belongs(unit, unknown)),
    entry?.sync ?? 'NOT_CHECKED',
  );
  const step = stepNow(unit, seen, findings.length > 0);
  const recorded = recordedNow(unit, seen, { drifted: findings.length > 0, by });
  if (entry === null && recorded === null) return null;
  if (
    entry !== null &&
    entry.sync === sync &&
    entry.step.type === step.type &&
    canonicalJson(entry.recorded) === canonicalJson(recorded)
  )
    return null;
  const event = eventFor(entry, { recorded, step, sync, findings }, by);
  const drift = entry?.drift ?? NO_DRIFT;
  const memberDrift = entry?.memberDrift ?? {};
  const events = event === null ? [] : [event];
  return { address, expected: entry?.version ?? 0, recorded, step, sync, drift, memberDrift, events, memberEvents: [] };
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

function syncOf(
  seen: Observation,
  findings: readonly DriftFinding[],
  hasUnknownMembers: boolean,
  before: SyncStatus,
): SyncStatus {
  if (seen.type === 'unknown') return 'UNKNOWN';
  if (findings.length > 0) return 'DRIFTED';
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

type Moved = Pick<Settlement, 'recorded' | 'step' | 'sync'> & { readonly findings: Plan['drift'] };

function eventFor(
  entry: Entry | null,
  { recorded, step, sync, findings }: Moved,
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
  if (sync === 'DRIFTED' && entry?.sync !== 'DRIFTED')
    return {
      ...by,
      event: 'appeared',
      summary: 'observed differs although nobody changed the manifest',
      fields: findings.flatMap((finding) => finding.fields),
    };
  if (sync === 'IN_SYNC' && entry?.sync === 'DRIFTED')
    return { ...by, event: 'gone', summary: 'the drift is gone', fields: [] };
  return null;
}
