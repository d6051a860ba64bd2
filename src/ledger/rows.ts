import type { Address } from '../model/address.js';
import type { HistoryEvent, HistoryHead } from '../model/recorded.js';
import { LedgerConflict } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { follow, headOf, verifyChain, type Happening } from './history-chain.js';
import { dayIndexKey, historyKey, rowKey, type ItemKey } from './keys.js';
import type { Item, Table } from './table.js';

/** What a writer must know of a row to move it: version 0 is a row that is not there. */
export type RowState = { readonly version: number; readonly head: HistoryHead | null };

export const NO_ROW: RowState = { version: 0, head: null };

export type RowMove = {
  readonly address: Address;
  readonly known: RowState;
  readonly generation: number;
  /** The newest generation that may stand there: the writer's own, or ANY_GENERATION where the row was of another lease. */
  readonly fence: number;
  /** The row as it shall be, without version, generation and head. */
  readonly item: ItemKey & Item;
  /** What the row is where it has to be made for an event that a crash left without one. */
  readonly blank: () => Promise<ItemKey & Item>;
  readonly happening: Happening | null;
};

/** Generations of different leases cannot be compared: a row that changes hands is fenced by its version, and by what it is. */
export const ANY_GENERATION = Number.MAX_SAFE_INTEGER;

export function stateOf(item: Item | null): RowState {
  return item === null
    ? NO_ROW
    : { version: item['version'] as number, head: (item['historyHead'] as HistoryHead | undefined) ?? null };
}

/**
 * The event first, then the row with the new head, so that a row never points at an event that is not there. A crash between
 * the two leaves one event beyond the head; whoever comes next takes it into the chain and goes on after it.
 */
export async function moveRow(table: Table, bodies: Bodies, move: RowMove): Promise<RowState> {
  const appended = move.happening === null ? move.known : await append(table, bodies, move, move.happening);
  const next: RowState = { version: appended.version + 1, head: appended.head };
  const moved = await table.put(rowItem(move.item, next, move.generation), {
    type: 'row',
    version: appended.version,
    generation: move.fence,
  });
  if (!moved) throw await conflict(table, move);
  return next;
}

/** The row, if it is as the writer read it: refuses at once what the conditional write would refuse later. */
export async function expectRow(
  table: Table,
  move: Pick<RowMove, 'address' | 'known' | 'fence'>,
): Promise<(ItemKey & Item) | null> {
  const there = await table.get(rowKey(move.address));
  if (stateOf(there).version !== move.known.version || generationOf(there) > move.fence) throw refusal(move, there);
  return there;
}

async function append(table: Table, bodies: Bodies, move: RowMove, happening: Happening): Promise<RowState> {
  const event = follow(move.address, move.known.head, happening);
  if (await putEvent(table, bodies, event)) return { ...move.known, head: headOf(event) };

  const taken = await readEvent(table, bodies, move.address, event.sequence);
  if (taken !== null && headOf(taken).sha256 === headOf(event).sha256) return { ...move.known, head: headOf(event) };

  const repaired = await takeIn(table, move, taken);
  const after = follow(move.address, repaired.head, happening);
  if (!(await putEvent(table, bodies, after))) throw await conflict(table, move);
  return { ...repaired, head: headOf(after) };
}

/**
 * Moves the head onto an event that a crash left beyond it. It counts as a write, so of several who try at the same time one goes
 * on, and there is never more than one event beyond a head.
 */
async function takeIn(table: Table, move: RowMove, left: HistoryEvent | null): Promise<RowState> {
  const there = await expectRow(table, move);
  if (left === null) throw await conflict(table, move);
  verifyChain(move.address, [left], move.known.head);
  const repaired: RowState = { version: move.known.version + 1, head: headOf(left) };
  const item = rowItem(there ?? (await move.blank()), repaired, move.generation);
  if (!(await table.put(item, { type: 'row', version: move.known.version, generation: move.fence })))
    throw await conflict(table, move);
  return repaired;
}

function rowItem(item: ItemKey & Item, state: RowState, generation: number): ItemKey & Item {
  return { ...item, version: state.version, generation, historyHead: state.head ?? undefined };
}

async function putEvent(table: Table, bodies: Bodies, event: HistoryEvent): Promise<boolean> {
  const item = {
    ...historyKey(event.address, event.sequence),
    ...dayIndexKey(event.at, event.address, event.sequence),
  };
  return table.put(await bodies.seal(item, event), { type: 'absent' });
}

async function readEvent(
  table: Table,
  bodies: Bodies,
  address: Address,
  sequence: number,
): Promise<HistoryEvent | null> {
  const item = await table.get(historyKey(address, sequence));
  return item === null ? null : bodies.open<HistoryEvent>(item);
}

async function conflict(table: Table, move: RowMove): Promise<LedgerConflict> {
  return refusal(move, await table.get(rowKey(move.address)));
}

function refusal(move: Pick<RowMove, 'address' | 'known' | 'fence'>, there: Item | null): LedgerConflict {
  const newer = generationOf(there);
  return new LedgerConflict(
    newer > move.fence
      ? `${move.address} was written under a newer lease: generation ${newer}, and this writer's is ${move.fence}`
      : `${move.address} moved since it was read: version ${stateOf(there).version}, and this writer read ${move.known.version}`,
  );
}

function generationOf(item: Item | null): number {
  return (item?.['generation'] as number | undefined) ?? 0;
}
