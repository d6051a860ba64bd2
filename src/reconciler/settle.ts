import type { Address } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { RunId } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { DriftFinding, Plan } from '../model/plan.js';
import type { Entry, Recorded, SyncStatus } from '../model/recorded.js';
import { targetKey } from '../model/target.js';
import { LEASE_TTL, leaseName } from './execute.js';
import { LedgerConflict } from './ports.js';
import type { EntryWrite } from './ports.js';
import { recordOf } from './record.js';
import type { Attribution } from './record.js';
import type { Survey, SurveyPorts } from './survey.js';
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

/** Null where the ledger already says what was seen, or where the plan has something to do. */
export function settlement(unit: Unit, from: Pick<Survey, 'plan' | 'observed'>, by: Attribution): Settlement | null {
  const address = unit.subject.address;
  const seen = from.observed.get(address);
  if (
    seen === undefined ||
    from.plan.changes.some((change) => change.address === address) ||
    from.plan.refusals.some((refusal) => refusal.address === address)
  )
    return null;
  const entry = unit.entry;
  const findings = from.plan.drift.filter((finding) => finding.address === address || belongs(unit, finding));
  const sync = syncOf(
    seen,
    findings,
    from.plan.unknowns.some((unknown) => belongs(unit, unknown)),
  );
  const recorded = recordedNow(unit, seen, entry, findings.length > 0, by);
  const idle =
    entry === null || entry.step.type === 'idle' || seen.type === 'unknown'
      ? (entry?.step ?? { type: 'idle' as const })
      : { type: 'idle' as const };
  if (entry === null && recorded === null) return null;
  if (
    entry !== null &&
    entry.sync === sync &&
    entry.step.type === idle.type &&
    canonicalJson(entry.recorded) === canonicalJson(recorded)
  )
    return null;
  return {
    address,
    expected: entry?.version ?? 0,
    recorded,
    step: idle,
    sync,
    event: eventFor(entry, recorded, sync, findings, by),
    memberEvents: [],
  };
}

function recordedNow(
  unit: Unit,
  seen: Observation,
  entry: Entry | null,
  drifted: boolean,
  by: Attribution,
): Recorded | null {
  const before = entry?.recorded ?? null;
  if (seen.type === 'unknown' || drifted) return before;
  if (seen.type === 'absent') return unit.wanted === null ? null : before;
  if (seen.ownership === 'theirs' || unit.wanted === null || seen.condition.type !== 'settled') return before;
  // The revision moves only when the deployment does.
  const kept = before === null ? by : { revision: before.revision, run: before.run, at: before.at };
  return recordOf(unit, seen, kept);
}

function syncOf(seen: Observation, findings: readonly DriftFinding[], hasUnknownMembers: boolean): SyncStatus {
  if (seen.type === 'unknown') return 'UNKNOWN';
  if (findings.length > 0) return 'DRIFTED';
  return hasUnknownMembers ? 'UNKNOWN' : 'IN_SYNC';
}

function belongs(unit: Unit, finding: { readonly address: Address }): boolean {
  return unit.subject.targets.some(
    (target) => finding.address === (`${unit.subject.address}@${targetKey(target)}` as Address),
  );
}

function eventFor(
  entry: Entry | null,
  recorded: Recorded | null,
  sync: SyncStatus,
  findings: Plan['drift'],
  by: Attribution,
): Settlement['event'] {
  if (entry?.recorded != null && recorded === null)
    return { ...by, event: 'deleted', summary: 'it is gone, as was wanted', fields: [] };
  if (entry?.step.type === 'in-doubt' && recorded !== null)
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
      event: 'drifted',
      summary: 'observed differs although nobody changed the manifest',
      fields: findings.flatMap((finding) => finding.fields),
    };
  if (sync === 'IN_SYNC' && entry?.sync === 'DRIFTED')
    return { ...by, event: 'in-sync', summary: 'the drift is gone', fields: [] };
  return null;
}
