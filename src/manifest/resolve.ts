import type { At, Controller, Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { unreachable } from '../model/unreachable.js';
import { addressOf, desiredOf } from './desired.js';
import { badDependencies } from './dependencies.js';
import { chooseController } from './installation.js';
import { error } from './issues.js';
import type { Manifest } from './parse.js';
import { foreignRegions } from './regions.js';

export type Resolved = {
  /** Null where the manifests do not say which installation this is. */
  readonly controller: Controller | null;
  /** Sorted by address. */
  readonly desired: readonly Desired[];
  readonly diagnostics: readonly Diagnostic[];
};

/** What one installation is to deploy: its Controller, and every manifest with a selector meant for its partition. */
export function resolveDesired(manifests: readonly Manifest[], installationName: string | null): Resolved {
  const twice = repeatedAddresses(manifests);
  const chosen = chooseController(manifests, installationName);
  if (chosen.controller === null) {
    return { controller: null, desired: [], diagnostics: [...twice, ...chosen.diagnostics] };
  }
  const { controller } = chosen;
  const built = manifests
    .flatMap((manifest) => (manifest.type === 'deployable' ? [manifest] : []))
    .flatMap(({ manifest, at }) => desiredOf(manifest, at, controller) ?? []);
  const desired = built
    .flatMap((each) => each.desired ?? [])
    .sort((left, right) => (left.address < right.address ? -1 : 1));
  const addresses = new Set(manifests.map((manifest) => nameOf(manifest)?.address));
  return {
    controller,
    desired,
    diagnostics: [
      ...twice,
      ...foreignRegions(
        [{ region: controller.homeRegion, path: ['spec', 'homeRegion'] }],
        controller.partition,
        controller.at,
      ),
      ...built.flatMap(({ diagnostics }) => diagnostics),
      ...badDependencies(desired, (address) => addresses.has(address)),
    ],
  };
}

function repeatedAddresses(manifests: readonly Manifest[]): readonly Diagnostic[] {
  const seen = new Map<string, At>();
  return manifests.flatMap((manifest) => {
    const named = nameOf(manifest);
    if (named === null) return [];
    const first = seen.get(named.address);
    if (first === undefined) {
      seen.set(named.address, named.at);
      return [];
    }
    const { file, line, column } = first('metadata', 'name');
    const message = `${named.address} is already the address of the manifest at ${file}:${line}:${column}`;
    return [error('EK2004', message, 'rename or remove one of the two', named.at('metadata', 'name'))];
  });
}

function nameOf(manifest: Manifest): { readonly address: string; readonly at: At } | null {
  switch (manifest.type) {
    case 'controller':
      return { address: `Controller/${manifest.controller.name}`, at: manifest.controller.at };
    case 'deployable':
      return { address: addressOf(manifest.manifest), at: manifest.at };
    case 'broken':
      return manifest.kind === null || manifest.name === null || manifest.at === null
        ? null
        : { address: `${manifest.kind}/${manifest.name}`, at: manifest.at };
    default:
      return unreachable(manifest);
  }
}
