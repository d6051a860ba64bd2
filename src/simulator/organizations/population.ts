import type { Identifiers, OrganizationFile, SimulatedAccount, VirtualClock } from '../kernel/contract.js';
import { foundOrganization, freshAccount, OrganizationIds } from './identity.js';
import type { OrganizationTree } from './organization-tree.js';

type Parts = { readonly tree: OrganizationTree; readonly clock: VirtualClock; readonly identifiers: Identifiers };

/** The roles that a file puts into every account: name → the external id that the trust demands, or null. */
export function baselineRoles(file: OrganizationFile): ReadonlyMap<string, string | null> {
  return new Map(
    (file.roles ?? []).map((role) => (typeof role === 'string' ? [role, null] : [role.name, role.externalId])),
  );
}

/** Fills an empty tree from a file; throws an Error that names what does not fit. */
export function populate({ tree, clock, identifiers }: Parts, file: OrganizationFile): void {
  const ids = new OrganizationIds(identifiers);
  const roles = baselineRoles(file);
  const { id, name, email, tags, roles: own } = file.managementAccount;
  const management = freshAccount(clock, { id, name, email: email ?? emailOf(name) });
  equip(management, roles, own, tags);
  foundOrganization(tree, ids, management);
  const unitIds = addUnits(tree, ids, file);
  for (const account of file.accounts) {
    if (tree.accounts.has(account.id)) throw new Error(`the account ${account.id} is listed twice`);
    const parentId = unitIds.get(account.unit);
    if (parentId === undefined)
      throw new Error(`the account ${account.id} is in the unit ${account.unit}, which is not among the units`);
    const made = freshAccount(clock, { id: account.id, name: account.name, email: emailOf(account.name) });
    made.state = account.state ?? 'ACTIVE';
    made.parentId = parentId;
    made.roles.set('OrganizationAccountAccessRole', null);
    equip(made, roles, account.roles, account.tags);
    tree.addAccount(made);
  }
  for (const service of file.trustedServices ?? []) tree.trustedServices.add(service);
  for (const { account, service } of file.delegatedAdministrators ?? []) {
    if (!tree.accounts.has(account))
      throw new Error(`the delegated administrator ${account} is not among the accounts`);
    tree.delegatedAdministrators.set(account, (tree.delegatedAdministrators.get(account) ?? new Set()).add(service));
  }
}

/** Path → id; the root's path is `/`. Parents that a file leaves out are made. */
function addUnits(tree: OrganizationTree, ids: OrganizationIds, file: OrganizationFile): ReadonlyMap<string, string> {
  const known = new Map([['/', tree.rootId!]]);
  for (const { path } of file.units) {
    let parentPath = '/';
    for (const name of path.split('/').filter((step) => step !== '')) {
      const here = `${parentPath === '/' ? '' : parentPath}/${name}`;
      if (!known.has(here)) {
        const unit = {
          id: ids.unit(tree.rootId!),
          name,
          parentId: known.get(parentPath)!,
          tags: new Map<string, string>(),
        };
        tree.addUnit(unit);
        known.set(here, unit.id);
      }
      parentPath = here;
    }
  }
  return known;
}

function equip(
  account: SimulatedAccount,
  everywhere: ReadonlyMap<string, string | null>,
  own: readonly string[] = [],
  tags: Readonly<Record<string, string>> = {},
): void {
  for (const [name, externalId] of everywhere) account.roles.set(name, externalId);
  for (const name of own) account.roles.set(name, null);
  for (const [key, value] of Object.entries(tags)) account.tags.set(key, value);
}

const emailOf = (name: string): string => `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@example.com`;
