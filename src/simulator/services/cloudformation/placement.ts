import type { PlacedRegion, PlacedStack } from '../../kernel/placed.js';
import type { Environment } from './environment.js';
import { partsOfId, placedStack } from './placed-stack.js';
import { PlacedTemplates } from './placed-definition.js';
import type { Stack } from './stack.js';
import type { Area } from './stack-store.js';

export type Placement = {
  readonly places: readonly PlacedRegion[];
  readonly templates: Readonly<Record<string, string>>;
  /** All accounts of the organization: of their stacks nothing is known beyond the places. */
  readonly accounts: Iterable<string>;
};

/** Puts the stacks of an organization file where they stand. Nothing is made of a place before somebody looks at it: few of thousands are. */
export function placeStacks(environment: Environment, { places, templates, accounts }: Placement): void {
  const { store } = environment;
  const shelf = new PlacedTemplates(templates);
  store.unread.limitTo(accounts);
  for (const place of places) {
    const { account, region } = place;
    if ('unread' in place) {
      store.unread.markUnread(account, region, place.unread);
      continue;
    }
    store.unread.markRead(account, region);
    store.fillLater(account, region, (area) => {
      for (const placed of oldestFirst(place.stacks)) put(environment, area, placedStack(environment, placed, shelf));
    });
  }
}

/** One stack of which nothing but its id and its stack set's word is known, in a place that nobody could read. */
export function placeUnseenStack(
  environment: Environment,
  placed: PlacedStack,
  templates: Readonly<Record<string, string>>,
): void {
  const { account, region } = partsOfId(placed.id);
  const area = environment.store.area(account, region);
  if (!area.byId.has(placed.id))
    put(environment, area, placedStack(environment, placed, new PlacedTemplates(templates)));
}

function put({ base }: Environment, area: Area, stack: Stack): void {
  area.add(stack);
  for (const { OutputValue, ExportName } of stack.contents?.outputs ?? [])
    if (ExportName !== undefined)
      area.exports.set(ExportName, { name: ExportName, value: OutputValue, stackId: stack.id });
  // The role that a stack works with was assumed, so it is there.
  const [, owner, role] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?(.+)$/.exec(stack.roleArn ?? '') ?? [];
  const roles = owner === stack.place.accountId ? base.organization.accounts.get(owner)?.roles : undefined;
  if (role !== undefined && roles?.has(role) === false) roles.set(role, null);
}

function oldestFirst(stacks: readonly PlacedStack[]): readonly PlacedStack[] {
  return [...stacks].sort((one, other) =>
    one.createdAt === other.createdAt ? (one.id < other.id ? -1 : 1) : one.createdAt < other.createdAt ? -1 : 1,
  );
}
