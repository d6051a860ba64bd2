import { counted } from './describe-wording.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `4 minutes`, `3 hours`, `12 days`: rounded down, as people tell how old something is. */
export function spanWords(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < MINUTE) return 'less than a minute';
  if (span < 2 * HOUR) return counted(Math.floor(span / MINUTE), 'minute');
  if (span < 2 * DAY) return counted(Math.floor(span / HOUR), 'hour');
  return counted(Math.floor(span / DAY), 'day');
}

/** How long before `now` a time was, in words. */
export function agoWords(at: string, now: Date): string {
  const span = now.getTime() - Date.parse(at);
  if (Number.isNaN(span)) return 'at an unknown time';
  // Clocks of two machines differ; a time to come is told as it is.
  return span < -MINUTE ? `in ${spanWords(-span)}` : `${spanWords(span)} ago`;
}
