import type { StackView } from '../../kernel/contract.js';
import type { StackOutcome } from './instance-stack.js';
import { placeOf } from './stack-set.js';
import type { StackInstance, StackSet } from './stack-set.js';
import type { StackSetWorld } from './world.js';

/** A stack in any other state has something under way or went wrong. */
const STABLE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE']);

/** Takes a standing stack into the stack set as it is: nothing in it is changed, and parameter values of its own become overrides. */
export function importStack(
  world: StackSetWorld,
  set: StackSet,
  instance: StackInstance,
  stackId: string,
): StackOutcome {
  const failed = (reason: string): StackOutcome => ({ type: 'failed', reason });
  instance.stackId = stackId;
  const stack = world.stacks.find(instance.account, instance.region, stackId);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE')
    return failed(`Stack with id ${stackId} does not exist`);
  if (!STABLE.has(stack.status)) return failed(`Stack ${stackId} is in ${stack.status} state and can not be imported`);
  const owner = [...world.stackSets()].find(
    (other) => other !== set && other.instances.get(placeOf(instance))?.stackId === stackId,
  );
  if (owner !== undefined) return failed(`Stack ${stackId} is already associated with StackSet ${owner.arn}`);
  if (stack.template !== set.content.template)
    return failed(`The template of stack ${stackId} does not match the template of StackSet ${set.name}`);
  instance.overrides = ownValues(set, stack);
  instance.templateRevision = set.templateRevision;
  return { type: 'succeeded' };
}

function ownValues({ content }: StackSet, stack: StackView): ReadonlyMap<string, string> {
  const own = Object.entries(stack.parameters).filter(([name, value]) => {
    const ofTheSet = content.parameters.get(name) ?? content.declared.get(name)?.defaultValue;
    return ofTheSet !== value;
  });
  return new Map(own);
}
