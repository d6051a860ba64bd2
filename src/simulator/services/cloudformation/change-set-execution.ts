import type { ExecuteChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import { AwsError, type Call } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { setAside } from './change-set-archive.js';
import { hierarchyOf, type ChangeSet, type StackChangeSet } from './change-set.js';
import { changeSetNamed } from './change-set-lookup.js';
import { checkIsRoot } from './change-set-nesting.js';
import { startCreation } from './creation.js';
import { areaOf, type Environment } from './environment.js';
import { startImport } from './import-execution.js';
import { checkCapabilities, checkUpdatable, remembered, repeatedCall } from './requests.js';
import type { Stack } from './stack.js';
import { startUpdate } from './updating.js';

const SUCCEEDED = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** Begins to carry out a change set. The stack's other change sets are gone with it, and its own name is free once it has ended. */
export function executeChangeSet(
  environment: Environment,
  input: ExecuteChangeSetCommandInput,
  call: Call,
): Record<string, never> {
  const found = changeSetNamed(environment, call, input);
  const { stack, changeSet } = found;
  const token = input.ClientRequestToken;
  const area = areaOf(environment, stack);
  const print = JSON.stringify(['ExecuteChangeSet', changeSet.id]);
  if (repeatedCall(area, token, print)) return {};
  checkExecutable(stack, changeSet, input);
  const { operationId } = remembered(environment, area, stack, token, print);
  for (const [name, other] of stack.changeSets) if (other !== changeSet) stack.changeSets.delete(name);
  for (const each of hierarchyOf(found)) each.changeSet.execution = begun(each.changeSet);
  stack.changeSetId = changeSet.id;
  stack.roleArn = changeSet.roleArn ?? stack.roleArn;
  stack.place = { ...stack.place, notificationArns: changeSet.notificationArns };
  stack.retainExceptOnCreate = input.RetainExceptOnCreate === true;
  carryOut(environment, found, { operationId, token, disableRollback: input.DisableRollback === true });
  stack.waiting.unshift(({ status }) => ended(environment, found, SUCCEEDED.has(status)));
  return {};
}

/** The refusal of something that the change set's state does not allow. */
export function wrongStatus({ id, status, execution }: ChangeSet, verb: string): AwsError {
  const what = status === 'CREATE_COMPLETE' ? `execution status of [${execution}]` : `status of [${status}]`;
  return new AwsError('InvalidChangeSetStatus', `ChangeSet [${id}] cannot be ${verb} in its current ${what}`);
}

function checkExecutable(stack: Stack, changeSet: ChangeSet, input: ExecuteChangeSetCommandInput): void {
  checkIsRoot(changeSet, 'execute');
  if (changeSet.status !== 'CREATE_COMPLETE' || changeSet.execution !== 'AVAILABLE')
    throw wrongStatus(changeSet, 'executed');
  if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    const where = `while stack [${stack.id}] is in ${stack.status} state`;
    throw new AwsError('InvalidChangeSetStatus', `ChangeSet [${changeSet.id}] cannot be executed ${where}`);
  }
  if (stack.status !== 'REVIEW_IN_PROGRESS') checkUpdatable(stack);
  checkCapabilities(changeSet.definition.template, [...changeSet.definition.capabilities, 'CAPABILITY_AUTO_EXPAND']);
  if (changeSet.onFailure !== undefined && input.DisableRollback !== undefined) {
    throw invalid('DisableRollback cannot be specified when OnStackFailure was specified for the change set.');
  }
}

function carryOut(
  environment: Environment,
  { stack, changeSet }: StackChangeSet,
  given: { readonly operationId: string; readonly token: string | undefined; readonly disableRollback: boolean },
): void {
  const { operationId, token } = given;
  const { definition, brought: imports, onFailure, revertsDrift } = changeSet;
  const disableRollback = given.disableRollback || onFailure === 'DO_NOTHING';
  if (changeSet.type === 'IMPORT') return startImport(environment, stack, definition, { operationId, token, imports });
  if (stack.status !== 'REVIEW_IN_PROGRESS')
    return startUpdate(environment, stack, definition, { operationId, token, disableRollback, revertsDrift, imports });
  stack.definition = definition;
  stack.onFailure = onFailure ?? (disableRollback ? 'DO_NOTHING' : 'ROLLBACK');
  stack.updatedAt = environment.base.clock.now();
  startCreation(environment, stack, operationId, token, undefined, imports);
}

/** A nested change set without changes has nothing to carry out. */
function begun({ status, execution }: ChangeSet): ChangeSet['execution'] {
  return status === 'CREATE_COMPLETE' ? 'EXECUTE_IN_PROGRESS' : execution;
}

function ended(environment: Environment, root: StackChangeSet, succeeded: boolean): void {
  for (const each of hierarchyOf(root)) {
    if (each.changeSet.execution !== 'EXECUTE_IN_PROGRESS') continue;
    each.changeSet.execution = succeeded ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
    setAside(environment, each);
  }
}
