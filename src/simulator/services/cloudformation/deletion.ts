import { setAllAside } from './change-set-archive.js';
import { areaOf, type Environment } from './environment.js';
import { knownContents } from './composition.js';
import { exportsInUse, replaceExports } from './exports.js';
import { beginOperation, setStatus } from './journal.js';
import { duration, endOperation, failedResources, tolerant } from './operation-end.js';
import { deleteStep } from './resource-work.js';
import type { Stack } from './stack.js';
import { play, type Failure } from './timeline.js';

export type DeletionOptions = {
  readonly operationId: string;
  readonly token: string | undefined;
  readonly retain: readonly string[];
  /** Leaves behind what cannot be deleted. */
  readonly force: boolean;
};

/**
 * Deletes the stack's resources, last created first, and then the stack; what fails is listed and the rest is deleted all the same.
 * A stack whose exports are in use is left as it was.
 */
export function startDeletion(environment: Environment, stack: Stack, options: DeletionOptions): void {
  const { base } = environment;
  // AWS deletes what nobody here knows of all the same.
  const contents = knownContents(environment, stack);
  stack.operation?.cancel();
  const standingStatus = stack.status;
  const operation = beginOperation(stack, 'DELETE_STACK', options.operationId, options.token);
  stack.updatedAt = base.clock.now();
  setStatus(stack, 'DELETE_IN_PROGRESS', base.clock.now(), 'User Initiated');
  const inUse = exportsInUse(environment, stack);
  const failures: Failure[] = [];
  const standing = [...contents.resources.values()].filter(
    ({ physicalId, status }) => physicalId !== '' && status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED',
  );
  const steps = standing.reverse().map((resource) => {
    const retain =
      resource.definition.deletionPolicy.startsWith('Retain') || options.retain.includes(resource.logicalId);
    return tolerant(
      deleteStep(environment, stack, resource, { retain, listed: true, gone: () => undefined }),
      failures,
    );
  });
  const seconds = steps.length === 0 ? 2 : duration(environment, stack, 'DELETE_STACK');
  const playing = play(base.clock, seconds, inUse === undefined ? steps : [], () => {
    if (inUse !== undefined) endOperation(environment, stack, standingStatus, inUse);
    else if (failures.length > 0 && !options.force) {
      endOperation(environment, stack, 'DELETE_FAILED', failedResources('delete', failures));
    } else retire(environment, stack);
  });
  operation.cancel = () => playing.cancel();
}

/** The stack is gone: its name is free, its id still answers. */
export function retire(environment: Environment, stack: Stack): void {
  replaceExports(environment, stack, []);
  areaOf(environment, stack).retire(stack);
  stack.deletedAt = environment.base.clock.now();
  stack.recovery = undefined;
  setAllAside(environment, stack);
  if (stack.contents) stack.contents = { ...stack.contents, outputs: [], imports: new Set() };
  endOperation(environment, stack, 'DELETE_COMPLETE');
}
