import type { Call, Handler } from '../../kernel/contract.js';
import { callerOf, STACK_SETS_PRINCIPAL } from './caller.js';
import { invalidOperation } from './refusals.js';
import type { StackSetWorld } from './world.js';

/** Trusted access for stack sets, which is the management account's to give. */
export function organizationsAccessOperations(world: StackSetWorld): Record<string, Handler> {
  const { organization } = world;
  const demandManagement = (account: string): void => {
    if (organization.managementAccountId !== null && account === organization.managementAccountId) return;
    throw invalidOperation('You must be the management account of an organization to use this operation');
  };
  return {
    ActivateOrganizationsAccess: (_input, call: Call) => {
      demandManagement(call.principal.accountId);
      organization.trustedServices.add(STACK_SETS_PRINCIPAL);
      return {};
    },
    DeactivateOrganizationsAccess: (_input, call: Call) => {
      demandManagement(call.principal.accountId);
      organization.trustedServices.delete(STACK_SETS_PRINCIPAL);
      return {};
    },
    DescribeOrganizationsAccess: (input, call: Call) => {
      demandManagement(callerOf(world, input.CallAs, call).account);
      return { Status: organization.trustedServices.has(STACK_SETS_PRINCIPAL) ? 'ENABLED' : 'DISABLED' };
    },
  };
}
