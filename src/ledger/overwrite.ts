import type { ItemKey } from './keys.js';
import { LedgerError } from './ledger-error.js';
import type { Item, Table } from './table.js';

const MAX_ATTEMPTS = 5;

/** Puts an item over what stands there, whoever put that, unless `isBetter` says that it may stay. */
export async function overwrite(
  table: Table,
  item: ItemKey & Item,
  isBetter: (there: Item) => boolean = () => false,
): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const there = await table.get(item);
    if (there !== null && isBetter(there)) return;
    const written = await table.put(
      item,
      there === null ? { type: 'absent' } : { type: 'unchanged', attributes: { nonce: there['nonce'] as string } },
    );
    if (written) return;
  }
  throw new LedgerError(`the item ${item.pk} ${item.sk} was written by others each of ${MAX_ATTEMPTS} times`);
}
