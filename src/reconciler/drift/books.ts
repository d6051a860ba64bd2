import pLimit from 'p-limit';
import { manifestOf } from '../../model/address.js';
import type { Check, CheckBook, PendingDetection, StackChecks, StackId } from '../../model/checks.js';
import { grouped } from '../../model/grouped.js';
import type { Organization } from '../../model/organization.js';
import type { Scope } from '../../model/plan.js';
import { parseTargetKey, targetKey } from '../../model/target.js';
import type { TargetKey } from '../../model/target.js';
import type { Ledger } from '../ports.js';
import { targetInScope } from '../units.js';
import { lookedAt } from './looked-at.js';
import { spendCalls } from './spending.js';
import type { Watched, Watching } from './watched.js';

/** What became of one stack; what is absent stays as it was. */
export type Outcome = {
  readonly watched: Watched;
  readonly detection?: Check;
  readonly template?: Check;
  readonly pending?: PendingDetection | null;
};

export type Books = ReadonlyMap<TargetKey, CheckBook>;

/** What one round adds to the books. */
export type Entries = {
  readonly outcomes: readonly Outcome[];
  /** Calls that were made, by account and Region. */
  readonly calls: ReadonlyMap<TargetKey, number>;
  readonly watching: Watching;
  readonly scope: Scope;
  readonly organization: Organization;
  /** Whether stacks that no book knows are entered, so that their slots begin to count. */
  readonly enters: boolean;
  readonly now: Date;
};

export function booksByTarget(books: readonly CheckBook[]): Books {
  return new Map(books.map((book) => [book.target, book]));
}

/** The books with what became of some stacks, and with the calls that it took. Pure. */
export function layOutcomes(
  books: Books,
  { outcomes, calls, now }: Pick<Entries, 'outcomes' | 'calls' | 'now'>,
): Books {
  const byTarget = grouped(outcomes, ({ watched }) => targetKey(watched.target));
  const laid = new Map(books);
  for (const key of new Set([...byTarget.keys(), ...calls.keys()])) {
    const before = books.get(key) ?? emptyBook(key, now);
    const stacks = { ...before.stacks };
    for (const outcome of byTarget.get(key) ?? []) {
      const { stackId } = outcome.watched.stack;
      stacks[stackId] = laidOver(stacks[stackId] ?? uncheckedOf(outcome.watched), outcome, now);
    }
    laid.set(key, { ...before, stacks, spent: spendCalls(before.spent, calls.get(key) ?? 0, now) });
  }
  return laid;
}

/**
 * The books as they are after a round: outcomes laid over them, stacks that stand no more left out, new ones entered. One that did not
 * change is the very same. Pure.
 */
export function layBooks(books: Books, entries: Entries): Books {
  const moved = layOutcomes(books, entries);
  const watched = grouped(entries.watching.stacks, ({ target }) => targetKey(target));
  // What was changed in this pass may stand only since the walk.
  const touched = new Set(entries.outcomes.map((outcome) => outcome.watched.stack.stackId));
  const people = peopleOf(entries.organization);
  const laid = new Map(moved);
  for (const key of new Set([...moved.keys(), ...watched.keys()])) {
    if (!targetInScope(key, entries.scope) || books.get(key)?.unreadable !== undefined) continue;
    const before = moved.get(key) ?? emptyBook(key, entries.now);
    const stacks = standingStacks(before.stacks, watched.get(key) ?? [], touched, entries);
    const isMoved = stacks !== before.stacks || moved.get(key) !== books.get(key);
    if (isMoved || isRenamed(before, people(key))) laid.set(key, { ...before, ...people(key), stacks });
  }
  return laid;
}

/** Writes what changed; a book that somebody else wrote in between is read again, and the round is laid over it once. */
export async function writeBooks(
  ledger: Pick<Ledger, 'checkBooks' | 'writeCheckBook'>,
  before: Books,
  entries: Entries,
): Promise<void> {
  const limit = pLimit(CONCURRENT_WRITES);
  const isWritten = (books: Books, key: TargetKey, book: CheckBook): boolean =>
    books.get(key) !== book && books.get(key)?.unreadable === undefined;
  const changed = [...layBooks(before, entries)].filter(([key, book]) => isWritten(before, key, book));
  await Promise.all(
    changed.map(([key, book]) =>
      limit(async () => {
        if (await ledger.writeCheckBook(book)) return;
        const newest = booksByTarget(await ledger.checkBooks(parseTargetKey(key).account));
        const again = layBooks(newest, entries).get(key);
        // Lost twice, it is left: what was looked at is looked at again.
        if (again !== undefined && isWritten(newest, key, again)) await ledger.writeCheckBook(again);
      }),
    ),
  );
}

const CONCURRENT_WRITES = 16;

function emptyBook(target: TargetKey, now: Date): CheckBook {
  const spent = { since: now.toISOString(), calls: 0 };
  return { target, accountName: '', unitPath: null, stacks: {}, spent, version: 0 };
}

type Stacks = CheckBook['stacks'];

/** Without those that stand no more, and with those that nobody knew. */
function standingStacks(
  before: Stacks,
  watched: readonly Watched[],
  touched: ReadonlySet<StackId>,
  { watching: { unseen }, enters, now }: Entries,
): Stacks {
  const standing = new Set(watched.map(({ stack }) => stack.stackId));
  const isGone = (stackId: StackId, { address }: StackChecks): boolean =>
    !standing.has(stackId) && !touched.has(stackId) && !unseen.has(address) && !unseen.has(manifestOf(address));
  const gone = Object.keys(before).filter((stackId) => isGone(stackId, before[stackId]!));
  const unchecked: Check = { at: now.toISOString(), status: 'NOT_CHECKED', error: null, notCheckable: [] };
  const entered = !enters
    ? []
    : watched.flatMap((each): readonly (readonly [StackId, StackChecks])[] => {
        const checks = before[each.stack.stackId] ?? uncheckedOf(each);
        if (checks.detection !== null && checks.template !== null) return [];
        const known = { detection: checks.detection ?? unchecked, template: checks.template ?? unchecked };
        return [[each.stack.stackId, { ...checks, ...known }]];
      });
  if (gone.length + entered.length === 0) return before;
  const left = new Set(gone);
  return Object.fromEntries([...Object.entries(before).filter(([stackId]) => !left.has(stackId)), ...entered]);
}

function uncheckedOf({ address, stack }: Watched): StackChecks {
  return { address, nested: stack.nested, detection: null, template: null, pending: null };
}

function laidOver(checks: StackChecks, { detection, template, pending }: Outcome, now: Date): StackChecks {
  return {
    ...checks,
    detection: newer(checks.detection, detection, now),
    template: newer(checks.template, template, now),
    pending: pending === undefined ? checks.pending : pending,
  };
}

/** The newer of two looks: somebody else may have looked in between. */
function newer(before: Check | null, after: Check | undefined, now: Date): Check | null {
  if (after === undefined) return before;
  const known = lookedAt(before, now);
  return known !== null && known > Date.parse(after.seen ?? after.at) ? before : after;
}

type People = Pick<CheckBook, 'accountName' | 'unitPath'>;

function peopleOf({ accounts, units }: Organization): (key: TargetKey) => People {
  const paths = new Map<string, string>(units.map(({ id, path }) => [id, path]));
  const people = new Map<string, People>(
    accounts.map(({ id, name, parentId }) => [id, { accountName: name, unitPath: paths.get(parentId) ?? null }]),
  );
  return (key) => {
    const { account } = parseTargetKey(key);
    return people.get(account) ?? { accountName: account, unitPath: null };
  };
}

/** A book that is not there yet has nothing to be renamed. */
function isRenamed(book: CheckBook, { accountName, unitPath }: People): boolean {
  return book.version > 0 && (book.accountName !== accountName || book.unitPath !== unitPath);
}
