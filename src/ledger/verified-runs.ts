import pLimit from 'p-limit';
import { digestOf } from '../model/canonical.js';
import type { RunId, Sha256 } from '../model/identifiers.js';
import type { HistoryHead } from '../model/recorded.js';
import type { Run } from '../model/run.js';
import type { Break } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { rootOfHeads } from './heads-root.js';
import { isAsPut } from './item-digest.js';
import { runKey, runListKey, runPartition, runPartKey, RUNS } from './keys.js';
import { LedgerError } from './ledger-error.js';
import type { RunHeader } from './runs.js';
import type { Item, Table } from './table.js';

const CONCURRENCY = 16;

/** `heads`: what a run says that it moved, and nobody has found in a history yet. It grows with the changes of all runs. */
export type VerifiedRuns = {
  readonly runs: number;
  readonly breaks: readonly Break[];
  readonly heads: Map<Sha256, { readonly run: RunId; readonly sequence: number }>;
  /** Runs in which no write failed. */
  readonly succeeded: ReadonlySet<RunId>;
  /** Days on which runs began. */
  readonly days: readonly string[];
};

type RunWatch = { readonly signal: AbortSignal; readonly listed: (runs: number) => void; readonly done: () => void };

/** Reads every run with all its parts. */
export async function verifyRuns(table: Table, bodies: Bodies, watch: RunWatch): Promise<VerifiedRuns> {
  const limit = pLimit(CONCURRENCY);
  const heads: VerifiedRuns['heads'] = new Map();
  const succeeded = new Set<RunId>();
  const listed = await table.all(RUNS);
  watch.listed(listed.length);
  const breaks = await Promise.all(
    listed.map((item) =>
      limit(async () => {
        watch.signal.throwIfAborted();
        const run = (item['sk'] as string).replace(/^[^#]*#/, '') as RunId;
        const read = await readRun(table, bodies, item, run);
        if ('message' in read) return breakOf(run, read.message);
        if (read.outcome === 'succeeded') succeeded.add(run);
        for (const { sha256, sequence } of read.heads) heads.set(sha256, { run, sequence });
        watch.done();
        return null;
      }),
    ),
  );
  return {
    runs: listed.length,
    breaks: breaks.filter((each) => each !== null),
    heads,
    succeeded,
    days: listed.map((item) => (item['sk'] as string).slice(0, 10)),
  };
}

/** Runs whose heads are in no history: what they did was taken out of it, with everything that showed it. */
export function lostHeads(heads: VerifiedRuns['heads']): readonly Break[] {
  const lost = new Map<RunId, { readonly sequence: number; readonly sha256: Sha256 }>();
  for (const [sha256, { run, sequence }] of heads) if (!lost.has(run)) lost.set(run, { sequence, sha256 });
  return [...lost].map(([run, { sequence, sha256 }]) =>
    breakOf(
      run,
      `it moved a history to event ${String(sequence)} (${sha256.slice(0, 12)}), and no history has that event`,
    ),
  );
}

function breakOf(run: RunId, message: string): Break {
  const remedy =
    'restore the table as it was before (point-in-time recovery, under another name), compare this run there, and look in CloudTrail for who wrote to the table';
  return { address: null, run, sequence: null, message, remedy };
}

type ReadRun =
  { readonly heads: readonly HistoryHead[]; readonly outcome: Run['outcome'] } | { readonly message: string };

async function readRun(table: Table, bodies: Bodies, listed: Item, id: RunId): Promise<ReadRun> {
  try {
    if (!isAsPut(listed)) return { message: 'its line in the list of runs is not what was written' };
    const items = await table.all(runPartition(id));
    const edited = items.find((item) => !isAsPut(item));
    if (edited !== undefined) return { message: `${nameOf(edited)} is not what was written: somebody edited it` };
    const bySortKey = new Map(items.map((item) => [item['sk'] as string, item]));
    const first = bySortKey.get(runKey(id).sk);
    // It was listed, and its beginning was never written: it did nothing.
    if (first === undefined)
      return items.length === 0 ? { heads: [], outcome: null } : { message: 'its summary is missing' };
    const header = await bodies.open<RunHeader>(first);
    if (!isHeader(header)) return { message: 'its summary is not one of a run' };
    if (header.run.id !== id || runListKey(header.run.startedAt, id).sk !== listed['sk'])
      return { message: 'its summary is that of another run' };
    await readParts(bodies, bySortKey, id, header.changes);
    const heads = await readParts<HistoryHead>(bodies, bySortKey, id, header.heads);
    if (first['state'] === 'finished' && header.run.historyRoot !== rootOfHeads(heads))
      return { message: 'its Merkle root is not the one over the heads that it moved' };
    return { heads, outcome: header.run.outcome };
  } catch (error) {
    if (error instanceof LedgerError) return { message: error.message };
    throw error;
  }
}

async function readParts<T>(
  bodies: Bodies,
  items: ReadonlyMap<string, Item>,
  id: RunId,
  digests: readonly Sha256[],
): Promise<readonly T[]> {
  const values: T[] = [];
  for (const digest of digests) {
    const item = items.get(runPartKey(id, digest).sk);
    if (item === undefined) throw new LedgerError(`its part ${digest.slice(0, 12)} is missing`);
    const part = await bodies.open<readonly T[]>(item);
    if (digestOf(part) !== digest) throw new LedgerError(`its part ${digest.slice(0, 12)} is not what was written`);
    values.push(...part);
  }
  return values;
}

/** What was edited, with its digest made anew, may be anything. */
function isHeader(header: Partial<RunHeader> | null): boolean {
  return typeof header?.run === 'object' && Array.isArray(header.changes) && Array.isArray(header.heads);
}

function nameOf(item: Item): string {
  const sk = item['sk'] as string;
  return sk.startsWith('P#') ? `its part ${sk.slice(2, 14)}` : 'its summary';
}
