import { run } from './operation-run.js';
import { invalidOperation, operationIdExists, operationInProgress, operationNotFound } from './refusals.js';
import { isOpen, placeOf } from './stack-set.js';
import type { Operation, OperationKind, Preferences, StackSet, Target } from './stack-set.js';
import type { StackSetWorld } from './world.js';

export type Draft = {
  readonly operationId: string | undefined;
  readonly kind: OperationKind;
  readonly automatic: boolean;
  readonly targets: readonly Target[];
  readonly preferences: Preferences;
  readonly sent: Operation['sent'];
  /** Operations of other stack sets that have to succeed before; none where it is absent. */
  readonly waitsFor?: readonly Operation[];
};

/** How long an operation stands in the queue before managed execution looks whether it may begin; seconds. */
const QUEUE_SECONDS = 1;

/** Managed execution runs side by side what touches different instances; an update of the set touches all. */
function conflict(left: Operation, right: Operation): boolean {
  if (left.kind.type === 'update-set' || right.kind.type === 'update-set') return true;
  const places = new Set(left.targets.map(placeOf));
  return right.targets.some((target) => places.has(placeOf(target)));
}

export const openOperations = (set: StackSet): readonly Operation[] => [...set.operations.values()].filter(isOpen);

/** Refuses an operation before anything of its call has taken effect. An id that is known comes first: that is how a repeated call finds its own operation. */
export function checkSubmittable(set: StackSet, operationId: string | undefined): void {
  if (operationId !== undefined && set.operations.has(operationId)) throw operationIdExists(operationId);
  if (!set.content.managedExecution && openOperations(set).length > 0) throw operationInProgress(set.arn);
}

/** Begins an operation, or queues it where others are under way; answers it. */
export function submit(world: StackSetWorld, set: StackSet, draft: Draft): Operation {
  if (!draft.automatic) checkSubmittable(set, draft.operationId);
  const waitsFor = draft.waitsFor ?? [];
  const crowded = openOperations(set).length > 0;
  const operation: Operation = {
    id: draft.operationId ?? world.identifiers.uuid(),
    kind: draft.kind,
    automatic: draft.automatic,
    targets: draft.targets,
    preferences: draft.preferences,
    sent: draft.sent,
    waitsFor,
    onEnd: [],
    createdAt: world.clock.now(),
    endedAt: undefined,
    reason: undefined,
    status: 'QUEUED',
    results: new Map(),
  };
  set.operations.set(operation.id, operation);
  for (const other of waitsFor) other.onEnd.push(() => startWhatCan(world, set));
  // Whatever comes in while others are under way is queued, also where it conflicts with none of them.
  if (crowded) world.clock.after(QUEUE_SECONDS, () => startWhatCan(world, set));
  else startWhatCan(world, set);
  return operation;
}

function startWhatCan(world: StackSetWorld, set: StackSet): void {
  const before: Operation[] = [];
  for (const operation of openOperations(set)) {
    const failed = operation.waitsFor.find((other) => !isOpen(other) && other.status !== 'SUCCEEDED');
    if (operation.status === 'QUEUED' && failed !== undefined) {
      operation.status = 'FAILED';
      operation.reason = `Operation ${failed.id} of a StackSet that this one depends on is ${failed.status}`;
      return ended(world, set, operation);
    }
    const waiting = operation.waitsFor.some(isOpen);
    const free = set.content.managedExecution
      ? !before.some((other) => conflict(other, operation))
      : before.length === 0;
    before.push(operation);
    if (operation.status === 'QUEUED' && free && !waiting)
      run(world, set, operation, () => ended(world, set, operation));
  }
}

function ended(world: StackSetWorld, set: StackSet, operation: Operation): void {
  operation.endedAt = world.clock.now();
  for (const then of operation.onEnd.splice(0)) then();
  startWhatCan(world, set);
}

export function findOperation(set: StackSet, operationId: string): Operation {
  const operation = set.operations.get(operationId);
  if (operation === undefined) throw operationNotFound(operationId, set.name);
  return operation;
}

/** What is under way in an account ends by itself; what has not begun is cancelled. */
export function stop(world: StackSetWorld, set: StackSet, operation: Operation): void {
  if (operation.status === 'QUEUED') {
    operation.status = 'STOPPED';
    return ended(world, set, operation);
  }
  if (operation.status !== 'RUNNING')
    throw invalidOperation(`Operation ${operation.id} is in ${operation.status} state and cannot be stopped`);
  operation.status = 'STOPPING';
}

export const hasOpenOperation = (set: StackSet): boolean => openOperations(set).length > 0;
