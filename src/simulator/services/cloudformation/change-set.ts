import type { ResourceChange } from './projection.js';
import type { Definition, OnFailure } from './stack.js';

export type ChangeSetStatus = 'CREATE_PENDING' | 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
export type ExecutionStatus =
  'UNAVAILABLE' | 'AVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED' | 'OBSOLETE';

/** What a stack would become, and what that would do to its resources, as of when the change set was made. */
export type ChangeSet = {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly createdAt: Date;
  readonly description: string | undefined;
  readonly definition: Definition;
  readonly roleArn: string | undefined;
  readonly notificationArns: readonly string[];
  readonly onFailure: OnFailure | undefined;
  readonly revertsDrift: boolean;
  readonly token: string | undefined;
  status: ChangeSetStatus;
  execution: ExecutionStatus;
  reason: string | undefined;
  changes: readonly ResourceChange[];
};
