import type { ManifestAddress } from './address.js';

/**
 * How a pinned version stands to those that are offered.
 * - `withdrawn`: the publisher offers others, and no longer this one.
 * - `unavailable`: the building block itself is gone, or is not shared any more.
 * - `superseded`: nothing will come after it; something else takes its place.
 * - `unversioned`: its address names no version, so none can be newer.
 * - `unknown`: nobody could say.
 */
export type VersionState =
  'current' | 'outdated' | 'withdrawn' | 'unavailable' | 'superseded' | 'unversioned' | 'unknown';

/** What one manifest pins, and what there is besides. */
export type VersionLine = {
  readonly address: ManifestAddress;
  /** As the manifest writes it; null where nothing is pinned by a version. */
  readonly pinned: string | null;
  /** The newest that is known, whether or not it can be locked; null where none is. */
  readonly newest: string | null;
  /** Those that are newer than the pinned one and can be locked, the newest first: all that the source names, which may be but one. */
  readonly newer: readonly string[];
  readonly state: VersionState;
  /** Who said so: the publisher, the package registry, or the catalogue that Evenkeel brings along, which may be behind. */
  readonly source: 'publisher' | 'registry' | 'catalogue' | null;
  /** What else a person should know, one sentence each, without full stop. */
  readonly notes: readonly string[];
};
