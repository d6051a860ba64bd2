import type { Call, Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import { watch } from './auto-deployment.js';
import { callerOf, checkPermissionModel } from './caller.js';
import { submit } from './operations.js';
import { preferencesFrom } from './preferences.js';
import { invalidOperation, stackNotFound } from './refusals.js';
import type { StackSetRegistry } from './registry.js';
import { placeOf } from './stack-set.js';
import type { StackSet, Target } from './stack-set.js';
import { objectAt } from './named-accounts.js';
import { unitsOfAccounts } from './targets.js';
import type { StackSetWorld } from './world.js';

/** Quotas of one import: ids in the call, and ids in a file. */
const MOST_INLINE = 10;
const MOST_IN_FILE = 200;

type SentImport = {
  readonly StackIds?: readonly string[];
  readonly StackIdsUrl?: string;
  readonly OrganizationalUnitIds?: readonly string[];
};
type Standing = { readonly account: string; readonly region: string; readonly stackId: string };

/** Takes stacks that exist into a stack set, as its instances. */
export function importOperations(world: StackSetWorld, registry: StackSetRegistry): Record<string, Handler> {
  return {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler's input
    ImportStacksToStackSet: (input: any, call: Call) => {
      const caller = callerOf(world, input.CallAs, call);
      const set = registry.active(caller, input.StackSetName);
      checkPermissionModel(world, caller, set.content.permissionModel);
      const stacks = stackIdsOf(world, input).map((id) => standing(world, id));
      const targets = targetsOf(world, set, input, stacks);
      const operation = submit(world, set, {
        operationId: input.OperationId,
        kind: { type: 'import', stackIds: new Map(stacks.map((stack) => [placeOf(stack), stack.stackId])) },
        automatic: false,
        targets,
        preferences: preferencesFrom(input.OperationPreferences, [...new Set(targets.map(({ region }) => region))]),
        sent: { preferences: input.OperationPreferences, deploymentTargets: undefined },
      });
      for (const { region, unitId } of targets) if (unitId !== undefined) watch(set, [unitId], [region]);
      return { OperationId: operation.id };
    },
  };
}

function stackIdsOf(world: StackSetWorld, sent: SentImport): readonly string[] {
  if ((sent.StackIds === undefined) === (sent.StackIdsUrl === undefined))
    throw invalid('Either StackIds or StackIdsUrl must be specified');
  if (sent.StackIds !== undefined) {
    if (sent.StackIds.length > MOST_INLINE) throw invalid(`At most ${MOST_INLINE} stacks can be imported at a time`);
    return [...new Set(sent.StackIds)];
  }
  const bytes = objectAt(world, sent.StackIdsUrl!);
  if (bytes === undefined) throw invalid(`StackIdsUrl ${sent.StackIdsUrl} cannot be read`);
  const ids = Buffer.from(bytes)
    .toString('utf8')
    .split(/[\s,]+/)
    .filter((id) => id !== '');
  if (ids.length > MOST_IN_FILE) throw invalid(`At most ${MOST_IN_FILE} stacks can be imported from a file`);
  return [...new Set(ids)];
}

function standing(world: StackSetWorld, stackId: string): Standing {
  const [, region, account] = /^arn:[\w-]+:cloudformation:([\w-]+):(\d{12}):stack\/.+/.exec(stackId) ?? [];
  const stack = region !== undefined && account !== undefined ? world.stacks.find(account, region, stackId) : undefined;
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') throw stackNotFound(stackId);
  return { account: account!, region: region!, stackId };
}

/** One stack for each account and Region, and none where an instance stands, unless it is one whose import failed. */
function targetsOf(
  world: StackSetWorld,
  set: StackSet,
  sent: SentImport,
  stacks: readonly Standing[],
): readonly Target[] {
  const units = sent.OrganizationalUnitIds ?? [];
  const managed = set.content.permissionModel === 'SERVICE_MANAGED';
  if (managed !== units.length > 0)
    throw invalid('OrganizationalUnitIds must be specified for, and only for, SERVICE_MANAGED StackSets');
  const below = unitsOfAccounts(world, units);
  const places = new Set<string>();
  return stacks.map(({ account, region, stackId }) => {
    const place = placeOf({ account, region });
    const instance = set.instances.get(place);
    if (places.has(place) || (instance !== undefined && instance.detailedStatus !== 'FAILED_IMPORT'))
      throw invalidOperation(
        `StackSet ${set.name} already has a stack instance in account ${account}, Region ${region}`,
      );
    if (managed && !below.has(account))
      throw invalidOperation(`Account ${account} of stack ${stackId} is not in the specified organizational units`);
    places.add(place);
    return { account, region, unitId: below.get(account) };
  });
}
