import { AwsError, type Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import type { GivenParameter } from '../../templates/parameters.js';
import type { Environment } from './environment.js';
import { areaOf } from './environment.js';
import { startCreationRollback } from './creation.js';
import { beginOperation } from './journal.js';
import { callersArea, livingStack } from './lookup.js';
import { stackBusy } from './refusals.js';
import { remembered, repeatedCall, requestCreation, requestDeletion, requestUpdate } from './requests.js';
import type { OnFailure, OperationType, Stack, Tag } from './stack.js';
import { requiredTemplate } from './template-source.js';
import { startUpdateRollback } from './update-rollback.js';

/** The operations that change stacks directly. */
export function stackOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    CreateStack: (input, call) => {
      if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
        throw invalid('Either DisableRollback or OnFailure can be specified, not both.');
      }
      const begun = requestCreation(environment, {
        accountId: call.principal.accountId,
        region: call.region,
        name: input.StackName ?? '',
        template: requiredTemplate(environment, input),
        parameters: givenParameters(input.Parameters),
        tags: givenTags(input.Tags) ?? [],
        capabilities: input.Capabilities ?? [],
        roleArn: input.RoleARN,
        notificationArns: input.NotificationARNs ?? [],
        token: input.ClientRequestToken,
        terminationProtection: input.EnableTerminationProtection === true,
        onFailure: onFailure(input.OnFailure, input.DisableRollback),
        retainExceptOnCreate: input.RetainExceptOnCreate === true,
        timeoutInMinutes: input.TimeoutInMinutes,
        policy: input.StackPolicyBody,
        parent: undefined,
      });
      return { StackId: begun.stackId, OperationId: begun.operationId };
    },
    UpdateStack: (input, call) => {
      const stack = livingStackForUpdate(environment, call, input.StackName);
      const template =
        input.UsePreviousTemplate === true ? stack.definition.template : requiredTemplate(environment, input);
      const begun = requestUpdate(environment, stack, {
        template,
        parameters: givenParameters(input.Parameters),
        tags: givenTags(input.Tags),
        capabilities: input.Capabilities ?? [],
        roleArn: input.RoleARN,
        token: input.ClientRequestToken,
        disableRollback: input.DisableRollback === true,
      });
      if (input.StackPolicyBody !== undefined) stack.policy = input.StackPolicyBody;
      return { StackId: begun.stackId, OperationId: begun.operationId };
    },
    DeleteStack: (input, call) => {
      const stack = callersArea(environment, call).find(input.StackName ?? '');
      if (stack) {
        requestDeletion(environment, stack, {
          retain: input.RetainResources ?? [],
          force: input.DeletionMode === 'FORCE_DELETE_STACK',
          token: input.ClientRequestToken,
          roleArn: input.RoleARN,
        });
      }
      return {};
    },
    UpdateTerminationProtection: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      if (stack.parent) throw invalid('TerminationProtection of a nested stack can only be changed on its root stack');
      if (stack.status.startsWith('DELETE_IN_PROGRESS')) throw stackBusy(stack);
      stack.terminationProtection = input.EnableTerminationProtection === true;
      return { StackId: stack.id };
    },
    CancelUpdateStack: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      if (stack.status !== 'UPDATE_IN_PROGRESS') {
        throw invalid(`CancelUpdateStack cannot be called from current stack status`);
      }
      stack.operation?.cancel();
      startUpdateRollback(environment, stack, 'User Initiated', []);
      return {};
    },
    ContinueUpdateRollback: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      if (stack.parent) throw invalid('RollbackUpdatedStack cannot be invoked on child stacks');
      return again(environment, stack, 'CONTINUE_ROLLBACK', input, ['UPDATE_ROLLBACK_FAILED'], () =>
        startUpdateRollback(environment, stack, 'User Initiated', input.ResourcesToSkip ?? []),
      );
    },
    RollbackStack: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      return again(environment, stack, 'ROLLBACK', input, ['CREATE_FAILED', 'UPDATE_FAILED'], () => {
        if (stack.recovery) return startUpdateRollback(environment, stack, 'User Initiated', []);
        stack.onFailure = 'ROLLBACK';
        startCreationRollback(environment, stack, 'User Initiated');
      });
    },
    SetStackPolicy: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      const body: unknown = input.StackPolicyBody;
      if (typeof body !== 'string') throw invalid('Either StackPolicyBody or StackPolicyURL must be specified.');
      try {
        JSON.parse(body);
      } catch {
        throw invalid('Error validating stack policy: Invalid stack policy');
      }
      stack.policy = body;
      return {};
    },
    GetStackPolicy: (input, call) => {
      const { policy } = livingStack(environment, call, input.StackName);
      return policy === undefined ? {} : { StackPolicyBody: policy };
    },
  };
}

type GivenParameterEntry = {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
};

/** Parameters of a request; a key with neither a value nor `UsePreviousValue` counts as empty, as it does for CloudFormation. */
export function givenParameters(list: readonly GivenParameterEntry[] | undefined): readonly GivenParameter[] {
  return (list ?? []).map(({ ParameterKey: key = '', ParameterValue, UsePreviousValue }) => {
    if (UsePreviousValue !== true) return { key, value: ParameterValue ?? '' };
    if (ParameterValue === undefined) return { key, usePrevious: true };
    throw invalid(
      `Invalid input for parameter key ${key}. Either UsePreviousValue can be specified as true or ParameterValue can be specified`,
    );
  });
}

/** Tags of a request; undefined where it does not speak of them. */
export function givenTags(
  list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): readonly Tag[] | undefined {
  return list?.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}

/** What a failed creation leads to. */
export function onFailure(given: string | undefined, disableRollback: boolean | undefined): OnFailure {
  if (given === 'DELETE' || given === 'DO_NOTHING' || given === 'ROLLBACK') return given;
  if (given !== undefined)
    throw new AwsError('ValidationError', `OnFailure ${given} is not one of DO_NOTHING, ROLLBACK, DELETE`);
  return disableRollback === true ? 'DO_NOTHING' : 'ROLLBACK';
}

function livingStackForUpdate(environment: Environment, call: Parameters<Handler>[1], name: string | undefined): Stack {
  const stack = callersArea(environment, call).find(name ?? '');
  if (!stack || stack.status === 'DELETE_COMPLETE') throw invalid(`Stack [${name ?? ''}] does not exist`);
  return stack;
}

function again(
  environment: Environment,
  stack: Stack,
  type: OperationType,
  input: { readonly ClientRequestToken?: string },
  from: readonly string[],
  start: () => void,
): { readonly StackId: string; readonly OperationId: string } {
  const area = areaOf(environment, stack);
  const print = JSON.stringify([type, stack.id]);
  const repeated = repeatedCall(area, input.ClientRequestToken, print);
  if (repeated) return { StackId: repeated.stackId, OperationId: repeated.operationId };
  if (!from.includes(stack.status)) {
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  }
  const { operationId } = remembered(environment, area, stack, input.ClientRequestToken, print);
  beginOperation(stack, type, operationId, input.ClientRequestToken);
  start();
  return { StackId: stack.id, OperationId: operationId };
}
