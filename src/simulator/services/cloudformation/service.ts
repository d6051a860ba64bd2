import type { Handler } from '../../kernel/contract.js';
import { accountLimits } from './account-limits.js';
import { changeSetOperations } from './change-set-operations.js';
import { driftOperations } from './drift-operations.js';
import { stackDesk, type StackDesk } from './engine.js';
import type { Base, Environment } from './environment.js';
import { OutsideResources } from './import-outside.js';
import { nestedStacks } from './nested-stacks.js';
import { operationEvents } from './operation-events.js';
import { policyOperations } from './policy-operations.js';
import { recoveryOperations } from './recovery-operations.js';
import { ResourceNames } from './resource-names.js';
import { stackOperations } from './stack-operations.js';
import { stackReads } from './stack-reads.js';
import { StackStore } from './stack-store.js';
import { templateOperations } from './template-operations.js';
import type { UnreadPlaces } from './unread.js';

export type { Base, StackDesk };

/** CloudFormation as far as stacks go; stack sets are built on the engine. One engine per world: it holds all stacks of all accounts. */
export function createCloudFormation(base: Base): {
  readonly engine: StackDesk;
  readonly operations: Readonly<Record<string, Handler>>;
  /** Where whoever calls is to be refused. */
  readonly unread: UnreadPlaces;
} {
  const environment: Environment = {
    base,
    store: new StackStore(),
    names: new ResourceNames(),
    outside: new OutsideResources(),
    nested: nestedStacks(() => environment),
  };
  return {
    engine: stackDesk(environment),
    unread: environment.store.unread,
    operations: {
      ...stackOperations(environment),
      ...recoveryOperations(environment),
      ...policyOperations(environment),
      ...stackReads(environment),
      ...templateOperations(environment),
      ...operationEvents(environment),
      ...accountLimits,
      ...changeSetOperations(environment),
      ...driftOperations(environment),
    },
  };
}
