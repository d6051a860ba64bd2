import type { StackSetOperationPreferences } from '@aws-sdk/client-cloudformation';
import type { Rollout } from '../model/desired.js';
import type { Region } from '../model/identifiers.js';

/** Where the manifest is silent. CloudFormation's own default, one account at a time, takes days in a large organization. */
const DEFAULT_CONCURRENT_PERCENTAGE = 25;

/** What an operation is told. STRICT would begin with tolerance + 1 accounts whatever `maxConcurrent` says, so it must be asked for. */
export function preferencesOf(rollout: Rollout, regions: readonly Region[]): StackSetOperationPreferences {
  const order = rollout.regionOrder.filter((region) => regions.includes(region));
  return {
    ConcurrencyMode: rollout.concurrencyMode === 'strict' ? 'STRICT_FAILURE_TOLERANCE' : 'SOFT_FAILURE_TOLERANCE',
    RegionConcurrencyType: rollout.regionConcurrency === 'parallel' ? 'PARALLEL' : 'SEQUENTIAL',
    ...(order.length === 0 ? {} : { RegionOrder: order }),
    ...concurrent(rollout.maxConcurrent),
    ...tolerance(rollout.failureTolerance),
  };
}

function concurrent(share: Rollout['maxConcurrent']): StackSetOperationPreferences {
  if (share === null) return { MaxConcurrentPercentage: DEFAULT_CONCURRENT_PERCENTAGE };
  return typeof share === 'number' ? { MaxConcurrentCount: share } : { MaxConcurrentPercentage: percentage(share) };
}

function tolerance(share: Rollout['failureTolerance']): StackSetOperationPreferences {
  if (share === null) return { FailureToleranceCount: 0 };
  return typeof share === 'number'
    ? { FailureToleranceCount: share }
    : { FailureTolerancePercentage: percentage(share) };
}

const percentage = (share: string): number => Number(share.slice(0, -1));
