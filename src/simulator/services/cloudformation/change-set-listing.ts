import type { ChangeSet } from './change-set.js';
import { areaOf, type Environment } from './environment.js';
import { noteOperation, setStatus } from './journal.js';
import type { Stack } from './stack.js';

/** The ARN of a new change set of the stack. */
export function changeSetId({ base }: Environment, { place }: Stack, name: string): string {
  return `arn:${base.partition}:cloudformation:${place.region}:${place.accountId}:changeSet/${name}/${base.identifiers.uuid()}`;
}

/** Puts a change set into its stack's list, and a new stack, in review, into its account's. */
export function listChangeSet(environment: Environment, stack: Stack, changeSet: ChangeSet): void {
  const { base } = environment;
  const area = areaOf(environment, stack);
  if (!area.byId.has(stack.id)) {
    area.add(stack);
    setStatus(stack, 'REVIEW_IN_PROGRESS', base.clock.now(), 'User Initiated');
  }
  stack.changeSets.set(changeSet.name, changeSet);
  noteOperation(stack, 'CREATE_CHANGESET', base.identifiers.uuid());
}
