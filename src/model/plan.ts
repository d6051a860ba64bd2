import type { Address, ManifestAddress } from './address.js';
import type { ExcludedAccount } from './desired.js';
import type { DiagnosticCode } from './diagnostic-codes.js';
import type { Diagnostic } from './diagnostic.js';
import type { AccountId, LogicalId, Revision, Sha256 } from './identifiers.js';
import type { Action } from './action.js';

export type Scope = { readonly type: 'all' } | { readonly type: 'account'; readonly account: AccountId };

/** Why a change is in the plan. */
export type Reason =
  | 'new'
  | 'missing'
  | 'manifest-changed'
  | 'drifted'
  | 'outdated'
  | 'members'
  | 'target-left'
  | 'removed'
  | 'failed-creation'
  | 'interrupted'
  | 'unrecorded'
  | 'adopted';

/** A value as it may be shown: redacted in the model, not by the printer. Null means not set. */
export type Shown = string | null;

export type Field = { readonly path: string; readonly before: Shown; readonly after: Shown };

/** One deployment inside a change that covers several: a stack set's instance. */
export type MemberChange = {
  readonly address: Address;
  readonly action: 'create' | 'update' | 'delete' | 'forget';
  readonly reason: Reason;
  readonly fields: readonly Field[];
};

/** One line of the plan. A resource that CloudFormation would replace is an `update` with `replaces`; `replace` deletes and creates the deployment. */
export type Change = {
  readonly address: Address;
  readonly action: Exclude<Action, 'noop'>;
  readonly reason: Reason;
  readonly fields: readonly Field[];
  readonly members: readonly MemberChange[];
  /** Predicted from the resource schemas; a change set made at apply is CloudFormation's own word. */
  readonly replaces: readonly LogicalId[];
  /** Resources that leave the template and so are deleted. */
  readonly removes: readonly LogicalId[];
  /** Resources whose drift a drift-aware change set is to put right; absent where there are none. */
  readonly reverts?: readonly LogicalId[];
  readonly artifactSha256: Sha256 | null;
  /** Artifact.injected, where the template is given to CloudFormation; absent where nothing was injected. */
  readonly injected?: readonly string[];
  /** Known.sha256; null where it was absent. The change's own precondition. */
  readonly observedSha256: Sha256 | null;
  readonly dependsOn: readonly Address[];
  readonly wave: number;
};

/** Something the plan would not do, or the guard does not allow: what, where, why, who can lift it, and the command to run. */
export type Refusal = {
  readonly code: DiagnosticCode;
  readonly address: Address | null;
  readonly message: string;
  readonly remedy: string;
};

export type UnknownTarget = {
  readonly address: Address;
  readonly cause: 'unreachable' | 'not-ready' | 'region-disabled' | 'listing-failed';
  readonly diagnostic: Diagnostic;
};

/** Observed differs although nobody changed the manifest, and nothing is done about it here. */
export type DriftFinding = {
  readonly address: Address;
  readonly fields: readonly Field[];
  /** Why it is not put right although the manifest says `respond: revert`; absent where it says `report`. */
  readonly cannot?: string;
};

/** How one wave of a manifest goes. */
export type WavePlan = {
  /** Counted from 0; waves in which nothing changes are left out. */
  readonly wave: number;
  /** How many deployments of it the plan changes, and in how many accounts. */
  readonly deployments: number;
  readonly accounts: number;
  /** How many go at once: stacks, or the accounts of a stack set in each Region; what the tolerance leaves of it where the concurrency is strict. */
  readonly atOnce: number;
  /** How many failures stop nothing: stacks, or accounts in each Region; null where none stops the others. */
  readonly tolerated: number | null;
};

/** A manifest whose changes go wave by wave, or a stack set: the effective numbers behind its `rollout`. */
export type RolloutPlan = { readonly manifest: ManifestAddress; readonly waves: readonly WavePlan[] };

/** A value that can be stored, shown, compared and applied. The digest is of its RFC 8785 JSON without `digest`; it holds no times, run ids or prose of ours. */
export type Plan = {
  readonly schemaVersion: 1;
  readonly evenkeelVersion: string;
  readonly installation: string;
  readonly revision: Revision;
  /** Of evenkeel.lock.yaml; of the empty string where there is none. */
  readonly lockSha256: Sha256;
  readonly scope: Scope;
  /** Of every deployment address that the selectors gave. */
  readonly targetsSha256: Sha256;
  readonly changes: readonly Change[];
  readonly rollouts: readonly RolloutPlan[];
  readonly drift: readonly DriftFinding[];
  readonly refusals: readonly Refusal[];
  readonly unknowns: readonly UnknownTarget[];
  readonly excluded: readonly ExcludedAccount[];
  /** How many deployments were looked at and need nothing. */
  readonly unchanged: number;
  readonly digest: Sha256;
};

/** How much one installation may delete, replace and touch, and what it has spent inside the window. */
export type BudgetUse = {
  readonly deletes: number;
  readonly replaces: number;
  readonly accounts: readonly AccountId[];
};
