import type { Handler } from '../../kernel/contract.js';
import { changeSetOperations } from './change-set-operations.js';
import { driftOperations } from './drift-operations.js';
import { stackDesk, type StackDesk } from './engine.js';
import type { Base, Environment } from './environment.js';
import { nestedStacks } from './nested-stacks.js';
import { ResourceNames } from './resource-names.js';
import { stackOperations } from './stack-operations.js';
import { stackReads } from './stack-reads.js';
import { StackStore } from './stack-store.js';
import { templateOperations } from './template-operations.js';

export type { Base, StackDesk };

/** CloudFormation as far as stacks go; stack sets are built on the engine. One engine per world: it holds all stacks of all accounts. */
export function createCloudFormation(base: Base): {
  readonly engine: StackDesk;
  readonly operations: Readonly<Record<string, Handler>>;
} {
  const environment: Environment = {
    base,
    store: new StackStore(),
    names: new ResourceNames(),
    nested: nestedStacks(() => environment),
  };
  return {
    engine: stackDesk(environment),
    operations: {
      ...stackOperations(environment),
      ...stackReads(environment),
      ...templateOperations(environment),
      ...changeSetOperations(environment),
      ...driftOperations(environment),
    },
  };
}
