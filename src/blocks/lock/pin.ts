import type { LockSource } from './lock-file.js';
import type { SpecKey } from './lock-refusal.js';

/** What the manifest asks the lock for, said in the lock's own words. */
export type Pin = {
  readonly source: LockSource;
  /** Tags that a deployment of the block gets because of what it is. */
  readonly tags: Readonly<Record<string, string>>;
  /** The key of the manifest's spec that says what it is, for places. */
  readonly mainKey: SpecKey;
  /** Where a key of the source stands in the manifest's spec, if not under its own name. */
  readonly keys: Readonly<Record<string, SpecKey>>;
  /** How it is named to people, such as `SO0111 member-roles v3.1.5`. */
  readonly title: string;
};
