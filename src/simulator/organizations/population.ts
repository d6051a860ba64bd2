import type { Identifiers, OrganizationFile, PlacedRole, SimulatedAccount, VirtualClock } from '../kernel/contract.js';
import { freshAccount, OrganizationIds } from './identity.js';
import type { OrganizationTree } from './organization-tree.js';

type Parts = { readonly tree: OrganizationTree; readonly clock: VirtualClock; readonly identifiers: Identifiers };

/** The roles that a file puts into every account: name → the external id that the trust demands, or null. */
export function baselineRoles(file: OrganizationFile): ReadonlyMap<string, string | null> {
  return rolesOf(file.roles);
}

/** Fills an empty tree from a file; throws an Error that names what does not fit. */
export function populate({ tree, clock, identifiers }: Parts, file: OrganizationFile): void {
  const ids = new OrganizationIds(identifiers);
  const everywhere = baselineRoles(file);
  const rootId = file.rootId ?? ids.root();
  const organizationId = file.organizationId ?? ids.organization();
  tree.found({ organizationId, managementAccountId: file.managementAccount.id, rootId });
  const unitIds = addUnits(tree, ids, file);
  const join = (member: Member, unit: string): SimulatedAccount => {
    const { id, name, email, joinedAt, tags = {} } = member;
    if (tree.accounts.has(id)) throw new Error(`the account ${id} is listed twice`);
    const parentId = unitIds.get(unit);
    if (parentId === undefined)
      throw new Error(`the account ${id} is in the unit ${unit}, which is not among the units`);
    const account = freshAccount(clock, { id, name, email: email ?? emailOf(name) });
    account.state = member.state ?? 'ACTIVE';
    account.parentId = parentId;
    if (joinedAt !== undefined) account.joinedAt = new Date(joinedAt);
    for (const [key, value] of Object.entries(tags)) account.tags.set(key, value);
    return account;
  };
  const management = join(file.managementAccount, file.managementAccount.unit ?? '/');
  equip(management, everywhere, file.managementAccount.roles);
  tree.addAccount(management);
  for (const member of file.accounts) {
    const account = join(member, member.unit);
    account.roles.set('OrganizationAccountAccessRole', null);
    equip(account, everywhere, member.roles);
    tree.addAccount(account);
  }
  addTrust(tree, file);
}

type Member = Omit<OrganizationFile['accounts'][number], 'unit' | 'roles'>;

function addTrust(tree: OrganizationTree, file: OrganizationFile): void {
  for (const service of file.trustedServices ?? []) tree.trustedServices.add(service);
  for (const { account, service } of file.delegatedAdministrators ?? []) {
    if (!tree.accounts.has(account))
      throw new Error(`the delegated administrator ${account} is not among the accounts`);
    tree.delegatedAdministrators.set(account, (tree.delegatedAdministrators.get(account) ?? new Set()).add(service));
  }
  if (file.controller === undefined) return;
  if (!tree.accounts.has(file.controller))
    throw new Error(`the controller ${file.controller} is not among the accounts`);
  tree.readers.add(file.controller);
}

/** Path → id; the root's path is `/`. Parents that a file leaves out are made. */
function addUnits(tree: OrganizationTree, ids: OrganizationIds, file: OrganizationFile): ReadonlyMap<string, string> {
  const known = new Map([['/', tree.rootId!]]);
  for (const { path, id, name } of file.units) {
    let above = nearest(path, known);
    const steps = missingSteps(path, above, name);
    steps.forEach((step, at) => {
      const isNamed = at === steps.length - 1;
      const unit = {
        id: (isNamed ? id : undefined) ?? ids.unit(tree.rootId!),
        name: step,
        parentId: known.get(above)!,
        tags: new Map<string, string>(),
      };
      above = `${above === '/' ? '' : above}/${step}`;
      tree.addUnit(unit);
      known.set(above, unit.id);
    });
  }
  return known;
}

/** The longest part of a path that is a unit already. */
function nearest(path: string, known: ReadonlyMap<string, string>): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
    if (known.has(path.slice(0, end))) return path.slice(0, end);
  return '/';
}

/** The names of the units that are still to be made below `above`; only the last one may have slashes in it. */
function missingSteps(path: string, above: string, name: string | undefined): readonly string[] {
  const rest = path.slice(above === '/' ? 1 : above.length + 1);
  if (name === undefined) return rest.split('/').filter((step) => step !== '');
  if (rest === name) return [name];
  if (!rest.endsWith(`/${name}`)) throw new Error(`the unit ${path} does not end with its name, ${name}`);
  return [...rest.slice(0, -name.length - 1).split('/'), name];
}

function equip(
  account: SimulatedAccount,
  everywhere: ReadonlyMap<string, string | null>,
  own: readonly PlacedRole[] = [],
): void {
  for (const [name, externalId] of [...everywhere, ...rolesOf(own)]) account.roles.set(name, externalId);
}

function rolesOf(roles: readonly PlacedRole[] = []): ReadonlyMap<string, string | null> {
  return new Map(roles.map((role) => (typeof role === 'string' ? [role, null] : [role.name, role.externalId])));
}

const emailOf = (name: string): string => `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@example.com`;
