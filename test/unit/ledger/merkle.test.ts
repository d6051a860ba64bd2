import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleProof, merkleRoot, provesMembership } from '../../../src/ledger/merkle.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { Sha256 } from '../../../src/model/identifiers.js';

const digest = fc.string().map((text) => sha256(text));
const digests = (size: { minLength: number }) => fc.uniqueArray(digest, { ...size, maxLength: 40 });
const raw = (...hex: string[]) =>
  createHash('sha256')
    .update(Buffer.from(hex.join(''), 'hex'))
    .digest('hex');

describe('a Merkle root', () => {
  it('is what RFC 6962 says for none, one, two and three leaves', () => {
    const [a, b, c] = [sha256('a'), sha256('b'), sha256('c')];
    const leaf = (hex: string) => raw('00', hex);
    expect(merkleRoot([])).toBeNull();
    expect(merkleRoot([a])).toBe(leaf(a));
    expect(merkleRoot([a, b])).toBe(raw('01', leaf(a), leaf(b)));
    expect(merkleRoot([a, b, c])).toBe(raw('01', raw('01', leaf(a), leaf(b)), leaf(c)));
  });

  it('changes with every leaf that is changed, added, removed or moved', () => {
    fc.assert(
      fc.property(digests({ minLength: 2 }), digest, fc.nat(), (leaves, other, at) => {
        const index = at % leaves.length;
        fc.pre(!leaves.includes(other));
        const root = merkleRoot(leaves);
        expect(merkleRoot(leaves.with(index, other))).not.toBe(root);
        expect(merkleRoot([...leaves, other])).not.toBe(root);
        expect(merkleRoot([...leaves, leaves.at(-1)!])).not.toBe(root);
        expect(merkleRoot(leaves.toSpliced(index, 1))).not.toBe(root);
        expect(merkleRoot([...leaves.slice(1), leaves[0]!])).not.toBe(root);
      }),
    );
  });

  it('is never taken for a leaf: the root over two subtrees is not the root over their roots', () => {
    fc.assert(
      fc.property(digest, digest, digest, digest, (a, b, c, d) => {
        expect(merkleRoot([merkleRoot([a, b])!, merkleRoot([c, d])!])).not.toBe(merkleRoot([a, b, c, d]));
      }),
    );
  });
});

describe('a proof', () => {
  it('shows every leaf to be under the root, in as many steps as the tree is high', () => {
    fc.assert(
      fc.property(digests({ minLength: 1 }), (leaves) => {
        for (const [index, leaf] of leaves.entries()) {
          const proof = merkleProof(leaves, index)!;
          expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(leaves.length)));
          expect(provesMembership(merkleRoot(leaves)!, leaf, proof)).toBe(true);
        }
      }),
    );
  });

  it('shows no other leaf, and does not hold once a step of it is changed', () => {
    fc.assert(
      fc.property(digests({ minLength: 2 }), digest, fc.nat(), fc.nat(), (leaves, other, at, step) => {
        fc.pre(!leaves.includes(other));
        const index = at % leaves.length;
        const root = merkleRoot(leaves)!;
        const proof = merkleProof(leaves, index)!;
        expect(provesMembership(root, other, proof)).toBe(false);
        const broken = proof.with(step % proof.length, { ...proof[step % proof.length]!, sha256: other });
        expect(provesMembership(root, leaves[index]!, broken)).toBe(false);
      }),
    );
  });

  it('does not exist for a leaf that does not', () => {
    const leaves: readonly Sha256[] = [sha256('a')];
    for (const index of [-1, 1, 0.5, Number.NaN]) expect(merkleProof(leaves, index)).toBeNull();
  });
});
