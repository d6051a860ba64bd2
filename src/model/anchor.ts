import type { Address } from './address.js';
import type { Sha256 } from './identifiers.js';
import type { HistoryHead } from './recorded.js';

/**
 * The heads of all histories at one time, kept outside of the ledger: whoever can write the ledger can rewrite a chain with all
 * its digests, but not what somebody else has kept of it.
 */
export type Anchor = {
  readonly schemaVersion: 1;
  /** ISO 8601. */
  readonly at: string;
  /** Merkle root over the digests of the heads, in the order of the digests; null where there are none. */
  readonly root: Sha256 | null;
  readonly heads: Readonly<Record<Address, HistoryHead>>;
};
