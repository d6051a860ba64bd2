import type { World } from '../../kernel/contract.js';
import { run } from './operation-run.js';
import { invalidOperation, operationIdExists, operationInProgress, operationNotFound } from './refusals.js';
import { isOpen, placeOf } from './stack-set.js';
import type { Operation, OperationKind, Preferences, StackSet, Target } from './stack-set.js';

export type Draft = {
  readonly operationId: string | undefined;
  readonly kind: OperationKind;
  readonly automatic: boolean;
  readonly targets: readonly Target[];
  readonly preferences: Preferences;
  readonly sent: Operation['sent'];
};

/** Managed execution runs side by side what touches different instances; an update of the set touches all. */
function conflict(left: Operation, right: Operation): boolean {
  if (left.kind.type === 'update-set' || right.kind.type === 'update-set') return true;
  const places = new Set(left.targets.map(placeOf));
  return right.targets.some((target) => places.has(placeOf(target)));
}

const openOperations = (set: StackSet): readonly Operation[] => [...set.operations.values()].filter(isOpen);

/** Refuses an operation before anything of its call has taken effect. An id that is known comes first: that is how a repeated call finds its own operation. */
export function checkSubmittable(set: StackSet, operationId: string | undefined): void {
  if (operationId !== undefined && set.operations.has(operationId)) throw operationIdExists(operationId);
  if (!set.content.managedExecution && openOperations(set).length > 0) throw operationInProgress(set.arn);
}

/** Begins an operation, or queues it behind those that it conflicts with; answers its id. */
export function submit(world: World, set: StackSet, draft: Draft): string {
  if (!draft.automatic) checkSubmittable(set, draft.operationId);
  const operation: Operation = {
    id: draft.operationId ?? world.identifiers.uuid(),
    kind: draft.kind,
    automatic: draft.automatic,
    targets: draft.targets,
    preferences: draft.preferences,
    sent: draft.sent,
    createdAt: world.clock.now(),
    endedAt: undefined,
    status: 'QUEUED',
    results: new Map(),
  };
  set.operations.set(operation.id, operation);
  startWhatCan(world, set);
  return operation.id;
}

function startWhatCan(world: World, set: StackSet): void {
  const before: Operation[] = [];
  for (const operation of openOperations(set)) {
    const free = set.content.managedExecution
      ? !before.some((other) => conflict(other, operation))
      : before.length === 0;
    before.push(operation);
    if (operation.status === 'QUEUED' && free) run(world, set, operation, () => startWhatCan(world, set));
  }
}

export function findOperation(set: StackSet, operationId: string): Operation {
  const operation = set.operations.get(operationId);
  if (operation === undefined) throw operationNotFound(operationId, set.name);
  return operation;
}

/** What is under way in an account ends by itself; what has not begun is cancelled. */
export function stop(world: World, set: StackSet, operation: Operation): void {
  if (operation.status === 'QUEUED') {
    operation.status = 'STOPPED';
    operation.endedAt = world.clock.now();
    return startWhatCan(world, set);
  }
  if (operation.status !== 'RUNNING')
    throw invalidOperation(`Operation ${operation.id} is in ${operation.status} state and cannot be stopped`);
  operation.status = 'STOPPING';
}

export const hasOpenOperation = (set: StackSet): boolean => openOperations(set).length > 0;
