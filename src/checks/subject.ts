import type { ManifestAddress } from '../model/address.js';
import { manifestOf, targetOf } from '../model/address.js';
import type { Artifact } from '../model/artifact.js';
import type { Controller, Deployment, Desired } from '../model/desired.js';
import type { Sha256 } from '../model/identifiers.js';
import type { Entry } from '../model/recorded.js';
import { targetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import type { Template } from './templates.js';

/** Where a manifest's artifact stands already, and which artifact stands there. */
export type Standing = ReadonlyMap<TargetKey, Sha256>;

/** One manifest as it is checked. */
export type Subject = {
  readonly controller: Controller;
  readonly desired: Desired;
  readonly artifact: Artifact;
  /** The artifact's own template first, then those inside it. */
  readonly templates: readonly Template[];
  /** Null where nobody has asked AWS which accounts there are. */
  readonly deployments: readonly Deployment[] | null;
  /** Null where nobody has asked the ledger. */
  readonly standing: Standing | null;
  readonly now: Date;
};

/** What the ledger says to stand, by manifest. */
export function standingOf(entries: readonly Entry[]): ReadonlyMap<ManifestAddress, Standing> {
  const found = new Map<ManifestAddress, Map<TargetKey, Sha256>>();
  for (const { address, recorded } of entries) {
    if (recorded === null) continue;
    const manifest = manifestOf(address);
    const targets = found.get(manifest) ?? new Map<TargetKey, Sha256>();
    const target = targetOf(address);
    const keys = target === null ? (Object.keys(recorded.members) as TargetKey[]) : [targetKey(target)];
    for (const key of keys) targets.set(key, recorded.artifactSha256);
    found.set(manifest, targets);
  }
  return found;
}

/**
 * Whether a deployment would be the first of this artifact: `creates` where it stands nowhere yet and some target has nothing of its
 * manifest; `stands` where it stands somewhere, or only changes what stands; `unknown` where nobody has asked.
 */
export function outlookOf({ standing, deployments, artifact, desired }: Subject): 'creates' | 'stands' | 'unknown' {
  if (standing === null || deployments === null) return 'unknown';
  if (desired.adopt || [...standing.values()].includes(artifact.sha256)) return 'stands';
  return deployments.some(({ target }) => !standing.has(targetKey(target))) ? 'creates' : 'stands';
}
