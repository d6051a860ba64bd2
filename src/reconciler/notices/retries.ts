import { digestOf } from '../../model/canonical.js';
import type { Delivery, Notice } from '../../model/notice.js';
import type { Undelivered } from '../ports.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONGEST_WAIT = 6 * HOUR;
const PATIENCE = 3 * 24 * HOUR;
/** A controller that slept for a week has not tried for a week. */
const FEWEST_ATTEMPTS = 5;
const MOST_ATTEMPTS = 30;

export type Waiting = Extract<Delivery, { type: 'waiting' }>;

/** How long a delivery that was begun is nobody else's; longer than any delivery takes. */
const CLAIM = 2 * MINUTE;

/** Written before anything is sent: another controller leaves it alone, and where this one dies it is tried again, as a repetition. */
export function claimed({ attempts, error }: Waiting, now: Date): Waiting {
  const notBefore = new Date(now.getTime() + CLAIM).toISOString();
  return { type: 'waiting', attempts: attempts + 1, notBefore, error: error ?? 'begun, and nobody knows how it ended' };
}

/** Nothing is ever put off for longer than six hours: where it seems so, a clock was wrong. */
export function isDue({ notBefore }: Waiting, now: Date): boolean {
  const wait = Date.parse(notBefore) - now.getTime();
  return wait <= 0 || wait > LONGEST_WAIT;
}

/** What becomes of a delivery that failed for the `attempts`th time: twice as long a wait each time, or an end. */
export function afterFailure(
  failure: Undelivered,
  { notice, channel, attempts }: { readonly notice: Notice; readonly channel: string; readonly attempts: number },
  now: Date,
): Delivery {
  const { error } = failure;
  const age = now.getTime() - Date.parse(notice.at);
  const isTooOften = attempts >= MOST_ATTEMPTS || (attempts >= FEWEST_ATTEMPTS && age >= PATIENCE);
  if (failure.isFinal || isTooOften) return { type: 'given-up', at: now.toISOString(), error };
  const wait = Math.max(failure.retryAfter ?? 0, backoff(attempts) * jitter(notice.id, channel, attempts));
  const notBefore = new Date(now.getTime() + Math.min(LONGEST_WAIT, Math.round(wait))).toISOString();
  return { type: 'waiting', attempts, notBefore, error };
}

function backoff(attempts: number): number {
  return Math.min(LONGEST_WAIT, MINUTE * 2 ** Math.min(attempts - 1, 20));
}

/** Between 0.8 and 1.2, the same each time it is asked: what failed together does not come back together. */
function jitter(...about: readonly (string | number)[]): number {
  return 0.8 + (0.4 * parseInt(digestOf(about).slice(0, 8), 16)) / 0xffffffff;
}
