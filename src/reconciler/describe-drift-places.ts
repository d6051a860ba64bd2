import { targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { CheckBook } from '../model/checks.js';
import { targetKey } from '../model/target.js';
import type { AccountNames } from './outcome.js';

/** Where the accounts are, and what they are called, as far as the books have it. */
export type Places = {
  readonly accountNames: AccountNames;
  /** Null where nobody knows, and for a stack set, which is in no account. */
  readonly unitPathOf: (address: Address) => string | null;
};

export function placesIn(books: readonly CheckBook[]): Places {
  const paths = new Map<string, string | null>(books.map((book) => [book.target, book.unitPath]));
  const readable = books.filter(({ unreadable }) => unreadable === undefined);
  const names = readable.map((book): readonly [string, string] => [book.target.slice(0, 12), book.accountName]);
  return {
    accountNames: Object.fromEntries(names),
    unitPathOf: (address) => {
      const target = targetOf(address);
      return target === null ? null : (paths.get(targetKey(target)) ?? null);
    },
  };
}
