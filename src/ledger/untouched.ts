import type { Bodies } from './bodies.js';
import { isAsPut } from './item-digest.js';
import { LedgerError } from './ledger-error.js';
import type { Item } from './table.js';

/** What an item holds, or why nothing that it holds can be relied on. */
export type Untouched<T> =
  { readonly type: 'read'; readonly value: T } | { readonly type: 'edited'; readonly why: string };

/** Reads an item that the ledger can do without: one that somebody edited is no reason to stop. Throws only where the store fails. */
export async function untouched<T>(bodies: Bodies, item: Item): Promise<Untouched<T>> {
  if (!isAsPut(item)) return { type: 'edited', why: 'it is not what was written: somebody edited it' };
  try {
    return { type: 'read', value: await bodies.open<T>(item) };
  } catch (error) {
    if (error instanceof LedgerError) return { type: 'edited', why: error.message };
    throw error;
  }
}
