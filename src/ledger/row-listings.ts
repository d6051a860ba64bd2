import type { Ledger } from '../reconciler/ports.js';
import { accountPartition, INDEX, NOT_IN_SYNC } from './keys.js';
import { ledgerRow } from './row-items.js';
import type { Table } from './table.js';

/** What the indexes of rows answer without a row being read. */
export function openRowListings(table: Table): Pick<Ledger, 'account' | 'notInSync'> {
  return {
    account: async (account) => (await table.indexed(INDEX.account, accountPartition(account))).map(ledgerRow),
    notInSync: async () => (await table.indexed(INDEX.notInSync, NOT_IN_SYNC)).map(ledgerRow),
  };
}
