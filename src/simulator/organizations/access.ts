import { AwsError, type Call } from '../kernel/contract.js';
import type { OrganizationTree } from './organization-tree.js';

/** Who may ask: anybody in the organization, readers (the management account and delegated administrators), or the management account alone. */
export type Audience = 'members' | 'readers' | 'management';

/** Throws what AWS answers to a caller who is not among the audience. */
export function demand(audience: Audience, tree: OrganizationTree, call: Call): void {
  const { accountId } = call.principal;
  const member = tree.accounts.get(accountId);
  if (tree.organizationId === null || member === undefined || member.parentId === null) {
    throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
  }
  if (audience === 'members' || accountId === tree.managementAccountId) return;
  const reads = (tree.delegatedAdministrators.get(accountId)?.size ?? 0) > 0 || tree.readers.has(accountId);
  if (audience === 'readers' && reads) return;
  throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
}
