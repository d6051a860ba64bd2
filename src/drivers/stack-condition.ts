import type { StackStatus } from '@aws-sdk/client-cloudformation';
import type { Condition } from '../model/observed.js';

export type StackCondition = Condition['type'];

/** What may be done next in each of CloudFormation's states; `null` where the stack is gone. */
const CONDITIONS: Readonly<Record<StackStatus, StackCondition | null>> = {
  CREATE_IN_PROGRESS: 'busy',
  CREATE_FAILED: 'failed-creation',
  CREATE_COMPLETE: 'settled',
  ROLLBACK_IN_PROGRESS: 'busy',
  ROLLBACK_FAILED: 'stuck',
  ROLLBACK_COMPLETE: 'failed-creation',
  DELETE_IN_PROGRESS: 'busy',
  DELETE_FAILED: 'stuck',
  DELETE_COMPLETE: null,
  UPDATE_IN_PROGRESS: 'busy',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'busy',
  UPDATE_COMPLETE: 'settled',
  UPDATE_FAILED: 'stuck',
  UPDATE_ROLLBACK_IN_PROGRESS: 'busy',
  UPDATE_ROLLBACK_FAILED: 'stuck',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'busy',
  UPDATE_ROLLBACK_COMPLETE: 'settled',
  REVIEW_IN_PROGRESS: 'review',
  IMPORT_IN_PROGRESS: 'busy',
  IMPORT_COMPLETE: 'settled',
  IMPORT_ROLLBACK_IN_PROGRESS: 'busy',
  IMPORT_ROLLBACK_FAILED: 'stuck',
  IMPORT_ROLLBACK_COMPLETE: 'settled',
};

const REMEDIES: Partial<Record<StackStatus, string>> = {
  ROLLBACK_FAILED: 'delete the stack by hand; nothing that was created is in use',
  DELETE_FAILED:
    'delete the stack by hand with RetainResources for what cannot be deleted, or repair what holds it and delete it again',
  UPDATE_FAILED: 'roll the stack back with RollbackStack, or repair it by hand',
  UPDATE_ROLLBACK_FAILED:
    'repair what the rollback failed on, then ContinueUpdateRollback; ResourcesToSkip gives resources up and needs your approval',
  IMPORT_ROLLBACK_FAILED: 'repair the import by hand',
};

/** A status that is not in the table is one that a person must look at. */
export function stackCondition(status: string | undefined): StackCondition | null {
  const known = CONDITIONS[status as StackStatus];
  return known === undefined ? 'stuck' : known;
}

export function stackRemedy(status: string | undefined): string {
  return REMEDIES[status as StackStatus] ?? 'look at the stack in CloudFormation and bring it to rest by hand';
}

/** Whether the status says that the last operation was undone. */
export function isRolledBack(status: string): boolean {
  return /ROLLBACK_COMPLETE/.test(status);
}
