import { createHash } from 'node:crypto';
import type { Sha256 } from '../model/identifiers.js';

/**
 * Merkle trees as in RFC 6962 2.1. A leaf and a node are hashed with different first bytes: without that, a node could be
 * passed off as a leaf, and two different lists would have one root.
 */
const LEAF = 0x00;
const NODE = 0x01;

/** One hash on the way from a leaf to the root, and on which side it stands. */
export type ProofStep = { readonly side: 'left' | 'right'; readonly sha256: Sha256 };

/** The root over digests in their order; null over none. */
export function merkleRoot(leaves: readonly Sha256[]): Sha256 | null {
  return leaves.length === 0 ? null : rootOf(leaves);
}

/** What it takes to show that the leaf at `index` is under the root; null where there is no such leaf. */
export function merkleProof(leaves: readonly Sha256[], index: number): readonly ProofStep[] | null {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) return null;
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  return index < split
    ? [...merkleProof(left, index)!, { side: 'right', sha256: rootOf(right) }]
    : [...merkleProof(right, index - split)!, { side: 'left', sha256: rootOf(left) }];
}

export function provesMembership(root: Sha256, leaf: Sha256, proof: readonly ProofStep[]): boolean {
  const reached = proof.reduce(
    (below, step) => (step.side === 'left' ? nodeOf(step.sha256, below) : nodeOf(below, step.sha256)),
    leafOf(leaf),
  );
  return reached === root;
}

function rootOf(leaves: readonly Sha256[]): Sha256 {
  if (leaves.length === 1) return leafOf(leaves[0]!);
  const split = splitOf(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** The largest power of two that is smaller than `size`, which is at least 2. */
function splitOf(size: number): number {
  return 2 ** (Math.ceil(Math.log2(size)) - 1);
}

function leafOf(digest: Sha256): Sha256 {
  return hash(LEAF, digest);
}

function nodeOf(left: Sha256, right: Sha256): Sha256 {
  return hash(NODE, left, right);
}

function hash(domain: number, ...digests: readonly Sha256[]): Sha256 {
  const bytes = createHash('sha256').update(Uint8Array.of(domain));
  for (const digest of digests) bytes.update(Buffer.from(digest, 'hex'));
  return bytes.digest('hex') as Sha256;
}
