import { manifestOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Block, Document, Line, Span } from '../model/document.js';
import type { Entry, HistoryEvent, JournalStep, SyncStatus } from '../model/recorded.js';
import { nearest } from '../model/nearest.js';
import type { Hold } from '../model/hold.js';
import type { Run } from '../model/run.js';
import { findingLines } from './describe-finding-event.js';
import { checkBlocks, checkData } from './describe-status-checks.js';
import type { StatusChecks } from './describe-status-checks.js';
import { holdBlocks, holdHistory } from './describe-holds.js';
import type { TargetKey } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import { outcomeWords, resultCounts } from './describe-run.js';
import { byText, counted, fieldLine, shortRevision, shortTime } from './describe-wording.js';

/** What the ledger knows: a line for each manifest, everything that needs somebody's eye, and the latest runs. */
export function describeStatus(
  entries: readonly Entry[],
  runs: readonly Run[],
  holds: readonly Hold[] = [],
  checks: StatusChecks | null = null,
): Document {
  const recorded = entries.filter((entry) => entry.recorded !== null);
  const troubled = entries.filter(needsAttention);
  const summary = `${counted(recorded.length, 'unit')} recorded; ${String(troubled.length)} in need of attention`;
  return {
    blocks: [
      { type: 'paragraph', line: [{ text: summary, tone: 'strong' }] },
      ...(recorded.length === 0 ? [] : [manifestTable(recorded)]),
      ...(checks === null ? [] : checkBlocks(entries, checks)),
      ...(troubled.length === 0
        ? []
        : ([{ type: 'heading', text: 'In need of attention' }, troubleList(troubled)] as const)),
      ...holdBlocks(holds, entries),
      ...(runs.length === 0 ? [] : ([{ type: 'heading', text: 'Latest runs' }, runTable(runs)] as const)),
    ],
    data: { schemaVersion: 1, entries, runs, holds, ...(checks === null ? {} : checkData(entries, checks)) },
  };
}

/** What happened at one address, in the order in which it happened. */
export function describeHistory(
  address: Address,
  events: readonly HistoryEvent[],
  known: readonly Address[],
  holds: readonly Hold[] = [],
): Document {
  const inOrder = [...events].sort((left, right) => left.sequence - right.sequence);
  const blocks = inOrder.flatMap((event): Block[] => [
    {
      type: 'paragraph',
      line: eventLine(event),
    },
    ...listOf([
      ...event.fields.map(fieldLine),
      ...(event.finding === undefined ? [] : findingLines(event.event, event.finding)),
    ]),
  ]);
  return {
    blocks: [
      { type: 'heading', text: `History of ${address}` },
      ...(blocks.length === 0 ? withoutHistory(address, known) : blocks),
      ...holdHistory(manifestOf(address), holds),
    ],
    data: { schemaVersion: 1, address, events: inOrder, holds },
  };
}

function listOf(items: readonly Line[]): readonly Block[] {
  return items.length === 0 ? [] : [{ type: 'list', items }];
}

/** `3 2026-11-23T02:00:00Z updated at revision … by run …: …`. */
export function eventLine(event: HistoryEvent): Line {
  return [
    { text: `${String(event.sequence)} ${shortTime(event.at)} `, tone: 'muted' },
    EVENT_WORDS[event.event],
    ` at revision ${shortRevision(event.revision)} by run ${event.run}`,
    event.summary === '' ? '' : `: ${event.summary}`,
  ];
}

/** Every address that the ledger has an entry for, a stack set's instances included. */
export function knownAddresses(entries: readonly Entry[]): readonly Address[] {
  return entries.flatMap(({ address, recorded }) => [
    address,
    ...(recorded?.driver === 'stack-set'
      ? Object.keys(recorded.members).map((key): Address => `${manifestOf(address)}@${key as TargetKey}`)
      : []),
  ]);
}

const NAMED_ADDRESSES = 20;

/** A manifest whose stacks are changed one by one has no history of its own; anything else may be misspelt. */
function withoutHistory(address: Address, known: readonly Address[]): readonly Block[] {
  const below = known.filter((each) => each !== address && manifestOf(each) === address).sort();
  const more = below.length - NAMED_ADDRESSES;
  if (below.length > 0) {
    const items = [...below.slice(0, NAMED_ADDRESSES), ...(more > 0 ? [`and ${String(more)} more`] : [])];
    return [
      { type: 'paragraph', line: 'The ledger keeps the history of each of its deployments:' },
      { type: 'list', items },
    ];
  }
  const near = nearest(address, [...new Set(known.flatMap((each) => [each, manifestOf(each)]))]);
  const hint = near === null ? 'evenkeel status shows what is recorded.' : `Did you mean ${near}?`;
  return [{ type: 'paragraph', line: `The ledger has no history of it. ${hint}` }];
}

const EVENT_WORDS: Readonly<Record<HistoryEvent['event'], Span>> = {
  begun: { text: 'begun', tone: 'muted' },
  created: { text: 'created', tone: 'add' },
  updated: { text: 'updated', tone: 'change' },
  replaced: { text: 'replaced', tone: 'remove' },
  deleted: { text: 'deleted', tone: 'remove' },
  adopted: { text: 'adopted', tone: 'change' },
  forgotten: { text: 'forgotten', tone: 'muted' },
  failed: { text: 'failed', tone: 'bad' },
  appeared: { text: 'drift appeared', tone: 'warn' },
  changed: { text: 'drift changed', tone: 'warn' },
  accepted: { text: 'drift accepted', tone: 'muted' },
  reverted: { text: 'drift reverted', tone: 'good' },
  gone: { text: 'drift gone', tone: 'good' },
};

function needsAttention(entry: Entry): boolean {
  return entry.step.type !== 'idle' || (entry.recorded !== null && entry.sync !== 'IN_SYNC');
}

function syncWords(sync: SyncStatus): Span {
  switch (sync) {
    case 'IN_SYNC':
      return { text: sync, tone: 'good' };
    case 'DRIFTED':
      return { text: sync, tone: 'bad' };
    case 'NOT_CHECKABLE':
    case 'NOT_CHECKED':
    case 'UNKNOWN':
      return { text: sync, tone: 'warn' };
    default:
      return unreachable(sync);
  }
}

function stepWords(step: JournalStep): readonly (string | Span)[] {
  switch (step.type) {
    case 'idle':
      return [];
    case 'in-doubt':
      return [{ text: 'in doubt', tone: 'bad' }, `: ${step.action} begun ${shortTime(step.at)} by run ${step.run}`];
    case 'failed':
      return [{ text: 'failed', tone: 'bad' }, `: ${step.action}, attempt ${String(step.attempt)}: ${step.reason}`];
    default:
      return unreachable(step);
  }
}

function manifestTable(recorded: readonly Entry[]): Block {
  const byManifest = new Map<string, Entry[]>();
  for (const entry of recorded) {
    const manifest = manifestOf(entry.address);
    byManifest.set(manifest, [...(byManifest.get(manifest) ?? []), entry]);
  }
  const rows = [...byManifest]
    .sort(([left], [right]) => byText(left, right))
    .map(([manifest, entries]): readonly Line[] => {
      const revisions = new Set(entries.map(({ recorded: record }) => shortRevision(record?.revision ?? '')));
      const inSync = entries.filter(({ sync }) => sync === 'IN_SYNC').length;
      return [
        [{ text: manifest, tone: 'strong' }],
        String(entries.reduce((sum, { recorded: record }) => sum + standing(record), 0)),
        [{ text: `${String(inSync)} of ${String(entries.length)}`, tone: inSync === entries.length ? 'good' : 'warn' }],
        revisions.size === 1 ? [...revisions][0]! : counted(revisions.size, 'revision'),
      ];
    });
  return { type: 'table', columns: ['manifest', 'deployments', 'in sync', 'revision'], rows };
}

/** A stack set stands at as many targets as it has instances; a stack at one. */
function standing(recorded: Entry['recorded']): number {
  if (recorded === null) return 0;
  return recorded.driver === 'stack-set' ? Object.keys(recorded.members).length : 1;
}

/** A list, because AWS's reasons are longer than any column. */
function troubleList(troubled: readonly Entry[]): Block {
  return {
    type: 'list',
    items: [...troubled]
      .sort((left, right) => byText(left.address, right.address))
      .map(({ address, sync, step }) => [
        { text: address, tone: 'strong' },
        ' ',
        syncWords(sync),
        ...(step.type === 'idle' ? [] : ['; ', ...stepWords(step)]),
      ]),
  };
}

/** A run's name says when it began. */
function runTable(runs: readonly Run[]): Block {
  return {
    type: 'table',
    columns: ['run', 'door', 'revision', 'outcome', 'changes'],
    rows: runs.map((run) => [
      run.id,
      run.door,
      shortRevision(run.revision),
      [outcomeWords(run.outcome)],
      resultCounts(run.changes),
    ]),
  };
}
