import { partsOf, usesTags } from '../manifest/references.js';
import { deploymentAddress } from '../model/address.js';
import type { ManifestAddress } from '../model/address.js';
import type { AccountSelector, Controller, Deployment, Desired, ExcludedAccount } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { AccountId, Partition } from '../model/identifiers.js';
import type { Account, Organization } from '../model/organization.js';
import type { Scope } from '../model/plan.js';
import { collisions } from './expand-collisions.js';
import { directoryOf } from './expand-directory.js';
import type { Directory } from './expand-directory.js';
import { targetsOf } from './expand-targets.js';
import { valuesOf } from './expand-values.js';
import { wavesOf } from './expand-waves.js';

export type Expansion = {
  /** One entry for each manifest; its deployments by account id and then by Region. */
  readonly deployments: ReadonlyMap<ManifestAddress, readonly Deployment[]>;
  /** Accounts that selectors cover and that are not ACTIVE, by id. */
  /** The same without the scope: what deployments inside it may refer to. */
  readonly everywhere: ReadonlyMap<ManifestAddress, readonly Deployment[]>;
  readonly excluded: readonly ExcludedAccount[];
  readonly diagnostics: readonly Diagnostic[];
};

/** Lays the manifests' selectors over the organization. The scope narrows what comes out, never what is validated. */
export function expand(
  desired: readonly Desired[],
  organization: Organization,
  controller: Controller,
  scope: Scope,
): Expansion {
  const directory = directoryOf(organization);
  const manifests = [...desired].sort((left, right) => (left.address < right.address ? -1 : 1));
  const expanded = manifests.map((manifest) => expandOne(manifest, directory, organization, controller.partition));
  const everywhere = new Map(expanded.map(({ address, deployments }) => [address, deployments]));
  const excluded = new Set(expanded.flatMap((one) => one.excluded));
  const isInScope = (account: AccountId): boolean => scope.type === 'all' || scope.account === account;
  return {
    deployments:
      scope.type === 'all'
        ? everywhere
        : new Map(
            [...everywhere].map(([address, all]) => [address, all.filter(({ target }) => isInScope(target.account))]),
          ),
    everywhere,
    excluded: directory.accounts
      .filter((account) => excluded.has(account) && isInScope(account.id))
      .map(({ id, name, state }) => ({ id, name, state })),
    diagnostics: [
      ...expanded.flatMap(({ diagnostics }) => diagnostics),
      ...collisions(manifests, everywhere),
      ...missingScope(scope, directory),
    ],
  };
}

type Expanded = {
  readonly address: ManifestAddress;
  readonly deployments: readonly Deployment[];
  readonly excluded: readonly Account[];
  readonly diagnostics: readonly Diagnostic[];
};

function expandOne(desired: Desired, directory: Directory, organization: Organization, partition: Partition): Expanded {
  const { address } = desired;
  const { targets, excluded, diagnostics } = targetsOf(desired, directory, partition);
  const values = valuesOf(desired, directory, { partition, organization });
  const waves = wavesOf(desired, directory);
  const deployments = targets.map(({ account, region }): Deployment => {
    const target = { account: account.id, region };
    return {
      address: deploymentAddress(address, target),
      manifest: address,
      target,
      account,
      ...values.at(account, region),
      wave: waves.at(account),
    };
  });
  const found = [...diagnostics, ...values.diagnostics(), ...waves.diagnostics()].map((diagnostic) => ({
    ...diagnostic,
    address,
  }));
  return { address, deployments, excluded, diagnostics: found };
}

function missingScope(scope: Scope, directory: Directory): readonly Diagnostic[] {
  if (scope.type === 'all' || directory.account(scope.account).type === 'found') return [];
  const message = `account ${scope.account} is not in the organization`;
  return [{ code: 'EK3002', severity: 'error', message, remedy: 'name the id of an account of the organization' }];
}

/** Whether accounts' tags have to be read: an organization of thousands has as many calls for them. */
export function needsTags(desired: readonly Desired[]): boolean {
  const refers = (values: Readonly<Record<string, string>>): boolean =>
    Object.values(values).some((value) => usesTags(partsOf(value)));
  const selects = (selector: AccountSelector & { readonly except?: AccountSelector | undefined }): boolean =>
    selector.tags !== undefined || selector.except?.tags !== undefined;
  return desired.some(
    ({ targets, overrides, parameters, tags, rollout }) =>
      targets.some(selects) ||
      rollout.waves.some(selects) ||
      overrides.some((override) => selects(override.where) || refers(override.parameters)) ||
      refers(parameters) ||
      refers(tags),
  );
}
