import type { SimulatedAccount, SimulatedUnit } from '../kernel/contract.js';
import type { OrganizationTree } from './organization-tree.js';

type Place = { readonly partition: string; readonly tree: OrganizationTree };

/** The organization's things as its API shows them. */
export function arn({ partition, tree }: Place, kind: 'organization' | 'root' | 'ou' | 'account', id?: string): string {
  const tail = id === undefined ? '' : `/${id}`;
  return `arn:${partition}:organizations::${tree.managementAccountId}:${kind}/${tree.organizationId}${tail}`;
}

/** `Status` is left out: AWS retired it in favour of `State`. */
export function accountView(place: Place, account: SimulatedAccount) {
  return {
    Id: account.id,
    Arn: arn(place, 'account', account.id),
    Email: account.email,
    Name: account.name,
    State: account.state,
    Paths: [pathTo(place.tree, account)],
    JoinedMethod: account.id === place.tree.managementAccountId ? 'INVITED' : 'CREATED',
    JoinedTimestamp: account.joinedAt,
  };
}

export function unitView(place: Place, unit: SimulatedUnit) {
  return { Id: unit.id, Arn: arn(place, 'ou', unit.id), Name: unit.name };
}

export function rootView(place: Place) {
  const Id = place.tree.rootId!;
  return { Id, Arn: arn(place, 'root', Id), Name: 'Root', PolicyTypes: [] };
}

export function organizationView(place: Place) {
  const { tree } = place;
  const management = tree.accounts.get(tree.managementAccountId!)!;
  return {
    Id: tree.organizationId,
    Arn: arn(place, 'organization'),
    FeatureSet: 'ALL',
    MasterAccountArn: arn(place, 'account', management.id),
    MasterAccountId: management.id,
    MasterAccountEmail: management.email,
    AvailablePolicyTypes: [],
  };
}

/** `o-…/r-…/ou-…/account/`. */
function pathTo(tree: OrganizationTree, account: SimulatedAccount): string {
  const steps: string[] = [account.id];
  for (let parent = account.parentId; parent !== null; parent = tree.units.get(parent)?.parentId ?? null)
    steps.unshift(parent);
  return `${tree.organizationId}/${steps.join('/')}/`;
}
