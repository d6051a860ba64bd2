import type { Call } from '../../kernel/contract.js';
import { constraint, stackMissing } from './refusals.js';
import type { Environment } from './environment.js';
import type { Stack } from './stack.js';
import type { Area } from './stack-store.js';

/** The caller's own account and Region: nothing else can be reached. */
export function callersArea({ store }: Environment, call: Call): Area {
  return store.area(call.principal.accountId, call.region);
}

/** A stack that must exist, by name or id; ids of deleted stacks answer too. */
export function namedStack(environment: Environment, call: Call, nameOrId: string | undefined): Stack {
  if (nameOrId === undefined || nameOrId === '') throw constraint('', 'stackName', 'Member must not be null');
  const stack = callersArea(environment, call).find(nameOrId);
  if (!stack) throw stackMissing(nameOrId);
  return stack;
}

/** A stack that must exist and not be deleted. */
export function livingStack(environment: Environment, call: Call, nameOrId: string | undefined): Stack {
  const stack = namedStack(environment, call, nameOrId);
  if (stack.status === 'DELETE_COMPLETE') throw stackMissing(nameOrId ?? '');
  return stack;
}
