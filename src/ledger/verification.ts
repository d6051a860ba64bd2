import pLimit from 'p-limit';
import type { Address } from '../model/address.js';
import type { Anchor } from '../model/anchor.js';
import type { Sha256 } from '../model/identifiers.js';
import type { HistoryHead } from '../model/recorded.js';
import type { Break, Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { rootOfHeads } from './heads-root.js';
import { rowKey } from './keys.js';
import type { Registry } from './registry.js';
import { strayHistories } from './stray-histories.js';
import type { Table } from './table.js';
import { walkChain, type Problem, type SeenEvent } from './verified-chain.js';
import { verifyChecks } from './verified-checks.js';
import { verifyRow, verifyRows, type VerifiedRow } from './verified-rows.js';
import { lostHeads, verifyRuns } from './verified-runs.js';

const CONCURRENCY = 16;
const MAX_READS = 5;

/** Whether everything in the ledger is what was written to it. It may be asked while a controller writes: what moved is read again. */
export function openVerification(table: Table, bodies: Bodies, registry: Registry): Pick<Ledger, 'verify'> {
  return {
    async verify({ signal, progress }, anchor) {
      let done = 0;
      let of = 0;
      const expect = (more: number): void => progress(done, (of += more));
      const advance = (): void => progress((done += 1), of);

      // Runs first: what they moved was in the histories before they ended.
      const runs = await verifyRuns(table, bodies, { signal, listed: expect, done: advance });
      const rows = await verifyRows(table, bodies, await registry.manifests(), signal);
      expect(rows.length);

      const days = new Set(runs.days);
      const seen = (event: SeenEvent): void => {
        days.add(event.at.slice(0, 10));
        runs.heads.delete(event.sha256);
      };
      const limit = pLimit(CONCURRENCY);
      const chains = await Promise.all(
        rows.map((row) =>
          limit(async () => {
            signal.throwIfAborted();
            const chain = await verifyAddress(table, bodies, row, {
              seen,
              anchored: anchor?.heads[row.address] ?? null,
            });
            advance();
            return chain;
          }),
        ),
      );

      const known = new Set(rows.map((row) => row.address));
      const hasRow = (address: Address): boolean => known.has(address);
      const strays = await strayHistories(table, bodies, registry, {
        days,
        hasRow,
        isOfSuccess: (event) => runs.succeeded.has(event.run),
        seen,
        signal,
      });
      const heads = Object.fromEntries(
        chains.flatMap(({ row }) => (row.head === null ? [] : [[row.address, row.head]])),
      );
      const broken = [...chains.flatMap((chain) => chain.broken ?? []), ...strays];
      return {
        addresses: rows.length,
        events: chains.reduce((sum, chain) => sum + chain.events, 0),
        runs: runs.runs,
        heads,
        root: rootOfHeads(Object.values(heads)),
        breaks: [
          ...broken,
          ...(anchor === null
            ? []
            : anchorBreaks(anchor, new Set([...known, ...broken.map(({ address }) => address!)]))),
          ...runs.breaks,
          ...lostHeads(runs.heads),
          ...(await verifyChecks(table, bodies, signal)),
        ],
      };
    },
  };
}

type Chain = { readonly row: VerifiedRow; readonly events: number; readonly broken: Break | null };

type ChainWatch = { readonly seen: (event: SeenEvent) => void; readonly anchored: HistoryHead | null };

/** One row with its history: the first thing that is wrong, where the row or an anchor may say what the chain alone does not. */
async function verifyAddress(table: Table, bodies: Bodies, first: VerifiedRow, watch: ChainWatch): Promise<Chain> {
  let row = first;
  for (let reads = 1; ; reads += 1) {
    const { address, head } = row;
    const found = anchoring(watch);
    const { events, problem } = await walkChain(table, bodies, { address, head, seen: found.seen });
    const worst = earliest(problem, found.problem(problem === null ? events : problem.sequence - 1));
    if (worst === null) return { row, events, broken: row.wrong === null ? null : editedRow(address, row.wrong) };
    const item = await table.get(rowKey(address));
    const now = item === null ? null : await verifyRow(bodies, item);
    // A write that came between the two reads looks like a broken chain.
    if (now === null || now.version === row.version || reads === MAX_READS)
      return { row, events, broken: { address, run: null, ...worst } };
    row = now;
  }
}

/** Holds the events that pass by against the one that was kept elsewhere. */
function anchoring({ seen, anchored }: ChainWatch) {
  let other: Sha256 | null = null;
  return {
    seen: (event: SeenEvent): void => {
      if (event.sequence === anchored?.sequence && event.sha256 !== anchored.sha256) other = event.sha256;
      seen(event);
    },
    problem: (unbroken: number): Problem | null => {
      if (anchored === null) return null;
      const remedy =
        'the history was rewritten after the anchor was taken: restore the table as it was when it was taken, and compare';
      if (unbroken < anchored.sequence)
        return {
          sequence: unbroken + 1,
          message: `it is missing: the anchor knows of ${String(anchored.sequence)} events`,
          remedy,
        };
      if (other === null) return null;
      return {
        sequence: anchored.sequence,
        message: 'it is not the one that the anchor knows, nor can those before it be trusted',
        remedy,
      };
    },
  };
}

function earliest(one: Problem | null, other: Problem | null): Problem | null {
  if (one === null || other === null) return one ?? other;
  return other.sequence < one.sequence ? other : one;
}

function editedRow(address: Address, message: string): Break {
  return {
    address,
    run: null,
    sequence: null,
    message,
    remedy:
      'its history is whole: compare the entry with a backup from before, and reconcile, which writes it anew where it differs from AWS',
  };
}

function anchorBreaks(anchor: Anchor, known: ReadonlySet<Address>): readonly Break[] {
  if (anchor.root !== rootOfHeads(Object.values(anchor.heads))) {
    const message = 'the anchor is not as it was taken: its root is not the one over its heads';
    return [{ address: null, run: null, sequence: null, message, remedy: 'take another copy of the anchor' }];
  }
  return (Object.entries(anchor.heads) as [Address, HistoryHead][])
    .filter(([address]) => !known.has(address))
    .map(([address, { sequence }]) => ({
      address,
      run: null,
      sequence: 1,
      message: `the anchor knows of ${String(sequence)} events, and the ledger of none`,
      remedy: 'restore the table as it was when the anchor was taken, and compare',
    }));
}
