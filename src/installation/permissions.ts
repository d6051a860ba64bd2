import { SESSION_ACTIONS } from '../aws/permissions.js';
import { ARTIFACT_STORE_ACTIONS } from '../blocks/artifact-store.js';
import { LOCK_ACTIONS } from '../blocks/application/serverless-repository.js';
import { DRIFT_ACTIONS, TRAIL_ACTIONS } from '../drivers/drift-permissions.js';
import { STACK_ACTIONS } from '../drivers/stack-permissions.js';
import { STACK_SET_ACTIONS } from '../drivers/stack-set-permissions.js';
import { LEDGER_ACTIONS } from '../ledger/permissions.js';
import { NOTICE_ACTIONS } from '../notices/permissions.js';
import { DISCOVERY_ACTIONS } from '../organization/permissions.js';
import type { IamAction } from '../reconciler/ports.js';
import { SNAPSHOT_ACTIONS } from '../snapshot/permissions.js';

/** Everything that an installation may call, by role: the roles in `infra/` and the reference page are held against it. */
export const IAM_ACTIONS: readonly IamAction[] = [
  ...SESSION_ACTIONS,
  ...DISCOVERY_ACTIONS,
  ...STACK_ACTIONS,
  ...STACK_SET_ACTIONS,
  ...DRIFT_ACTIONS,
  ...TRAIL_ACTIONS,
  ...SNAPSHOT_ACTIONS,
  ...ARTIFACT_STORE_ACTIONS,
  ...LOCK_ACTIONS,
  ...LEDGER_ACTIONS,
  ...NOTICE_ACTIONS,
];
