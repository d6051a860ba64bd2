import type { StackSetDriftDetectionDetails, StackSetDriftDetectionStatus } from '@aws-sdk/client-cloudformation';
import { isOpen, placeOf } from './stack-set.js';
import type { Operation, StackSet } from './stack-set.js';

const detectionStatus = (operation: Operation, failed: number): StackSetDriftDetectionStatus => {
  if (isOpen(operation)) return 'IN_PROGRESS';
  if (operation.status === 'STOPPED') return 'STOPPED';
  if (operation.status === 'FAILED') return 'FAILED';
  return failed > 0 ? 'PARTIAL_SUCCESS' : 'COMPLETED';
};

/** What one drift detection has found, as far as it has come. In sync is only what was looked at everywhere. */
export function detectionDetails(operation: Operation): StackSetDriftDetectionDetails {
  const results = [...operation.results.values()];
  const seen = operation.kind.type === 'detect-drift' ? operation.kind.seen : new Map<string, never>();
  const isDrifted = (place: string): boolean =>
    (seen.get(place) ?? []).some(
      ({ StackResourceDriftStatus: status }) => status === 'MODIFIED' || status === 'DELETED',
    );
  const checked = results.filter(({ status }) => status === 'SUCCEEDED').map(({ target }) => placeOf(target));
  const drifted = checked.filter(isDrifted).length;
  const failed = results.filter(({ status }) => status === 'FAILED').length;
  const allInSync = drifted === 0 && checked.length === results.length && !isOpen(operation);
  return {
    DriftStatus: drifted > 0 ? 'DRIFTED' : allInSync ? 'IN_SYNC' : 'NOT_CHECKED',
    DriftDetectionStatus: detectionStatus(operation, failed),
    LastDriftCheckTimestamp: operation.endedAt ?? operation.createdAt,
    TotalStackInstancesCount: results.length,
    DriftedStackInstancesCount: drifted,
    InSyncStackInstancesCount: checked.length - drifted,
    InProgressStackInstancesCount: results.filter(({ status }) => status === 'PENDING' || status === 'RUNNING').length,
    FailedStackInstancesCount: failed,
  };
}

/** Of the newest detection that has ended; one that is under way does not show. */
export const setDriftDetails = (set: StackSet): StackSetDriftDetectionDetails =>
  set.lastDriftDetection === undefined
    ? { DriftStatus: 'NOT_CHECKED', TotalStackInstancesCount: set.instances.size }
    : detectionDetails(set.lastDriftDetection);
