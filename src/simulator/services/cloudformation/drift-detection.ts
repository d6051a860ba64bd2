import type { DetectionTrouble } from '../../kernel/trouble.js';
import { invalid } from '../../templates/refusal.js';
import { contentsOf } from './composition.js';
import { startDeletion } from './deletion.js';
import { isCheckable } from './drift-checkable.js';
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
  /** It does not end by itself when it should. */
  readonly hangs: boolean;
};

const TIMED_OUT = 'The detection did not end in time';

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
  trouble: DetectionTrouble | null = null,
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
    hangs: trouble?.type === 'hangs',
  };
  const fail = (reason: string): void => {
    if (detection.status !== 'DETECTION_IN_PROGRESS') return;
    Object.assign(detection, { status: 'DETECTION_FAILED', reason });
    then(stack);
  };
  const end = (): void => {
    // What is being deleted is not compared any more.
    if (stack.status.startsWith('DELETE')) return fail(`Stack [${stack.id}] does not exist`);
    const { resources } = contentsOf(environment, stack);
    const chosen = [...resources.values()].filter(({ logicalId }) => logicalIds?.includes(logicalId) ?? true);
    const half = trouble?.type === 'fails-half-way' ? Math.floor(chosen.length / 2) : chosen.length;
    for (const resource of chosen.slice(0, half)) checkResource(environment, stack, resource);
    for (const resource of chosen.slice(half)) leaveUnknown(environment, stack, resource);
    const drift = { status: driftStatus(environment, stack), checkedAt: detection.startedAt };
    finish(environment, stack, detection, drift.status);
    if (trouble?.type === 'shown-late') base.clock.after(trouble.seconds, () => (stack.drift = drift));
    else stack.drift = drift;
    then(stack);
  };
  const seconds = base.identifiers.between(5, 30, `drift/${stack.id}`);
  if (trouble?.type === 'stack-disappears')
    base.clock.after(seconds / 2, () => {
      if (stack.status.startsWith('DELETE')) return;
      const operationId = base.identifiers.uuid();
      startDeletion(environment, stack, { operationId, token: undefined, retain: [], force: true });
      stack.waiting.push(() => fail(`Stack [${stack.id}] does not exist`));
    });
  else if (trouble?.type !== 'hangs') base.clock.after(seconds, end);
  else if (trouble.seconds !== null) base.clock.after(trouble.seconds, () => fail(TIMED_OUT));
  return detection;
}

/** A detection on request: one at a time for each stack, which may meet with trouble. */
export function requestDriftDetection(
  environment: Environment,
  stack: Stack,
  logicalIds: readonly string[] | undefined,
): Detection {
  const { detections } = environment;
  const running = detections.runningOn(stack);
  if (running !== undefined) throw invalid(`Drift detection is already in progress for stack [${stack.id}]`);
  const ended = (): void => detections.end(detection);
  checkDetectable(stack);
  const detection = startDriftDetection(environment, stack, logicalIds, ended, detections.troubleFor(stack));
  detections.begin(detection);
  return detection;
}

/** What detections of the stack meet from here on; null lets them go well again, and ends the one that hangs. */
export function disturbDetection(environment: Environment, stack: Stack, trouble: DetectionTrouble | null): void {
  const { detections } = environment;
  detections.disturb(stack.id, trouble);
  const running = detections.runningOn(stack);
  if (trouble !== null || running?.hangs !== true) return;
  Object.assign(running, { status: 'DETECTION_FAILED', reason: TIMED_OUT });
  detections.end(running);
}

/** Compares one resource, keeps what comes out and answers it. */
export function checkResource(environment: Environment, stack: Stack, resource: LiveResource): LiveResource {
  const checked = { ...resource, drift: resourceDrift(resource, environment.base.clock.now()) };
  contentsOf(environment, stack).resources.set(resource.logicalId, checked);
  return checked;
}

/** Makes the stack's own drift what its resources say. */
export function settleDrift(environment: Environment, stack: Stack, checkedAt: Date): void {
  stack.drift = { status: driftStatus(environment, stack), checkedAt };
}

function driftStatus(environment: Environment, stack: Stack): 'DRIFTED' | 'UNKNOWN' | 'IN_SYNC' {
  const resources = [...contentsOf(environment, stack).resources.values()];
  if (resources.some(({ drift }) => isDrifted(drift))) return 'DRIFTED';
  return resources.some(({ drift }) => drift?.status === 'UNKNOWN') ? 'UNKNOWN' : 'IN_SYNC';
}

/** The resource was to be looked at, and the detection did not come to it. */
function leaveUnknown(environment: Environment, stack: Stack, resource: LiveResource): void {
  if (!isCheckable(resource.type)) return void checkResource(environment, stack, resource);
  const at = environment.base.clock.now();
  const reason = `Failed to detect drift on resource [${resource.logicalId}]: Rate exceeded`;
  const drift = { status: 'UNKNOWN', reason, at, actual: undefined, differences: [] } as const;
  contentsOf(environment, stack).resources.set(resource.logicalId, { ...resource, drift });
}

/** Refuses in states in which the resources are not what the template says anyway. */
export function checkDetectable(stack: Stack): void {
  if (CHECKABLE.has(stack.status)) return;
  throw invalid(`Drift detection cannot be performed on stack [${stack.id}] while it is in ${stack.status} state`);
}

function finish(environment: Environment, stack: Stack, detection: Detection, drift: Detection['drift']): void {
  const resources = [...contentsOf(environment, stack).resources.values()];
  const unread = resources.filter(({ drift }) => drift?.status === 'UNKNOWN').map(({ logicalId }) => logicalId);
  detection.drifted = resources.filter(({ drift }) => isDrifted(drift)).length;
  detection.drift = drift;
  detection.status = unread.length > 0 ? 'DETECTION_FAILED' : 'DETECTION_COMPLETE';
  if (unread.length > 0) detection.reason = `Failed to detect drift on resource [${unread.join(', ')}]`;
}
