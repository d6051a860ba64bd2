import type { CheckBook } from '../../model/checks.js';

const HOUR = 60 * 60 * 1000;

/** Calls that may still be made in the hour that the book has begun, or in a new one. */
export function callsLeft(spent: CheckBook['spent'] | undefined, budget: number, now: Date): number {
  return Math.max(0, budget - (spent === undefined || isOver(spent, now) ? 0 : spent.calls));
}

/** A new hour begins with the first call after the one before has ended. */
export function spendCalls(spent: CheckBook['spent'], calls: number, now: Date): CheckBook['spent'] {
  if (calls === 0) return spent;
  return isOver(spent, now) ? { since: now.toISOString(), calls } : { since: spent.since, calls: spent.calls + calls };
}

/** An hour that begins in the future was written by a clock that has been put back. */
function isOver({ since }: CheckBook['spent'], now: Date): boolean {
  const passed = now.getTime() - Date.parse(since);
  return !(passed >= 0 && passed < HOUR);
}
