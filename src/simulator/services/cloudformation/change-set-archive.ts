import { areaOf, type Environment } from './environment.js';
import type { StackChangeSet } from './change-set.js';
import type { Stack } from './stack.js';

/** Takes a change set out of its stack's list; by its ARN it can still be read. */
export function setAside(environment: Environment, { stack, changeSet }: StackChangeSet): void {
  if (stack.changeSets.get(changeSet.name) === changeSet) stack.changeSets.delete(changeSet.name);
  areaOf(environment, stack).pastChangeSets.set(changeSet.id, { stack, changeSet });
}

/** The same for all that a deleted stack has. */
export function setAllAside(environment: Environment, stack: Stack): void {
  for (const changeSet of [...stack.changeSets.values()]) setAside(environment, { stack, changeSet });
}
