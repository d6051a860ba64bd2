import type { At, Override, TargetSelector } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Partition, Region } from '../model/identifiers.js';
import { error } from './issues.js';
import { partitionOf } from '../model/partitions.js';
import type { Path } from './raw.js';

type RegionAt = { readonly region: Region; readonly path: Path };
type Selector = {
  readonly regions?: readonly Region[];
  readonly except?: { readonly regions?: readonly Region[] } | undefined;
};

/** Every Region that the selectors meant for a partition name, and where; the rollout's are only an order among them. */
export function regionsOf(
  targets: readonly TargetSelector[],
  overrides: readonly Override[],
  partition: Partition,
): readonly RegionAt[] {
  const isMeant = (selector: { readonly partitions?: readonly Partition[] }): boolean =>
    selector.partitions?.includes(partition) ?? true;
  return [
    ...targets.flatMap((target, index) => (isMeant(target) ? inSelector(target, ['spec', 'targets', index]) : [])),
    ...overrides.flatMap(({ where }, index) =>
      isMeant(where) ? inSelector(where, ['spec', 'overrides', index, 'where']) : [],
    ),
  ];
}

function inSelector(selector: Selector, path: Path): readonly RegionAt[] {
  const listed = (regions: readonly Region[] | undefined, at: Path): readonly RegionAt[] =>
    (regions ?? []).map((region, index) => ({ region, path: [...at, 'regions', index] }));
  return [...listed(selector.regions, path), ...listed(selector.except?.regions, [...path, 'except'])];
}

/** An error for each Region of another partition: no role there can be assumed from this one. */
export function foreignRegions(regions: readonly RegionAt[], partition: Partition, at: At): readonly Diagnostic[] {
  return regions.flatMap(({ region, path }) => {
    const owner = partitionOf(region);
    if (owner === partition) return [];
    const message = `${region} is a Region of the partition ${owner}, and the installation is in ${partition}`;
    const isSelected = path.includes('regions');
    const remedy = isSelected
      ? `remove it, or give the selector partitions: [${owner}]`
      : `write a Region of ${partition}`;
    return [error('EK2012', message, remedy, at(...path))];
  });
}
