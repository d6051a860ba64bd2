import type { Call } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import type { StackChangeSet } from './change-set.js';
import type { Environment } from './environment.js';
import { callersArea, livingStack } from './lookup.js';
import { bracketedStackMissing, changeSetMissing } from './refusals.js';

export type ChangeSetName = { readonly ChangeSetName?: string | undefined; readonly StackName?: string | undefined };

/** A change set by its ARN, or by its name and its stack; undefined where there is none. The ARN finds executed ones too. */
export function findChangeSet(
  environment: Environment,
  call: Call,
  { ChangeSetName = '', StackName }: ChangeSetName,
): StackChangeSet | undefined {
  if (!ChangeSetName.startsWith('arn:')) {
    if (StackName === undefined)
      throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
    const stack = livingStack(environment, call, StackName, bracketedStackMissing);
    const changeSet = stack.changeSets.get(ChangeSetName);
    return changeSet && { stack, changeSet };
  }
  const area = callersArea(environment, call);
  for (const stack of area.byName.values()) {
    for (const changeSet of stack.changeSets.values()) if (changeSet.id === ChangeSetName) return { stack, changeSet };
  }
  return area.pastChangeSets.get(ChangeSetName);
}

/** A change set that must exist. */
export function changeSetNamed(environment: Environment, call: Call, name: ChangeSetName): StackChangeSet {
  const found = findChangeSet(environment, call, name);
  if (!found) throw changeSetMissing(name.ChangeSetName ?? '');
  return found;
}
