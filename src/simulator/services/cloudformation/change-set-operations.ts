import type { CreateChangeSetCommandInput, ExecuteChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import { AwsError, type Call, type Handler } from '../../kernel/contract.js';
import { readTemplate } from '../../templates/reader.js';
import { resolveParameters } from '../../templates/parameters.js';
import { invalid } from '../../templates/refusal.js';
import type { ChangeSet } from './change-set.js';
import { describeChange, describeChangeSet, summarizeChangeSet } from './change-set-description.js';
import { changeSetNamed, findChangeSet } from './change-set-lookup.js';
import { startCreation } from './creation.js';
import { areaOf, type Environment } from './environment.js';
import { noteOperation, setStatus } from './journal.js';
import { callersArea, livingStack } from './lookup.js';
import { pageOf } from './pages.js';
import { project } from './projection.js';
import { constraint, stackBusy } from './refusals.js';
import {
  blankStack,
  checkCapabilities,
  checkName,
  checkRole,
  checkTags,
  checkUpdatable,
  remembered,
  repeatedCall,
  updatedDefinition,
} from './requests.js';
import type { Definition, Stack } from './stack.js';
import { givenParameters, givenTags, onFailure } from './stack-operations.js';
import { requiredTemplate } from './template-source.js';
import { startUpdate } from './updating.js';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** The operations on change sets. */
export function changeSetOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    CreateChangeSet: (input, call) => createChangeSet(environment, input, call),
    DescribeChangeSet: (input, call) => {
      const { stack, changeSet } = changeSetNamed(environment, call, input);
      const { items, ...rest } = pageOf(changeSet.changes, input.NextToken, 100);
      const values = input.IncludePropertyValues === true ? 'with-values' : 'without-values';
      return {
        ...describeChangeSet(stack, changeSet),
        Changes: items.map((change) => describeChange(change, values)),
        ...rest,
      };
    },
    ExecuteChangeSet: (input, call) => executeChangeSet(environment, input, call),
    DeleteChangeSet: (input, call) => {
      const found = findChangeSet(environment, call, input);
      if (found?.changeSet.execution === 'EXECUTE_IN_PROGRESS') throw wrongStatus(found.changeSet, 'deleted');
      found?.stack.changeSets.delete(found.changeSet.name);
      return {};
    },
    ListChangeSets: (input, call) => {
      const stack = livingStack(environment, call, input.StackName);
      const { items, ...rest } = pageOf([...stack.changeSets.values()], input.NextToken, 100);
      return { Summaries: items.map((changeSet) => summarizeChangeSet(stack, changeSet)), ...rest };
    },
  };
}

function createChangeSet(
  environment: Environment,
  input: CreateChangeSetCommandInput,
  call: Call,
): { readonly Id: string; readonly StackId: string } {
  const { base } = environment;
  const type: string = input.ChangeSetType ?? 'UPDATE';
  if (type === 'IMPORT' || input.ResourcesToImport !== undefined || input.ImportExistingResources === true) {
    throw new AwsError('NotImplemented', 'The simulator does not import resources into stacks.', 501);
  }
  const name = input.ChangeSetName ?? '';
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw constraint(name, 'changeSetName', 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
  }
  const stack = type === 'CREATE' ? stackToCreate(environment, input, call) : stackToUpdate(environment, input, call);
  const existing = stack.changeSets.get(name);
  if (existing && input.ClientToken !== undefined && existing.token === input.ClientToken)
    return { Id: existing.id, StackId: stack.id };
  if (existing) throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
  checkRole(environment, stack.place.accountId, input.RoleARN);
  const definition = changedDefinition(environment, stack, input);
  const id = `arn:${base.partition}:cloudformation:${stack.place.region}:${stack.place.accountId}:changeSet/${name}/${base.identifiers.uuid()}`;
  const changeSet: ChangeSet = {
    id,
    name,
    type: type === 'CREATE' ? 'CREATE' : 'UPDATE',
    createdAt: base.clock.now(),
    description: input.Description,
    definition,
    roleArn: input.RoleARN,
    notificationArns: input.NotificationARNs ?? stack.place.notificationArns,
    onFailure: input.OnStackFailure === undefined ? undefined : onFailure(input.OnStackFailure, undefined),
    revertsDrift: input.DeploymentMode === 'REVERT_DRIFT',
    token: input.ClientToken,
    status: 'CREATE_PENDING',
    execution: 'UNAVAILABLE',
    reason: undefined,
    changes: [],
  };
  if (!areaOf(environment, stack).byId.has(stack.id)) {
    areaOf(environment, stack).add(stack);
    setStatus(stack, 'REVIEW_IN_PROGRESS', base.clock.now(), 'User Initiated');
  }
  if (stack.status === 'REVIEW_IN_PROGRESS') stack.changeSetId = id;
  stack.changeSets.set(changeSet.name, changeSet);
  noteOperation(stack, 'CREATE_CHANGESET', base.identifiers.uuid());
  const seconds = base.identifiers.between(2, 10, id);
  base.clock.after(seconds / 4, () => {
    if (changeSet.status === 'CREATE_PENDING') changeSet.status = 'CREATE_IN_PROGRESS';
  });
  base.clock.after(seconds, () => complete(environment, stack, changeSet));
  return { Id: id, StackId: stack.id };
}

/** Works out the changes; what cannot be evaluated, or changes nothing, makes a FAILED change set rather than an error. */
function complete(environment: Environment, stack: Stack, changeSet: ChangeSet): void {
  try {
    const { changes, any } = project(environment, stack, changeSet.definition, changeSet);
    changeSet.changes = changes;
    changeSet.status = any ? 'CREATE_COMPLETE' : 'FAILED';
    changeSet.reason = any ? undefined : NO_CHANGES;
    if (any && changeSet.execution === 'UNAVAILABLE') changeSet.execution = 'AVAILABLE';
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    changeSet.status = 'FAILED';
    changeSet.reason = error.message;
  }
}

function executeChangeSet(
  environment: Environment,
  input: ExecuteChangeSetCommandInput,
  call: Call,
): Record<string, never> {
  const { stack, changeSet } = changeSetNamed(environment, call, input);
  const token: string | undefined = input.ClientRequestToken;
  const area = areaOf(environment, stack);
  const print = JSON.stringify(['ExecuteChangeSet', changeSet.id]);
  if (repeatedCall(area, token, print)) return {};
  if (changeSet.status !== 'CREATE_COMPLETE' || changeSet.execution !== 'AVAILABLE')
    throw wrongStatus(changeSet, 'executed');
  if (stack.status !== 'REVIEW_IN_PROGRESS') checkUpdatable(stack);
  checkCapabilities(changeSet.definition.template, [...changeSet.definition.capabilities, 'CAPABILITY_AUTO_EXPAND']);
  if (changeSet.onFailure !== undefined && input.DisableRollback !== undefined) {
    throw invalid('DisableRollback cannot be specified when OnStackFailure was specified for the change set.');
  }
  const { operationId } = remembered(environment, area, stack, token, print);
  for (const [name, other] of stack.changeSets) if (other !== changeSet) stack.changeSets.delete(name);
  changeSet.execution = 'EXECUTE_IN_PROGRESS';
  stack.changeSetId = changeSet.id;
  stack.roleArn = changeSet.roleArn ?? stack.roleArn;
  stack.retainExceptOnCreate = input.RetainExceptOnCreate === true;
  const disableRollback = input.DisableRollback === true || changeSet.onFailure === 'DO_NOTHING';
  if (stack.status === 'REVIEW_IN_PROGRESS') {
    stack.definition = changeSet.definition;
    stack.onFailure = changeSet.onFailure ?? (disableRollback ? 'DO_NOTHING' : 'ROLLBACK');
    startCreation(environment, stack, operationId, token);
  } else {
    startUpdate(environment, stack, changeSet.definition, {
      operationId,
      token,
      disableRollback,
      revertsDrift: changeSet.revertsDrift,
    });
  }
  stack.waiting.unshift(({ status }) => {
    changeSet.execution =
      status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
  });
  return {};
}

function stackToCreate(environment: Environment, input: CreateChangeSetCommandInput, call: Call): Stack {
  const name: string = input.StackName ?? '';
  const existing = callersArea(environment, call).byName.get(name);
  if (existing?.status === 'REVIEW_IN_PROGRESS') return existing;
  if (existing)
    throw invalid(
      `Stack [${name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
    );
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

function stackToUpdate(environment: Environment, input: CreateChangeSetCommandInput, call: Call): Stack {
  const stack = callersArea(environment, call).find(input.StackName ?? '');
  if (!stack || stack.status === 'DELETE_COMPLETE') throw invalid(`Stack [${input.StackName}] does not exist`);
  if (input.OnStackFailure === 'DELETE')
    throw invalid('OnStackFailure DELETE can only be specified for change sets of type CREATE.');
  if (stack.status === 'REVIEW_IN_PROGRESS') throw stackBusy(stack);
  checkUpdatable(stack);
  return stack;
}

function changedDefinition(environment: Environment, stack: Stack, input: CreateChangeSetCommandInput): Definition {
  const previous = input.UsePreviousTemplate === true;
  const template = previous ? stack.definition.template : requiredTemplate(environment, input);
  const tags = givenTags(input.Tags);
  const request = {
    template,
    parameters: givenParameters(input.Parameters),
    tags,
    capabilities: input.Capabilities ?? [],
  };
  checkCapabilities(template, [...request.capabilities, 'CAPABILITY_AUTO_EXPAND']);
  if (input.ChangeSetType !== 'CREATE') return updatedDefinition(stack, request);
  checkTags(tags ?? []);
  return { ...request, tags: tags ?? [], parameters: resolveParameters(template, request.parameters, new Map()) };
}

/** A stack in review has no template of its own yet; GetTemplate of it shows an empty one. */
function unwritten(): Definition {
  const some = readTemplate('{"Resources":{"None":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}');
  const template = { ...some, text: '{}', processed: '{}', resources: new Map() };
  return { template, parameters: new Map(), tags: [], capabilities: [] };
}

function wrongStatus({ id, status, execution }: ChangeSet, verb: string): AwsError {
  const what = status === 'CREATE_COMPLETE' ? `execution status of [${execution}]` : `status of [${status}]`;
  return new AwsError('InvalidChangeSetStatus', `ChangeSet [${id}] cannot be ${verb} in its current ${what}`);
}
