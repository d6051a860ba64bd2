import { collectImports, contentsOf, evaluateOutputs, openScope } from './composition.js';
import { publish } from './creation.js';
import type { Environment } from './environment.js';
import { unlessUnchanged } from './dynamic-step.js';
import { importStep } from './import-work.js';
import type { Outside } from './import-outside.js';
import { beginOperation, setStatus } from './journal.js';
import { duration, endOperation, failedResources, tolerant } from './operation-end.js';
import { project } from './projection.js';
import { denialOf, deniedStep } from './policed-changes.js';
import { createStep, deleteStep, updateStep } from './resource-work.js';
import type { Definition, LiveResource, Recovery, Stack } from './stack.js';
import { play } from './timeline.js';
import { startUpdateRollback } from './update-rollback.js';

export type UpdateOptions = {
  readonly operationId: string;
  readonly token: string | undefined;
  readonly disableRollback: boolean;
  readonly revertsDrift: boolean;
  /** Why it will fail before it changes anything. */
  readonly refusal?: string | undefined;
  /** What additions bring in from outside, by logical id. */
  readonly imports?: ReadonlyMap<string, Outside>;
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
  const changes = options.refusal === undefined ? project(environment, stack, definition, options).changes : [];
  const operation = beginOperation(stack, 'UPDATE_STACK', options.operationId, options.token);
  // An update that goes forward from UPDATE_FAILED still goes back to where the first one began.
  const recovery = stack.recovery ?? snapshot(stack, contents, options.revertsDrift);
  stack.recovery = recovery;
  stack.definition = definition;
  stack.updatedAt = base.clock.now();
  setStatus(stack, 'UPDATE_IN_PROGRESS', base.clock.now(), 'User Initiated');
  const imports = new Set<string>();
  const scope = openScope(environment, stack, definition, contents.resources, imports);
  const replaced: LiveResource[] = [];
  const policy = stack.policyDuringUpdate ?? stack.policy;
  const steps = changes.flatMap((change) => {
    const denied = policy === undefined ? undefined : denialOf(policy, change);
    if (denied) {
      return [
        unlessUnchanged(
          change,
          () => scope,
          deniedStep(
            stack,
            denied.before,
            denied.reason,
            () => base.clock.now(),
            () => recovery.touched.add(denied.before.logicalId),
          ),
        ),
      ];
    }
    switch (change.action) {
      case 'Remove':
        return [];
      case 'Import':
        return [importStep(environment, stack, change.definition, change.outside, () => scope)];
      case 'Add':
      case 'Dynamic':
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
      case 'SyncWithActual':
        return [
          unlessUnchanged(
            change,
            () => scope,
            updateStep(environment, stack, change.definition, change.before, () => scope, {
              touched: () => recovery.touched.add(change.before.logicalId),
              replaced: (next) => {
                replaced.push(change.before);
                recovery.created.push(next);
              },
              revertsDrift: options.revertsDrift,
            }),
          ),
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
    if (options.refusal !== undefined) return fail(options.refusal);
    collectImports(definition, scope);
    const refused = publish(environment, stack, () => {
      const evaluated = evaluateOutputs(definition, scope);
      return stack.seen?.asSeen(evaluated) ?? evaluated;
    });
    if (refused !== undefined) return fail(refused);
    keepDefinitions(contents.resources, definition);
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

function snapshot(stack: Stack, contents: NonNullable<Stack['contents']>, toActual: boolean): Recovery {
  return {
    definition: stack.definition,
    resources: new Map(contents.resources),
    outputs: contents.outputs,
    imports: contents.imports,
    touched: new Set(),
    toActual,
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
