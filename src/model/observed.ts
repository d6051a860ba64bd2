import type { Diagnostic } from './diagnostic.js';
import type { Field } from './plan.js';
import type { Sha256 } from './identifiers.js';
import type { MemberSettings, Settings } from './settings.js';
import type { TargetKey } from './target.js';

/**
 * What may be done next, whatever the service calls the state:
 * - `settled`: complete; may be updated or deleted.
 * - `busy`: an operation is running, ours where `operation` is the step's token.
 * - `failed-creation`: nothing live stands behind it; it can only be deleted and created anew (ROLLBACK_COMPLETE, CREATE_FAILED).
 * - `review`: an unexecuted CREATE change set holds the name and nothing else (REVIEW_IN_PROGRESS).
 * - `stuck`: a person must decide (UPDATE_ROLLBACK_FAILED, DELETE_FAILED, ROLLBACK_FAILED, IMPORT_ROLLBACK_FAILED); `remedy` says how.
 */
export type Condition =
  | { readonly type: 'settled' }
  | { readonly type: 'busy'; readonly operation: string | null }
  | { readonly type: 'failed-creation' }
  | { readonly type: 'review' }
  | { readonly type: 'stuck'; readonly remedy: string };

/**
 * One instance of a stack set. `outdated` also covers one whose last operation failed or was cancelled; `inoperable` can only be
 * removed with its stack retained; `suspended`: AWS skipped it because its account is suspended;
 * `unresolved`: the set names a stack that its account does not show, so nothing is known of the stack layer.
 */
export type MemberCondition = 'settled' | 'busy' | 'outdated' | 'inoperable' | 'suspended' | 'unresolved';

/** What CloudFormation last said of a stack's resources: the walk carries it, and it moves no fingerprint. */
export type Detected = {
  readonly status: 'IN_SYNC' | 'DRIFTED' | 'UNKNOWN' | 'NOT_CHECKED';
  /** When the newest detection looked; null where none ever did. */
  readonly at: string | null;
};

/** One stack of a deployment, as the walk shows it: its own, and those nested in it. */
export type SeenStack = {
  readonly stackId: string;
  readonly stackName: string;
  /** Null for the deployment's own stack, else what leads to the nested one: `Child`, `Child.Grandchild`. */
  readonly nested: string | null;
  /** CloudFormation's word. */
  readonly status: string;
  /** LastUpdatedTime, or CreationTime; ISO 8601. */
  readonly updatedAt: string | null;
  readonly detected: Detected;
};

/** A nested stack against its record: what was read of it, or what is recorded where its fingerprint has not moved. */
export type NestedStack = {
  readonly stackId: string;
  readonly sha256: Sha256;
  readonly template: Sha256;
  readonly parameters: Settings['parameters'];
  readonly roleArn: string | null;
};

export type ObservedMember = {
  readonly condition: MemberCondition;
  readonly settings: MemberSettings;
  /** The instance's StackId; null while it has none. */
  readonly identity: string | null;
  /** The instance's LastOperationId: whoever touched it last. */
  readonly operation: string | null;
  /** AWS's words: status, detailed status, reason. */
  readonly status: string;
  /** Of the instance's stack; null where the stack was not looked at. */
  readonly outputs: Readonly<Record<string, string>> | null;
  /** Digest of what was seen of the instance and of its stack. */
  readonly sha256: Sha256;
  /** What was changed on the instance's own stack, past the stack set: what stands, and what the stack set says; empty where nothing was. */
  readonly strayed: readonly Field[];
  /** `unknown`: the instance is CURRENT and its account could not be read, so that nothing strayed is no finding. */
  readonly layer: 'seen' | 'unknown';
  /** The instance's own stack first; empty where it was not looked at. */
  readonly stacks: readonly SeenStack[];
  /** By what leads to it. */
  readonly nested: Readonly<Record<string, NestedStack>>;
};

export type Known = {
  readonly type: 'known';
  /** By its tags; `theirs` may be anybody's. */
  readonly ownership: 'ours' | 'theirs';
  readonly condition: Condition;
  /** AWS's words: the status, and the reason where it gives one. */
  readonly status: string;
  /** StackId or StackSetId. */
  readonly identity: string;
  readonly settings: Settings;
  readonly members: Readonly<Record<TargetKey, ObservedMember>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The stack first, then those nested in it; empty for a stack set, whose members have their own. */
  readonly stacks: readonly SeenStack[];
  /** By what leads to it. */
  readonly nested: Readonly<Record<string, NestedStack>>;
  /** Digest of StackId, status, LastUpdatedTime, newest operation, parameters, tags, RoleARN, protection: a change's precondition. */
  readonly sha256: Sha256;
};

/** A complete listing does not show it. */
export type Absent = { readonly type: 'absent' };

/**
 * It could not be seen: a role that cannot be assumed, a page that failed, a Region that is disabled. Never read as absent.
 * `not-ready`: the account is so new that this is expected for a while.
 */
export type Unknown = {
  readonly type: 'unknown';
  readonly cause: 'unreachable' | 'not-ready' | 'region-disabled' | 'listing-failed';
  readonly diagnostic: Diagnostic;
};

export type Observation = Known | Absent | Unknown;
