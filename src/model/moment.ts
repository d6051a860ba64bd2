/**
 * When a moment of a manifest is over, in milliseconds since 1970. A date names a whole day in UTC, as `suspend.until` and a freeze's
 * `to` do; a time ends at that time.
 */
export function endOf(moment: string): number {
  const isDay = !moment.includes('T');
  return Date.parse(isDay ? `${moment}T00:00:00Z` : moment) + (isDay ? DAY : 0);
}

/** Whether it has passed; never does what never ends. */
export function hasPassed(moment: string | null, now: Date): boolean {
  return moment !== null && endOf(moment) <= now.getTime();
}

const DAY = 24 * 60 * 60 * 1000;
