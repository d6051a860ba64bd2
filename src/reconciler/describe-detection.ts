import type { Pass } from '../model/checks.js';
import type { Diagnostic } from '../model/diagnostic.js';

/** How a look at the resources of many stacks, asked for by a person, went. What it found is in the ledger. */
export type DetectOutcome = {
  /** Null where nothing could be looked at: `diagnostics` says why. */
  readonly pass: Pass | null;
  /** Detections that were begun. */
  readonly begun: number;
  /** Those of which the end was seen and recorded. */
  readonly looked: number;
  readonly diagnostics: readonly Diagnostic[];
};
