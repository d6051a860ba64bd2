import { manifestOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import type { Observation } from '../model/observed.js';
import type { Entry } from '../model/recorded.js';
import { needsOf, referencesOf, standingAt, whereOf } from './needs.js';
import type { Needs } from './needs.js';
import type { Drivers } from './ports.js';
import { joinUnits } from './units.js';
import type { DesiredDeployments, Unit } from './units.js';

/** What a narrowed reconcile refers to and does not change. */
export type Outside = { readonly needs: Needs; readonly observed: ReadonlyMap<Address, Observation> };

/** Units elsewhere in the organization whose outputs the given ones refer to; none where everything referred to is among them. */
export function unitsOutside(
  units: readonly Unit[],
  needs: Needs,
  everywhere: DesiredDeployments,
  entries: readonly Entry[],
  drivers: Drivers,
): readonly Unit[] {
  const wanted = new Set<Address>(
    units
      .flatMap(({ wanted: own }) => own?.deployments ?? [])
      .flatMap((deployment) => referencesOf(deployment).map((reference) => whereOf(reference, deployment)))
      .filter((address) => standingAt(needs, address) === null),
  );
  if (wanted.size === 0) return [];
  const manifests = new Set<ManifestAddress>([...wanted].map(manifestOf));
  const desired = everywhere.desired.filter(({ address }) => manifests.has(address));
  const all = joinUnits(
    { ...everywhere, desired },
    entries.filter(({ address }) => manifests.has(manifestOf(address))),
    drivers,
    { type: 'all' },
  );
  const outside = needsOf(all);
  const standing = new Set<Unit | null>(
    [...wanted].flatMap((address) => {
      const one = standingAt(outside, address);
      return one === null ? outside.unitsOf(address) : [one];
    }),
  );
  return all.filter((unit) => standing.has(unit));
}
