import { STACK_SETS_PRINCIPAL } from './caller.js';
import { inOrder, operationsBefore } from './dependencies.js';
import { submit } from './operations.js';
import { UNLIMITED } from './preferences.js';
import { placeOf } from './stack-set.js';
import type { OperationKind, StackInstance, StackSet, Target } from './stack-set.js';
import type { StackSetWorld } from './world.js';

/** Remembers which units and Regions automatic deployment is to watch; account filters do not count for it. */
export function watch(set: StackSet, units: readonly string[], regions: readonly string[]): void {
  for (const unitId of units) {
    const watched = set.watched.get(unitId) ?? new Set<string>();
    for (const region of regions) watched.add(region);
    set.watched.set(unitId, watched);
  }
}

export function unwatch(set: StackSet, units: readonly string[], regions: readonly string[]): void {
  for (const unitId of units) {
    const watched = set.watched.get(unitId);
    for (const region of regions) watched?.delete(region);
    if (watched?.size === 0) set.watched.delete(unitId);
  }
}

/** The units above an account or unit, nearest first, the root included. */
function above(world: StackSetWorld, parentId: string | null): readonly string[] {
  const chain: string[] = [];
  for (let id = parentId; id !== null; id = world.organization.units.get(id)?.parentId ?? null) chain.push(id);
  return chain;
}

/** Follows accounts as they join, move and leave. An account that stood in a watched unit already, without an instance, is left alone. */
export function followOrganization(world: StackSetWorld): void {
  const parents = new Map([...world.organization.accounts.values()].map(({ id, parentId }) => [id, parentId]));
  world.organization.onChange((accountId) => {
    const before = parents.get(accountId) ?? null;
    const after = world.organization.accounts.get(accountId)?.parentId ?? null;
    parents.set(accountId, after);
    if (before === after || !world.organization.trustedServices.has(STACK_SETS_PRINCIPAL)) return;
    for (const set of inOrder(world.stackSets())) {
      if (
        set.status === 'ACTIVE' &&
        set.content.permissionModel === 'SERVICE_MANAGED' &&
        set.content.autoDeployment.enabled
      )
        follow(world, set, accountId, before, after);
    }
  });
}

function follow(
  world: StackSetWorld,
  set: StackSet,
  account: string,
  before: string | null,
  after: string | null,
): void {
  const watchedAbove = (parentId: string | null): string | undefined =>
    above(world, parentId).find((unitId) => set.watched.has(unitId));
  const left = watchedAbove(before);
  const entered = watchedAbove(after);
  if (left === entered) return;
  const gone = [...set.instances.values()].filter(
    (instance) => instance.account === account && instance.unitId !== entered,
  );
  if (gone.length > 0)
    begin(world, set, { type: 'delete', retainStacks: set.content.autoDeployment.retainStacks }, gone.map(targetOf));
  if (entered === undefined || account === world.organization.managementAccountId) return;
  const regions = [...(set.watched.get(entered) ?? [])];
  const kept = new Set([...set.instances.values()].filter((instance) => !gone.includes(instance)).map(placeOf));
  const targets = regions
    .map((region) => ({ account, region, unitId: entered }))
    .filter((target) => !kept.has(placeOf(target)));
  // New accounts get the set's own values: overrides of others do not reach them.
  if (targets.length > 0)
    begin(world, set, { type: 'create', overrides: { type: 'replace', overrides: new Map() } }, targets);
}

const targetOf = ({ account, region, unitId }: StackInstance): Target => ({ account, region, unitId });

function begin(world: StackSetWorld, set: StackSet, kind: OperationKind, targets: readonly Target[]): void {
  submit(world, set, {
    operationId: undefined,
    kind,
    automatic: true,
    targets,
    preferences: UNLIMITED,
    waitsFor: operationsBefore(world.stackSets(), set),
    sent: { preferences: undefined, deploymentTargets: undefined },
  });
}
