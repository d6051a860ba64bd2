import type { OrganizationFile } from '../kernel/contract.js';
import type { PlacedRegion, PlacedStackSets, Unread } from '../kernel/placed.js';
import type { OrganizationTree } from './organization-tree.js';

/** What a file says of CloudFormation, in the form in which stacks and stack sets are put where they stand. */
export type WorldPlacement = {
  readonly places: readonly PlacedRegion[];
  readonly shelves: readonly PlacedStackSets[];
  readonly templates: Readonly<Record<string, string>>;
  readonly accounts: Iterable<string>;
  readonly templateOf: (stackId: string) => string | Unread | undefined;
  readonly takenAt: string;
};

/** Null where the file says nothing of it, as one written by hand may. */
export function placementOf(file: OrganizationFile | null, tree: OrganizationTree): WorldPlacement | null {
  if (file?.places === undefined && file?.stackSets === undefined) return null;
  const { places = [], stackSets = [], templates = {}, takenAt = '2030-01-01T00:00:00.000Z' } = file;
  const accounts = file.places === undefined ? [] : [...tree.accounts.keys()];
  return { places, shelves: stackSets, templates, accounts, templateOf: templatesByStack(places, stackSets), takenAt };
}

/** Of the stacks that instances name; there are many more. */
function templatesByStack(places: readonly PlacedRegion[], shelves: readonly PlacedStackSets[]) {
  const named = new Set(
    shelves.flatMap((shelf) =>
      'stackSets' in shelf
        ? shelf.stackSets.flatMap((set) => ('instances' in set ? set.instances.map(({ stackId }) => stackId) : []))
        : [],
    ),
  );
  const templates = new Map<string, string | Unread>();
  for (const place of named.size === 0 ? [] : places)
    for (const { id, template } of 'stacks' in place ? place.stacks : [])
      if (named.has(id)) templates.set(id, template);
  return (stackId: string) => templates.get(stackId);
}

/** The newest time that a file tells of: an organization that was itself simulated is ahead of the clock that it was read by. */
export function newestTime({ takenAt, managementAccount, accounts, places = [] }: OrganizationFile): Date | null {
  let newest = -Infinity;
  const see = (time: string | undefined): void => {
    const at = time === undefined ? NaN : Date.parse(time);
    if (at > newest) newest = at;
  };
  see(takenAt);
  for (const { joinedAt } of [managementAccount, ...accounts]) see(joinedAt);
  for (const place of places)
    for (const { createdAt, updatedAt, drift } of 'stacks' in place ? place.stacks : []) {
      see(createdAt);
      see(updatedAt);
      see(drift?.checkedAt);
    }
  return newest === -Infinity ? null : new Date(newest);
}
