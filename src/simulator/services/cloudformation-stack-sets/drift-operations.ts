import type { Call, Handler } from '../../kernel/contract.js';
import { callerOf, checkPermissionModel } from './caller.js';
import { findOperation, openOperations, submit } from './operations.js';
import { pageOf } from './pages.js';
import { preferencesFrom } from './preferences.js';
import { instanceNotFound, operationInProgress, operationNotFound } from './refusals.js';
import type { StackSetRegistry } from './registry.js';
import { placeOf } from './stack-set.js';
import type { StackSetWorld } from './world.js';

/** Drift of a stack set: what was changed behind CloudFormation's back in the stacks of its instances. */
export function driftOperations(world: StackSetWorld, registry: StackSetRegistry): Record<string, Handler> {
  return {
    DetectStackSetDrift: (input, call) => {
      const caller = callerOf(world, input.CallAs, call);
      const set = registry.active(caller, input.StackSetName);
      checkPermissionModel(world, caller, set.content.permissionModel);
      // One at a time, also where managed execution would queue it.
      if (openOperations(set).some(({ kind }) => kind.type === 'detect-drift')) throw operationInProgress(set.arn);
      const targets = [...set.instances.values()].map(({ account, region, unitId }) => ({ account, region, unitId }));
      const operation = submit(world, set, {
        operationId: input.OperationId,
        kind: { type: 'detect-drift', seen: new Map() },
        automatic: false,
        targets,
        preferences: preferencesFrom(input.OperationPreferences, [...new Set(targets.map(({ region }) => region))]),
        sent: { preferences: input.OperationPreferences, deploymentTargets: undefined },
      });
      return { OperationId: operation.id };
    },
    ListStackInstanceResourceDrifts: (input, call: Call) => {
      const set = registry.named(callerOf(world, input.CallAs, call), input.StackSetName);
      const place = { account: input.StackInstanceAccount, region: input.StackInstanceRegion };
      if (!set.instances.has(placeOf(place))) throw instanceNotFound(set.name, place.account, place.region);
      const { kind } = findOperation(set, input.OperationId);
      if (kind.type !== 'detect-drift') throw operationNotFound(input.OperationId, set.name);
      const wanted: readonly string[] = input.StackInstanceResourceDriftStatuses ?? [];
      const drifts = [...(kind.seen.get(placeOf(place)) ?? [])]
        .filter(
          ({ StackResourceDriftStatus: status }) =>
            wanted.length === 0 || (status !== undefined && wanted.includes(status)),
        )
        .sort((left, right) => (left.LogicalResourceId! < right.LogicalResourceId! ? -1 : 1));
      const page = pageOf(drifts, ({ LogicalResourceId }) => LogicalResourceId!, input);
      return { Summaries: page.items, NextToken: page.NextToken };
    },
  };
}
