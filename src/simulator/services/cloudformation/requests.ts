import { AwsError } from '../../kernel/contract.js';
import { missingCapabilities } from '../../templates/capabilities.js';
import type { Template } from '../../templates/definition.js';
import { filled } from '../../templates/filled.js';
import type { GivenParameter } from '../../templates/parameters.js';
import { invalid } from '../../templates/refusal.js';
import type { ChangeSet } from './change-set.js';
import type { Environment } from './environment.js';
import { areaOf } from './environment.js';
import { constraint, insufficientCapabilities, noUpdates, stackBusy } from './refusals.js';
import { MissingExport } from './composition.js';
import { project } from './projection.js';
import { startCreation } from './creation.js';
import { startDeletion } from './deletion.js';
import type { Definition, OnFailure, Stack, Tag } from './stack.js';
import { startUpdate } from './updating.js';
import type { Area } from './stack-store.js';

/** Where a request comes from and goes to. */
export type Locus = { readonly accountId: string; readonly region: string };

export type CreateRequest = Locus & {
  readonly name: string;
  readonly template: Template;
  readonly parameters: readonly GivenParameter[];
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly roleArn: string | undefined;
  readonly notificationArns: readonly string[];
  readonly token: string | undefined;
  readonly terminationProtection: boolean;
  readonly onFailure: OnFailure;
  readonly retainExceptOnCreate: boolean;
  readonly timeoutInMinutes: number | undefined;
  readonly policy: string | undefined;
  readonly parent: Stack['parent'];
};

export type UpdateRequest = {
  readonly template: Template;
  readonly parameters: readonly GivenParameter[];
  /** Undefined leaves them as they are. */
  readonly tags: readonly Tag[] | undefined;
  readonly capabilities: readonly string[];
  readonly roleArn: string | undefined;
  /** Undefined leaves them as they are. */
  readonly notificationArns?: readonly string[] | undefined;
  readonly token: string | undefined;
  readonly disableRollback: boolean;
};

export type Begun = { readonly stackId: string; readonly operationId: string };

const UPDATABLE = new Set([
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

/** Begins a stack, or answers the one that the same call has begun before. */
export function requestCreation(environment: Environment, request: CreateRequest): Begun {
  const area = environment.store.area(request.accountId, request.region);
  const print = JSON.stringify(['CreateStack', request.name, request.template.text, request.parameters, request.tags]);
  const repeated = repeatedCall(area, request.token, print);
  if (repeated) return repeated;
  checkName(request.name);
  const reviewed = area.byName.get(request.name);
  if (reviewed && reviewed.status !== 'REVIEW_IN_PROGRESS')
    throw new AwsError('AlreadyExistsException', `Stack [${request.name}] already exists`);
  checkCapabilities(request.template, request.capabilities);
  checkRole(environment, request.accountId, request.roleArn);
  const fresh = newStack(environment, request);
  const missing = unlessMissing(() => project(environment, fresh, fresh.definition));
  const stack = reviewed ? takenOver(reviewed, fresh) : fresh;
  if (!reviewed) area.add(stack);
  const begun = remembered(environment, area, stack, request.token, print);
  startCreation(environment, stack, begun.operationId, request.token, missing.reason);
  return begun;
}

/** A stack in review under the StackId that it has, with what the new one was to be; its change sets come too late. */
function takenOver(reviewed: Stack, fresh: Stack): Stack {
  for (const changeSet of reviewed.changeSets.values()) outdate(changeSet);
  reviewed.definition = fresh.definition;
  reviewed.roleArn = fresh.roleArn;
  reviewed.place = { ...reviewed.place, notificationArns: fresh.place.notificationArns };
  reviewed.onFailure = fresh.onFailure;
  reviewed.retainExceptOnCreate = fresh.retainExceptOnCreate;
  reviewed.timeoutInMinutes = fresh.timeoutInMinutes;
  reviewed.terminationProtection = fresh.terminationProtection;
  reviewed.policy = fresh.policy;
  return reviewed;
}

/** What a change set was compared with is there no more; one that is being executed is itself the reason. */
function outdate(changeSet: ChangeSet): void {
  if (changeSet.status !== 'FAILED' && changeSet.execution !== 'EXECUTE_IN_PROGRESS') changeSet.execution = 'OBSOLETE';
}

/** Begins an update; throws that nothing would be updated where that is so. */
export function requestUpdate(environment: Environment, stack: Stack, request: UpdateRequest): Begun {
  const area = areaOf(environment, stack);
  const print = JSON.stringify([
    'UpdateStack',
    stack.id,
    request.template.text,
    request.parameters,
    request.tags ?? null,
  ]);
  const repeated = repeatedCall(area, request.token, print);
  if (repeated) return repeated;
  checkUpdatable(stack);
  checkCapabilities(request.template, request.capabilities);
  checkRole(environment, stack.place.accountId, request.roleArn ?? stack.roleArn);
  const definition = updatedDefinition(stack, request);
  const projected = unlessMissing(() => project(environment, stack, definition));
  if (projected.value?.any === false) throw noUpdates();
  for (const changeSet of stack.changeSets.values()) outdate(changeSet);
  stack.roleArn = request.roleArn ?? stack.roleArn;
  stack.place = { ...stack.place, notificationArns: request.notificationArns ?? stack.place.notificationArns };
  const begun = remembered(environment, area, stack, request.token, print);
  startUpdate(environment, stack, definition, {
    ...begun,
    token: request.token,
    disableRollback: request.disableRollback,
    revertsDrift: false,
    refusal: projected.reason,
  });
  return begun;
}

/** The value, or the reason why an export is missing: CloudFormation begins all the same, and rolls back. */
function unlessMissing<Value>(work: () => Value): { readonly value?: Value; readonly reason: string | undefined } {
  try {
    return { value: work(), reason: undefined };
  } catch (error) {
    if (error instanceof MissingExport) return { reason: error.message };
    throw error;
  }
}

/** Begins a deletion; deleting what is being deleted, or is gone, is no mistake. */
export function requestDeletion(
  environment: Environment,
  stack: Stack,
  options: {
    readonly retain: readonly string[];
    readonly force: boolean;
    readonly token: string | undefined;
    readonly roleArn: string | undefined;
  },
): void {
  const area = areaOf(environment, stack);
  const print = JSON.stringify(['DeleteStack', stack.id, options.retain, options.force]);
  if (repeatedCall(area, options.token, print)) return;
  if (stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return;
  const root = stack.parent === undefined ? stack : area.find(stack.parent.rootId);
  if (root?.terminationProtection)
    throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  if (stack.operation && stack.status !== 'CREATE_IN_PROGRESS') {
    throw invalid(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
  }
  if (options.retain.length > 0 && stack.status !== 'DELETE_FAILED') {
    throw invalid(
      `Invalid operation on stack [${stack.id}]: RetainResources may be given only while the stack is DELETE_FAILED`,
    );
  }
  if (options.force && stack.status !== 'DELETE_FAILED') {
    throw invalid(`DeletionMode FORCE_DELETE_STACK may be given only while the stack is DELETE_FAILED`);
  }
  const role = options.roleArn ?? stack.roleArn;
  checkRole(environment, stack.place.accountId, role);
  stack.roleArn = role;
  const { operationId } = remembered(environment, area, stack, options.token, print);
  startDeletion(environment, stack, { ...options, operationId });
}

/** The stack's definition after an update with these inputs. */
export function updatedDefinition(
  stack: Stack,
  request: Pick<UpdateRequest, 'template' | 'parameters' | 'tags' | 'capabilities'>,
): Definition {
  const tags = request.tags ?? stack.definition.tags;
  checkTags(tags);
  return {
    ...filled(request.template, request.parameters, stack.definition.parameters),
    tags,
    capabilities: request.capabilities,
  };
}

/** A stack that nothing has happened to yet, not yet listed anywhere. Refuses wrong parameters and tags. */
export function newStack(environment: Environment, request: CreateRequest): Stack {
  checkTags(request.tags);
  return blankStack(environment, request, {
    ...filled(request.template, request.parameters, new Map()),
    tags: request.tags,
    capabilities: request.capabilities,
  });
}

/** A stack without contents, in the place and with the settings of the request. */
export function blankStack(
  environment: Environment,
  request: Omit<CreateRequest, 'template' | 'parameters'>,
  definition: Definition,
): Stack {
  const { base } = environment;
  const { accountId, region, name } = request;
  const id = `arn:${base.partition}:cloudformation:${region}:${accountId}:stack/${name}/${base.identifiers.uuid()}`;
  return {
    id,
    name,
    place: {
      partition: base.partition,
      accountId,
      region,
      stackId: id,
      stackName: name,
      notificationArns: request.notificationArns,
    },
    sequence: environment.store.nextSequence(),
    createdAt: base.clock.now(),
    parent: request.parent,
    definition,
    roleArn: request.roleArn,
    onFailure: request.onFailure,
    retainExceptOnCreate: request.retainExceptOnCreate,
    timeoutInMinutes: request.timeoutInMinutes,
    status: 'CREATE_IN_PROGRESS',
    reason: undefined,
    updatedAt: undefined,
    deletedAt: undefined,
    terminationProtection: request.terminationProtection,
    policy: request.policy,
    policyDuringUpdate: undefined,
    contents: { resources: new Map(), outputs: [], imports: new Set() },
    events: [],
    operations: [],
    operation: undefined,
    recovery: undefined,
    drift: { status: 'NOT_CHECKED', checkedAt: undefined },
    changeSetId: undefined,
    changeSets: new Map(),
    waiting: [],
  };
}

export function checkName(name: string): void {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return;
  throw constraint(name, 'stackName', 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
}

/** Refuses while something runs on the stack, and in the states that lead nowhere. */
export function checkUpdatable(stack: Stack): void {
  if (!UPDATABLE.has(stack.status)) throw stackBusy(stack);
}

export function checkCapabilities(template: Template, given: readonly string[]): void {
  const missing = missingCapabilities(template.capabilities, given);
  if (missing.length > 0) throw insufficientCapabilities(missing);
}

/** CloudFormation must be able to assume the service role that it is given; foreign accounts' roles are unknown here. */
export function checkRole({ base }: Environment, accountId: string, roleArn: string | undefined): void {
  if (roleArn === undefined) return;
  const [, owner, path] = /^arn:[^:]+:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  const account = base.organization.accounts.get(accountId);
  const name = path?.split('/').at(-1) ?? '';
  if (owner === accountId && (account === undefined || account.roles.has(name))) return;
  throw invalid(`Role ${roleArn} is invalid or cannot be assumed`);
}

export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > 50)
    throw constraint(`${tags.length} tags`, 'tags', 'Member must have length less than or equal to 50');
  const keys = tags.map(({ Key }) => Key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw invalid(`Duplicate tag key ${twice} in the request`);
  const long = tags.find(({ Key, Value }) => Key.length > 128 || Value.length > 256);
  if (long) throw constraint(long.Key, 'tags', 'Member must have length less than or equal to 128, and values to 256');
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) throw invalid(`aws: prefixed tag key names are not allowed for external use.`);
}

/** A token stands for one call: the same again answers what the first answered, another under it is refused. */
export function repeatedCall(area: Area, token: string | undefined, print: string): Begun | undefined {
  const known = token === undefined ? undefined : area.tokens.get(token);
  if (!known) return undefined;
  if (known.fingerprint === print) return { stackId: known.stackId, operationId: known.operationId };
  throw new AwsError('TokenAlreadyExistsException', `ClientRequestToken ${token} has been used by another operation`);
}

export function remembered(
  environment: Environment,
  area: Area,
  stack: Stack,
  token: string | undefined,
  fingerprint: string,
): Begun {
  const operationId = environment.base.identifiers.uuid();
  if (token !== undefined) area.tokens.set(token, { stackId: stack.id, fingerprint, operationId });
  return { stackId: stack.id, operationId };
}
