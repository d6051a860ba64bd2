import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { manifestOf, type Address } from '../model/address.js';
import type { HistoryEvent, SyncStatus } from '../model/recorded.js';
import type { Ledger } from '../reconciler/ports.js';
import { openBodies, type BlobStore } from './bodies.js';
import { openBudget } from './budget.js';
import { openEntries } from './entries.js';
import { verifyChain } from './history-chain.js';
import { openHolds } from './holds.js';
import { accountPartition, historyPartition, INDEX, rowKey } from './keys.js';
import { openLeases } from './leases.js';
import { openRegistry } from './registry.js';
import { addressOf, driftShownBy, roleOf } from './row-items.js';
import { stateOf } from './rows.js';
import { openRuns } from './runs.js';
import { createTable } from './table-definition.js';
import { openTable, type Item } from './table.js';

export type LedgerOptions = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** A table belongs to the first installation that writes to it; another one is refused. Null reads whosever it is, and writes nothing. */
  readonly installation: string | null;
  /** Where what is too big for an item goes; without one, such a write is an error. */
  readonly blobs?: BlobStore;
};

const MAX_HISTORY_READS = 5;

/** The ledger in one table of DynamoDB, or of anything that speaks it. Closing it leaves the client to whoever made it. */
export function createLedger(options: LedgerOptions): Ledger {
  const table = openTable(options.client, options.table);
  const bodies = openBodies(options.blobs ?? null);
  const registry = openRegistry(table, options.installation);

  async function history(address: Address, limit: number): Promise<readonly HistoryEvent[]> {
    if (limit < 1) return [];
    for (let reads = 1; ; reads += 1) {
      const before = stateOf(await table.get(rowKey(address)));
      const items = await table.newest(historyPartition(address), limit);
      const events = await Promise.all(items.map((item) => bodies.open<HistoryEvent>(item)));
      try {
        verifyChain(address, events, before.head);
        return events;
      } catch (error) {
        // A write that came between the two reads looks like a broken chain.
        const moved = stateOf(await table.get(rowKey(address))).version !== before.version;
        if (!moved || reads === MAX_HISTORY_READS) throw error;
      }
    }
  }

  async function account(...[id]: Parameters<Ledger['account']>): ReturnType<Ledger['account']> {
    const items = await table.indexed(INDEX.account, accountPartition(id));
    const sets = new Set(items.filter((item) => roleOf(item) === 'member').map((item) => manifestOf(addressOf(item))));
    const units = new Map((await table.getMany([...sets].map(rowKey))).map((item) => [addressOf(item), item]));
    return items.map((item) => ({
      address: addressOf(item),
      role: roleOf(item),
      status: item['status'] as string,
      at: item['at'] as string,
      drift: driftShownBy(item),
      sync: syncOf(roleOf(item) === 'member' ? units.get(manifestOf(addressOf(item))) : item),
    }));
  }

  return {
    async create() {
      const outcome = await createTable(options.client, options.table);
      if (options.installation !== null) await registry.claim();
      return outcome;
    },
    ...openEntries(table, bodies, registry),
    history,
    account,
    ...openRuns(table, bodies),
    ...openLeases(table),
    ...openBudget(table, bodies),
    ...openHolds(table),
    ...UNFINISHED,
    close: () => Promise.resolve(),
  };
}

/** A member is as much in sync as its unit, whose journal alone is moved when that changes. */
function syncOf(item: Item | undefined): SyncStatus {
  return (item?.['sync'] as SyncStatus | undefined) ?? 'UNKNOWN';
}

const missing = (): never => {
  throw new Error('not built');
};
const UNFINISHED = {
  notInSync: missing,
  eventsOf: missing,
  entry: missing,
  checkBooks: () => Promise.resolve([]),
  writeCheckBook: () => Promise.resolve(true),
  coverage: () => Promise.resolve(new Map()),
  learnCoverage: () => Promise.resolve(),
  pass: () => Promise.resolve(null),
  recordPass: () => Promise.resolve(),
  addNotice: () => Promise.resolve(false),
  outgoing: () => Promise.resolve([]),
  moveOutgoing: () => Promise.resolve(true),
  verify: missing,
};
