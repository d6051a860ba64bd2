import type { Call, Handler } from '../../kernel/contract.js';
import { unwatch, watch } from './auto-deployment.js';
import { callerOf, checkPermissionModel } from './caller.js';
import { submit } from './operations.js';
import { pageOf } from './pages.js';
import { overrideChange } from './parameters.js';
import { preferencesFrom } from './preferences.js';
import { invalid } from '../../templates/refusal.js';
import { instanceNotFound } from './refusals.js';
import type { StackSetRegistry } from './registry.js';
import { placeOf } from './stack-set.js';
import type { OperationKind, StackInstance, StackSet, Target } from './stack-set.js';
import { existingTargets, newTargets } from './targets.js';
import { instanceSummary, instanceView } from './views.js';
import type { StackSetWorld } from './world.js';

/** The operations on stack instances. */
export function instanceOperations(world: StackSetWorld, registry: StackSetRegistry): Record<string, Handler> {
  const found = (input: { readonly CallAs?: string; readonly StackSetName: string }, call: Call): StackSet =>
    registry.named(callerOf(world, input.CallAs, call), input.StackSetName);
  const changing = (input: { readonly CallAs?: string; readonly StackSetName: string }, call: Call): StackSet => {
    const caller = callerOf(world, input.CallAs, call);
    const set = registry.active(caller, input.StackSetName);
    checkPermissionModel(world, caller, set.content.permissionModel);
    return set;
  };
  return {
    CreateStackInstances: (input, call) => {
      const set = changing(input, call);
      const overrides = overrideChange(input.ParameterOverrides, set.content.declared);
      const targets = newTargets(world, set, input);
      const OperationId = begin(world, set, input, { type: 'create', overrides }, targets);
      watch(set, input.DeploymentTargets?.OrganizationalUnitIds ?? [], input.Regions);
      return { OperationId };
    },
    UpdateStackInstances: (input, call) => {
      const set = changing(input, call);
      const overrides = overrideChange(input.ParameterOverrides, set.content.declared);
      const targets = existingTargets(world, set, input, 'refuse');
      return { OperationId: begin(world, set, input, { type: 'update-instances', overrides }, targets) };
    },
    DeleteStackInstances: (input, call) => {
      const set = changing(input, call);
      if (input.RetainStacks === undefined) throw invalid('RetainStacks must be specified');
      const targets = existingTargets(world, set, input, 'ignore');
      const OperationId = begin(world, set, input, { type: 'delete', retainStacks: input.RetainStacks }, targets);
      const sent = input.DeploymentTargets;
      if (sent?.AccountFilterType !== 'INTERSECTION' && sent?.AccountFilterType !== 'DIFFERENCE')
        unwatch(set, sent?.OrganizationalUnitIds ?? [], input.Regions);
      return { OperationId };
    },
    DescribeStackInstance: (input, call) => {
      const set = found(input, call);
      const instance = set.instances.get(
        placeOf({ account: input.StackInstanceAccount, region: input.StackInstanceRegion }),
      );
      if (instance === undefined)
        throw instanceNotFound(set.name, input.StackInstanceAccount, input.StackInstanceRegion);
      return { StackInstance: instanceView(set, instance) };
    },
    ListStackInstances: (input, call) => {
      const set = found(input, call);
      const instances = [...set.instances.values()]
        .filter((instance) => matches(instance, input))
        .sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
      const page = pageOf(instances, placeOf, input);
      return { Summaries: page.items.map((instance) => instanceSummary(set, instance)), NextToken: page.NextToken };
    },
  };
}

type SentOperation = {
  readonly OperationId?: string;
  readonly OperationPreferences?: object;
  readonly DeploymentTargets?: object;
  readonly Regions?: readonly string[];
};

function begin(
  world: StackSetWorld,
  set: StackSet,
  input: SentOperation,
  kind: OperationKind,
  targets: readonly Target[],
): string {
  return submit(world, set, {
    operationId: input.OperationId,
    kind,
    automatic: false,
    targets,
    preferences: preferencesFrom(input.OperationPreferences, input.Regions ?? []),
    sent: { preferences: input.OperationPreferences, deploymentTargets: input.DeploymentTargets },
  }).id;
}

type InstanceQuery = {
  readonly StackInstanceAccount?: string;
  readonly StackInstanceRegion?: string;
  readonly Filters?: readonly { readonly Name?: string; readonly Values?: string }[];
};

function matches(instance: StackInstance, query: InstanceQuery): boolean {
  if (query.StackInstanceAccount !== undefined && query.StackInstanceAccount !== instance.account) return false;
  if (query.StackInstanceRegion !== undefined && query.StackInstanceRegion !== instance.region) return false;
  return (query.Filters ?? []).every(({ Name, Values }) => {
    const wanted = Values ?? '';
    switch (Name) {
      case 'DETAILED_STATUS':
        return wanted === instance.detailedStatus;
      case 'LAST_OPERATION_ID':
        return wanted === instance.lastOperationId;
      case 'DRIFT_STATUS':
        return wanted === instance.drift.status;
      case undefined:
      default:
        throw invalid(`Filter ${Name} is not known`);
    }
  });
}
