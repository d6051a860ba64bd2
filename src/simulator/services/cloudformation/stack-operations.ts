import type { UpdateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { AwsError, type Call, type Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import type { GivenParameter } from '../../templates/parameters.js';
import type { Environment } from './environment.js';
import { bracketedStack, callersArea } from './lookup.js';
import { givenPolicy } from './policy-operations.js';
import { stackBusy } from './refusals.js';
import { checkLimits, checkResourceTypes } from './request-limits.js';
import { requestCreation, requestDeletion, requestUpdate } from './requests.js';
import type { OnFailure, Tag } from './stack.js';
import { requiredTemplate } from './template-source.js';

/** The operations that change stacks directly. */
export function stackOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    CreateStack: (input, call) => {
      if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
        throw invalid('Either DisableRollback or OnFailure can be specified, not both.');
      }
      checkLimits(input);
      const template = requiredTemplate(environment, input);
      checkResourceTypes(template, input.ResourceTypes);
      const begun = requestCreation(environment, {
        accountId: call.principal.accountId,
        region: call.region,
        name: input.StackName ?? '',
        template,
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
        policy: givenPolicy(environment, input.StackPolicyBody, input.StackPolicyURL),
        parent: undefined,
      });
      return { StackId: begun.stackId, OperationId: begun.operationId };
    },
    UpdateStack: (input, call) => updateStack(environment, input, call),
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
      const stack = bracketedStack(environment, call, input.StackName);
      if (stack.parent) throw invalid('TerminationProtection of a nested stack can only be changed on its root stack');
      if (stack.status.startsWith('DELETE_IN_PROGRESS')) throw stackBusy(stack);
      stack.terminationProtection = input.EnableTerminationProtection === true;
      return { StackId: stack.id };
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

function updateStack(
  environment: Environment,
  input: UpdateStackCommandInput,
  call: Call,
): { readonly StackId: string; readonly OperationId: string } {
  const stack = bracketedStack(environment, call, input.StackName);
  const previous = input.UsePreviousTemplate === true;
  if (previous && (input.TemplateBody !== undefined || input.TemplateURL !== undefined)) {
    throw invalid('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
  }
  checkLimits(input);
  const template = previous ? stack.definition.template : requiredTemplate(environment, input);
  checkResourceTypes(template, input.ResourceTypes);
  const policy = givenPolicy(environment, input.StackPolicyBody, input.StackPolicyURL);
  const passing = givenPolicy(environment, input.StackPolicyDuringUpdateBody, input.StackPolicyDuringUpdateURL);
  stack.policyDuringUpdate = passing;
  try {
    const { stackId, operationId } = requestUpdate(environment, stack, {
      template,
      parameters: givenParameters(input.Parameters),
      tags: givenTags(input.Tags),
      capabilities: input.Capabilities ?? [],
      roleArn: input.RoleARN,
      notificationArns: input.NotificationARNs,
      token: input.ClientRequestToken,
      disableRollback: input.DisableRollback === true,
    });
    stack.retainExceptOnCreate = input.RetainExceptOnCreate === true;
    // An update that the standing policy forbids does not get to replace it.
    if (policy !== undefined)
      stack.waiting.unshift(({ status }) => {
        if (status === 'UPDATE_COMPLETE') stack.policy = policy;
      });
    return { StackId: stackId, OperationId: operationId };
  } finally {
    stack.policyDuringUpdate = undefined;
  }
}
