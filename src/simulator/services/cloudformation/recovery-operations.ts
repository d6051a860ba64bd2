import { AwsError, type Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { startCreationRollback } from './creation.js';
import { areaOf, type Environment } from './environment.js';
import { beginOperation, keepResource } from './journal.js';
import { bracketedStack } from './lookup.js';
import { checkRole, remembered, repeatedCall } from './requests.js';
import type { OperationType, Stack } from './stack.js';
import { startUpdateRollback } from './update-rollback.js';

/** The operations that take a stack back to where it was. */
export function recoveryOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    CancelUpdateStack: (input, call) => {
      const stack = bracketedStack(environment, call, input.StackName);
      const area = areaOf(environment, stack);
      const print = JSON.stringify(['CancelUpdateStack', stack.id]);
      if (repeatedCall(area, input.ClientRequestToken, print)) return {};
      if (stack.status !== 'UPDATE_IN_PROGRESS') {
        throw invalid(`CancelUpdateStack cannot be called from current stack status`);
      }
      remembered(environment, area, stack, input.ClientRequestToken, print);
      stack.operation?.cancel();
      cancelUpdates(environment, stack);
      startUpdateRollback(environment, stack, 'User Initiated', []);
      return {};
    },
    ContinueUpdateRollback: (input, call) => {
      const stack = bracketedStack(environment, call, input.StackName);
      if (stack.parent) throw invalid('RollbackUpdatedStack cannot be invoked on child stacks');
      return again(environment, stack, 'CONTINUE_ROLLBACK', input, ['UPDATE_ROLLBACK_FAILED'], () => {
        const skip: readonly string[] = input.ResourcesToSkip ?? [];
        checkSkippable(stack, skip);
        return () => startUpdateRollback(environment, stack, 'User Initiated', skip);
      });
    },
    RollbackStack: (input, call) => {
      const stack = bracketedStack(environment, call, input.StackName);
      return again(environment, stack, 'ROLLBACK', input, ['CREATE_FAILED', 'UPDATE_FAILED'], () => () => {
        stack.retainExceptOnCreate = input.RetainExceptOnCreate === true;
        if (stack.recovery) return startUpdateRollback(environment, stack, 'User Initiated', []);
        stack.onFailure = 'ROLLBACK';
        startCreationRollback(environment, stack, 'User Initiated');
      });
    },
  };
}

/** Only what the rollback could not bring back can be left as it is. */
function checkSkippable(stack: Stack, names: readonly string[]): void {
  if (names.some((name) => name.includes('.')))
    throw new AwsError('NotImplemented', 'The simulator does not skip resources of nested stacks.', 501);
  const not = names.find((name) => stack.contents?.resources.get(name)?.status !== 'UPDATE_FAILED');
  if (not !== undefined) throw invalid(`Resource ${not} is not in UPDATE_FAILED state and cannot be skipped`);
}

/** Resources that were being updated when the update was cancelled are left as they were. */
function cancelUpdates({ base }: Environment, stack: Stack): void {
  for (const resource of stack.contents?.resources.values() ?? []) {
    const cancelled = { UPDATE_IN_PROGRESS: 'UPDATE_FAILED', CREATE_IN_PROGRESS: 'CREATE_FAILED' }[resource.status];
    if (cancelled === undefined) continue;
    stack.recovery?.touched.add(resource.logicalId);
    const reason = cancelled === 'UPDATE_FAILED' ? 'Resource update cancelled' : 'Resource creation cancelled';
    keepResource(stack, { ...resource, status: cancelled, reason, updatedAt: base.clock.now() });
  }
}

type Answer = { readonly StackId: string; readonly OperationId: string };

function again(
  environment: Environment,
  stack: Stack,
  type: OperationType,
  input: { readonly ClientRequestToken?: string; readonly RoleARN?: string },
  from: readonly string[],
  prepare: () => () => void,
): Answer {
  const area = areaOf(environment, stack);
  const print = JSON.stringify([type, stack.id]);
  const repeated = repeatedCall(area, input.ClientRequestToken, print);
  if (repeated) return { StackId: repeated.stackId, OperationId: repeated.operationId };
  if (!from.includes(stack.status)) {
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  }
  const start = prepare();
  checkRole(environment, stack.place.accountId, input.RoleARN ?? stack.roleArn);
  stack.roleArn = input.RoleARN ?? stack.roleArn;
  const { operationId } = remembered(environment, area, stack, input.ClientRequestToken, print);
  beginOperation(stack, type, operationId, input.ClientRequestToken);
  start();
  return { StackId: stack.id, OperationId: operationId };
}
