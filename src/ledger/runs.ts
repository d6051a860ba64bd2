import pLimit from 'p-limit';
import { digestOf } from '../model/canonical.js';
import type { RunId, Sha256 } from '../model/identifiers.js';
import type { HistoryHead } from '../model/recorded.js';
import type { ChangeOutcome, Run } from '../model/run.js';
import { LedgerConflict, type Ledger } from '../reconciler/ports.js';
import { LARGEST_ITEM, type Bodies } from './bodies.js';
import { inRootOrder, rootOfHeads } from './heads-root.js';
import { runKey, runListKey, runPartition, runPartKey, RUNS } from './keys.js';
import type { Table } from './table.js';

const CONCURRENCY = 16;
const PART_BYTES = LARGEST_ITEM - 16 * 1024;

/** A run without what grows with it; that is in parts beside it, named by their digests. */
export type RunHeader = {
  readonly run: Omit<Run, 'changes'>;
  readonly changes: readonly Sha256[];
  readonly heads: readonly Sha256[];
};

export function openRuns(table: Table, bodies: Bodies): Pick<Ledger, 'startRun' | 'finishRun' | 'runs' | 'run'> {
  const limit = pLimit(CONCURRENCY);

  async function putParts(id: RunId, values: readonly unknown[]): Promise<readonly Sha256[]> {
    const digests: Sha256[] = [];
    for (const part of inParts(values)) {
      const digest = digestOf(part);
      // Where it is there already, it is the same.
      await table.put(await bodies.seal(runPartKey(id, digest), part), { type: 'absent' });
      digests.push(digest);
    }
    return digests;
  }

  async function header(run: Run, heads: readonly HistoryHead[], historyRoot: Sha256 | null): Promise<RunHeader> {
    const { changes, ...rest } = run;
    return {
      run: { ...rest, historyRoot },
      changes: await putParts(run.id, changes),
      heads: await putParts(run.id, heads),
    };
  }

  async function read(id: RunId): Promise<Run | null> {
    const items = await table.all(runPartition(id));
    const bySortKey = new Map(items.map((item) => [item['sk'] as string, item]));
    const first = bySortKey.get(runKey(id).sk);
    // It was listed, and its beginning was never written: it did nothing.
    if (first === undefined) return null;
    const header = await bodies.open<RunHeader>(first);
    const changes: ChangeOutcome[] = [];
    for (const digest of header.changes) {
      const key = runPartKey(id, digest);
      changes.push(...(await bodies.open<readonly ChangeOutcome[]>(bySortKey.get(key.sk) ?? key)));
    }
    return { ...header.run, changes };
  }

  return {
    async startRun(run) {
      await table.put({ ...runListKey(run.startedAt, run.id), run: run.id }, { type: 'absent' });
      const begun = await bodies.seal({ ...runKey(run.id), state: 'begun' }, await header(run, [], run.historyRoot));
      if (!(await table.put(begun, { type: 'absent' })))
        throw new LedgerConflict(`the run ${run.id} has been started before`);
    },
    async finishRun(run, heads) {
      const leaves = inRootOrder(heads);
      const finished = await bodies.seal(
        { ...runKey(run.id), state: 'finished' },
        await header(run, leaves, rootOfHeads(leaves)),
      );
      if (await table.put(finished, { type: 'unchanged', attributes: { state: 'begun' } })) return;
      throw new LedgerConflict(`the run ${run.id} was not started, or has been finished before`);
    },
    async runs(count) {
      const listed = await table.newest(RUNS, count);
      const runs = await Promise.all(listed.map((item) => limit(() => read(item['run'] as RunId))));
      return runs.filter((run) => run !== null);
    },
    run: read,
  };
}

/** Lists that fit into an item each; a single value that does not is left to the store for bodies. */
function inParts(values: readonly unknown[]): readonly (readonly unknown[])[] {
  const parts: unknown[][] = [];
  let room = 0;
  for (const value of values) {
    // Twice, because a body is JSON inside JSON and every quote of it is escaped once more.
    const size = Buffer.byteLength(JSON.stringify(JSON.stringify(value))) + 1;
    const part = parts.at(-1);
    if (part === undefined || size > room) {
      parts.push([value]);
      room = PART_BYTES - size;
    } else {
      part.push(value);
      room -= size;
    }
  }
  return parts;
}
