import type { Handler } from '../../kernel/contract.js';
import type { PlacedInstance, PlacedStackSet, PlacedStackSets, Unread } from '../../kernel/placed.js';
import { refusalOf } from '../cloudformation/unread.js';
import { AwsError } from '../../kernel/contract.js';
import { DEFAULT_ADMINISTRATION_ROLE, DEFAULT_EXECUTION_ROLE } from './account-gate.js';
import { watch } from './auto-deployment.js';
import type { StackSetRegistry } from './registry.js';
import { placeOf } from './stack-set.js';
import type { Content, DetailedStatus, StackInstance, StackSet } from './stack-set.js';
import { declaredParameters, type Declaration } from './template.js';
import type { StackSetWorld } from './world.js';

/** What an organization file says of stack sets. */
export type StackSetPlacement = {
  readonly shelves: readonly PlacedStackSets[];
  readonly templates: Readonly<Record<string, string>>;
  /** The template of a stack by its id, where its place was read. */
  readonly templateOf: (stackId: string) => string | Unread | undefined;
  /** Stands in for the times that nobody saw. */
  readonly takenAt: string;
};

type ReadSet = Extract<PlacedStackSet, { readonly template: string }>;

/** The newest of a placed stack set's revisions: an instance that lags behind has the one before. */
const REVISION = 2;

/** Puts the stack sets of an organization file where they stand, their instances with the stacks that they name. */
export function placeStackSets(world: StackSetWorld, registry: StackSetRegistry, placement: StackSetPlacement): void {
  for (const shelf of placement.shelves) {
    const sets = 'stackSets' in shelf ? shelf.stackSets : [];
    for (const placed of sets) {
      if ('unread' in placed) continue;
      const account =
        shelf.callAs === 'SELF' ? shelf.account : (world.organization.managementAccountId ?? shelf.account);
      const set = standing({ account, region: shelf.region }, placed, placement);
      for (const instance of set.instances.values()) placeUnseen(world, placed, instance, placement);
      registry.add(set);
    }
  }
}

function standing(
  owner: { readonly account: string; readonly region: string },
  placed: ReadSet,
  placement: StackSetPlacement,
): StackSet {
  const set: StackSet = {
    id: placed.id,
    name: placed.name,
    arn: placed.arn,
    ...owner,
    token: undefined,
    status: 'ACTIVE',
    content: contentOf(placed, placement),
    revision: REVISION,
    templateRevision: REVISION,
    instances: new Map(placed.instances.map((each) => [placeOf(each), instanceOf(placed, each, placement)])),
    operations: new Map(),
    watched: new Map(),
    lastDriftDetection: undefined,
  };
  watch(set, placed.units ?? [], [...new Set(placed.instances.map(({ region }) => region))]);
  return set;
}

function contentOf(placed: ReadSet, { templates }: StackSetPlacement): Content {
  const template = templates[placed.template]!;
  return {
    description: placed.description,
    template,
    declared: declaredOr(template, placed.parameters ?? {}),
    parameters: new Map(Object.entries(placed.parameters ?? {})),
    capabilities: placed.capabilities ?? [],
    tags: placed.tags ?? {},
    permissionModel: placed.permissionModel,
    // AWS shows the default role too; only one that somebody chose must be named with every update.
    administrationRoleArn: placed.administrationRoleArn?.endsWith(`:role/${DEFAULT_ADMINISTRATION_ROLE}`)
      ? undefined
      : placed.administrationRoleArn,
    executionRoleName: placed.executionRoleName ?? DEFAULT_EXECUTION_ROLE,
    autoDeployment: { enabled: false, retainStacks: false, dependsOn: [], ...placed.autoDeployment },
    managedExecution: placed.managedExecution,
  };
}

/** What the template declares, or what was seen where it cannot be read here. */
function declaredOr(template: string, seen: Readonly<Record<string, string>>): ReadonlyMap<string, Declaration> {
  try {
    return declaredParameters(template);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return new Map(
      Object.entries(seen).map(([name, value]) => [
        name,
        { hasDefault: true, defaultValue: value, noEcho: value === '****' },
      ]),
    );
  }
}

function instanceOf(set: ReadSet, placed: PlacedInstance, { templateOf }: StackSetPlacement): StackInstance {
  const { account, region, unit, stackId, overrides = {}, status, detailedStatus, reason, operation } = placed;
  const isCurrent = status === 'CURRENT' || (stackId !== undefined && templateOf(stackId) === set.template);
  return {
    account,
    region,
    unitId: unit,
    stackId,
    overrides: new Map(Object.entries(overrides)),
    status: status as StackInstance['status'],
    // An old instance may have no detailed status; what it would be follows from the other.
    detailedStatus: (detailedStatus ?? (status === 'INOPERABLE' ? 'INOPERABLE' : 'SUCCEEDED')) as DetailedStatus,
    reason,
    lastOperationId: operation ?? '',
    templateRevision: stackId === undefined ? 0 : isCurrent ? REVISION : REVISION - 1,
    drift: { status: 'NOT_CHECKED', at: undefined },
  };
}

/** The stack of an instance in a place that could not be read: as far as is known, it is what its stack set says. */
function placeUnseen(world: StackSetWorld, set: ReadSet, instance: StackInstance, placement: StackSetPlacement): void {
  const { stackId } = instance;
  if (stackId === undefined || !world.stacks.isUnread(instance.account, instance.region)) return;
  world.stacks.placeUnseenStack(
    {
      id: stackId,
      status: 'CREATE_COMPLETE',
      createdAt: placement.takenAt,
      template: set.template,
      parameters: { ...set.parameters, ...Object.fromEntries(instance.overrides) },
      tags: set.tags ?? {},
      capabilities: set.capabilities ?? [],
    },
    placement.templates,
  );
}

/** The operations, refused where nothing is known of the stack sets that the caller sees, or of the one that is named. */
export function refusedWhereUnseen(
  operations: Readonly<Record<string, Handler>>,
  shelves: readonly PlacedStackSets[],
): Record<string, Handler> {
  if (shelves.length === 0) return operations;
  const refusals = new Map(
    shelves.map((shelf) => [keyOf(shelf.account, shelf.region, shelf.callAs), whyUnseen(shelf)]),
  );
  return Object.fromEntries(
    Object.entries(operations).map(([name, handler]): [string, Handler] => [
      name,
      (input, call) => {
        const why = refusals.get(keyOf(call.principal.accountId, call.region, input.CallAs ?? 'SELF'))?.(
          input.StackSetName,
        );
        if (why !== undefined) throw refusalOf(why);
        return handler(input, call);
      },
    ]),
  );
}

const keyOf = (account: string, region: string, callAs: string): string => `${account}/${region}/${callAs}`;

function whyUnseen(shelf: PlacedStackSets): (name: string | undefined) => Unread | undefined {
  if ('unread' in shelf) return () => shelf.unread;
  const unread = new Map(shelf.stackSets.flatMap((set) => ('unread' in set ? [[set.name, set.unread] as const] : [])));
  return (name) => (name === undefined ? undefined : unread.get(name));
}
