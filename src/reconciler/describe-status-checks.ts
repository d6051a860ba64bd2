import { deploymentAddress, manifestOf, targetOf } from '../model/address.js';
import type { Block } from '../model/document.js';
import type { Outgoing } from '../model/notice.js';
import { NO_DRIFT } from '../model/drift.js';
import type { Entry } from '../model/recorded.js';
import { parseTargetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import { agoWords } from './describe-age.js';
import { driftReport } from './describe-drift-report.js';
import type { DriftReport, LedgerDrift } from './describe-drift-report.js';
import { passBlocks, stateTable, unreadableBlocks } from './describe-drift-summary.js';
import { counted } from './describe-wording.js';
import type { LedgerRow } from './ports.js';

/** What status says besides what is recorded. */
export type StatusChecks = Omit<LedgerDrift, 'rows'> & { readonly outgoing: readonly Outgoing[]; readonly now: Date };

/** Deployments by state of drift, the newest pass, and what could not be told anybody yet. */
export function checkBlocks(entries: readonly Entry[], checks: StatusChecks): readonly Block[] {
  const report = reportOf(entries, checks);
  const { outgoing, pass, now } = checks;
  return [
    ...(report.deployments === 0 ? [] : [stateTable(report)]),
    ...passBlocks(pass, now),
    ...unreadableBlocks(checks.books),
    ...(outgoing.length === 0 ? [] : [{ type: 'paragraph', line: [waitingNotices(outgoing, now)] } as const]),
  ];
}

export function checkData(
  entries: readonly Entry[],
  checks: StatusChecks,
): Readonly<Record<'deployments' | 'states' | 'pass' | 'notices', unknown>> {
  const { deployments, states } = reportOf(entries, checks);
  return { deployments, states, pass: checks.pass, notices: checks.outgoing };
}

function waitingNotices(outgoing: readonly Outgoing[], now: Date): { readonly text: string; readonly tone: 'warn' } {
  const [oldest] = outgoing.map(({ notice }) => notice.at).sort();
  const errors = outgoing.flatMap(({ deliveries }) =>
    Object.entries(deliveries).flatMap(([channel, delivery]) =>
      delivery.type === 'waiting' && delivery.error !== null ? [`${channelName(channel)}: ${delivery.error}`] : [],
    ),
  );
  const why = errors.length === 0 ? '' : `; ${errors[0]!}`;
  const text = `${counted(outgoing.length, 'notice waits', 'notices wait')} to be delivered, the oldest from ${agoWords(oldest!, now)}${why}`;
  return { text, tone: 'warn' };
}

/** Of an URL the host alone: the rest may be what lets somebody post there. */
function channelName(key: string): string {
  const url = key.startsWith('webhook:') ? key.slice('webhook:'.length) : null;
  return url === null ? key : `the webhook at ${URL.canParse(url) ? new URL(url).host : 'an unreadable URL'}`;
}

/** The inventory says of every deployment what the index says of those that are not in sync. */
function reportOf(entries: readonly Entry[], { books, pass }: StatusChecks): DriftReport {
  const standing = entries.filter(({ recorded }) => recorded !== null);
  return driftReport({ rows: standing.flatMap(rowsOf), books, pass }, false);
}

function rowsOf(entry: Entry): readonly LedgerRow[] {
  const { address, recorded, sync, drift, memberDrift, step } = entry;
  const own: LedgerRow = { address, role: 'unit', sync, status: step.type, at: recorded!.at, drift };
  if (targetOf(address) !== null) return [own];
  const keys = [...new Set([...Object.keys(recorded!.members), ...Object.keys(memberDrift)])] as TargetKey[];
  const quiet = sync === 'DRIFTED' ? 'IN_SYNC' : sync;
  const members = keys.map((key): LedgerRow => ({
    ...own,
    address: deploymentAddress(manifestOf(address), parseTargetKey(key)),
    role: 'member',
    sync: quiet,
    drift: memberDrift[key] ?? NO_DRIFT,
  }));
  return [own, ...members];
}
