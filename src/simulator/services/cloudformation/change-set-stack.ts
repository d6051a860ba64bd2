import type { CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import type { Call } from '../../kernel/contract.js';
import { readTemplate } from '../../templates/reader.js';
import { invalid } from '../../templates/refusal.js';
import type { Environment } from './environment.js';
import { callersArea } from './lookup.js';
import { bracketedStackMissing } from './refusals.js';
import { blankStack, checkName, checkUpdatable } from './requests.js';
import type { Definition, Stack } from './stack.js';

/** The stack that a change set is for; for one that is to be created, a stack that is not listed yet. Refuses where the type does not fit. */
export function stackOf(environment: Environment, input: CreateChangeSetCommandInput, call: Call): Stack {
  const name = input.StackName ?? '';
  const existing = callersArea(environment, call).find(name);
  const stands = existing !== undefined && existing.status !== 'DELETE_COMPLETE';
  switch (input.ChangeSetType) {
    case 'CREATE':
      if (existing?.status === 'REVIEW_IN_PROGRESS') return existing;
      if (existing) throw alreadyExists(name, input.ChangeSetName ?? '');
      return stackInReview(environment, input, call);
    case 'IMPORT':
      if (!stands) return stackInReview(environment, input, call);
      if (existing.status !== 'REVIEW_IN_PROGRESS') checkUpdatable(existing);
      return existing;
    case 'UPDATE':
    case undefined:
      if (!stands) throw bracketedStackMissing(name);
      checkUpdatable(existing);
      return existing;
  }
}

/** A stack in review has no template of its own yet; GetTemplate of it shows an empty one. */
export function unwritten(): Definition {
  const some = readTemplate('{"Resources":{"None":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}');
  const template = { ...some, text: '{}', processed: '{}', resources: new Map() };
  return { template, parameters: new Map(), tags: [], capabilities: [] };
}

function stackInReview(environment: Environment, input: CreateChangeSetCommandInput, call: Call): Stack {
  const name = input.StackName ?? '';
  checkName(name);
  const request = {
    accountId: call.principal.accountId,
    region: call.region,
    name,
    tags: [],
    capabilities: [],
    roleArn: input.RoleARN,
    notificationArns: input.NotificationARNs ?? [],
    token: undefined,
    terminationProtection: false,
    onFailure: 'ROLLBACK' as const,
    retainExceptOnCreate: false,
    timeoutInMinutes: undefined,
    policy: undefined,
    parent: undefined,
  };
  return blankStack(environment, request, unwritten());
}

function alreadyExists(stack: string, changeSet: string): Error {
  return invalid(`Stack [${stack}] already exists and cannot be created again with the changeSet [${changeSet}].`);
}
