import type { ManifestAddress } from '../model/address.js';
import { findCycle } from '../model/cycle.js';
import type { Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { nearest } from '../model/nearest.js';
import { error } from './issues.js';
import type { Path } from './raw.js';

/** What a manifest needs before it: `certain` where every deployment of one needs a deployment of the other at the same place, or all of them. */
type Need = {
  readonly manifest: ManifestAddress;
  readonly written: string;
  readonly path: Path;
  readonly certain: boolean;
};

/** References and `dependsOn` that lead to no manifest of this installation, and manifests that need one another. */
export function badDependencies(
  desired: readonly Desired[],
  isElsewhere: (address: string) => boolean,
): readonly Diagnostic[] {
  const needs = new Map(desired.map((each) => [each.address, needsOf(each)]));
  const dangling = desired.flatMap((each) =>
    needs
      .get(each.address)!
      .filter(({ manifest }) => !needs.has(manifest))
      .map((need) => ({ ...unknownManifest(each, need, [...needs.keys()], isElsewhere), address: each.address })),
  );
  return [...dangling, ...cycleAmong(desired, needs)];
}

function needsOf(desired: Desired): readonly Need[] {
  const references = desired.references.map(({ reference, path }): Need => ({
    manifest: reference.manifest,
    written: reference.written,
    path,
    // An override holds for some targets only.
    certain: reference.source.type !== 'target' && path[1] === 'parameters',
  }));
  const orders = desired.dependsOn.map(({ manifest, at }, index): Need => ({
    manifest,
    written: at === 'same-target' ? `${manifest}@same` : manifest,
    path: ['spec', 'dependsOn', index],
    certain: true,
  }));
  return [...references, ...orders];
}

function unknownManifest(
  desired: Desired,
  { manifest, written, path }: Need,
  known: readonly ManifestAddress[],
  isElsewhere: (address: string) => boolean,
): Diagnostic {
  const place = desired.at(...path);
  if (isElsewhere(manifest))
    return error(
      'EK2205',
      `${written} needs ${manifest}, which has mistakes of its own or is not meant for this partition`,
      'correct it, or say which partitions both are for',
      place,
    );
  const near = nearest(manifest, known);
  return error(
    'EK2205',
    `${written} needs ${manifest}, and there is no such manifest`,
    near === null ? 'add the manifest, or remove the reference' : `did you mean ${near}?`,
    place,
  );
}

function cycleAmong(
  desired: readonly Desired[],
  needs: ReadonlyMap<ManifestAddress, readonly Need[]>,
): readonly Diagnostic[] {
  const certain = (address: ManifestAddress): readonly Need[] =>
    (needs.get(address) ?? []).filter((need) => need.certain && needs.has(need.manifest));
  const members = findCycle(needs.keys(), (address) => certain(address).map(({ manifest }) => manifest));
  if (members === null) return [];
  const first = desired.find(({ address }) => address === members[0])!;
  const next = members[1] ?? members[0];
  const need = certain(first.address).find(({ manifest }) => manifest === next)!;
  return [{ ...cycle(members, first.at(...need.path)), address: first.address }];
}

/** The error for manifests or deployments that need one another, each before the next. */
export function cycle(members: readonly string[], place: Diagnostic['place'] & {}): Diagnostic {
  const named = [...members, members[0]!].join(' → ');
  return error('EK2206', `these need one another: ${named}`, 'remove one of the references or dependsOn', place);
}
