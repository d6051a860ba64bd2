import type { StackEngine, StackRequest, StackView } from '../../kernel/contract.js';
import type { Hand } from '../../kernel/hands.js';
import type { DetectionTrouble } from '../../kernel/trouble.js';
import type { PlacedStack } from '../../kernel/placed.js';
import type { JsonObject } from '../../templates/json.js';
import { readTemplate } from '../../templates/reader.js';
import { invalid } from '../../templates/refusal.js';
import { changeByHand, ownsResource } from './by-hand.js';
import { contentsOf, outputsOf } from './composition.js';
import { disturbDetection, requestDriftDetection, startDriftDetection } from './drift-detection.js';
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
  /** Somebody changes a resource by hand, behind CloudFormation's back: members given are set, `null` ones removed; `null` deletes it. CloudTrail names whose hand it was, or somebody with AdministratorAccess. */
  changeResource(
    accountId: string,
    region: string,
    stackId: string,
    logicalId: string,
    properties: JsonObject | null,
    by?: Hand,
  ): void;
  /** Whether a stack of the account and Region holds a resource of that type and physical id that nobody has deleted. */
  ownsResource(accountId: string, region: string, type: string, physicalId: string): boolean;
  /** The physical id of a resource that the stack has; undefined where it has none of that logical id. */
  physicalId(accountId: string, region: string, nameOrId: string, logicalId: string): string | undefined;
  /** Every stack that is not deleted, of all accounts and Regions. */
  standing(): readonly StandingStack[];
  /** What really stands there of a stack's resources, by logical id; what somebody deleted by hand is left out. */
  resources(accountId: string, region: string, stackId: string): ReadonlyMap<string, JsonObject>;
  /** Detects drift as DetectStackDrift does and calls back when it is done. */
  detectDrift(accountId: string, region: string, stackId: string, then: (stack: StackView) => void): void;
  /** Somebody else begins a detection, which is under way from here on; answers its id. Throws AwsError where CloudFormation would refuse. */
  beginDetection(accountId: string, region: string, stackId: string): string;
  /** What detections of the stack meet that are begun from here on; null lets them go well again, and ends the one that hangs. */
  disturbDetection(accountId: string, region: string, stackId: string, trouble: DetectionTrouble | null): void;
  /** The same for every detection, wherever no story says otherwise. */
  disturbDetections(draw: (place: StandingStack) => DetectionTrouble | null): void;
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
    changeResource: (accountId, region, stackId, logicalId, properties, by) =>
      changeByHand(environment, existing(accountId, region, stackId), logicalId, properties, by),
    ownsResource: (accountId, region, type, physicalId) =>
      ownsResource(environment, store.area(accountId, region).byName.values(), type, physicalId),
    physicalId: (accountId, region, nameOrId, logicalId) =>
      contentsOf(environment, existing(accountId, region, nameOrId)).resources.get(logicalId)?.physicalId,
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
    beginDetection: (accountId, region, stackId) =>
      requestDriftDetection(environment, existing(accountId, region, stackId), undefined).id,
    disturbDetection: (accountId, region, stackId, trouble) =>
      disturbDetection(environment, existing(accountId, region, stackId), trouble),
    disturbDetections: (draw) => environment.detections.drawFrom((stack) => draw(standingStack(stack))),
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
