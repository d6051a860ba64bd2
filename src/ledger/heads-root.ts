import type { Sha256 } from '../model/identifiers.js';
import type { HistoryHead } from '../model/recorded.js';
import { merkleRoot } from './merkle.js';

/** Heads in the order in which a root is made over them: that of their digests. */
export function inRootOrder(heads: Iterable<HistoryHead>): readonly HistoryHead[] {
  return [...heads].sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1));
}

/** Null over none. */
export function rootOfHeads(heads: Iterable<HistoryHead>): Sha256 | null {
  return merkleRoot(inRootOrder(heads).map((head) => head.sha256));
}
