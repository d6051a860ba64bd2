import type { Address } from '../model/address.js';
import { sha256 } from '../model/canonical.js';
import type { HistoryEvent, HistoryHead } from '../model/recorded.js';
import type { Bodies } from './bodies.js';
import { isAsPut } from './item-digest.js';
import { dayIndexKey, historyKey, historyPartition } from './keys.js';
import { LedgerError } from './ledger-error.js';
import type { Item, Table } from './table.js';

/** Where a chain is not what was written. */
export type Problem = { readonly sequence: number; readonly message: string; readonly remedy: string };

export type SeenEvent = HistoryHead & Pick<HistoryEvent, 'at' | 'run'>;

/** How many events were read of a chain, and the first of them that is wrong or missing. */
export type WalkedChain = { readonly events: number; readonly problem: Problem | null };

type Walk = {
  readonly address: Address;
  /** What the row says of its end; null where it knows of no event. */
  readonly head: HistoryHead | null;
  /** Called for each event that can be read, whatever is wrong around it. */
  readonly seen: (event: SeenEvent) => void;
};

const COMPARE =
  'restore the table as it was before (point-in-time recovery, under another name), compare this history there, and look in CloudTrail for who wrote to the table';

/**
 * Reads a history from its first event on, a page at a time, to its end even where it is broken: what stands after a break is seen. An
 * event is held against its own item, against the link of the one after it, and the last one against the head. One event beyond
 * the head is what a crash leaves, and must follow.
 */
export async function walkChain(table: Table, bodies: Bodies, { address, head, seen }: Walk): Promise<WalkedChain> {
  const closed = head?.sequence ?? 0;
  let problem: Problem | null = null;
  let last: HistoryHead | null = null;
  let events = 0;
  for await (const items of table.pages(historyPartition(address))) {
    for (const item of items) {
      const read = await readEvent(bodies, item);
      if (read.event !== null) seen(read.event);
      problem ??= problemOf(item, read, { address, head, last });
      last = read.event;
      events += 1;
    }
  }
  if (problem === null && events < closed) problem = wrong(events + 1, 'it is missing');
  return { events, problem };
}

type Place = Pick<Walk, 'address' | 'head'> & { readonly last: HistoryHead | null };

/** What is wrong with the event that comes after `last`, or with `last` itself where this one does not follow it. */
function problemOf(item: Item, { event, message }: ReadEvent, { address, head, last }: Place): Problem | null {
  const sequence = (last?.sequence ?? 0) + 1;
  const closed = head?.sequence ?? 0;
  const wanted = historyKey(address, sequence).sk;
  const sk = item['sk'] as string;
  if (sk !== wanted) return wrong(sequence, sk > wanted ? 'it is missing' : `the item ${sk} stands in its place`);
  if (sequence > closed + 1)
    return wrong(closed + 1, `it was appended, and the entry knows of ${String(closed)} events only`);
  if (message !== null) return wrong(sequence, message);
  if (event.previousSha256 !== (last?.sha256 ?? null)) {
    return last === null
      ? wrong(sequence, 'it says that another came before it, and none did')
      : wrong(last.sequence, 'it is not what was written: the one after it follows another');
  }
  if (event.address !== address || event.sequence !== sequence)
    return wrong(sequence, `it is event ${String(event.sequence)} of ${event.address}, put in its place`);
  if (sequence === closed && event.sha256 !== head?.sha256)
    return wrong(sequence, 'it is not what was written: the entry names another as its newest');
  return null;
}

function wrong(sequence: number, message: string): Problem {
  return { sequence, message, remedy: COMPARE };
}

type ChainEvent = SeenEvent & Pick<HistoryEvent, 'address' | 'previousSha256'>;
type ReadEvent =
  | { readonly event: ChainEvent; readonly message: null }
  | { readonly event: ChainEvent | null; readonly message: string };

/** An event's digest is of its text as it stands, so that nothing in it can be written otherwise. */
async function readEvent(bodies: Bodies, item: Item): Promise<ReadEvent> {
  try {
    const text = await bodies.text(item);
    if (!isAsPut(item)) return { event: null, message: 'it is not what was written: somebody edited it' };
    const value = await bodies.open<HistoryEvent | null>(item);
    if (typeof value?.at !== 'string') return { event: null, message: 'it is no event' };
    const { address, sequence, previousSha256, at, run } = value;
    const event = { address, sequence, previousSha256, at, run, sha256: sha256(text) };
    const day = dayIndexKey(at, address, sequence);
    if (item['gsi3pk'] === day.gsi3pk && item['gsi3sk'] === day.gsi3sk) return { event, message: null };
    return { event, message: 'it is hidden from the listing of its day: its index keys are not its own' };
  } catch (error) {
    if (error instanceof LedgerError) return { event: null, message: error.message };
    throw error;
  }
}
