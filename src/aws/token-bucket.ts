import type { Clock } from '../reconciler/ports.js';

/** Requests per second in the long run, and how many may be made at once. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** AWS's published limits of Organizations, per calling account. An operation that is not listed is not held back. */
export const ORGANIZATIONS_RATES: Readonly<Record<string, Rate>> = {
  DescribeOrganization: { perSecond: 1, burst: 2 },
  ListRoots: { perSecond: 1, burst: 2 },
  ListOrganizationalUnitsForParent: { perSecond: 5, burst: 8 },
  ListAccountsForParent: { perSecond: 5, burst: 8 },
  ListTagsForResource: { perSecond: 10, burst: 15 },
};

/** AWS's published limit of CloudTrail's event history, per account and Region. */
export const CLOUDTRAIL_RATES: Readonly<Record<string, Rate>> = { LookupEvents: { perSecond: 2, burst: 2 } };

export type TokenBuckets = { take(operation: string, signal: AbortSignal): Promise<void> };

/** Holds calls back to their published rate, each operation by itself. Those who wait are served in the order in which they asked. */
export function createTokenBuckets(rates: Readonly<Record<string, Rate>>, clock: Clock): TokenBuckets {
  /** When the bucket would be full again: everything else follows from it. */
  const fullAt = new Map<string, number>();
  return {
    async take(operation, signal) {
      const rate = rates[operation];
      if (rate === undefined) return;
      const now = clock.now().getTime();
      const cost = 1000 / rate.perSecond;
      const full = Math.max(fullAt.get(operation) ?? now, now) + cost;
      fullAt.set(operation, full);
      const wait = full - now - rate.burst * cost;
      if (wait > 0) await clock.sleep(wait, signal);
    },
  };
}
