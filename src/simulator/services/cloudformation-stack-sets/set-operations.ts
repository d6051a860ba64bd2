import type { Call, Handler } from '../../kernel/contract.js';
import { callerOf, checkPermissionModel } from './caller.js';
import type { SentContent } from './content.js';
import { contentChange, newContent, sameContent, updatedContent } from './content.js';
import { checkDependencies } from './dependencies.js';
import { checkSubmittable, hasOpenOperation, submit } from './operations.js';
import { pageOf } from './pages.js';
import { preferencesFrom } from './preferences.js';
import { invalid } from '../../templates/refusal.js';
import {
  createdButModified,
  invalidOperation,
  limitExceeded,
  nameExists,
  operationInProgress,
  setNotEmpty,
} from './refusals.js';
import type { StackSetRegistry } from './registry.js';
import type { Content, StackSet } from './stack-set.js';
import { existingTargets, updatableTargets } from './targets.js';
import { stackSetSummary, stackSetView } from './views.js';
import type { StackSetWorld } from './world.js';

/** Quota: stack sets of an administrator account. */
const MOST_SETS = 1000;

/** The operations on stack sets themselves. */
export function setOperations(world: StackSetWorld, registry: StackSetRegistry): Record<string, Handler> {
  return {
    CreateStackSet: (input, call) => ({ StackSetId: createStackSet(world, registry, input, call).id }),
    UpdateStackSet: (input, call) => ({ OperationId: updateStackSet(world, registry, input, call) }),
    DescribeStackSet: (input, call) => ({
      StackSet: stackSetView(world, registry.named(callerOf(world, input.CallAs, call), input.StackSetName)),
    }),
    DeleteStackSet: (input, call) => {
      // Deleting what does not exist is no error: AWS models none for this operation.
      const set = registry.find(callerOf(world, input.CallAs, call), input.StackSetName);
      if (set === undefined || set.status === 'DELETED') return {};
      if (hasOpenOperation(set)) throw operationInProgress(set.arn);
      if (set.instances.size > 0) throw setNotEmpty();
      set.status = 'DELETED';
      return {};
    },
    ListStackSets: (input, call) => {
      const sets = registry
        .visibleTo(callerOf(world, input.CallAs, call))
        .filter(({ status }) => input.Status === undefined || status === input.Status);
      const page = pageOf(
        [...sets].sort((left, right) => (left.id < right.id ? -1 : 1)),
        ({ id }) => id,
        input,
      );
      return { Summaries: page.items.map(stackSetSummary), NextToken: page.NextToken };
    },
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler's input
function createStackSet(world: StackSetWorld, registry: StackSetRegistry, input: any, call: Call): StackSet {
  const caller = callerOf(world, input.CallAs, call);
  const name: string = input.StackSetName;
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'stackSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  checkPermissionModel(world, caller, input.PermissionModel ?? 'SELF_MANAGED');
  const content = newContent(world, withTemplateOfStack(world, input));
  const holder = registry.holder(caller, name);
  if (holder !== undefined) return repeated(holder, content, input.ClientRequestToken);
  if (registry.count(caller) >= MOST_SETS)
    throw limitExceeded(`An administrator account can have at most ${MOST_SETS} StackSets`);
  checkDependencies(world.stackSets(), caller, undefined, content.autoDeployment.dependsOn);
  const id = `${name}:${world.identifiers.uuid()}`;
  const set: StackSet = {
    id,
    name,
    arn: `arn:${world.partition}:cloudformation:${caller.region}:${caller.account}:stackset/${id}`,
    account: caller.account,
    region: caller.region,
    token: input.ClientRequestToken,
    status: 'ACTIVE',
    content,
    revision: 1,
    templateRevision: 1,
    instances: new Map(),
    operations: new Map(),
    watched: new Map(),
    lastDriftDetection: undefined,
  };
  registry.add(set);
  return set;
}

/** `StackId` lends its template to the stack set; the stack itself comes in by ImportStacksToStackSet. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler's input
function withTemplateOfStack(world: StackSetWorld, input: any): SentContent {
  if (input.StackId === undefined) return input;
  if (input.TemplateBody !== undefined || input.TemplateURL !== undefined)
    throw invalid('StackId cannot be specified together with a template');
  const [, region, account] = /^arn:[\w-]+:cloudformation:([\w-]+):(\d{12}):stack\//.exec(input.StackId) ?? [];
  const stack = account === undefined ? undefined : world.stacks.find(account, region!, input.StackId);
  if (stack === undefined) throw invalid(`Stack with id ${input.StackId} does not exist`);
  return { ...input, TemplateBody: stack.template };
}

/** The same call again finds its own stack set, as long as nobody changed it in between. */
function repeated(holder: StackSet, content: Content, token: string | undefined): StackSet {
  if (token === undefined || token !== holder.token) throw nameExists(holder.name);
  if (!sameContent(holder.content, content)) throw createdButModified(holder.name);
  return holder;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler's input
function updateStackSet(world: StackSetWorld, registry: StackSetRegistry, input: any, call: Call): string {
  const caller = callerOf(world, input.CallAs, call);
  const set = registry.active(caller, input.StackSetName);
  checkSubmittable(set, input.OperationId);
  const after = updatedContent(world, set.content, input);
  checkPermissionModel(world, caller, after.permissionModel);
  checkDependencies(world.stackSets(), caller, set, after.autoDeployment.dependsOn);
  const change = contentChange(set.content, after);
  if (change.managedExecution) {
    if (change.template || change.parameters)
      throw invalid('Cannot update ManagedExecution while updating StackSet Template or Parameters');
    if (hasOpenOperation(set))
      throw invalidOperation('ManagedExecution cannot be changed while operations are running or queued');
  }
  if (after.permissionModel !== set.content.permissionModel && set.instances.size > 0)
    throw invalid('PermissionModel cannot be changed while the stack set has stack instances');
  const named = input.Accounts !== undefined || input.DeploymentTargets !== undefined;
  if (!named && input.Regions !== undefined)
    throw invalid('Regions must be specified together with Accounts or DeploymentTargets');
  if (named && input.AutoDeployment !== undefined)
    throw invalid('AutoDeployment cannot be specified together with DeploymentTargets or Regions');
  const targets = named ? existingTargets(world, set, input, 'refuse').filter(isOperable(set)) : updatableTargets(set);
  const preferences = preferencesFrom(input.OperationPreferences, [...new Set(targets.map(({ region }) => region))]);
  // From here on the update has happened, whatever becomes of its operation.
  store(set, after, change.template, change.parameters);
  const operation = submit(world, set, {
    operationId: input.OperationId,
    kind: { type: 'update-set' },
    automatic: false,
    targets,
    preferences,
    sent: { preferences: input.OperationPreferences, deploymentTargets: input.DeploymentTargets },
  });
  return operation.id;
}

const isOperable =
  (set: StackSet) =>
  ({ account, region }: { readonly account: string; readonly region: string }): boolean =>
    set.instances.get(`${account}/${region}`)?.status !== 'INOPERABLE';

function store(set: StackSet, after: Content, template: boolean, parameters: boolean): void {
  set.content = after;
  if (!template && !parameters) return;
  set.revision += 1;
  if (template) set.templateRevision += 1;
  for (const instance of set.instances.values()) if (instance.status === 'CURRENT') instance.status = 'OUTDATED';
}
