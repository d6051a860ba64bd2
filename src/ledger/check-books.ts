import pLimit from 'p-limit';
import type { CheckBook } from '../model/checks.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { checkBookKey, CHECKS } from './keys.js';
import type { Table } from './table.js';

const CONCURRENCY = 16;

/** When each stack was looked at beyond the walk: one item for each account and Region, so that a pass writes few. */
export function openCheckBooks(table: Table, bodies: Bodies): Pick<Ledger, 'checkBooks' | 'writeCheckBook'> {
  const limit = pLimit(CONCURRENCY);
  return {
    async checkBooks(account) {
      const items = await table.all(CHECKS, account === undefined ? undefined : `${account}/`);
      return Promise.all(
        items.map((item) =>
          limit(async () => ({
            ...(await bodies.open<Omit<CheckBook, 'version'>>(item)),
            version: item['version'] as number,
          })),
        ),
      );
    },
    async writeCheckBook({ version, ...book }) {
      const item = await bodies.seal({ ...checkBookKey(book.target), version: version + 1 }, book);
      return table.put(item, version === 0 ? { type: 'absent' } : { type: 'unchanged', attributes: { version } });
    },
  };
}
