import { invalid } from '../../templates/refusal.js';
import { constraint } from './refusals.js';
import type { Preferences, Share } from './stack-set.js';

type Sent = {
  readonly RegionConcurrencyType?: string;
  readonly RegionOrder?: readonly string[];
  readonly FailureToleranceCount?: number;
  readonly FailureTolerancePercentage?: number;
  readonly MaxConcurrentCount?: number;
  readonly MaxConcurrentPercentage?: number;
  readonly ConcurrencyMode?: string;
};

/** Automatic deployments know no preferences: everything at once, and no failure stops the rest. */
export const UNLIMITED: Preferences = {
  regionOrder: [],
  regionsInParallel: true,
  concurrent: { type: 'percentage', percentage: 100 },
  tolerance: { type: 'percentage', percentage: 100 },
  strict: false,
};

function share(name: string, count: number | undefined, percentage: number | undefined, otherwise: number): Share {
  if (count !== undefined && percentage !== undefined)
    throw invalid(`Cannot specify both ${name}Count and ${name}Percentage`);
  if (percentage === undefined) return { type: 'count', count: count ?? otherwise };
  return { type: 'percentage', percentage };
}

/** The ranges of the service model. */
const RANGES = {
  FailureToleranceCount: [0, Infinity],
  FailureTolerancePercentage: [0, 100],
  MaxConcurrentCount: [1, Infinity],
  MaxConcurrentPercentage: [1, 100],
} as const;

function checkRanges(sent: Sent): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = sent[name as keyof typeof RANGES];
    const place = `operationPreferences.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (value !== undefined && value < least)
      throw constraint(String(value), place, `Member must have value greater than or equal to ${least}`);
    if (value !== undefined && value > most)
      throw constraint(String(value), place, `Member must have value less than or equal to ${most}`);
  }
}

export function preferencesFrom(sent: Sent | undefined, regions: readonly string[]): Preferences {
  const regionOrder = sent?.RegionOrder ?? [];
  const unknown = regionOrder.filter((region) => !regions.includes(region));
  if (unknown.length > 0)
    throw invalid(`RegionOrder contains Regions that are not targeted by the operation: ${unknown.join(', ')}`);
  if (sent !== undefined) checkRanges(sent);
  return {
    regionOrder: [...regionOrder, ...regions.filter((region) => !regionOrder.includes(region))],
    regionsInParallel: sent?.RegionConcurrencyType === 'PARALLEL',
    concurrent: share('MaxConcurrent', sent?.MaxConcurrentCount, sent?.MaxConcurrentPercentage, 1),
    tolerance: share('FailureTolerance', sent?.FailureToleranceCount, sent?.FailureTolerancePercentage, 0),
    strict: sent?.ConcurrencyMode !== 'SOFT_FAILURE_TOLERANCE',
  };
}

/** Percentages are rounded down, of the accounts in one Region. */
const accountsOf = (part: Share, total: number): number =>
  part.type === 'count' ? part.count : Math.floor((total * part.percentage) / 100);

export const toleranceIn = (preferences: Preferences, total: number): number =>
  accountsOf(preferences.tolerance, total);

/** How many may run side by side in a Region after `failures`: strict never risks more than the tolerance that is left, plus one. */
export function concurrencyIn(preferences: Preferences, total: number, failures: number): number {
  const most = Math.max(1, accountsOf(preferences.concurrent, total));
  return preferences.strict ? Math.min(most, toleranceIn(preferences, total) - failures + 1) : most;
}
