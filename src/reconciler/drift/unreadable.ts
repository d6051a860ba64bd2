import type { CheckBook } from '../../model/checks.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Scope } from '../../model/plan.js';
import { abbreviated, counted } from '../describe-wording.js';
import { targetInScope } from '../units.js';

const NAMED = 5;

/** One warning for all books in scope that cannot be relied on. Pure. */
export function unreadableBooks(books: Iterable<CheckBook>, scope: Scope): readonly Diagnostic[] {
  const unreadable = [...books].filter((book) => book.unreadable !== undefined && targetInScope(book.target, scope));
  const [first] = unreadable;
  if (first === undefined) return [];
  const named = abbreviated(
    unreadable.map(({ target }) => target),
    NAMED,
  );
  return [
    {
      code: 'EK6046',
      severity: 'warning',
      message: `no resource is checked in ${counted(unreadable.length, 'account and Region', 'accounts and Regions')}, because what the ledger knows of checks there cannot be relied on (${named}): ${first.unreadable!}`,
      remedy:
        'run "evenkeel ledger verify", which names the item; restore it from a backup, or delete it: then every stack there is checked anew',
    },
  ];
}
