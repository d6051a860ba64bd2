import type { Handler, World } from '../../kernel/contract.js';
import { followOrganization } from './auto-deployment.js';
import { instanceOperations } from './instance-operations.js';
import { operationOperations } from './operation-operations.js';
import { StackSetRegistry } from './registry.js';
import { setOperations } from './set-operations.js';

/** CloudFormation's stack sets, over the stacks of the world: their instances are real stacks in the target accounts. */
export function stackSetOperations(world: World): Record<string, Handler> {
  const registry = new StackSetRegistry();
  followOrganization(world, () => registry.all());
  return {
    ...setOperations(world, registry),
    ...instanceOperations(world, registry),
    ...operationOperations(world, registry),
  };
}
