import type { Address } from './address.js';
import type { RunId } from './identifiers.js';
import type { SyncStatus } from './recorded.js';
import type { TargetKey } from './target.js';

/** CloudFormation's id of a stack: its ARN. */
export type StackId = string;

/** How one look at one stack ended. */
export type Check = {
  /** ISO 8601, by the clock of whoever looked: of a detection, AWS's. */
  readonly at: string;
  /** When that was taken in, by the controller's own clock; absent where `at` is by that clock. Whose turn it is depends on no other. */
  readonly seen?: string;
  /** When the detection was begun, by the same clock; absent where somebody else began it. */
  readonly begun?: string;
  readonly status: SyncStatus;
  /** Why it is UNKNOWN, in AWS's words; null otherwise. */
  readonly error: string | null;
  /** Resource types, and other parts such as `Parameters/Password (NoEcho)`, that this method cannot check. Sorted. */
  readonly notCheckable: readonly string[];
};

/** A drift detection that was begun and whose end has not been seen. */
export type PendingDetection = { readonly id: string; readonly since: string };

/** When one stack, a nested one too, was looked at beyond the walk. */
export type StackChecks = {
  /** The deployment that it belongs to. */
  readonly address: Address;
  /** Null for the deployment's own stack, else what leads to the nested one: `Child`, `Child.Grandchild`. */
  readonly nested: string | null;
  /** CloudFormation's drift detection. */
  readonly detection: Check | null;
  /** The sweep of GetTemplate. */
  readonly template: Check | null;
  readonly pending: PendingDetection | null;
};

/** The checks of every stack of one account and Region, in one item of the ledger. */
export type CheckBook = {
  readonly target: TargetKey;
  readonly accountName: string;
  /** `/Workloads/Prod`; null where the account is not in the tree. */
  readonly unitPath: string | null;
  readonly stacks: Readonly<Record<StackId, StackChecks>>;
  /** What was spent of the hour's budget of calls; `since` is when the hour began. */
  readonly spent: { readonly since: string; readonly calls: number };
  /** Counts writes; 0 where there is none yet. */
  readonly version: number;
  /** Why nothing in it can be relied on: somebody edited it. It is empty then, and nobody writes over it. Absent where it is as it was written. */
  readonly unreadable?: string;
};

/** The newest look at everything: the heartbeat of an installation. */
export type Pass = {
  readonly at: string;
  /** Null where nothing was to be changed. */
  readonly run: RunId | null;
  readonly door: 'apply' | 'reconcile' | 'watch' | 'drift';
  readonly durationMs: number;
  /** Calls of AWS since the one before, by `service:Operation`. */
  readonly calls: Readonly<Record<string, number>>;
  /** How many deployments were looked at, and how many of them could not be. */
  readonly deployments: number;
  readonly unknown: number;
  /** Detections and sweeps that were begun, and those that are due and had to wait for the budget. */
  readonly begun: { readonly detections: number; readonly sweeps: number };
  readonly waiting: number;
};
