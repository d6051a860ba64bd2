import type { Call, Handler } from '../../kernel/contract.js';
import { accountLimits } from './account-limits.js';
import { findChangeSet } from './change-set-lookup.js';
import { changeSetOperations } from './change-set-operations.js';
import { Detections } from './detections.js';
import { driftOperations } from './drift-operations.js';
import { stackDesk, type StackDesk } from './engine.js';
import { NO_WITNESS, type Base, type Environment, type Witness } from './environment.js';
import { OutsideResources } from './import-outside.js';
import { callersArea } from './lookup.js';
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
export function createCloudFormation(
  base: Base,
  witness: Witness = NO_WITNESS,
): {
  readonly engine: StackDesk;
  readonly operations: Readonly<Record<string, Handler>>;
  /** The StackId of the stack that a call is about, by its name or by its change set; undefined where there is none. */
  readonly stackNamed: (input: Readonly<Record<string, unknown>>, call: Call) => string | undefined;
  /** Where whoever calls is to be refused. */
  readonly unread: UnreadPlaces;
} {
  const environment: Environment = {
    base,
    store: new StackStore(),
    names: new ResourceNames(),
    detections: new Detections(),
    outside: new OutsideResources(),
    nested: nestedStacks(() => environment),
    witness,
  };
  return {
    engine: stackDesk(environment),
    stackNamed: ({ StackName, ChangeSetName }, call) => {
      if (typeof StackName === 'string') return callersArea(environment, call).find(StackName)?.id;
      if (typeof ChangeSetName !== 'string' || !ChangeSetName.startsWith('arn:')) return undefined;
      return findChangeSet(environment, call, { ChangeSetName })?.stack.id;
    },
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
