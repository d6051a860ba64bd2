import type { Call } from '../../kernel/contract.js';
import { bracketedStackMissing, constraint, stackMissing } from './refusals.js';
import type { Environment } from './environment.js';
import type { Stack } from './stack.js';
import type { Area } from './stack-store.js';

/** The caller's own account and Region: nothing else can be reached. */
export function callersArea({ store }: Environment, call: Call): Area {
  return store.area(call.principal.accountId, call.region);
}

/** Milliseconds for which CloudFormation remembers a deleted stack. */
export const REMEMBERED = 90 * 24 * 3600 * 1000;

/** How an operation says that there is no such stack. */
type Missing = (nameOrId: string) => Error;

/** A stack that must exist, by name or id; ids of deleted stacks answer too, for 90 days. */
export function namedStack(
  environment: Environment,
  call: Call,
  nameOrId: string | undefined,
  missing: Missing = stackMissing,
): Stack {
  if (nameOrId === undefined || nameOrId === '') throw constraint('', 'stackName', 'Member must not be null');
  const stack = callersArea(environment, call).find(nameOrId);
  if (!stack || forgotten(environment, stack)) throw missing(nameOrId);
  return stack;
}

/** A stack that must exist and not be deleted. */
export function livingStack(
  environment: Environment,
  call: Call,
  nameOrId: string | undefined,
  missing: Missing = stackMissing,
): Stack {
  const stack = namedStack(environment, call, nameOrId, missing);
  if (stack.status === 'DELETE_COMPLETE') throw missing(nameOrId ?? '');
  return stack;
}

/** True for a stack that was deleted longer ago than CloudFormation remembers. */
export function forgotten({ base }: Environment, { deletedAt }: Stack): boolean {
  return deletedAt !== undefined && base.clock.now().getTime() - deletedAt.getTime() > REMEMBERED;
}

/** A living stack for an operation that changes it. */
export function bracketedStack(environment: Environment, call: Call, nameOrId: string | undefined): Stack {
  return livingStack(environment, call, nameOrId, bracketedStackMissing);
}
