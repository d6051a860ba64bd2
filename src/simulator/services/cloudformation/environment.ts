import type { World } from '../../kernel/contract.js';
import type { Hand } from '../../kernel/hands.js';
import type { JsonObject } from '../../templates/json.js';
import type { Detections } from './detections.js';
import type { OutsideResources } from './import-outside.js';
import type { ResourceNames } from './resource-names.js';
import type { LiveResource, Stack } from './stack.js';
import type { Area, StackStore } from './stack-store.js';

/** The world as this service finds it: all but the stacks, which it is. */
export type Base = Omit<World, 'stacks'>;

/** How an operation on a nested stack ended: its StackId, or why it failed. */
export type NestedEnd = { readonly stackId: string; readonly failure: string | undefined };

/** What resources of type AWS::CloudFormation::Stack do; apart, because a stack is made of resources and a resource may be a stack. */
export interface NestedStacks {
  create(parent: Stack, logicalId: string, properties: JsonObject, then: (end: NestedEnd) => void): void;
  update(parent: Stack, stackId: string, properties: JsonObject, then: (end: NestedEnd) => void): void;
  /** Takes it back to what it was before its last update. */
  restore(parent: Stack, stackId: string, then: (end: NestedEnd) => void): void;
  delete(parent: Stack, stackId: string, then: (end: NestedEnd) => void): void;
  output(parent: Stack, stackId: string, name: string): string | undefined;
}

/** Who sees what is done to the resources of stacks. */
export interface Witness {
  /** CloudFormation made, changed or deleted it. */
  serviceCall(stack: Stack, resource: LiveResource, doing: 'create' | 'update' | 'delete'): void;
  /** Somebody did, by hand: the names of the properties, or null where it was deleted. */
  hand(stack: Stack, resource: LiveResource, properties: readonly string[] | null, by: Hand | undefined): void;
}

/** For a CloudFormation that nobody watches. */
export const NO_WITNESS: Witness = { serviceCall: () => {}, hand: () => {} };

export type Environment = {
  readonly base: Base;
  readonly store: StackStore;
  readonly names: ResourceNames;
  readonly outside: OutsideResources;
  readonly nested: NestedStacks;
  readonly detections: Detections;
  readonly witness: Witness;
};

/** The account and Region that a stack stands in. */
export function areaOf(environment: Environment, stack: Stack): Area {
  return environment.store.area(stack.place.accountId, stack.place.region);
}

/** A resource as its service sees it. */
export function subjectOf(
  stack: Stack,
  resource: Pick<LiveResource, 'logicalId' | 'type' | 'properties' | 'generation' | 'origin'>,
) {
  const { logicalId, generation, place } = resource.origin ?? { ...resource, place: stack.place };
  return { logicalId, type: resource.type, properties: resource.properties, generation, place };
}
