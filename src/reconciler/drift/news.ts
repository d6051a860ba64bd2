import type { StackChecks } from '../../model/checks.js';
import type { SeenStack } from '../../model/observed.js';
import { isLate, lookedAt } from './looked-at.js';

/** What the walk shows of a detection that the book does not know yet; `late`: what was begun should have been seen to end. */
export type News =
  | { readonly type: 'in-sync'; readonly at: string }
  | { readonly type: 'drifted'; readonly at: string }
  | { readonly type: 'unknown'; readonly at: string }
  | { readonly type: 'late' };

/** Null where there is none. Pure. */
export function newsOf({ detected }: SeenStack, checks: StackChecks | null, now: Date): News | null {
  const { status, at } = detected;
  if (at !== null && status !== 'NOT_CHECKED' && isNews(status, Date.parse(at), checks, now)) {
    switch (status) {
      case 'IN_SYNC':
        return { type: 'in-sync', at };
      case 'DRIFTED':
        return { type: 'drifted', at };
      case 'UNKNOWN':
        return { type: 'unknown', at };
    }
  }
  const pending = checks?.pending ?? null;
  return pending !== null && isLate(pending, now) ? { type: 'late' } : null;
}

/**
 * CloudFormation's time may be that of the detection's beginning: one that ended after the walk had seen it begin shows the same time with
 * another result. What has drifted and could not be read is read again.
 */
function isNews(
  status: Exclude<SeenStack['detected']['status'], 'NOT_CHECKED'>,
  at: number,
  checks: StackChecks | null,
  now: Date,
): boolean {
  const check = checks?.detection ?? null;
  if (check === null || at > Date.parse(check.at)) return true;
  if (at < Date.parse(check.at)) return check.seen === undefined && lookedAt(check, now) === null;
  switch (check.status) {
    case 'DRIFTED':
      return status === 'IN_SYNC';
    case 'IN_SYNC':
    case 'NOT_CHECKABLE':
      return status !== 'IN_SYNC';
    case 'UNKNOWN':
      return status === 'DRIFTED';
    case 'NOT_CHECKED':
      return true;
  }
}
