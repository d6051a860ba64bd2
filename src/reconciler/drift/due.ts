import type { Check, CheckBook, StackChecks, StackId } from '../../model/checks.js';
import { sha256 } from '../../model/canonical.js';
import { grouped } from '../../model/grouped.js';
import type { SeenStack } from '../../model/observed.js';
import type { Schedule } from '../../model/schedule.js';
import { targetKey } from '../../model/target.js';
import type { Target, TargetKey } from '../../model/target.js';
import { lastTime, periodOf } from '../schedule.js';
import { isAhead, isOverdue, lookedAt } from './looked-at.js';
import { callsLeft } from './spending.js';

/** What is asked of a stack that may be due. */
export type Checkable = {
  readonly target: Target;
  readonly stack: Pick<SeenStack, 'stackId' | 'status' | 'updatedAt'>;
  readonly isComparable: boolean;
};

/** Whose turn it is whatever the schedule says: these stacks' detection; or both checks of all that were not looked at since. */
export type Urgent = ReadonlySet<StackId> | { readonly since: Date };

export type Turns<Stack> = {
  readonly watched: readonly Stack[];
  readonly books: ReadonlyMap<TargetKey, CheckBook>;
  /** Null: only what is urgent. */
  readonly schedule: Schedule | null;
  readonly now: Date;
  /** Calls an hour for each account and Region. */
  readonly budget: number;
  readonly urgent: Urgent;
};

export type DueChecks<Stack> = {
  readonly detect: readonly Stack[];
  readonly sweep: readonly Stack[];
  /** Checks that are due, and for which the budget has no call left. */
  readonly waiting: number;
};

/** In these CloudFormation looks at the resources; in all others it refuses. */
const DETECTABLE: ReadonlySet<string> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

type Kind = 'detection' | 'template';
/** In this order within one account and Region: what is urgent, what was changed since it was looked at, and whose slot has come. */
const RANK = { urgent: 0, updated: 1, slot: 2 } as const;
type Rank = (typeof RANK)[keyof typeof RANK];
type Task<Stack> = {
  readonly kind: Kind;
  readonly watched: Stack;
  readonly rank: Rank;
  /** Milliseconds since the epoch; minus infinity where it never was. */
  readonly last: number;
};

/**
 * Which stacks are to be looked at now. Each has a slot of its own in the schedule's period, another for each kind of check, and is
 * due once a slot has passed since the last look of that kind, however late; a stack that was updated since its last detection is due
 * at once. Oldest look first, and never more calls than the budget has left. Pure.
 *
 * Of a stack that no book knows, the slots count from when it is laid into one: eighty thousand stacks that are met on one day
 * would otherwise have their turn together on every first day.
 */
export function dueChecks<Stack extends Checkable>(turns: Turns<Stack>): DueChecks<Stack> {
  const judge = judgeOf(turns);
  const tasks: Task<Stack>[] = [];
  for (const watched of turns.watched) {
    const checks = turns.books.get(targetKey(watched.target))?.stacks[watched.stack.stackId];
    judge(watched, checks, tasks);
  }
  const chosen: Task<Stack>[] = [];
  for (const [key, here] of grouped(tasks, ({ watched }) => targetKey(watched.target))) {
    const left = callsLeft(turns.books.get(key)?.spent, turns.budget, turns.now);
    const first = here.length <= left ? here : here.sort(byTurn).slice(0, left);
    for (const task of first) chosen.push(task);
  }
  chosen.sort(byTurn);
  const of = (wanted: Kind): readonly Stack[] =>
    chosen.filter(({ kind }) => kind === wanted).map(({ watched }) => watched);
  return { detect: of('detection'), sweep: of('template'), waiting: tasks.length - chosen.length };
}

type Judge<Stack> = (watched: Stack, checks: StackChecks | undefined, tasks: Task<Stack>[]) => void;

function judgeOf<Stack extends Checkable>({ schedule, now, urgent }: Turns<Stack>): Judge<Stack> {
  const slotsOf = newestSlots(schedule, now);
  const period = schedule === null ? 0 : periodOf(schedule, now);
  const isUrgent = (stackId: StackId, kind: Kind, check: Check | null): boolean => {
    if (!('since' in urgent)) return kind === 'detection' && urgent.has(stackId);
    // What was begun before somebody asked does not show what has happened since.
    if (check === null || check.status === 'NOT_CHECKED') return true;
    return Date.parse(check.begun ?? check.at) < urgent.since.getTime();
  };
  const wasUpdated = (updatedAt: string | null, check: Check | null, last: number): boolean => {
    if (schedule === null || updatedAt === null) return false;
    // Of one that was never looked at, only what is new is urgent: all others come at their slot. Else both times are AWS's.
    const since = check === null || last === -Infinity ? now.getTime() - period : Date.parse(check.at);
    return Date.parse(updatedAt) > since;
  };

  return (watched, checks, tasks) => {
    const { stackId, status, updatedAt } = watched.stack;
    const slots = slotsOf(stackId);
    const add = (kind: Kind, check: Check | null, updated: string | null): void => {
      const last = check === null ? -Infinity : (lookedAt(check, now) ?? -Infinity);
      const rank = isUrgent(stackId, kind, check)
        ? RANK.urgent
        : wasUpdated(updated, check, last)
          ? RANK.updated
          : check !== null && slots[kind] > laidAt(check, last, now)
            ? RANK.slot
            : null;
      if (rank !== null) tasks.push({ kind, watched, rank, last });
    };
    const isPending = checks?.pending != null && !isOverdue(checks.pending, now);
    if (DETECTABLE.has(status) && !isPending) add('detection', checks?.detection ?? null, updatedAt);
    if (watched.isComparable) add('template', checks?.template ?? null, null);
  };
}

/** From when on slots count: the last look; else since when it is known that there was none. */
function laidAt({ status, at }: Check, last: number, now: Date): number {
  return status === 'NOT_CHECKED' && !isAhead(at, now) ? Date.parse(at) : last;
}

function byTurn<Stack extends Checkable>(one: Task<Stack>, other: Task<Stack>): number {
  if (one.rank !== other.rank) return one.rank - other.rank;
  if (one.last !== other.last) return one.last < other.last ? -1 : 1;
  const [first, second] = [one.watched.stack.stackId, other.watched.stack.stackId];
  if (first !== second) return first < second ? -1 : 1;
  return one.kind < other.kind ? -1 : 1;
}

type Slots = Readonly<Record<Kind, number>>;

/** The newest times at which a stack had its turns, in milliseconds since the epoch. */
function newestSlots(schedule: Schedule | null, now: Date): (stackId: StackId) => Slots {
  if (schedule?.type !== 'rate') {
    const newest = schedule === null ? -Infinity : (lastTime(schedule.expression, now)?.getTime() ?? -Infinity);
    const slots = { detection: newest, template: newest };
    return () => slots;
  }
  const { every } = schedule;
  const clock = now.getTime();
  const newest = (bytes: string): number => {
    const phase = Math.floor((Number.parseInt(bytes, 16) / 2 ** 48) * every);
    return Math.floor((clock - phase) / every) * every + phase;
  };
  return (stackId) => {
    const digest = sha256(stackId);
    return { detection: newest(digest.slice(0, 12)), template: newest(digest.slice(12, 24)) };
  };
}
