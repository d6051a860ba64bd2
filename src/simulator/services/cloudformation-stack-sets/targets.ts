import { isRegionOf } from '../../kernel/regions.js';
import type { World } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { accountIds, namedAccounts } from './named-accounts.js';
import { instanceNotFound, limitExceeded } from './refusals.js';
import { placeOf } from './stack-set.js';
import type { StackSet, Target } from './stack-set.js';

export type SentTargets = {
  readonly Accounts?: readonly string[];
  readonly AccountsUrl?: string;
  readonly OrganizationalUnitIds?: readonly string[];
  readonly AccountFilterType?: string;
};
export type TargetRequest = {
  readonly Accounts?: readonly string[];
  readonly DeploymentTargets?: SentTargets;
  readonly Regions?: readonly string[];
};

const MOST_UNITS = 50;
/** Quota: stack instances of one stack set. */
const MOST_INSTANCES = 100_000;

type Wanted = { readonly account: string; readonly unitId: string | undefined };

function selfManaged(world: World, request: TargetRequest): readonly Wanted[] {
  if (request.Accounts !== undefined && request.DeploymentTargets !== undefined)
    throw invalid('Cannot specify both Accounts and DeploymentTargets');
  if (request.DeploymentTargets?.OrganizationalUnitIds !== undefined) {
    throw invalid(
      'OrganizationalUnitIds can only be specified for StackSets with the SERVICE_MANAGED permission model',
    );
  }
  const accounts =
    request.Accounts === undefined
      ? namedAccounts(world, request.DeploymentTargets ?? {})
      : accountIds(request.Accounts);
  if (accounts.length === 0) throw invalid('Accounts must be specified');
  return accounts.map((account) => ({ account, unitId: undefined }));
}

/** Which of the units each account is below. */
export function unitsOfAccounts(world: World, units: readonly string[]): ReadonlyMap<string, string> {
  const { organization } = world;
  if (units.length > MOST_UNITS) throw invalid(`At most ${MOST_UNITS} organizational units can be specified`);
  const byAccount = new Map<string, string>();
  for (const unitId of units) {
    if (unitId !== organization.rootId && !organization.units.has(unitId))
      throw invalid(`Organizational unit ${unitId} does not exist`);
    for (const account of organization.accountsBelow(unitId)) {
      if (!byAccount.has(account.id)) byAccount.set(account.id, unitId);
    }
  }
  return byAccount;
}

/** The management account is never among them, whatever is asked for. */
function serviceManaged(world: World, request: TargetRequest, creating: boolean): readonly Wanted[] {
  const sent = request.DeploymentTargets;
  if (request.Accounts !== undefined)
    throw invalid(
      'Accounts cannot be specified for StackSets with the SERVICE_MANAGED permission model; use DeploymentTargets',
    );
  if (sent === undefined)
    throw invalid('DeploymentTargets must be specified for StackSets with the SERVICE_MANAGED permission model');
  const units = sent.OrganizationalUnitIds ?? [];
  if (creating && units.length === 0) throw invalid('OrganizationalUnitIds are required');
  const named = namedAccounts(world, sent);
  if (units.length === 0 && named.length === 0)
    throw invalid('DeploymentTargets must name accounts or organizational units');
  const filter = filterOf(sent, named, creating);
  const below = unitsOfAccounts(world, units);
  const wanted = (account: string): Wanted => ({ account, unitId: below.get(account) });
  const all = [...below.keys()];
  const chosen = (): readonly string[] => {
    switch (filter) {
      case 'NONE':
        return all;
      case 'INTERSECTION':
        return all.filter((account) => named.includes(account));
      case 'DIFFERENCE':
        return all.filter((account) => !named.includes(account));
      case 'UNION':
        return [...new Set([...all, ...named])];
    }
  };
  return chosen()
    .filter((account) => account !== world.organization.managementAccountId)
    .map(wanted);
}

function filterOf(
  sent: SentTargets,
  named: readonly string[],
  creating: boolean,
): 'NONE' | 'INTERSECTION' | 'DIFFERENCE' | 'UNION' {
  const type = sent.AccountFilterType ?? (named.length === 0 ? 'NONE' : 'UNION');
  if (type === 'UNION' && named.length > 0 && creating)
    throw invalid('AccountFilterType UNION is not supported for CreateStackInstances operations');
  if (type === 'NONE' && named.length > 0) throw invalid('Accounts cannot be specified with AccountFilterType NONE');
  if ((type === 'INTERSECTION' || type === 'DIFFERENCE') && named.length === 0)
    throw invalid(`Accounts must be specified with AccountFilterType ${type}`);
  if (type !== 'NONE' && type !== 'INTERSECTION' && type !== 'DIFFERENCE' && type !== 'UNION')
    throw invalid(`AccountFilterType ${type} is not known`);
  return type;
}

function regionsOf({ partition }: World, request: TargetRequest): readonly string[] {
  const regions = request.Regions ?? [];
  if (regions.length === 0) throw invalid('Regions must be specified');
  const wrong = regions.find((region) => !isRegionOf(partition, region));
  if (wrong !== undefined) throw invalid(`Region ${wrong} is not supported`);
  return [...new Set(regions)];
}

const wantedAccounts = (world: World, set: StackSet, request: TargetRequest, creating: boolean): readonly Wanted[] =>
  set.content.permissionModel === 'SELF_MANAGED'
    ? selfManaged(world, request)
    : serviceManaged(world, request, creating);

/** Where CreateStackInstances is to have instances. */
export function newTargets(world: World, set: StackSet, request: TargetRequest): readonly Target[] {
  const regions = regionsOf(world, request);
  const targets = wantedAccounts(world, set, request, true).flatMap((wanted) =>
    regions.map((region) => ({ ...wanted, region })),
  );
  const added = targets.filter((target) => !set.instances.has(placeOf(target))).length;
  if (set.instances.size + added > MOST_INSTANCES)
    throw limitExceeded(`A StackSet can have at most ${MOST_INSTANCES} stack instances`);
  return targets;
}

/** The instances that exist among those asked for. Naming one of a self-managed set that does not exist is refused by `onMissing: 'refuse'`. */
export function existingTargets(
  world: World,
  set: StackSet,
  request: TargetRequest,
  onMissing: 'refuse' | 'ignore',
): readonly Target[] {
  const regions = regionsOf(world, request);
  const targets: Target[] = [];
  for (const { account } of wantedOrInstances(world, set, request)) {
    for (const region of regions) {
      const instance = set.instances.get(placeOf({ account, region }));
      if (instance !== undefined) targets.push({ account, region, unitId: instance.unitId });
      else if (onMissing === 'refuse' && set.content.permissionModel === 'SELF_MANAGED')
        throw instanceNotFound(set.name, account, region);
    }
  }
  return targets;
}

/** Instances of accounts that have left a targeted unit still belong to it. */
function wantedOrInstances(world: World, set: StackSet, request: TargetRequest): readonly Wanted[] {
  const wanted = wantedAccounts(world, set, request, false);
  const sent = request.DeploymentTargets;
  if (
    sent?.AccountFilterType === 'INTERSECTION' ||
    sent?.AccountFilterType === 'DIFFERENCE' ||
    sent?.OrganizationalUnitIds === undefined
  )
    return wanted;
  const units = new Set(sent.OrganizationalUnitIds);
  const left = [...set.instances.values()].filter(
    ({ account, unitId }) =>
      unitId !== undefined && units.has(unitId) && !wanted.some((one) => one.account === account),
  );
  return [
    ...wanted,
    ...[...new Set(left.map(({ account }) => account))].map((account) => ({ account, unitId: undefined })),
  ];
}

/** Every instance that UpdateStackSet reaches where the call names none: those that are INOPERABLE are left out. */
export const updatableTargets = (set: StackSet): readonly Target[] =>
  [...set.instances.values()]
    .filter(({ status }) => status !== 'INOPERABLE')
    .map(({ account, region, unitId }) => ({ account, region, unitId }));
