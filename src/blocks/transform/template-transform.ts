import type { ManifestAddress } from '../../model/address.js';
import type { Artifact } from '../../model/artifact.js';
import { sha256 } from '../../model/canonical.js';
import type { Transform } from '../../model/desired.js';
import type { Result } from '../../model/diagnostic.js';
import type { Sha256 } from '../../model/identifiers.js';
import { parseTemplate } from '../../model/template.js';
import { nestedReferences } from '../../model/template-resources.js';
import { makeArtifact } from '../template/artifact.js';
import { decodeUtf8 } from '../template/template-text.js';
import { additionsTo } from './transform-additions.js';
import { textWith } from './transform-text.js';

/** Nested templates in nested templates, at most. */
const DEEPEST = 5;

type Tally = { permissionsBoundary: number; rolePath: number; tags: number };

/**
 * The artifact with what its manifest wants injected: into its template, and into every template that it brings along. What its publisher wrote stays
 * as it is. An artifact with nothing to inject is answered as it came; another template is another artifact, with another digest.
 */
export function transformArtifact(
  artifact: Artifact,
  transform: Transform,
  source: { readonly address: ManifestAddress; readonly file: string },
): Result<Artifact> {
  const objects = new Map<Sha256, Uint8Array>(artifact.objects.map((object) => [object.sha256, object.bytes]));
  const tally: Tally = { permissionsBoundary: 0, rolePath: 0, tags: 0 };
  const rewritten = new Map<Sha256, Sha256>();

  const rewrite = (text: string, depth: number): string => {
    const first = parseTemplate(text);
    if (first.type !== 'template' || depth > DEEPEST) return text;
    let written = text;
    for (const { sha256: digest } of nestedReferences(first.document)) {
      if (!rewritten.has(digest)) rewritten.set(digest, rewriteNested(digest, depth));
      written = written.replaceAll(digest, rewritten.get(digest)!);
    }
    const parsed = written === text ? first : parseTemplate(written);
    if (parsed.type !== 'template') return written;
    const { permissionsBoundary, rolePath, tags } = additionsTo(parsed.document, transform);
    tally.permissionsBoundary += permissionsBoundary.length;
    tally.rolePath += rolePath.length;
    tally.tags += tags.length;
    const additions = [...permissionsBoundary, ...rolePath, ...tags.flat()];
    return additions.length === 0 ? written : textWith(written, parsed.document, additions);
  };
  const rewriteNested = (digest: Sha256, depth: number): Sha256 => {
    const before = decodeUtf8(objects.get(digest) ?? new Uint8Array());
    if (before === null || before === '') return digest;
    const after = rewrite(before, depth + 1);
    if (after === before) return digest;
    const bytes = Buffer.from(after, 'utf8');
    objects.delete(digest);
    objects.set(sha256(bytes), bytes);
    return sha256(bytes);
  };

  const template = rewrite(artifact.template, 0);
  if (template === artifact.template) return { value: artifact, diagnostics: [] };
  const made = makeArtifact({
    ...source,
    template,
    objects: [...objects].map(([digest, bytes]) => ({ sha256: digest, bytes })),
    tags: artifact.tags,
    extraCapabilities: artifact.requiredCapabilities,
  });
  if (made.value === null) return made;
  return { ...made, value: { ...made.value, injected: [...artifact.injected, ...linesFor(tally, transform)] } };
}

function linesFor(tally: Tally, { permissionsBoundary, rolePath, tags }: Transform): readonly string[] {
  const line = (what: string, count: number, noun: string): readonly string[] =>
    count === 0 ? [] : [`${what} in ${String(count)} ${noun}${count === 1 ? '' : 's'}`];
  return [
    ...line(`permissions boundary ${permissionsBoundary ?? ''}`, tally.permissionsBoundary, 'IAM resource'),
    ...line(`path ${rolePath ?? ''}`, tally.rolePath, 'IAM resource'),
    ...line(`tags ${Object.keys(tags).sort().join(', ')}`, tally.tags, 'resource'),
  ];
}
