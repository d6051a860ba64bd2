import { parseTemplate } from '../model/template.js';
import { sha256 } from '../model/canonical.js';
import type { Sha256 } from '../model/identifiers.js';
import type { TemplateDocument } from '../model/template.js';
import { BUCKET_PLACEHOLDER, objectKey, sha256OfKey } from './artifact-bucket.js';
import { referencesIn } from './object-references.js';
import type { Location, ObjectReference } from './object-references.js';
import { decodeUtf8, writeForCloudFormation, writeReadable } from './template-text.js';

/** Nested templates in nested templates, at most. */
const MAXIMUM_DEPTH = 5;

export type Objects = ReadonlyMap<Sha256, Uint8Array>;

/** What is wrong with an object that a template refers to: `computed` cannot be known, the others make the template unusable. */
export type ReferenceProblem = { readonly type: 'computed' | 'unusable'; readonly message: string };

export type Rewritten = {
  readonly document: TemplateDocument;
  readonly objects: Objects;
  readonly problems: readonly ReferenceProblem[];
};

/**
 * The template as it is locked: every object that it refers to is fetched and named by its SHA-256 under a placeholder for the bucket,
 * nested templates likewise from the inside out, so that the bytes do not depend on where AWS served them from.
 */
export async function lockTemplate(
  served: TemplateDocument,
  fetchObject: (location: Location) => Promise<Uint8Array>,
  depth = 0,
): Promise<Rewritten> {
  const document = structuredClone(served);
  const objects = new Map<Sha256, Uint8Array>();
  const problems: ReferenceProblem[] = [];
  for (const reference of referencesIn(document)) {
    if (reference.location === null) {
      problems.push({ type: 'computed', message: `${nameOf(reference)} names its object by an expression` });
      continue;
    }
    let bytes = await fetchObject(reference.location);
    if (reference.holds === 'template') {
      const nested = readNested(bytes, reference, depth);
      if (typeof nested === 'string') {
        problems.push({ type: 'unusable', message: nested });
        continue;
      }
      const inner = await lockTemplate(nested, fetchObject, depth + 1);
      problems.push(...inner.problems);
      inner.objects.forEach((innerBytes, digest) => objects.set(digest, innerBytes));
      bytes = Buffer.from(writeReadable(inner.document), 'utf8');
    }
    const digest = sha256(bytes);
    objects.set(digest, bytes);
    reference.pointAt({ bucket: BUCKET_PLACEHOLDER, hostSuffix: '', key: objectKey(digest) });
  }
  return { document, objects, problems };
}

/**
 * The locked template as it is deployed: the placeholder becomes the installation's bucket, with CloudFormation's own Region, so that one text
 * serves every Region. Nested templates are rewritten too, which gives them other digests than they are locked under.
 */
export function placeInBucket(locked: TemplateDocument, available: Objects, bucket: string, depth = 0): Rewritten {
  const document = structuredClone(locked);
  const objects = new Map<Sha256, Uint8Array>();
  const problems: ReferenceProblem[] = [];
  for (const reference of referencesIn(document)) {
    const digest = lockedDigest(reference.location);
    if (digest === null) continue;
    let bytes = available.get(digest);
    if (bytes === undefined) {
      problems.push({
        type: 'unusable',
        message: `${nameOf(reference)} refers to object ${digest}, which the lock does not list`,
      });
      continue;
    }
    if (reference.holds === 'template') {
      const nested = readNested(bytes, reference, depth);
      if (typeof nested === 'string') {
        problems.push({ type: 'unusable', message: nested });
        continue;
      }
      const inner = placeInBucket(nested, available, bucket, depth + 1);
      problems.push(...inner.problems);
      inner.objects.forEach((innerBytes, innerDigest) => objects.set(innerDigest, innerBytes));
      bytes = Buffer.from(writeForCloudFormation(inner.document), 'utf8');
    }
    const placed = sha256(bytes);
    objects.set(placed, bytes);
    reference.pointAt({ bucket, hostSuffix: '.s3.${AWS::Region}.${AWS::URLSuffix}', key: objectKey(placed) });
  }
  return { document, objects, problems };
}

function lockedDigest(location: Location | null): Sha256 | null {
  if (location === null) return null;
  const prefix = `https://${BUCKET_PLACEHOLDER}/`;
  const key =
    location.type === 's3'
      ? location.bucket === BUCKET_PLACEHOLDER
        ? location.key
        : null
      : location.url.startsWith(prefix)
        ? location.url.slice(prefix.length)
        : null;
  return key === null ? null : (sha256OfKey(key) as Sha256 | null);
}

/** The nested template, or what is wrong with it. */
function readNested(bytes: Uint8Array, reference: ObjectReference, depth: number): TemplateDocument | string {
  if (depth >= MAXIMUM_DEPTH) return `${nameOf(reference)} nests templates more than ${MAXIMUM_DEPTH} deep`;
  const text = decodeUtf8(bytes);
  const parsed = text === null ? null : parseTemplate(text);
  if (parsed === null || parsed.type === 'not-a-template')
    return `${nameOf(reference)} does not refer to a template: ${parsed?.message ?? 'it is not UTF-8 text'}`;
  return parsed.document;
}

function nameOf(reference: ObjectReference): string {
  return `${reference.property} of resource ${reference.logicalId}`;
}
