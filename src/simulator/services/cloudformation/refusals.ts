import { AwsError } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import type { Stack } from './stack.js';

/** Refusals that more than one operation gives, in CloudFormation's words. */
export function stackMissing(nameOrId: string): AwsError {
  return invalid(`Stack with id ${nameOrId} does not exist`);
}

/** The operations that change a stack, and DescribeStackEvents, say it so. */
export function bracketedStackMissing(nameOrId: string): AwsError {
  return invalid(`Stack [${nameOrId}] does not exist`);
}

/** DescribeStackResource says it so. */
export function quotedStackMissing(nameOrId: string): AwsError {
  return invalid(`Stack '${nameOrId}' does not exist`);
}

export function stackBusy(stack: Stack): AwsError {
  return invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

export function changeSetMissing(nameOrId: string): AwsError {
  return new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, 404);
}

export function insufficientCapabilities(missing: readonly string[]): AwsError {
  return new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
}

export function noUpdates(): AwsError {
  return invalid('No updates are to be performed.');
}

/** The check that the service makes of a member before anything else. */
export function constraint(value: string, member: string, rule: string): AwsError {
  return invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);
}
