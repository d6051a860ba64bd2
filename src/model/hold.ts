import type { Address, ManifestAddress } from './address.js';
import type { RunId, Sha256 } from './identifiers.js';

/** A rollout that stopped: nobody goes on with that artifact until a new one comes or a person says so. */
export type Hold = {
  readonly manifest: ManifestAddress;
  readonly artifactSha256: Sha256;
  /** The wave that failed, counted from 0; null for a stack set, whose waves are its own. */
  readonly wave: number | null;
  /** What failed in it. */
  readonly failed: readonly Address[];
  /** Why, as the first failure says. */
  readonly reason: string;
  readonly run: RunId;
  /** ISO 8601. */
  readonly at: string;
  /** Who let it go on; null while it is in force. */
  readonly resumed: { readonly reason: string; readonly at: string } | null;
};
