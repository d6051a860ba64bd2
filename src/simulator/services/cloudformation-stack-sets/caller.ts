import type { Call, World } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import type { PermissionModel, StackSet } from './stack-set.js';

export const STACK_SETS_PRINCIPAL = 'member.org.stacksets.cloudformation.amazonaws.com';

/** Whose stack sets a call works on. */
export type Caller = { readonly account: string; readonly region: string; readonly delegated: boolean };

const isDelegated = ({ organization }: World, account: string): boolean =>
  organization.delegatedAdministrators.get(account)?.has(STACK_SETS_PRINCIPAL) === true;

/** A delegated administrator works in the management account, and only where it says so on the call: reads included. */
export function callerOf(world: World, callAs: string | undefined, call: Call): Caller {
  const { accountId } = call.principal;
  if (callAs !== 'DELEGATED_ADMIN') return { account: accountId, region: call.region, delegated: false };
  const management = world.organization.managementAccountId;
  if (management === null || !isDelegated(world, accountId))
    throw invalid('Account used is not a delegated administrator');
  return { account: management, region: call.region, delegated: true };
}

export const mayUse = (caller: Caller, set: StackSet): boolean =>
  set.account === caller.account &&
  set.region === caller.region &&
  (!caller.delegated || set.content.permissionModel === 'SERVICE_MANAGED');

export function checkPermissionModel(world: World, caller: Caller, model: PermissionModel): void {
  if (model === 'SELF_MANAGED') {
    if (caller.delegated) throw invalid('CallAs DELEGATED_ADMIN is only for SERVICE_MANAGED stack sets');
    return;
  }
  if (caller.account !== world.organization.managementAccountId) {
    throw invalid(
      'You must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set',
    );
  }
  if (!world.organization.trustedServices.has(STACK_SETS_PRINCIPAL)) {
    throw invalid('You must enable organizations access to operate a service managed stack set');
  }
}
