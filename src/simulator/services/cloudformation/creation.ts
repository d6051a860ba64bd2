import { AwsError } from '../../kernel/contract.js';
import { activeResources, evaluateOutputs, openScope } from './composition.js';
import type { Environment } from './environment.js';
import { replaceExports } from './exports.js';
import { beginOperation, setStatus } from './journal.js';
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
): void {
  const { base } = environment;
  const operation = beginOperation(stack, 'CREATE_STACK', operationId, token);
  setStatus(stack, 'CREATE_IN_PROGRESS', base.clock.now(), 'User Initiated');
  const imports = new Set<string>();
  const contents = { resources: new Map<string, LiveResource>(), outputs: [], imports };
  stack.contents = contents;
  const scope = openScope(environment, stack, stack.definition, contents.resources, imports);
  const steps = activeResources(stack.definition, scope).map((definition) =>
    createStep(
      environment,
      stack,
      definition,
      () => scope,
      () => undefined,
    ),
  );
  const playing = play(base.clock, duration(environment, stack, 'CREATE_STACK'), steps, (failure) => {
    const reason = failure
      ? failedResources('create', [failure])
      : publish(environment, stack, () => evaluateOutputs(stack.definition, scope));
    if (reason === undefined) endOperation(environment, stack, 'CREATE_COMPLETE');
    else creationFailed(environment, stack, reason);
  });
  operation.cancel = () => playing.cancel();
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
    const retain = deletionPolicy === 'Retain' && !stack.retainExceptOnCreate;
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
      return startCreationRollback(environment, stack, `${reason}Rollback requested by user.`);
  }
}
