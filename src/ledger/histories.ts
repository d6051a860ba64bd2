import type { HistoryEvent } from '../model/recorded.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { verifyChain } from './history-chain.js';
import { dayPartition, historyPartition, INDEX, rowKey } from './keys.js';
import { stateOf } from './rows.js';
import type { Table } from './table.js';

const MAX_READS = 5;

/** What happened at one address, and what happened on one day. */
export function openHistories(table: Table, bodies: Bodies): Pick<Ledger, 'history' | 'eventsOf'> {
  return {
    async history(address, limit) {
      if (limit < 1) return [];
      let last: number | null = null;
      for (let reads = 1; ; reads += 1) {
        const [row, items] = await Promise.all([
          table.get(rowKey(address)),
          table.newest(historyPartition(address), limit),
        ]);
        const { version, head } = stateOf(row);
        const events = await Promise.all(items.map((item) => bodies.open<HistoryEvent>(item)));
        try {
          verifyChain(address, events, head);
          return events;
        } catch (error) {
          // A write that comes between the two reads looks like a broken chain; a row that stands still is no such write.
          if (version === last || reads === MAX_READS) throw error;
          last = version;
        }
      }
    },
    async eventsOf(day) {
      const items = await table.indexed(INDEX.day, dayPartition(day));
      const events = await Promise.all(items.map((item) => bodies.open<HistoryEvent>(item)));
      return events.sort(inOrder);
    },
  };
}

/** The index has its numbers as text, where ten comes before nine. */
function inOrder(one: HistoryEvent, other: HistoryEvent): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  if (one.address !== other.address) return one.address < other.address ? -1 : 1;
  return one.sequence - other.sequence;
}
