import { contentsOf } from './composition.js';
import { replaceExports } from './exports.js';
import type { Environment } from './environment.js';
import { setStatus } from './journal.js';
import { duration, endOperation, failedResources, tolerant } from './operation-end.js';
import { deleteStep, restoreStep } from './resource-work.js';
import type { Recovery, Stack } from './stack.js';
import { play } from './timeline.js';

/** Takes the stack back to where its update began; stops as UPDATE_ROLLBACK_FAILED where a resource will not go back. */
export function startUpdateRollback(
  environment: Environment,
  stack: Stack,
  reason: string | undefined,
  skip: readonly string[],
): void {
  const { base } = environment;
  const { recovery } = stack;
  if (!recovery) throw new Error(`Stack ${stack.id} has nothing to go back to`);
  stack.definition = recovery.definition;
  stack.updatedAt = base.clock.now();
  setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', base.clock.now(), reason);
  const steps = [...recovery.touched].reverse().flatMap((logicalId) => {
    const before = recovery.resources.get(logicalId);
    return before ? [restoreStep(environment, stack, before, skip.includes(logicalId))] : [];
  });
  const playing = play(base.clock, duration(environment, stack, 'ROLLBACK') / 2, steps, (failure) => {
    if (failure) endOperation(environment, stack, 'UPDATE_ROLLBACK_FAILED', failedResources('update', [failure]));
    else cleanUp(environment, stack, recovery);
  });
  if (stack.operation) stack.operation.cancel = () => playing.cancel();
}

function cleanUp(environment: Environment, stack: Stack, recovery: Recovery): void {
  const { base } = environment;
  setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', base.clock.now());
  const { resources } = contentsOf(environment, stack);
  const added = [...resources.values()].filter(({ logicalId }) => !recovery.resources.has(logicalId));
  const steps = [
    ...added
      .filter(({ physicalId }) => physicalId !== '')
      .map((resource) =>
        deleteStep(environment, stack, resource, {
          retain:
            resource.origin !== undefined ||
            (resource.definition.deletionPolicy === 'Retain' && !stack.retainExceptOnCreate),
          listed: true,
          gone: () => undefined,
        }),
      ),
    ...recovery.created.map((resource) =>
      deleteStep(environment, stack, resource, { retain: false, listed: false, gone: () => undefined }),
    ),
  ];
  const seconds = steps.length === 0 ? 2 : duration(environment, stack, 'DELETE_STACK') / 4;
  const playing = play(
    base.clock,
    seconds,
    steps.reverse().map((step) => tolerant(step, [])),
    () => {
      for (const { logicalId } of added) resources.delete(logicalId);
      for (const [logicalId, resource] of recovery.resources)
        if (!resources.has(logicalId)) resources.set(logicalId, resource);
      stack.contents = { resources, outputs: recovery.outputs, imports: recovery.imports };
      replaceExports(environment, stack, recovery.outputs);
      stack.recovery = undefined;
      endOperation(environment, stack, 'UPDATE_ROLLBACK_COMPLETE');
    },
  );
  if (stack.operation) stack.operation.cancel = () => playing.cancel();
}
