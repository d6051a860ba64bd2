import type { Handler, World } from '../../kernel/contract.js';
import type { StackDesk } from '../cloudformation/service.js';
import { followOrganization } from './auto-deployment.js';
import { callerOf } from './caller.js';
import { unlessOvertaken } from './concurrent-calls.js';
import { driftOperations } from './drift-operations.js';
import { importOperations } from './import-operations.js';
import { instanceOperations } from './instance-operations.js';
import { operationOperations } from './operation-operations.js';
import { organizationsAccessOperations } from './organizations-access.js';
import { placeStackSets, refusedWhereUnseen, type StackSetPlacement } from './placed-sets.js';
import { StackSetRegistry } from './registry.js';
import { setOperations } from './set-operations.js';
import type { StackSetWorld } from './world.js';

/** Those for which the service model has StaleRequestException. */
const OVERTAKEN = [
  'UpdateStackSet',
  'CreateStackInstances',
  'UpdateStackInstances',
  'DeleteStackInstances',
  'ImportStacksToStackSet',
];

type Stacks = { readonly engine: StackDesk; readonly operations: Readonly<Record<string, Handler>> };

/** CloudFormation's stack sets, over the stacks of the world: their instances are real stacks in the target accounts. */
export function stackSetOperations(
  base: World,
  stacks: Stacks,
  placement: StackSetPlacement | null = null,
): Record<string, Handler> {
  const registry = new StackSetRegistry();
  const world: StackSetWorld = {
    ...base,
    stacks: stacks.engine,
    stackOperations: stacks.operations,
    stackSets: () => registry.all(),
  };
  if (placement !== null) placeStackSets(world, registry, placement);
  followOrganization(world);
  const operations: Record<string, Handler> = {
    ...setOperations(world, registry),
    ...instanceOperations(world, registry),
    ...operationOperations(world, registry),
    ...driftOperations(world, registry),
    ...importOperations(world, registry),
    ...organizationsAccessOperations(world),
  };
  for (const name of OVERTAKEN) {
    operations[name] = unlessOvertaken(
      (input, call) => registry.find(callerOf(world, input.CallAs, call), input.StackSetName),
      operations[name]!,
    );
  }
  return refusedWhereUnseen(operations, placement?.shelves ?? []);
}
