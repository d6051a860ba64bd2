import pLimit from 'p-limit';
import type { CheckBook } from '../model/checks.js';
import { parseTargetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { checkBookKey, CHECKS } from './keys.js';
import type { Item, Table } from './table.js';
import { untouched } from './untouched.js';

const CONCURRENCY = 16;

/**
 * When each stack was looked at beyond the walk: one item for each account and Region, so that a pass writes few. One that somebody
 * edited is answered as unreadable, so that it holds up no other account.
 */
export function openCheckBooks(table: Table, bodies: Bodies): Pick<Ledger, 'checkBooks' | 'writeCheckBook'> {
  const limit = pLimit(CONCURRENCY);

  async function opened(item: Item): Promise<CheckBook> {
    const version = item['version'] as number;
    const read = await untouched<Omit<CheckBook, 'version'>>(bodies, item);
    if (read.type === 'read') return { ...read.value, version };
    const target = item['sk'] as TargetKey;
    const spent = { since: new Date(0).toISOString(), calls: 0 };
    const { account: accountName } = parseTargetKey(target);
    return { target, accountName, unitPath: null, stacks: {}, spent, version, unreadable: read.why };
  }

  return {
    async checkBooks(account) {
      const items = await table.all(CHECKS, account === undefined ? undefined : `${account}/`);
      return Promise.all(items.map((item) => limit(() => opened(item))));
    },
    async writeCheckBook({ version, ...book }) {
      const item = await bodies.seal({ ...checkBookKey(book.target), version: version + 1 }, book);
      return table.put(item, version === 0 ? { type: 'absent' } : { type: 'unchanged', attributes: { version } });
    },
  };
}
