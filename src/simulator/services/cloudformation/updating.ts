import { collectImports, contentsOf, evaluateOutputs, openScope } from './composition.js';
import { publish } from './creation.js';
import type { Environment } from './environment.js';
import { beginOperation, setStatus } from './journal.js';
import { duration, endOperation, failedResources, tolerant } from './operation-end.js';
import { project } from './projection.js';
import { createStep, deleteStep, updateStep } from './resource-work.js';
import type { Definition, LiveResource, Recovery, Stack } from './stack.js';
import { play } from './timeline.js';
import { startUpdateRollback } from './update-rollback.js';

export type UpdateOptions = {
  readonly operationId: string;
  readonly token: string | undefined;
  readonly disableRollback: boolean;
  readonly revertsDrift: boolean;
};

/** Brings the stack to the definition: adds and changes first, deletes last, and goes back to what was where something fails. */
export function startUpdate(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  options: UpdateOptions,
): void {
  const { base } = environment;
  const contents = contentsOf(environment, stack);
  const { changes } = project(environment, stack, definition, options);
  const operation = beginOperation(stack, 'UPDATE_STACK', options.operationId, options.token);
  // An update that goes forward from UPDATE_FAILED still goes back to where the first one began.
  const recovery = stack.recovery ?? snapshot(stack, contents);
  stack.recovery = recovery;
  stack.definition = definition;
  stack.updatedAt = base.clock.now();
  setStatus(stack, 'UPDATE_IN_PROGRESS', base.clock.now(), 'User Initiated');
  const imports = new Set<string>();
  const scope = openScope(environment, stack, definition, contents.resources, imports);
  const replaced: LiveResource[] = [];
  const steps = changes.flatMap((change) => {
    switch (change.action) {
      case 'Remove':
        return [];
      case 'Add':
        return [
          createStep(
            environment,
            stack,
            change.definition,
            () => scope,
            () => undefined,
          ),
        ];
      case 'Modify':
        return [
          updateStep(environment, stack, change.definition, change.before, () => scope, {
            touched: () => recovery.touched.add(change.before.logicalId),
            replaced: (next) => {
              replaced.push(change.before);
              recovery.created.push(next);
            },
            revertsDrift: options.revertsDrift,
          }),
        ];
    }
  });
  const removed = changes.flatMap((change) => (change.action === 'Remove' ? [change.before] : []));
  const fail = (reason: string): void => {
    if (options.disableRollback) endOperation(environment, stack, 'UPDATE_FAILED', reason);
    else startUpdateRollback(environment, stack, reason, []);
  };
  const playing = play(base.clock, duration(environment, stack, 'UPDATE_STACK'), steps, (failure) => {
    if (failure)
      return fail(
        failedResources(contents.resources.get(failure.logicalId)?.status === 'CREATE_FAILED' ? 'create' : 'update', [
          failure,
        ]),
      );
    keepDefinitions(contents.resources, definition);
    collectImports(definition, scope);
    const refused = publish(environment, stack, () => evaluateOutputs(definition, scope));
    if (refused !== undefined) return fail(refused);
    contents.imports = imports;
    cleanUp(environment, stack, replaced, removed);
  });
  operation.cancel = () => playing.cancel();
}

/** Deletes what the update no longer needs; by then the update has succeeded, whatever becomes of these. */
function cleanUp(
  environment: Environment,
  stack: Stack,
  replaced: readonly LiveResource[],
  removed: readonly LiveResource[],
): void {
  const { base } = environment;
  setStatus(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', base.clock.now());
  stack.recovery = undefined;
  const retained = (policy: string): boolean => policy.startsWith('Retain');
  const steps = [
    ...removed.map((resource) =>
      deleteStep(environment, stack, resource, {
        retain: retained(resource.definition.deletionPolicy),
        listed: true,
        gone: () => stack.contents?.resources.delete(resource.logicalId),
      }),
    ),
    ...replaced.map((resource) =>
      deleteStep(environment, stack, resource, {
        retain: retained(resource.definition.updateReplacePolicy),
        listed: false,
        gone: () => undefined,
      }),
    ),
  ];
  const seconds = steps.length === 0 ? 2 : duration(environment, stack, 'DELETE_STACK') / 4;
  const playing = play(
    base.clock,
    seconds,
    steps.reverse().map((step) => tolerant(step, [])),
    () => {
      for (const { logicalId } of removed) stack.contents?.resources.delete(logicalId);
      endOperation(environment, stack, 'UPDATE_COMPLETE');
    },
  );
  if (stack.operation) stack.operation.cancel = () => playing.cancel();
}

function snapshot(stack: Stack, contents: NonNullable<Stack['contents']>): Recovery {
  return {
    definition: stack.definition,
    resources: new Map(contents.resources),
    outputs: contents.outputs,
    imports: contents.imports,
    touched: new Set(),
    created: [],
  };
}

/** Unchanged resources keep their state and take the new template's words about them. */
function keepDefinitions(resources: Map<string, LiveResource>, { template }: Definition): void {
  for (const [logicalId, resource] of resources) {
    const definition = template.resources.get(logicalId);
    if (definition && definition !== resource.definition) resources.set(logicalId, { ...resource, definition });
  }
}
