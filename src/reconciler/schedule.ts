import cron from 'aws-cron-parser';
import type { Schedule } from '../model/schedule.js';

const DAY = 24 * 60 * 60 * 1000;

/** The first time after `now`; null where a cron expression never comes true again. A rate counts from now. */
export function nextTime(schedule: Schedule, now: Date): Date | null {
  if (schedule.type === 'rate') return new Date(now.getTime() + schedule.every);
  return cron.next(cron.parse(schedule.expression), now);
}

/** The newest time at or before `now`; null where a cron expression never came true. */
export function lastTime(expression: string, now: Date): Date | null {
  // The parser looks before a time, and this very moment counts.
  return cron.prev(cron.parse(expression), new Date(now.getTime() + 1));
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

/** What is wrong with the fields of a cron expression; null where EventBridge would take it. */
export function cronMistake(expression: string): string | null {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 6) return `it has ${String(fields.length)} fields, and EventBridge wants six`;
  if ((fields[2] === '?') === (fields[4] === '?')) return 'either the day of the month or the day of the week is "?"';
  try {
    const parsed = cron.parse(expression);
    return cron.next(parsed, new Date()) === null ? 'it never comes true' : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
