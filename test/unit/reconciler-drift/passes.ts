import type { Check, CheckBook, StackChecks } from '../../../src/model/checks.js';
import type { AccountId, Region } from '../../../src/model/identifiers.js';
import type { Schedule } from '../../../src/model/schedule.js';
import { targetKey } from '../../../src/model/target.js';
import type { Target, TargetKey } from '../../../src/model/target.js';
import { dueChecks } from '../../../src/reconciler/drift/due.js';
import type { Checkable, DueChecks, Urgent } from '../../../src/reconciler/drift/due.js';
import { spendCalls } from '../../../src/reconciler/drift/spending.js';

/** Stacks and their books, and passes over them in which every check that is begun has ended by the next one: no AWS, no ledger. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const DAILY: Schedule = { type: 'rate', every: DAY };
export const START = Date.parse('2026-11-23T00:00:00.000Z');
/** Long before anything was looked at. */
const MADE = '2026-01-01T00:00:00.000Z';

export const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1'];

export function stacksAt(accounts: number, regions: number, each: number): readonly Checkable[] {
  return Array.from({ length: accounts }, (_, account) => String(300_000_000_000 + account) as AccountId).flatMap(
    (account) =>
      REGIONS.slice(0, regions).flatMap((name) => {
        const target: Target = { account, region: name as Region };
        return Array.from({ length: each }, (_, n) => stackAt(target, `block-${String(n)}`));
      }),
  );
}

export function stackAt(target: Target, name: string, over: Partial<Checkable['stack']> = {}): Checkable {
  const stackId = `arn:aws:cloudformation:${target.region}:${target.account}:stack/${name}/1`;
  return { target, isComparable: true, stack: { stackId, status: 'CREATE_COMPLETE', updatedAt: MADE, ...over } };
}

export function checkAt(at: number, status: Check['status'] = 'IN_SYNC'): Check {
  return { at: new Date(at).toISOString(), status, error: null, notCheckable: [] };
}

export type World = {
  readonly watched: readonly Checkable[];
  readonly books: Map<TargetKey, CheckBook>;
};

export function bookOf(target: Target, stacks: CheckBook['stacks'], over: Partial<CheckBook> = {}): CheckBook {
  const spent = { since: MADE, calls: 0 };
  return { target: targetKey(target), accountName: 'a', unitPath: '/', stacks, spent, version: 1, ...over };
}

export function checksOf(over: Partial<StackChecks>): StackChecks {
  return { address: 'Stack/janitor', nested: null, detection: null, template: null, pending: null, ...over };
}

/** Every stack is known, and was never looked at, since `at`. */
export function worldOf(watched: readonly Checkable[], at: number): World {
  const books = new Map<TargetKey, CheckBook>();
  const unchecked = checkAt(at, 'NOT_CHECKED');
  for (const { target, stack } of watched) {
    const book = books.get(targetKey(target)) ?? bookOf(target, {});
    (book.stacks as Record<string, StackChecks>)[stack.stackId] = checksOf({
      detection: unchecked,
      template: unchecked,
    });
    books.set(targetKey(target), book);
  }
  return { watched, books };
}

export type PassOptions = {
  readonly now: number;
  readonly schedule?: Schedule;
  readonly budget?: number;
  readonly urgent?: Urgent;
  /** Which stacks can be seen at all in this pass. */
  readonly isUp?: (target: Target) => boolean;
};

/** One pass: what was due was looked at, and is in the books. */
export function pass(
  { watched, books }: World,
  { now, schedule = DAILY, budget = 240, urgent, isUp }: PassOptions,
): DueChecks<Checkable> {
  const at = new Date(now);
  const due = dueChecks({
    watched: isUp === undefined ? watched : watched.filter(({ target }) => isUp(target)),
    books,
    schedule,
    now: at,
    budget,
    urgent: urgent ?? new Set(),
  });
  const lay = (kind: 'detection' | 'template', { target, stack }: Checkable): void => {
    const key = targetKey(target);
    const book = books.get(key) ?? bookOf(target, {});
    const checks = { ...(book.stacks[stack.stackId] ?? checksOf({})), [kind]: checkAt(now) };
    (book.stacks as Record<string, StackChecks>)[stack.stackId] = checks;
    books.set(key, { ...book, spent: spendCalls(book.spent, 1, at) });
  };
  for (const each of due.detect) lay('detection', each);
  for (const each of due.sweep) lay('template', each);
  return due;
}
