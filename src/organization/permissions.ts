import type { IamAction } from '../reconciler/ports.js';

const read = (action: IamAction['action'], reason: string): IamAction => ({ action, role: 'controller', reason });

/** What discovery calls, with the reason: from a delegated administrator's account, or through a delegation policy. */
export const DISCOVERY_ACTIONS: readonly IamAction[] = [
  read('organizations:DescribeOrganization', 'names the organization and its management account'),
  read('organizations:ListRoots', 'finds where the tree begins'),
  read('organizations:ListOrganizationalUnitsForParent', 'walks the tree down'),
  read('organizations:ListAccountsForParent', 'lists the accounts of each unit, with their state'),
  read('organizations:ListTagsForResource', 'reads tags where a selector or a reference needs them'),
];
