import type { AccountId, Region } from './identifiers.js';
import type { Target } from './target.js';

export const DEPLOYABLE_KINDS = ['StackSet', 'Stack', 'ServerlessApplication', 'Solution', 'Construct'] as const;
export type DeployableKind = (typeof DEPLOYABLE_KINDS)[number];

/** `Kind/name`: a manifest's place in Git. */
export type ManifestAddress = `${DeployableKind}/${string}`;
/** `Kind/name@account/region`: one building block at one target. */
export type DeploymentAddress = `${ManifestAddress}@${string}/${string}`;
export type Address = ManifestAddress | DeploymentAddress;

export type ParsedAddress = {
  readonly kind: DeployableKind;
  readonly name: string;
  readonly manifest: ManifestAddress;
  readonly target: Target | null;
};

const ADDRESS =
  /^(StackSet|Stack|ServerlessApplication|Solution|Construct)\/([a-z][a-z0-9-]{0,62})(?:@(\d{12})\/([a-z0-9-]+))?$/;

/** Null where the text is not an address. */
export function parseAddress(text: string): ParsedAddress | null {
  const match = ADDRESS.exec(text);
  if (match === null) return null;
  const [, kind, name, account, region] = match;
  return {
    kind: kind as DeployableKind,
    name: name!,
    manifest: `${kind as DeployableKind}/${name!}`,
    target: account === undefined ? null : { account: account as AccountId, region: region as Region },
  };
}

export function deploymentAddress(manifest: ManifestAddress, target: Target): DeploymentAddress {
  return `${manifest}@${target.account}/${target.region}`;
}

/** The manifest that an address belongs to; a manifest's own address is its own. */
export function manifestOf(address: Address): ManifestAddress {
  const at = address.indexOf('@');
  return (at < 0 ? address : address.slice(0, at)) as ManifestAddress;
}

/** The target in a deployment's address; null for a manifest's. */
export function targetOf(address: Address): Target | null {
  return parseAddress(address)?.target ?? null;
}
