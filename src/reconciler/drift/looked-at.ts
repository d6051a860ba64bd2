import type { Check, PendingDetection } from '../../model/checks.js';

const MINUTE = 60 * 1000;
/** Milliseconds by which AWS's clock and ours may differ. */
export const SKEW = 5 * MINUTE;
/** Milliseconds after which a detection that has not been seen to end is asked after. */
const LATE = 10 * MINUTE;
/** Milliseconds after which it is given up. */
const DEADLINE = 60 * MINUTE;

/**
 * When a method last looked, in milliseconds since the epoch; null where it never did. A look in the future was written by a clock
 * that has been put back, and counts as none.
 */
export function lookedAt(check: Check | null, now: Date): number | null {
  if (check === null || check.status === 'NOT_CHECKED') return null;
  const at = Date.parse(check.seen ?? check.at);
  return at > now.getTime() + SKEW ? null : at;
}

/** Whether a time has not come yet, by more than two clocks may differ. */
export function isAhead(at: string, now: Date): boolean {
  return Date.parse(at) > now.getTime() + SKEW;
}

/** The same as a time to show, where that look saw all there was to see. */
export function sawAt(check: Check | null, now: Date): string | null {
  if (check === null || check.status === 'UNKNOWN' || lookedAt(check, now) === null) return null;
  return check.at;
}

export function isLate(pending: PendingDetection, now: Date): boolean {
  return isOlder(pending, LATE, now);
}

/** Whether it is given up, and may be begun again. */
export function isOverdue(pending: PendingDetection, now: Date): boolean {
  return isOlder(pending, DEADLINE, now);
}

/** One that began in the future did so by a clock that has been put back: it may be of any age. */
function isOlder({ since }: PendingDetection, age: number, now: Date): boolean {
  const passed = now.getTime() - Date.parse(since);
  return !(passed >= -SKEW && passed <= age);
}
