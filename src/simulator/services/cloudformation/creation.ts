import { AwsError } from '../../kernel/contract.js';
import { activeResources, evaluateOutputs, openScope } from './composition.js';
import type { Environment } from './environment.js';
import { replaceExports } from './exports.js';
import type { Outside } from './import-outside.js';
import { importStep } from './import-work.js';
import { beginOperation, keepResource, setStatus } from './journal.js';
import { retire } from './deletion.js';
import { duration, endOperation, failedResources, tolerant } from './operation-end.js';
import { createStep, deleteStep } from './resource-work.js';
import type { LiveResource, Output, Stack } from './stack.js';
import { play, type Failure } from './timeline.js';

/** Creates what the stack's definition asks for; a failure is rolled back, kept or deleted, as the stack was told. */
export function startCreation(
  environment: Environment,
  stack: Stack,
  operationId: string,
  token: string | undefined,
  /** Why it will fail before it makes anything. */
  refusal: string | undefined = undefined,
  /** What it brings in from outside instead of making it, by logical id. */
  brought: ReadonlyMap<string, Outside> = new Map(),
): void {
  const { base } = environment;
  const operation = beginOperation(stack, 'CREATE_STACK', operationId, token);
  setStatus(stack, 'CREATE_IN_PROGRESS', base.clock.now(), 'User Initiated');
  const imports = new Set<string>();
  const contents = { resources: new Map<string, LiveResource>(), outputs: [], imports };
  stack.contents = contents;
  const scope = openScope(environment, stack, stack.definition, contents.resources, imports);
  const wanted = refusal === undefined ? activeResources(stack.definition, scope) : [];
  const steps = wanted.map((definition) => {
    const outside = brought.get(definition.logicalId);
    if (outside) return importStep(environment, stack, definition, outside, () => scope);
    return createStep(
      environment,
      stack,
      definition,
      () => scope,
      () => undefined,
    );
  });
  const playing = play(base.clock, duration(environment, stack, 'CREATE_STACK'), steps, (failure) => {
    timer?.cancel();
    const reason = failure
      ? failedResources('create', [failure])
      : (refusal ?? publish(environment, stack, () => evaluateOutputs(stack.definition, scope)));
    if (reason === undefined) endOperation(environment, stack, 'CREATE_COMPLETE');
    else creationFailed(environment, stack, reason);
  });
  const late = stack.timeoutInMinutes;
  const timer =
    late === undefined
      ? undefined
      : base.clock.after(late * 60, () => {
          playing.cancel();
          creationFailed(environment, stack, cancelled(stack, base.clock.now()));
        });
  operation.cancel = () => {
    timer?.cancel();
    playing.cancel();
  };
}

/** Notes that the resources under way are given up because the stack's time is; answers the stack's reason. */
function cancelled(stack: Stack, at: Date): string {
  const open = [...(stack.contents?.resources.values() ?? [])].filter(({ status }) => status === 'CREATE_IN_PROGRESS');
  for (const resource of open)
    keepResource(stack, { ...resource, status: 'CREATE_FAILED', reason: 'Resource creation cancelled', updatedAt: at });
  const failures = open.map(({ logicalId }) => ({ logicalId, reason: '' }));
  return `Stack creation time exceeded the specified timeout. ${failedResources('create', failures)}`;
}

/** Deletes what a failed creation has left behind; the stack stays, as ROLLBACK_COMPLETE. */
export function startCreationRollback(environment: Environment, stack: Stack, reason: string): void {
  const { base } = environment;
  const deletes = stack.onFailure === 'DELETE';
  setStatus(stack, deletes ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', base.clock.now(), reason);
  const failures: Failure[] = [];
  const resources = [...(stack.contents?.resources.values() ?? [])]
    .filter(({ physicalId }) => physicalId !== '')
    .reverse();
  const steps = resources.map((resource) => {
    const { deletionPolicy } = resource.definition;
    const retain = resource.origin !== undefined || (deletionPolicy === 'Retain' && !stack.retainExceptOnCreate);
    return tolerant(
      deleteStep(environment, stack, resource, { retain, listed: true, gone: () => undefined }),
      failures,
    );
  });
  const playing = play(base.clock, duration(environment, stack, 'ROLLBACK') / 2, steps, () => {
    stack.contents = stack.contents && { ...stack.contents, outputs: [], imports: new Set() };
    if (failures.length > 0) {
      endOperation(
        environment,
        stack,
        deletes ? 'DELETE_FAILED' : 'ROLLBACK_FAILED',
        failedResources('delete', failures),
      );
    } else if (deletes) {
      retire(environment, stack);
    } else {
      endOperation(environment, stack, 'ROLLBACK_COMPLETE');
    }
  });
  if (stack.operation) stack.operation.cancel = () => playing.cancel();
}

/** Sets the stack's outputs and exports; answers why that is not possible. */
export function publish(environment: Environment, stack: Stack, outputs: () => readonly Output[]): string | undefined {
  try {
    const evaluated = outputs();
    const refused = replaceExports(environment, stack, evaluated);
    if (refused === undefined && stack.contents) stack.contents.outputs = evaluated;
    return refused;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

function creationFailed(environment: Environment, stack: Stack, reason: string): void {
  switch (stack.onFailure) {
    case 'DO_NOTHING':
      return endOperation(environment, stack, 'CREATE_FAILED', reason);
    case 'ROLLBACK':
    case 'DELETE':
      return startCreationRollback(environment, stack, `${reason.trimEnd()} Rollback requested by user.`);
  }
}
