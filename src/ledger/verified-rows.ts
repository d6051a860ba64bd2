import pLimit from 'p-limit';
import type { Address, ManifestAddress } from '../model/address.js';
import type { HistoryHead } from '../model/recorded.js';
import type { Bodies } from './bodies.js';
import { isAsPut } from './item-digest.js';
import { manifestPartition, rowKey } from './keys.js';
import { LedgerError } from './ledger-error.js';
import { addressOf } from './row-items.js';
import { stateOf, type RowState } from './rows.js';
import type { Item, Table } from './table.js';

const CONCURRENCY = 8;

/** A row without what it holds: of all of them at once, memory has this much. */
export type VerifiedRow = RowState & {
  readonly address: Address;
  /** What is wrong with the row itself; null where it is as it was put. */
  readonly wrong: string | null;
};

/** Every row of every manifest, the vacant ones too, in the order of their addresses. */
export async function verifyRows(
  table: Table,
  bodies: Bodies,
  manifests: readonly ManifestAddress[],
  signal: AbortSignal,
): Promise<readonly VerifiedRow[]> {
  const limit = pLimit(CONCURRENCY);
  const rows = await Promise.all(
    manifests.map((manifest) =>
      limit(async () => {
        const found: VerifiedRow[] = [];
        for await (const items of table.pages(manifestPartition(manifest))) {
          signal.throwIfAborted();
          for (const item of items) found.push(await verifyRow(bodies, item));
        }
        return found;
      }),
    ),
  );
  return rows.flat().sort((one, other) => (one.address < other.address ? -1 : 1));
}

export async function verifyRow(bodies: Bodies, item: Item): Promise<VerifiedRow> {
  const { version, head } = stateOf(item);
  return { address: placeOf(item), version, head: isHead(head) ? head : null, wrong: await wrongIn(bodies, item) };
}

/** An edited row may have anything there. */
function isHead(head: Partial<HistoryHead> | null): boolean {
  return Number.isInteger(head?.sequence) && typeof head?.sha256 === 'string';
}

async function wrongIn(bodies: Bodies, item: Item): Promise<string | null> {
  if (!isAsPut(item)) return 'the entry is not what was written: somebody edited it';
  if (addressOf(item) !== placeOf(item)) return `the entry is that of ${addressOf(item)}, put in its place`;
  try {
    if (item['body'] !== undefined || item['bodySha256'] !== undefined) await bodies.open(item);
    return null;
  } catch (error) {
    if (error instanceof LedgerError) return error.message;
    throw error;
  }
}

/** The address that the key stands for, whatever an edited row says. */
function placeOf(item: Item): Address {
  const manifest = (item['pk'] as string).slice(manifestPartition('' as ManifestAddress).length) as ManifestAddress;
  const sk = item['sk'] as string;
  return sk === rowKey(manifest).sk ? manifest : (`${manifest}@${sk}` as Address);
}
