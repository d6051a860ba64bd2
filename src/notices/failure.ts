import { visibleText } from '../model/visible-text.js';
import type { Undelivered } from '../reconciler/ports.js';

const HOUR = 60 * 60 * 1000;
const LONGEST_ERROR = 300;
/** For no longer than this is a receiver left alone, whatever it asks for. */
const LONGEST_WAIT = 6 * HOUR;

type Cause = Undelivered['cause'];

/** Worth another attempt. */
export function passing(cause: Cause, error: string, retryAfter: number | null = null): Undelivered {
  return { type: 'failed', cause, error, isFinal: false, retryAfter };
}

/** No repetition would help. */
export function final(error: string): Undelivered {
  return { type: 'failed', cause: 'refused', error, isFinal: true, retryAfter: null };
}

export function withoutSecret(variable: string): Undelivered {
  return passing('no-secret', `the environment variable ${variable} is not set`);
}

/** A text from elsewhere that may be shown and kept: on one line, short, and with none of the secrets in it. */
export function presentable(text: string, secrets: readonly string[]): string {
  const clean = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '(redacted)'), text);
  const line = visibleText(clean.trim());
  return line.length <= LONGEST_ERROR ? line : `${line.slice(0, LONGEST_ERROR)}…`;
}

/** Milliseconds of a `Retry-After` header, in seconds or as a date; null where there is none that makes sense. */
export function retryAfterOf(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, LONGEST_WAIT) : null;
}

/** Why nothing came back, without the address that was asked: an URL may hold more than its host's name. */
export function connectionError(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as Error & { readonly code?: unknown };
    if (typeof code === 'string') return `the connection failed (${code})`;
  }
  return 'the connection failed';
}
