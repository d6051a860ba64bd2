import type { ManifestAddress } from '../model/address.js';
import type { Artifact } from '../model/artifact.js';
import type { Deployment, Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { nearest } from '../model/nearest.js';
import type { OutputReference } from '../model/output-reference.js';
import { targetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import { referencesOf } from './needs.js';

type Artifacts = ReadonlyMap<ManifestAddress, Artifact>;
type Deployments = ReadonlyMap<ManifestAddress, readonly Deployment[]>;

/** References to outputs that the locked templates do not have: known before anybody is asked. */
export function missingOutputs(desired: readonly Desired[], artifacts: Artifacts): readonly Diagnostic[] {
  return desired.flatMap((each) =>
    each.references.flatMap(({ reference, path }) => {
      const outputs = artifacts.get(reference.manifest)?.outputs;
      if (outputs === undefined || Object.hasOwn(outputs, reference.output)) return [];
      const names = Object.keys(outputs);
      const near = nearest(reference.output, names);
      return [
        {
          code: 'EK3012',
          severity: 'error',
          address: each.address,
          place: each.at(...path),
          message: `${reference.written}: the template of ${reference.manifest} has no output ${reference.output}`,
          remedy:
            names.length === 0
              ? 'it has no outputs at all: add one, or remove the reference'
              : near === null
                ? `use one of ${names.join(', ')}`
                : `did you mean ${near}? It has ${names.join(', ')}`,
        } satisfies Diagnostic,
      ];
    }),
  );
}

/** References to deployments that nothing selects; `deployments` are those of the whole organization. */
export function missingDeployments(desired: readonly Desired[], deployments: Deployments): readonly Diagnostic[] {
  const standing = new Map<ManifestAddress, ReadonlySet<TargetKey>>(
    [...deployments].map(([address, all]) => [address, new Set(all.map(({ target }) => targetKey(target)))]),
  );
  return desired.flatMap((each) => {
    const missing = new Map<string, { readonly reference: OutputReference; readonly keys: TargetKey[] }>();
    for (const deployment of deployments.get(each.address) ?? [])
      for (const reference of referencesOf(deployment)) {
        const { source, manifest, written } = reference;
        const key = source.type === 'target' ? source.key : targetKey(deployment.target);
        if (source.type === 'every' || standing.get(manifest)?.has(key) !== false) continue;
        const found = missing.get(written) ?? { reference, keys: [] };
        missing.set(written, found);
        if (!found.keys.includes(key)) found.keys.push(key);
      }
    return [...missing.values()].map(({ reference, keys }): Diagnostic => ({
      code: 'EK3011',
      severity: 'error',
      address: each.address,
      place: each.at(...(each.references.find((one) => one.reference.written === reference.written)?.path ?? [])),
      message: `${reference.written}: ${reference.manifest} is not deployed at ${listed(keys)}`,
      remedy: `select ${keys.length === 1 ? 'that target' : 'those targets'} in ${reference.manifest} too, or name another target with @account/region`,
    }));
  });
}

const MOST_LISTED = 5;

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, MOST_LISTED).join(', ');
  return keys.length <= MOST_LISTED ? shown : `${shown} and ${keys.length - MOST_LISTED} more`;
}
