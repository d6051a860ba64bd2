import type { StackEngine, StackRequest, StackView } from '../../kernel/contract.js';
import type { PlacedStack } from '../../kernel/placed.js';
import type { JsonObject, Json } from '../../templates/json.js';
import { readTemplate } from '../../templates/reader.js';
import { invalid } from '../../templates/refusal.js';
import { contentsOf, outputsOf } from './composition.js';
import { startDriftDetection } from './drift-detection.js';
import type { Environment } from './environment.js';
import { noteOperation } from './journal.js';
import { placeStacks, placeUnseenStack, type Placement } from './placement.js';
import { stackMissing } from './refusals.js';
import {
  blankStack,
  newStack,
  requestCreation,
  requestDeletion,
  requestUpdate,
  type CreateRequest,
} from './requests.js';
import { registerRole } from './role-registry.js';
import { replaceExports } from './exports.js';
import { subjectOf } from './environment.js';
import type { Stack } from './stack.js';

/** A stack that somebody might lay hands on. */
export type StandingStack = {
  readonly accountId: string;
  readonly region: string;
  readonly stackId: string;
  readonly name: string;
  readonly status: string;
  readonly nested: boolean;
};

/** What other rooms of the simulator, the demo and the tests do with stacks besides calling AWS. */
export interface StackDesk extends StackEngine {
  /** A stack that has always been there, CREATE_COMPLETE at once; its resources are worked out when somebody looks. */
  place(request: StackRequest): string;
  /** The stacks of an organization file; what it says nothing of is refused from here on. */
  placeStacks(placement: Placement): void;
  /** True where nothing is known of the stacks, so that whoever asks is refused. */
  isUnread(accountId: string, region: string): boolean;
  /** A stack in a place that nobody could read, as its stack set says that it is. */
  placeUnseenStack(placed: PlacedStack, templates: Readonly<Record<string, string>>): void;
  /** Somebody changes a resource by hand, behind CloudFormation's back: members given are set, `null` ones removed; `null` deletes it. */
  changeResource(
    accountId: string,
    region: string,
    stackId: string,
    logicalId: string,
    properties: JsonObject | null,
  ): void;
  /** Every stack that is not deleted, of all accounts and Regions. */
  standing(): readonly StandingStack[];
  /** What really stands there of a stack's resources, by logical id; what somebody deleted by hand is left out. */
  resources(accountId: string, region: string, stackId: string): ReadonlyMap<string, JsonObject>;
  /** Detects drift as DetectStackDrift does and calls back when it is done. */
  detectDrift(accountId: string, region: string, stackId: string, then: (stack: StackView) => void): void;
}

export function stackDesk(environment: Environment): StackDesk {
  const { store } = environment;
  const existing = (accountId: string, region: string, nameOrId: string): Stack => {
    const stack = store.area(accountId, region).find(nameOrId);
    if (!stack) throw stackMissing(nameOrId);
    return stack;
  };
  const view = (stack: Stack): StackView => viewOf(environment, stack);
  return {
    create: (request) => requestCreation(environment, createRequest(environment, request)).stackId,
    update: (request) => {
      const { template, parameters, tags, capabilities, roleArn, token } = createRequest(environment, request);
      const stack = existing(request.accountId, request.region, request.stackId);
      try {
        requestUpdate(environment, stack, {
          template,
          parameters,
          tags,
          capabilities,
          roleArn,
          token,
          disableRollback: false,
        });
        return 'begun';
      } catch (error) {
        if (error instanceof Error && error.message === 'No updates are to be performed.') return 'no-updates';
        throw error;
      }
    },
    delete: (accountId, region, stackId) => {
      const stack = store.area(accountId, region).find(stackId);
      if (stack)
        requestDeletion(environment, stack, { retain: [], force: false, token: undefined, roleArn: undefined });
    },
    find: (accountId, region, nameOrId) => {
      const stack = store.area(accountId, region).find(nameOrId);
      return stack && view(stack);
    },
    whenSettled: (accountId, region, stackId, then) => {
      const stack = existing(accountId, region, stackId);
      if (stack.operation) stack.waiting.push((settled) => then(view(settled)));
      else then(view(stack));
    },
    place: (request) => placeStack(environment, request),
    placeStacks: (placement) => placeStacks(environment, placement),
    isUnread: (accountId, region) => store.unread.refusal(accountId, region) !== undefined,
    placeUnseenStack: (placed, templates) => placeUnseenStack(environment, placed, templates),
    changeResource: (accountId, region, stackId, logicalId, properties) =>
      changeByHand(environment, existing(accountId, region, stackId), logicalId, properties),
    standing: () => [...store.living()].map(standingStack),
    resources: (accountId, region, stackId) => {
      const { resources } = contentsOf(environment, existing(accountId, region, stackId));
      const standing = [...resources].flatMap(([logicalId, { actual }]): [string, JsonObject][] =>
        actual === 'deleted' ? [] : [[logicalId, actual]],
      );
      return new Map(standing);
    },
    detectDrift: (accountId, region, stackId, then) => {
      startDriftDetection(environment, existing(accountId, region, stackId), undefined, (stack) => then(view(stack)));
    },
  };
}

function standingStack({ id, name, place, status, parent }: Stack): StandingStack {
  const { accountId, region } = place;
  return { accountId, region, stackId: id, name, status, nested: parent !== undefined };
}

function createRequest({ base }: Environment, request: StackRequest): CreateRequest {
  return {
    accountId: request.accountId,
    region: request.region,
    name: request.name,
    template: readTemplate(request.template, { partition: base.partition }),
    parameters: Object.entries(request.parameters).map(([key, value]) => ({ key, value })),
    tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    capabilities: request.capabilities,
    roleArn: request.roleArn,
    notificationArns: [],
    token: request.token,
    terminationProtection: request.terminationProtection ?? false,
    onFailure: 'ROLLBACK',
    retainExceptOnCreate: false,
    timeoutInMinutes: undefined,
    policy: undefined,
    parent: undefined,
  };
}

function placeStack(environment: Environment, request: StackRequest): string {
  const full = createRequest(environment, request);
  const stack =
    full.template.parameters.size === 0
      ? blankStack(environment, full, {
          template: full.template,
          parameters: new Map(),
          tags: full.tags,
          capabilities: full.capabilities,
        })
      : newStack(environment, full);
  stack.status = 'CREATE_COMPLETE';
  stack.contents = undefined;
  noteOperation(stack, 'CREATE_STACK', environment.base.identifiers.uuid());
  environment.store.area(full.accountId, full.region).add(stack);
  if (seenFromOutside(stack)) announce(environment, stack);
  return stack.id;
}

/** Roles can be assumed and exports imported without anybody asking for the stack; so they must be there from the start. */
function seenFromOutside({ definition: { template } }: Stack): boolean {
  return (
    template.outputs.some(({ exportName }) => exportName !== undefined) ||
    [...template.resources.values()].some(({ type }) => type === 'AWS::IAM::Role')
  );
}

function announce(environment: Environment, stack: Stack): void {
  const { resources, outputs } = contentsOf(environment, stack);
  for (const resource of resources.values()) {
    environment.names.claim(subjectOf(stack, resource));
    if (resource.type === 'AWS::IAM::Role') registerRole(environment, stack, resource);
  }
  const refused = replaceExports(environment, stack, outputs);
  if (refused !== undefined) throw invalid(refused);
}

function changeByHand(environment: Environment, stack: Stack, logicalId: string, properties: JsonObject | null): void {
  const { resources } = contentsOf(environment, stack);
  const resource = resources.get(logicalId);
  if (!resource) throw invalid(`Resource ${logicalId} does not exist for stack ${stack.name}`);
  const standing = resource.actual === 'deleted' ? {} : resource.actual;
  const entries: readonly (readonly [string, Json])[] = Object.entries({ ...standing, ...properties });
  const actual = properties === null ? 'deleted' : Object.fromEntries(entries.filter(([, value]) => value !== null));
  resources.set(logicalId, { ...resource, actual });
}

function viewOf(environment: Environment, stack: Stack): StackView {
  const { definition } = stack;
  return {
    stackId: stack.id,
    name: stack.name,
    status: stack.status,
    statusReason: stack.reason,
    // Not before it is wanted: of a placed stack it may be what nobody could read.
    get template() {
      return definition.template.text;
    },
    parameters: Object.fromEntries([...definition.parameters.values()].map(({ key, value }) => [key, value])),
    tags: Object.fromEntries(definition.tags.map(({ Key, Value }) => [Key, Value])),
    outputs: Object.fromEntries(
      outputsOf(environment, stack).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    ),
    terminationProtection: stack.terminationProtection,
    driftStatus: stack.drift.status,
  };
}
