import type { Handler, World } from '../../kernel/contract.js';
import type { StackDesk } from '../cloudformation/service.js';
import type { StackSet } from './stack-set.js';

/** What stack sets need besides the world: drift detection, CloudFormation's own answers in the target accounts, and one another. */
export type StackSetWorld = World & {
  readonly stacks: StackDesk;
  readonly stackOperations: Readonly<Record<string, Handler>>;
  readonly stackSets: () => Iterable<StackSet>;
};
