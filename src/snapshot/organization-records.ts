import type { Controller } from '../model/desired.js';
import type { AccountId } from '../model/identifiers.js';
import type { Account, Organization } from '../model/organization.js';
import type { Snapshot, SnapshotAccount, SnapshotPlace, SnapshotRole, SnapshotStackSets } from '../model/snapshot.js';
import { byText } from './records.js';

const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';
const ADMINISTRATION_ROLE = 'AWSCloudFormationStackSetAdministrationRole';
const EXECUTION_ROLE = 'AWSCloudFormationStackSetExecutionRole';

/** What was read, from which the organization's part of the file is made. */
export type Readings = {
  readonly organization: Organization;
  readonly controller: Controller;
  readonly controllerAccount: AccountId;
  readonly places: readonly SnapshotPlace[];
  readonly stackSets: readonly SnapshotStackSets[];
};

/** The organization as the file has it: tree, accounts and trust. Nobody lists roles, so those are written down that must be there. */
export function organizationRecords(
  readings: Readings,
): Pick<
  Snapshot,
  | 'organizationId'
  | 'rootId'
  | 'managementAccount'
  | 'units'
  | 'accounts'
  | 'trustedServices'
  | 'delegatedAdministrators'
> {
  const { organization, controllerAccount } = readings;
  const root = organization.units.find(({ parentId }) => parentId === null)!;
  const paths = new Map(organization.units.map(({ id, path }) => [id, path]));
  const roles = rolesOf(readings);
  const record = (account: Account): SnapshotAccount => ({
    id: account.id,
    name: account.name,
    unit: paths.get(account.parentId) ?? '/',
    ...(account.state === 'ACTIVE' ? {} : { state: account.state }),
    ...(account.joinedAt === null ? {} : { joinedAt: new Date(account.joinedAt).toISOString() }),
    ...(account.tags === null || Object.keys(account.tags).length === 0 ? {} : { tags: sorted(account.tags) }),
    ...(roles.has(account.id) ? { roles: roles.get(account.id)! } : {}),
  });
  const records = organization.accounts.map(record);
  const managementAccount = records.find(({ id }) => id === organization.managementAccountId)!;
  const isDelegated = readings.stackSets.some((shelf) => shelf.callAs === 'DELEGATED_ADMIN' && 'stackSets' in shelf);
  const isTrusted = isDelegated || setsOf(readings).some((set) => set.permissionModel === 'SERVICE_MANAGED');
  return {
    organizationId: organization.id,
    rootId: root.id,
    managementAccount,
    units: organization.units
      .filter(({ parentId }) => parentId !== null)
      .map(({ id, path, name }) => ({ path, id, ...(name.includes('/') ? { name } : {}) })),
    accounts: records.filter(({ id }) => id !== organization.managementAccountId),
    trustedServices: isTrusted ? [STACK_SETS] : [],
    delegatedAdministrators: isDelegated ? [{ account: controllerAccount, service: STACK_SETS }] : [],
  };
}

/**
 * An account whose plan role answered has the installation's other roles too, since one template makes all of them; where an instance of a
 * self-managed stack set stands, its roles stood. That the others are absent is not known, and assumed.
 */
function rolesOf(readings: Readings): ReadonlyMap<string, readonly SnapshotRole[]> {
  const { plan, apply, cloudformation, externalId } = readings.controller.roles;
  const guarded = (name: string): SnapshotRole => (externalId === null ? name : { name, externalId });
  const found = new Map<string, Map<string, SnapshotRole>>();
  const add = (account: string, name: string, role: SnapshotRole): void => {
    found.set(account, (found.get(account) ?? new Map<string, SnapshotRole>()).set(name, role));
  };
  for (const place of readings.places) {
    if (!('stacks' in place)) continue;
    add(place.account, plan, guarded(plan));
    add(place.account, apply, guarded(apply));
    if (cloudformation !== null) add(place.account, cloudformation, cloudformation);
  }
  for (const set of setsOf(readings)) {
    if (set.permissionModel !== 'SELF_MANAGED') continue;
    const administration = set.administrationRoleArn?.split('/').at(-1) ?? ADMINISTRATION_ROLE;
    const execution = set.executionRoleName ?? EXECUTION_ROLE;
    add(readings.controllerAccount, administration, administration);
    for (const { account, stackId } of set.instances) if (stackId !== undefined) add(account, execution, execution);
  }
  return new Map(
    [...found].map(([account, roles]) => [
      account,
      [...roles].sort(([one], [other]) => byText(one, other)).map(([, role]) => role),
    ]),
  );
}

function setsOf({ stackSets }: Readings) {
  return stackSets.flatMap((shelf) =>
    'stackSets' in shelf ? shelf.stackSets.flatMap((set) => ('template' in set ? [set] : [])) : [],
  );
}

function sorted(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).sort(([one], [other]) => byText(one, other)));
}
