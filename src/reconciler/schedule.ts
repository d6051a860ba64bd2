import cron from 'aws-cron-parser';
import { cronFields } from '../model/cron.js';
import type { Schedule } from '../model/schedule.js';

export { cronMistake } from '../model/cron.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Years: the fifth Sunday of a February may be so long in coming. */
const FARTHEST = 41;

type Parsed = ReturnType<typeof cron.parse>;

/** The first time after `now`; null where a cron expression never comes true again. A rate counts from now. */
export function nextTime(schedule: Schedule, now: Date): Date | null {
  if (schedule.type === 'rate') return new Date(now.getTime() + schedule.every);
  for (const month of monthsOf(schedule.expression, now, 'forward')) {
    const found = cron.next(month.parsed, new Date(Math.max(now.getTime(), month.start - MINUTE)));
    if (found !== null) return found;
  }
  return null;
}

/** The newest time at or before `now`; null where a cron expression never came true. */
export function lastTime(expression: string, now: Date): Date | null {
  for (const month of monthsOf(expression, now, 'backward')) {
    // The parser looks before a time, and this very moment counts.
    const found = cron.prev(month.parsed, new Date(Math.min(now.getTime() + 1, month.end)));
    if (found !== null) return found;
  }
  return null;
}

/** Milliseconds in which everything comes to its turn once: the rate, or the longest stretch between the next few times of a cron expression. */
export function periodOf(schedule: Schedule, now: Date): number {
  if (schedule.type === 'rate') return schedule.every;
  const times = [now.getTime()];
  for (let count = 0; count < 8; count += 1) {
    const next = nextTime(schedule, new Date(times.at(-1)!));
    if (next === null) break;
    times.push(next.getTime());
  }
  const stretches = times.slice(2).map((time, index) => time - times[index + 1]!);
  return stretches.length === 0 ? DAY : Math.max(...stretches);
}

type Month = { readonly parsed: Parsed; /** Milliseconds. */ readonly start: number; readonly end: number };

/** The expression month by month, with the days that the month has: the parser would go on counting into the next one. */
function* monthsOf(expression: string, now: Date, direction: 'forward' | 'backward'): Generator<Month> {
  const parsed = cron.parse(cronFields(expression).join(' '));
  const isForward = direction === 'forward';
  const ordered = (numbers: readonly unknown[]): readonly number[] => {
    const rising = ascending(numbers);
    return isForward ? rising : rising.reverse();
  };
  const here = now.getUTCFullYear();
  for (const year of ordered(parsed.years).filter((each) => Math.abs(each - here) <= FARTHEST)) {
    for (const month of ordered(parsed.months)) {
      const [start, end] = [Date.UTC(year, month - 1), Date.UTC(year, month)];
      const narrowed = narrow(parsed, year, month);
      if (narrowed !== null && (isForward ? end > now.getTime() : start <= now.getTime()))
        yield { parsed: narrowed, start, end };
    }
  }
}

/** Null where the month has no such day. */
function narrow(parsed: Parsed, year: number, month: number): Parsed | null {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const within = { ...parsed, minutes: ascending(parsed.minutes), hours: ascending(parsed.hours) };
  const one = { ...within, years: [year], months: [month] } as Parsed;
  const [first, number] = parsed.daysOfMonth;
  if (first === undefined) return one;
  if (first === 'L') return length - Number(number) < 1 ? null : one;
  if (first === 'W') return Number(number) > length ? null : one;
  const days = ascending(parsed.daysOfMonth).filter((day) => day <= length);
  return days.length === 0 ? null : ({ ...one, daysOfMonth: days });
}

function ascending(numbers: readonly unknown[]): number[] {
  return (numbers as readonly number[]).toSorted((one, other) => one - other);
}
