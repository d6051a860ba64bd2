import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Ledger } from '../reconciler/ports.js';
import { openBodies, type BlobStore } from './bodies.js';
import { openBudget } from './budget.js';
import { openCheckBooks } from './check-books.js';
import { openCoverage } from './coverage.js';
import { openEntries } from './entries.js';
import { openHistories } from './histories.js';
import { openHolds } from './holds.js';
import { openLeases } from './leases.js';
import { openOutbox } from './outbox.js';
import { openPasses } from './passes.js';
import { openRegistry } from './registry.js';
import { openRowListings } from './row-listings.js';
import { openRuns } from './runs.js';
import { createTable } from './table-definition.js';
import { openTable } from './table.js';
import { openVerification } from './verification.js';

export type LedgerOptions = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** A table belongs to the first installation that writes to it; another one is refused. Null reads whosever it is, and writes nothing. */
  readonly installation: string | null;
  /** Where what is too big for an item goes; without one, such a write is an error. */
  readonly blobs?: BlobStore;
};

/** The ledger in one table of DynamoDB, or of anything that speaks it. Closing it leaves the client to whoever made it. */
export function createLedger(options: LedgerOptions): Ledger {
  const table = openTable(options.client, options.table);
  const bodies = openBodies(options.blobs ?? null);
  const registry = openRegistry(table, options.installation);
  return {
    async create() {
      const outcome = await createTable(options.client, options.table);
      if (options.installation !== null) await registry.claim();
      return outcome;
    },
    ...openEntries(table, bodies, registry),
    ...openHistories(table, bodies),
    ...openRowListings(table),
    ...openRuns(table, bodies),
    ...openLeases(table),
    ...openBudget(table, bodies),
    ...openHolds(table),
    ...openCheckBooks(table, bodies),
    ...openCoverage(table, bodies),
    ...openPasses(table, bodies),
    ...openOutbox(table, bodies),
    ...openVerification(table, bodies, registry),
    close: () => Promise.resolve(),
  };
}
