import { invalid } from '../../templates/refusal.js';
import { contentsOf } from './composition.js';
import type { Environment } from './environment.js';
import { isDrifted, resourceDrift } from './resource-drift.js';
import type { LiveResource, Stack } from './stack.js';

export type Detection = {
  readonly id: string;
  readonly stackId: string;
  readonly startedAt: Date;
  status: 'DETECTION_IN_PROGRESS' | 'DETECTION_COMPLETE' | 'DETECTION_FAILED';
  reason: string | undefined;
  drift: Stack['drift']['status'];
  drifted: number;
};

const CHECKABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

/** Begins to compare what stands with what the template says; only properties that it sets are compared, as AWS does. */
export function startDriftDetection(
  environment: Environment,
  stack: Stack,
  logicalIds: readonly string[] | undefined,
  then: (stack: Stack) => void,
): Detection {
  checkDetectable(stack);
  const { base } = environment;
  const { resources: standing } = contentsOf(environment, stack);
  const unknown = (logicalIds ?? []).filter((id) => !standing.has(id));
  if (unknown.length > 0) throw invalid(`Resources [${unknown.join(', ')}] do not exist in stack [${stack.id}]`);
  const detection: Detection = {
    id: base.identifiers.uuid(),
    stackId: stack.id,
    startedAt: base.clock.now(),
    status: 'DETECTION_IN_PROGRESS',
    reason: undefined,
    drift: 'UNKNOWN',
    drifted: 0,
  };
  base.clock.after(base.identifiers.between(5, 30, `drift/${stack.id}`), () => {
    const { resources } = contentsOf(environment, stack);
    const checked = [...resources.values()].filter(({ logicalId }) => logicalIds?.includes(logicalId) ?? true);
    for (const resource of checked) checkResource(environment, stack, resource);
    settleDrift(environment, stack, detection.startedAt);
    finish(environment, stack, detection);
    then(stack);
  });
  return detection;
}

/** Compares one resource, keeps what comes out and answers it. */
export function checkResource(environment: Environment, stack: Stack, resource: LiveResource): LiveResource {
  const checked = { ...resource, drift: resourceDrift(resource, environment.base.clock.now()) };
  contentsOf(environment, stack).resources.set(resource.logicalId, checked);
  return checked;
}

/** Makes the stack's own drift what its resources say. */
export function settleDrift(environment: Environment, stack: Stack, checkedAt: Date): void {
  const resources = [...contentsOf(environment, stack).resources.values()];
  const status = resources.some(({ drift }) => isDrifted(drift))
    ? 'DRIFTED'
    : resources.some(({ drift }) => drift?.status === 'UNKNOWN')
      ? 'UNKNOWN'
      : 'IN_SYNC';
  stack.drift = { status, checkedAt };
}

/** Refuses in states in which the resources are not what the template says anyway. */
export function checkDetectable(stack: Stack): void {
  if (CHECKABLE.has(stack.status)) return;
  throw invalid(`Drift detection cannot be performed on stack [${stack.id}] while it is in ${stack.status} state`);
}

function finish(environment: Environment, stack: Stack, detection: Detection): void {
  const resources = [...contentsOf(environment, stack).resources.values()];
  const unread = resources.filter(({ drift }) => drift?.status === 'UNKNOWN').map(({ logicalId }) => logicalId);
  detection.drifted = resources.filter(({ drift }) => isDrifted(drift)).length;
  detection.drift = stack.drift.status;
  detection.status = unread.length > 0 ? 'DETECTION_FAILED' : 'DETECTION_COMPLETE';
  if (unread.length > 0) detection.reason = `Failed to detect drift on resource [${unread.join(', ')}]`;
}
