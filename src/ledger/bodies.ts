import { canonicalJson, sha256 } from '../model/canonical.js';
import type { Sha256 } from '../model/identifiers.js';
import type { ItemKey } from './keys.js';
import { LedgerError } from './ledger-error.js';
import type { Item } from './table.js';

/** Where bodies go that are too big for an item: a bucket, or locally a folder. Keys are digests, so a repeated put changes nothing. */
export interface BlobStore {
  put(sha256: Sha256, bytes: Uint8Array): Promise<void>;
  /** Null where there is none. */
  get(sha256: Sha256): Promise<Uint8Array | null>;
}

/** DynamoDB refuses items over 400 KB; what it adds to an item for indexing is inside the difference. */
export const LARGEST_ITEM = 350 * 1024;

/** Puts values into items, and whatever is too big for one beside them, with its digest in the item. */
export interface Bodies {
  /** The item with `value` in it. */
  seal(item: ItemKey & Item, value: unknown): Promise<ItemKey & Item>;
  open<T>(item: Item): Promise<T>;
  /** The value as it was written, in canonical JSON; what is kept outside of the table is held against its digest. */
  text(item: Item): Promise<string>;
}

export function openBodies(blobs: BlobStore | null): Bodies {
  async function text(item: Item): Promise<string> {
    if (typeof item['body'] === 'string') return item['body'];
    const digest = item['bodySha256'] as Sha256 | undefined;
    const place = placeOf(item);
    if (digest === undefined) throw new LedgerError(`${place} has no body: it was not written by Evenkeel`);
    if (blobs === null)
      throw new LedgerError(
        `${place} keeps its body outside of the table, and this ledger was opened without a store for bodies`,
      );
    const bytes = await blobs.get(digest);
    if (bytes === null)
      throw new LedgerError(`the body of ${place} is missing from the store for bodies: restore ${digest}`);
    if (sha256(bytes) !== digest)
      throw new LedgerError(`the body of ${place} is not what was stored: its digest should be ${digest}`);
    return Buffer.from(bytes).toString('utf8');
  }

  return {
    async seal(item, value) {
      const body = canonicalJson(value);
      const whole = { ...item, body };
      const size = Buffer.byteLength(JSON.stringify(whole));
      if (size <= LARGEST_ITEM) return whole;
      if (blobs === null) {
        throw new LedgerError(
          `the item ${item.pk} ${item.sk} has ${size} bytes, and an item holds ${LARGEST_ITEM}: bigger ones need a store for bodies, and this ledger was opened without one`,
        );
      }
      const bytes = Buffer.from(body);
      const digest = sha256(bytes);
      await blobs.put(digest, bytes);
      return { ...item, bodySha256: digest };
    },
    async open<T>(item: Item) {
      const body = await text(item);
      try {
        return JSON.parse(body) as T;
      } catch (error) {
        throw new LedgerError(
          `the body of ${placeOf(item)} is not JSON: somebody edited it. Restore the item from a backup from before`,
          { cause: error },
        );
      }
    },
    text,
  };
}

function placeOf(item: Item): string {
  return `the item ${String(item['pk'])} ${String(item['sk'])}`;
}
