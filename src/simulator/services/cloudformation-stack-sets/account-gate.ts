import type { World } from '../../kernel/contract.js';
import { STACK_SETS_PRINCIPAL } from './caller.js';
import type { OperationResult, StackSet } from './stack-set.js';

export const DEFAULT_ADMINISTRATION_ROLE = 'AWSCloudFormationStackSetAdministrationRole';
export const DEFAULT_EXECUTION_ROLE = 'AWSCloudFormationStackSetExecutionRole';

export type Gate =
  | { readonly type: 'open'; readonly result: OperationResult['gate'] }
  | { readonly type: 'closed'; readonly reason: string; readonly result: OperationResult['gate'] }
  | { readonly type: 'suspended' };

const administrationRoleName = (set: StackSet): string =>
  set.content.administrationRoleArn?.split('/').at(-1) ?? DEFAULT_ADMINISTRATION_ROLE;

function missingRole(world: World, set: StackSet, account: string): string | undefined {
  const administration = administrationRoleName(set);
  const execution = set.content.executionRoleName;
  const rolesIn = (id: string) => world.organization.accounts.get(id)?.roles;
  if (rolesIn(set.account)?.has(administration) !== true) {
    return `Account ${set.account} should have '${administration}' role with trust relationship to CloudFormation service.`;
  }
  if (rolesIn(account)?.has(execution) !== true) {
    return `Account ${account} should have '${execution}' role with trust relationship to Role '${administration}'.`;
  }
  return undefined;
}

/** Whether StackSets may work in the account at this moment, asked again for each instance. */
export function accountGate(world: World, set: StackSet, account: string): Gate {
  const state = world.organization.accounts.get(account)?.state;
  if (state === 'SUSPENDED' || state === 'PENDING_CLOSURE' || state === 'CLOSED') return { type: 'suspended' };
  if (set.content.permissionModel === 'SELF_MANAGED') {
    const reason = missingRole(world, set, account);
    if (reason !== undefined) return { type: 'closed', reason, result: { Status: 'SKIPPED' } };
  } else if (!world.organization.trustedServices.has(STACK_SETS_PRINCIPAL)) {
    return {
      type: 'closed',
      reason: 'You must enable organizations access to operate a service managed stack set',
      result: { Status: 'SKIPPED' },
    };
  }
  const gateFunction = `arn:${world.partition}:lambda:${set.region}:${account}:function:AWSCloudFormationStackSetAccountGate`;
  return { type: 'open', result: { Status: 'SKIPPED', StatusReason: `Function not found: ${gateFunction}` } };
}
