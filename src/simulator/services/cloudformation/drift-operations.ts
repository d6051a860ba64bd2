import type { Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { contentsOf } from './composition.js';
import { checkDetectable, checkResource, requestDriftDetection, settleDrift } from './drift-detection.js';
import { isCheckable } from './drift-checkable.js';
import type { Environment } from './environment.js';
import { livingStack } from './lookup.js';
import { pageOf } from './pages.js';
import { constraint } from './refusals.js';
import type { LiveResource, Stack } from './stack.js';

/** The operations of drift detection. */
export function driftOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    DetectStackDrift: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      const detection = requestDriftDetection(environment, stack, input.LogicalResourceIds);
      return { StackDriftDetectionId: detection.id };
    },
    DescribeStackDriftDetectionStatus: (input, call) => {
      const detection = environment.detections.find(input.StackDriftDetectionId ?? '');
      const own = detection?.stackId.includes(`:${call.region}:${call.principal.accountId}:`);
      if (!detection || !own) throw invalid(`Drift detection [${input.StackDriftDetectionId}] does not exist`);
      const done = detection.status !== 'DETECTION_IN_PROGRESS';
      return {
        StackId: detection.stackId,
        StackDriftDetectionId: detection.id,
        DetectionStatus: detection.status,
        Timestamp: detection.startedAt,
        ...(detection.reason === undefined ? {} : { DetectionStatusReason: detection.reason }),
        ...(done ? { StackDriftStatus: detection.drift, DriftedStackResourceCount: detection.drifted } : {}),
      };
    },
    DetectStackResourceDrift: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      const resource = contentsOf(environment, stack).resources.get(input.LogicalResourceId ?? '');
      if (!resource) throw invalid(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
      checkDetectable(stack);
      if (!isCheckable(resource.type))
        throw invalid(`Drift detection is not supported for resource type [${resource.type}]`);
      const checked = checkResource(environment, stack, resource);
      settleDrift(environment, stack, environment.base.clock.now());
      return { StackResourceDrift: describeDrift(stack, checked)[0] };
    },
    DescribeStackResourceDrifts: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      const size: number = input.MaxResults ?? 100;
      if (size < 1 || size > 100)
        throw constraint(String(size), 'maxResults', 'Member must have value between 1 and 100');
      const filters: readonly string[] = input.StackResourceDriftStatusFilters ?? [];
      const drifts = [...contentsOf(environment, stack).resources.values()]
        .flatMap((resource) => describeDrift(stack, resource))
        .filter(({ StackResourceDriftStatus }) => filters.length === 0 || filters.includes(StackResourceDriftStatus));
      const { items, ...rest } = pageOf(drifts, input.NextToken, size);
      return { StackResourceDrifts: items, ...rest };
    },
  };
}

/** Nothing for a resource that was never checked: AWS lists only what a detection has seen. */
function describeDrift(stack: Stack, { logicalId, physicalId, type, properties, drift }: LiveResource) {
  if (!drift || drift.status === 'NOT_CHECKED') return [];
  return [
    {
      StackId: stack.id,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      StackResourceDriftStatus: drift.status,
      Timestamp: drift.at,
      ...(drift.reason === undefined ? {} : { DriftStatusReason: drift.reason }),
      ...(drift.actual
        ? { ExpectedProperties: JSON.stringify(properties), ActualProperties: JSON.stringify(drift.actual) }
        : {}),
      ...(drift.status === 'MODIFIED' ? { PropertyDifferences: drift.differences } : {}),
    },
  ];
}
