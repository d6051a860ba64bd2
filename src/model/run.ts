import type { Address } from './address.js';
import type { Revision, RunId, Sha256 } from './identifiers.js';
import type { Action } from './action.js';
import type { Scope } from './plan.js';

export type RunOutcome = 'succeeded' | 'partly-applied' | 'failed' | 'blocked' | 'stale' | 'timed-out' | 'lease-held';

/** How one change of a run ended. */
export type ChangeOutcome = {
  readonly address: Address;
  readonly action: Action;
  readonly result: 'done' | 'failed' | 'skipped' | 'stale' | 'in-doubt';
  readonly detail: string;
};

/** One reconcile that was allowed to apply, or a pass that changed nothing in AWS and wrote what it found. */
export type Run = {
  readonly id: RunId;
  readonly door: 'apply' | 'reconcile' | 'watch' | 'drift';
  readonly scope: Scope;
  readonly revision: Revision;
  readonly planDigest: Sha256;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly outcome: RunOutcome | null;
  readonly changes: readonly ChangeOutcome[];
  /** Merkle root over the history heads that the run moved; null where it moved none. */
  readonly historyRoot: Sha256 | null;
};
