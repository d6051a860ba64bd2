import type { ImportTarget } from './import-checks.js';
import type { Outside } from './import-outside.js';
import type { ResourceChange } from './projection.js';
import type { Definition, OnFailure, Stack } from './stack.js';

/** Why a change set that would change nothing FAILED; a template with transforms is compared by other means, and says it otherwise. */
export const NO_CHANGES = {
  plain: "The submitted information didn't contain changes. Submit different information to create a change set.",
  transformed: 'No updates are to be performed.',
} as const;

export type ChangeSetStatus = 'CREATE_PENDING' | 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
export type ExecutionStatus =
  'UNAVAILABLE' | 'AVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED' | 'OBSOLETE';

/** What is brought into the stack that stands already: what the request lists, or whatever of the template's names exists. */
export type Imports =
  { readonly kind: 'none' | 'existing' } | { readonly kind: 'listed'; readonly targets: readonly ImportTarget[] };

export type StackChangeSet = { readonly stack: Stack; readonly changeSet: ChangeSet };

/** What a stack would become, and what that would do to its resources, as of when the change set was made. */
export type ChangeSet = {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly createdAt: Date;
  readonly description: string | undefined;
  readonly definition: Definition;
  readonly roleArn: string | undefined;
  readonly notificationArns: readonly string[];
  readonly onFailure: OnFailure | undefined;
  readonly revertsDrift: boolean;
  readonly imports: Imports;
  readonly includesNested: boolean;
  /** Of a change set of a nested stack: the ARNs of the one it was made for, and of the one that can be executed. */
  readonly parent: { readonly id: string; readonly rootId: string } | undefined;
  readonly token: string | undefined;
  status: ChangeSetStatus;
  execution: ExecutionStatus;
  reason: string | undefined;
  changes: readonly ResourceChange[];
  /** Of a drift-aware change set: whether any resource of the stack had drifted. */
  stackDrift: 'DRIFTED' | 'IN_SYNC' | undefined;
  /** What execution imports, by logical id. */
  brought: ReadonlyMap<string, Outside>;
  /** The change sets of nested stacks, by the nested stack's logical id. */
  nested: ReadonlyMap<string, StackChangeSet>;
};

/** A change set as it is when it has been asked for. */
export function freshChangeSet(
  given: Omit<ChangeSet, 'status' | 'execution' | 'reason' | 'changes' | 'stackDrift' | 'brought' | 'nested'>,
): ChangeSet {
  return {
    ...given,
    status: 'CREATE_PENDING',
    execution: 'UNAVAILABLE',
    reason: undefined,
    changes: [],
    stackDrift: undefined,
    brought: new Map(),
    nested: new Map(),
  };
}

/** The change set and those of all stacks nested in its stack, whatever the depth. */
export function hierarchyOf(root: StackChangeSet): readonly StackChangeSet[] {
  return [root, ...[...root.changeSet.nested.values()].flatMap(hierarchyOf)];
}
