import type { CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import { AwsError, type Call } from '../../kernel/contract.js';
import { filled } from '../../templates/filled.js';
import { invalid } from '../../templates/refusal.js';
import { freshChangeSet, type Imports } from './change-set.js';
import { completeChangeSet } from './change-set-completion.js';
import { changeSetId, listChangeSet } from './change-set-listing.js';
import { stackOf } from './change-set-stack.js';
import type { Environment } from './environment.js';
import { checkImportOnly, checkNothingElse, importTargets } from './import-checks.js';
import { project } from './projection.js';
import { constraint } from './refusals.js';
import { checkLimits, checkResourceTypes } from './request-limits.js';
import { checkCapabilities, checkRole, checkTags, updatedDefinition } from './requests.js';
import type { Definition, Stack } from './stack.js';
import { givenParameters, givenTags, onFailure } from './stack-operations.js';
import { requiredTemplate } from './template-source.js';

/** Begins to work out a change set. What is wrong with the request is refused at once, and then no stack is left behind. */
export function createChangeSet(
  environment: Environment,
  input: CreateChangeSetCommandInput,
  call: Call,
): { readonly Id: string; readonly StackId: string } {
  const { base } = environment;
  const name = input.ChangeSetName ?? '';
  checkCombination(input, name);
  checkLimits(input);
  const stack = stackOf(environment, input, call);
  const existing = stack.changeSets.get(name);
  if (existing && input.ClientToken !== undefined && existing.token === input.ClientToken)
    return { Id: existing.id, StackId: stack.id };
  if (existing) throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
  checkRole(environment, stack.place.accountId, input.RoleARN ?? stack.roleArn);
  const definition = changedDefinition(environment, stack, input);
  const changeSet = freshChangeSet({
    id: changeSetId(environment, stack, name),
    name,
    type: input.ChangeSetType ?? 'UPDATE',
    createdAt: base.clock.now(),
    description: input.Description,
    definition,
    roleArn: input.RoleARN,
    notificationArns: input.NotificationARNs ?? stack.place.notificationArns,
    onFailure: input.OnStackFailure === undefined ? undefined : onFailure(input.OnStackFailure, undefined),
    revertsDrift: input.DeploymentMode === 'REVERT_DRIFT',
    imports: importsOf(environment, stack, definition, input),
    includesNested: input.IncludeNestedStacks === true,
    parent: undefined,
    token: input.ClientToken,
  });
  listChangeSet(environment, stack, changeSet);
  const seconds = base.identifiers.between(2, 10, changeSet.id);
  base.clock.after(seconds / 4, () => {
    if (changeSet.status === 'CREATE_PENDING') changeSet.status = 'CREATE_IN_PROGRESS';
  });
  base.clock.after(seconds, () => {
    if (stack.changeSets.get(name) === changeSet) completeChangeSet(environment, stack, changeSet);
  });
  return { Id: changeSet.id, StackId: stack.id };
}

function checkCombination(input: CreateChangeSetCommandInput, name: string): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw constraint(name, 'changeSetName', 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
  }
  const type = input.ChangeSetType ?? 'UPDATE';
  if (input.OnStackFailure === 'DELETE' && type !== 'CREATE')
    throw invalid('OnStackFailure DELETE can only be specified for change sets of type CREATE.');
  if (input.DeploymentMode === 'REVERT_DRIFT' && type !== 'UPDATE')
    throw invalid(`DeploymentMode REVERT_DRIFT cannot be specified for change sets of type ${type}.`);
  if (input.ResourcesToImport !== undefined && input.ResourcesToImport.length > 0 && type !== 'IMPORT')
    throw invalid('ResourcesToImport can only be specified for change sets of type IMPORT.');
  if (input.ImportExistingResources === true && type === 'IMPORT')
    throw invalid('ImportExistingResources cannot be specified for change sets of type IMPORT.');
}

function changedDefinition(environment: Environment, stack: Stack, input: CreateChangeSetCommandInput): Definition {
  const previous = input.UsePreviousTemplate === true && stack.status !== 'REVIEW_IN_PROGRESS';
  const template = previous ? stack.definition.template : requiredTemplate(environment, input);
  checkResourceTypes(template, input.ResourceTypes);
  const tags = givenTags(input.Tags);
  const request = {
    template,
    parameters: givenParameters(input.Parameters),
    tags,
    capabilities: input.Capabilities ?? [],
  };
  // A macro's result can be looked at before it is executed, so it needs no consent.
  checkCapabilities(template, [...request.capabilities, 'CAPABILITY_AUTO_EXPAND']);
  if (input.ChangeSetType !== 'CREATE') return updatedDefinition(stack, request);
  checkTags(tags ?? []);
  return { ...request, tags: tags ?? [], ...filled(template, request.parameters, new Map()) };
}

function importsOf(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  input: CreateChangeSetCommandInput,
): Imports {
  if (input.ChangeSetType !== 'IMPORT') return { kind: input.ImportExistingResources === true ? 'existing' : 'none' };
  const targets = importTargets(definition, input.ResourcesToImport);
  checkNothingElse(stack, definition, { roleArn: input.RoleARN, tags: input.Tags });
  checkImportOnly(definition, project(environment, stack, definition).changes, targets);
  return { kind: 'listed', targets };
}
