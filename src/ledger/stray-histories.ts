import { manifestOf, type Address } from '../model/address.js';
import type { Break } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { addressOfHistory, dayPartition, INDEX, rowKey } from './keys.js';
import type { Registry } from './registry.js';
import type { Table } from './table.js';
import { walkChain, type SeenEvent } from './verified-chain.js';

const DAY = 24 * 60 * 60_000;
/** Days between two on which something happened are asked too, up to a year of them: a clock that jumped is no reason to ask for each day since 1970. */
const LONGEST_GAP = 366;

type Search = {
  /** On which something is known to have happened. */
  readonly days: ReadonlySet<string>;
  readonly hasRow: (address: Address) => boolean;
  /** Of a run in which no write failed. */
  readonly isOfSuccess: (event: SeenEvent) => boolean;
  readonly seen: (event: SeenEvent) => void;
  readonly signal: AbortSignal;
};

/** Histories that no listed row closes: their row, or their manifest's line in the registry, was taken away. */
export async function strayHistories(
  table: Table,
  bodies: Bodies,
  registry: Registry,
  { days, hasRow, isOfSuccess, seen, signal }: Search,
): Promise<readonly Break[]> {
  const strays = new Set<Address>();
  for (const day of withGaps([...days].sort())) {
    signal.throwIfAborted();
    for await (const keys of table.indexedKeys(INDEX.day, dayPartition(day)))
      for (const address of keys.map(({ pk }) => addressOfHistory(pk))) if (!hasRow(address)) strays.add(address);
  }
  if (strays.size === 0) return [];
  // Read again: what was written since the first look is no stray.
  const registered = new Set(await registry.manifests());
  const breaks: Break[] = [];
  for (const address of [...strays].sort()) {
    let wasWritten = false;
    const look = (event: SeenEvent): void => {
      wasWritten ||= isOfSuccess(event);
      seen(event);
    };
    const { events } = await walkChain(table, bodies, { address, head: null, seen: look });
    const isThere = (await table.get(rowKey(address))) !== null;
    if (isThere && registered.has(manifestOf(address))) continue;
    // A crash before the first entry leaves one event and no row.
    if (!isThere && events <= 1 && !wasWritten) continue;
    breaks.push(isThere ? unregistered(address) : withoutRow(address, events));
  }
  return breaks;
}

function unregistered(address: Address): Break {
  return {
    address,
    run: null,
    sequence: null,
    message: `${manifestOf(address)} is missing from the list of manifests, so that no inventory shows its entries`,
    remedy: `put the item back whose pk is M#manifests and whose sk is ${manifestOf(address)}, and verify again`,
  };
}

function withoutRow(address: Address, events: number): Break {
  return {
    address,
    run: null,
    sequence: null,
    message: `its entry is missing, and its history of ${String(events)} event${events === 1 ? '' : 's'} stands`,
    remedy: `restore the entry from a backup from before (pk ${rowKey(address).pk}, sk ${rowKey(address).sk})`,
  };
}

function withGaps(days: readonly string[]): readonly string[] {
  const all: string[] = [];
  for (const day of days) {
    const before = all.at(-1);
    const gap = before === undefined ? 0 : Math.round((Date.parse(day) - Date.parse(before)) / DAY);
    if (before !== undefined && gap <= LONGEST_GAP)
      for (let step = 1; step < gap; step += 1)
        all.push(new Date(Date.parse(before) + step * DAY).toISOString().slice(0, 10));
    all.push(day);
  }
  return all;
}
