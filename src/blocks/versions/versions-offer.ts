import type { Diagnostic } from '../../model/diagnostic.js';
import type { VersionLine } from '../../model/versions.js';
import type { LockSession } from '../lock/served-block.js';
import type { Registry } from './versions-registry.js';

/** Whom one may ask for versions. */
export type VersionSession = LockSession & { readonly registry: Registry };

/** What is offered of one building block, whatever the manifest pins of it. */
export type Offer = {
  /** As the manifest pins it; null where its address names no version. */
  readonly pinned: string | null;
  readonly versions: readonly string[];
  /** True where another version does not exist, because whoever has them all was asked. */
  readonly complete: boolean;
  /** Those that can be locked here; null where that is not a question of what is installed. */
  readonly lockable: readonly string[] | null;
  readonly source: VersionLine['source'];
  /** Why nothing that is pinned will be followed by another version; null where it may be. */
  readonly ending: { readonly type: 'unavailable' | 'superseded'; readonly reason: string } | null;
  readonly notes: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

export const NOTHING_KNOWN: Omit<Offer, 'pinned'> = {
  versions: [],
  complete: false,
  lockable: null,
  source: null,
  ending: null,
  notes: [],
  diagnostics: [],
};
