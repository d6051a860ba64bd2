import type { Hand } from '../../kernel/hands.js';
import type { Json, JsonObject } from '../../templates/json.js';
import { invalid } from '../../templates/refusal.js';
import { contentsOf } from './composition.js';
import type { Environment } from './environment.js';
import type { Stack } from './stack.js';

/** Somebody sets, removes (`null`) or deletes (`null` for all) what really stands there of a resource. */
export function changeByHand(
  environment: Environment,
  stack: Stack,
  logicalId: string,
  properties: JsonObject | null,
  by: Hand | undefined,
): void {
  const { resources } = contentsOf(environment, stack);
  const resource = resources.get(logicalId);
  if (!resource) throw invalid(`Resource ${logicalId} does not exist for stack ${stack.name}`);
  const standing = resource.actual === 'deleted' ? {} : resource.actual;
  const entries: readonly (readonly [string, Json])[] = Object.entries({ ...standing, ...properties });
  const actual = properties === null ? 'deleted' : Object.fromEntries(entries.filter(([, value]) => value !== null));
  resources.set(logicalId, { ...resource, actual });
  environment.witness.hand(stack, resource, properties === null ? null : Object.keys(properties), by);
}

/** Whether one of the stacks holds a resource of that type and physical id that nobody has deleted. */
export function ownsResource(environment: Environment, stacks: Iterable<Stack>, type: string, id: string): boolean {
  return [...stacks].some(
    (stack) =>
      [...stack.definition.template.resources.values()].some((resource) => resource.type === type) &&
      [...contentsOf(environment, stack).resources.values()].some(
        ({ type: its, physicalId, actual }) => its === type && physicalId === id && actual !== 'deleted',
      ),
  );
}
