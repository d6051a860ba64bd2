import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckBook } from '../../../src/model/checks.js';
import type { Schedule } from '../../../src/model/schedule.js';
import { targetKey } from '../../../src/model/target.js';
import type { TargetKey } from '../../../src/model/target.js';
import { dueChecks } from '../../../src/reconciler/drift/due.js';
import type { Checkable, Turns } from '../../../src/reconciler/drift/due.js';
import { TARGET } from '../../support/builders.js';
import {
  DAILY,
  DAY,
  HOUR,
  MINUTE,
  START,
  bookOf,
  checkAt,
  checksOf,
  pass,
  stackAt,
  stacksAt,
  worldOf,
} from './passes.js';

const iso = (at: number): string => new Date(at).toISOString();
const one = stackAt(TARGET, 'one');
const two = stackAt(TARGET, 'two');

function due(watched: readonly Checkable[], book: CheckBook | null, over: Partial<Turns<Checkable>> = {}) {
  const books = new Map<TargetKey, CheckBook>(book === null ? [] : [[targetKey(TARGET), book]]);
  const turns = { watched, books, schedule: DAILY, now: new Date(START), budget: 240, urgent: new Set<string>() };
  const { detect, sweep, waiting } = dueChecks({ ...turns, ...over });
  const names = (stacks: readonly Checkable[]) => stacks.map(({ stack }) => stack.stackId.split('/')[1]);
  return { detect: names(detect), sweep: names(sweep), waiting };
}

const looked = (at: number) => checksOf({ detection: checkAt(at), template: checkAt(at) });
const both = (first: number, second: number) =>
  bookOf(TARGET, { [one.stack.stackId]: looked(first), [two.stack.stackId]: looked(second) });

describe('what is due to be checked', () => {
  it('is what was last looked at more than a period ago, the oldest first', () => {
    const first = due([one, two], both(START - 2 * DAY, START - 3 * DAY));
    expect(first).toEqual({ detect: ['two', 'one'], sweep: ['two', 'one'], waiting: 0 });
    expect(due([one, two], both(START, START - 3 * DAY))).toEqual({ detect: ['two'], sweep: ['two'], waiting: 0 });
  });

  it('comes before all else where it was never looked at and its slot has come', () => {
    const checks = { detection: checkAt(START - DAY, 'NOT_CHECKED'), template: checkAt(START - DAY, 'NOT_CHECKED') };
    const book = bookOf(TARGET, {
      [one.stack.stackId]: looked(START - 9 * DAY),
      [two.stack.stackId]: checksOf(checks),
    });
    expect(due([one, two], book, { budget: 2 })).toEqual({ detect: ['two'], sweep: ['two'], waiting: 2 });
  });

  it('is not a stack that nobody knew before, unless it is new: its slot begins to count when it is entered', () => {
    expect(due([one], null)).toEqual({ detect: [], sweep: [], waiting: 0 });
    const made = stackAt(TARGET, 'one', { updatedAt: iso(START - HOUR) });
    expect(due([made], null)).toEqual({ detect: ['one'], sweep: [], waiting: 0 });
  });

  it('is a stack that was updated since its last detection, before those whose slot has come', () => {
    const updated = stackAt(TARGET, 'one', { updatedAt: iso(START - MINUTE) });
    const book = both(START - 10 * MINUTE, START - 3 * DAY);
    expect(due([updated, two], book, { budget: 1 })).toEqual({ detect: ['one'], sweep: [], waiting: 2 });
  });

  it('is what is urgent, whatever its slot; without a schedule nothing else', () => {
    const book = both(START - MINUTE, START - 3 * DAY);
    const urgent = new Set([one.stack.stackId]);
    expect(due([one, two], book, { urgent, schedule: null })).toEqual({ detect: ['one'], sweep: [], waiting: 0 });
    expect(due([one, two], book, { schedule: null })).toEqual({ detect: [], sweep: [], waiting: 0 });
  });

  it('is all that was not looked at since a person asked, and once that has been done, nothing', () => {
    const urgent = { since: new Date(START) };
    const before = due([one, two], both(START - MINUTE, START - 2 * MINUTE), { urgent, schedule: null });
    expect(before).toEqual({ detect: ['two', 'one'], sweep: ['two', 'one'], waiting: 0 });
    const now = new Date(START + 2 * MINUTE);
    const after = due([one, two], both(START + MINUTE, START + MINUTE), { urgent, schedule: null, now });
    expect(after).toEqual({ detect: [], sweep: [], waiting: 0 });
  });

  it.each([
    'CREATE_COMPLETE',
    'UPDATE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'UPDATE_ROLLBACK_FAILED',
    'IMPORT_COMPLETE',
    'IMPORT_ROLLBACK_COMPLETE',
  ])('may be detected in %s', (status) => {
    expect(due([stackAt(TARGET, 'one', { status })], both(START - 3 * DAY, START)).detect).toEqual(['one']);
  });

  it.each(['UPDATE_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'CREATE_FAILED', 'DELETE_FAILED', 'REVIEW_IN_PROGRESS'])(
    'is not detected in %s, which CloudFormation refuses',
    (status) => {
      expect(due([stackAt(TARGET, 'one', { status })], both(START - 3 * DAY, START)).detect).toEqual([]);
    },
  );

  it('is not detected while a detection is under way, and is again once that has not ended within an hour', () => {
    const pending = (since: number) => {
      const checks = { ...looked(START - 3 * DAY), pending: { id: 'd-1', since: iso(since) } };
      return due([one], bookOf(TARGET, { [one.stack.stackId]: checks }), { urgent: new Set([one.stack.stackId]) });
    };
    expect(pending(START - 59 * MINUTE)).toEqual({ detect: [], sweep: ['one'], waiting: 0 });
    expect(pending(START - 61 * MINUTE).detect).toEqual(['one']);
    // Begun by a clock that has been put back since.
    expect(pending(START + DAY).detect).toEqual(['one']);
  });

  it('is not swept where there is no record to hold it against', () => {
    expect(due([{ ...one, isComparable: false }], both(START - 3 * DAY, START))).toMatchObject({
      detect: ['one'],
      sweep: [],
    });
  });

  it('is everything whose last look a clock that was put back has left in the future', () => {
    const ahead = both(START + 300 * DAY, START - MINUTE);
    expect(due([one, two], ahead)).toEqual({ detect: ['one'], sweep: ['one'], waiting: 0 });
    const unchecked = checksOf({ detection: checkAt(START + 300 * DAY, 'NOT_CHECKED') });
    expect(due([one], bookOf(TARGET, { [one.stack.stackId]: unchecked })).detect).toEqual(['one']);
  });

  it('is everything at once when the clock jumps a day ahead, and then the budget says how fast', () => {
    const watched = stacksAt(1, 1, 100);
    const world = worldOf(watched, START - 2 * DAY);
    for (let now = START; now < START + 2 * HOUR; now += 15 * MINUTE) pass(world, { now });
    const jumped = START + 2 * DAY;
    const first = pass(world, { now: jumped, budget: 60 });
    expect(first.detect.length + first.sweep.length).toBe(60);
    expect(first.waiting).toBe(140);
    expect(pass(world, { now: jumped + 15 * MINUTE, budget: 60 }).detect).toEqual([]);
    expect(pass(world, { now: jumped + HOUR, budget: 60 }).waiting).toBe(80);
  });

  it('is everything when the newest time of a cron expression has come', () => {
    const schedule: Schedule = { type: 'cron', expression: '0 2 * * ? *' };
    const book = both(START + HOUR, START + 1.5 * HOUR);
    const at = (now: number) => due([one, two], book, { schedule, now: new Date(now) });
    expect(at(START + 2 * HOUR - 1)).toEqual({ detect: [], sweep: [], waiting: 0 });
    expect(at(START + 2 * HOUR)).toEqual({ detect: ['one', 'two'], sweep: ['one', 'two'], waiting: 0 });
  });

  it('counts what the hour has spent already, and begins a new hour an hour later', () => {
    const spent = { since: iso(START - 59 * MINUTE), calls: 239 };
    const book = { ...both(START - 3 * DAY, START - 4 * DAY), spent };
    expect(due([one, two], book)).toEqual({ detect: ['two'], sweep: [], waiting: 3 });
    expect(due([one, two], book, { now: new Date(START + MINUTE) }).waiting).toBe(0);
    expect(due([one, two], book, { now: new Date(START - DAY) }).waiting).toBe(0);
  });

  it('comes out the same in whatever order the stacks are given', () => {
    const world = worldOf(stacksAt(2, 2, 10), START - DAY);
    const turns = { books: world.books, schedule: DAILY, now: new Date(START), budget: 7, urgent: new Set<string>() };
    const forward = dueChecks({ ...turns, watched: world.watched });
    expect(dueChecks({ ...turns, watched: [...world.watched].reverse() })).toEqual(forward);
  });
});

describe('a week of passes', () => {
  it('never spends more than the budget in an hour, whatever happens', () => {
    const happenings = fc.record({
      budget: fc.integer({ min: 1, max: 60 }),
      stacks: fc.integer({ min: 1, max: 60 }),
      every: fc.constantFrom(HOUR, 6 * HOUR, DAY),
      steps: fc.array(fc.integer({ min: -2 * HOUR, max: 6 * HOUR }), { minLength: 1, maxLength: 60 }),
    });
    fc.assert(
      fc.property(happenings, ({ budget, stacks, every, steps }) => {
        const world = worldOf(stacksAt(1, 1, stacks), START - DAY);
        let now = START;
        for (const step of steps) {
          now += step;
          const key = [...world.books.keys()][0]!;
          const before = world.books.get(key)!.spent;
          const { detect, sweep, waiting } = pass(world, { now, budget, schedule: { type: 'rate', every } });
          const after = world.books.get(key)!.spent;
          expect(after.calls).toBeLessThanOrEqual(budget);
          if (before.since === after.since) expect(after.calls - before.calls).toBe(detect.length + sweep.length);
          if (waiting > 0) expect(after.calls).toBe(budget);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('looks at every stack at least every second period, in spite of outages of less than one', () => {
    const outage = fc.record({ from: fc.nat(6 * 96), passes: fc.nat(90) });
    fc.assert(
      fc.property(fc.array(outage, { minLength: 4, maxLength: 4 }), (outages) => {
        const world = worldOf(stacksAt(4, 1, 12), START);
        for (let index = 1; index <= 7 * 96; index += 1) {
          const now = START + index * 15 * MINUTE;
          const isUp = ({ account }: { readonly account: string }): boolean => {
            const { from, passes } = outages[Number(account.at(-1))]!;
            return index < from || index >= from + passes;
          };
          pass(world, { now, isUp, budget: 24 });
          for (const book of world.books.values())
            for (const [stackId, { detection, template }] of Object.entries(book.stacks))
              for (const { at } of [detection!, template!])
                if (now - Date.parse(at) > 2 * DAY) throw new Error(`${stackId} was last looked at ${at}`);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('costs at most one detection and one reading of the template a day for each stack', () => {
    const world = worldOf(stacksAt(5, 2, 20), START);
    const times = new Map<string, number>();
    for (let day = 0; day < 4; day += 1) {
      times.clear();
      for (let index = 1; index <= 96; index += 1) {
        const { detect, sweep } = pass(world, { now: START + day * DAY + index * 15 * MINUTE });
        for (const { stack } of detect) times.set(`d ${stack.stackId}`, (times.get(`d ${stack.stackId}`) ?? 0) + 1);
        for (const { stack } of sweep) times.set(`t ${stack.stackId}`, (times.get(`t ${stack.stackId}`) ?? 0) + 1);
      }
      expect(times.size).toBe(2 * 200);
      expect(Math.max(...times.values())).toBe(1);
    }
  });
});

describe('eighty thousand stacks', () => {
  it('are spread evenly over the passes of a day, also of the first', { timeout: 60_000 }, () => {
    const watched = stacksAt(1_000, 4, 20);
    const world = worldOf(watched, START);
    // A few passes of the day stand for all of them.
    for (const index of [1, 2, 50]) {
      const before = world.books;
      const { detect, sweep } = pass({ watched, books: before }, { now: START + index * 15 * MINUTE });
      const passes = index === 50 ? 48 : 1;
      const mean = ((2 * watched.length) / 96) * passes;
      expect(detect.length + sweep.length).toBeGreaterThan(mean * 0.8);
      expect(detect.length + sweep.length).toBeLessThan(mean * 1.2);
    }
  });

  it('are planned in less than three seconds, on whatever machine this is', () => {
    const world = worldOf(stacksAt(1_000, 4, 20), START - 3 * DAY);
    const turns = { ...world, schedule: DAILY, now: new Date(START), budget: 240, urgent: new Set<string>() };
    const begun = performance.now();
    const { detect, sweep } = dueChecks(turns);
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(detect.length + sweep.length).toBe(160_000);
  });
});
