import { parseTemplate } from '../../model/template.js';
import { sha256 } from '../../model/canonical.js';
import type { Capability, Sha256 } from '../../model/identifiers.js';
import type { TemplateDocument } from '../../model/template.js';
import { BUCKET_PLACEHOLDER, objectKey, sha256OfKey } from '../artifact-bucket.js';
import { MAXIMUM_OBJECTS, onceEach, tooMuch } from '../fetch/fetched-objects.js';
import type { FetchObject } from '../fetch/fetched-objects.js';
import { referencesIn } from './object-references.js';
import type { Location, ObjectReference } from './object-references.js';
import { namesBucketElsewhere } from '../solution/solution-buckets.js';
import { capabilitiesOf, transformsOf } from '../template/template-capabilities.js';
import { isMapping, resourcesOf } from '../../model/template-resources.js';
import { decodeUtf8, writeForCloudFormation, writeReadable } from '../template/template-text.js';
import { LITERALS, valuesOf } from '../template/template-values.js';
import type { KnownText, Surroundings, TemplateValues } from '../template/template-values.js';

/** Nested templates in nested templates, at most. */
const MAXIMUM_DEPTH = 5;

export type Objects = ReadonlyMap<Sha256, Uint8Array>;

/**
 * What a reviewer should know of the objects that a template refers to. `computed`: which one cannot be known; `default`: it rests on the
 * default of a parameter; `elsewhere`: a publisher's bucket is named for some other purpose; `unusable`: the template cannot be locked.
 */
export type ReferenceProblem = {
  readonly type: 'computed' | 'default' | 'elsewhere' | 'unusable';
  readonly message: string;
};

export type Rewritten = {
  readonly document: TemplateDocument;
  readonly objects: Objects;
  readonly problems: readonly ReferenceProblem[];
};

/** `nestedCapabilities`: what the nested templates ask to be acknowledged, which cannot be seen in the template around them. */
export type Lockable = Rewritten & { readonly nestedCapabilities: readonly Capability[] };

/**
 * The template as it is locked: every object that it refers to is fetched and named by its SHA-256 under a placeholder for the bucket,
 * nested templates likewise from the inside out, so that the bytes do not depend on where AWS served them from. With surroundings, references
 * are expressions that are evaluated; without them, only what is written out is known. Throws what `fetchObject` throws, and a LockRefusal
 * where there is more than can be kept.
 */
export function lockTemplate(
  served: TemplateDocument,
  fetchObject: FetchObject,
  surroundings: Surroundings | null = null,
): Promise<Lockable> {
  return lockWithin(served, {
    fetchObject: onceEach(fetchObject),
    surroundings,
    path: [],
    templates: { left: MAXIMUM_OBJECTS },
    locations: [],
  });
}

type Within = {
  readonly fetchObject: FetchObject;
  readonly surroundings: Surroundings | null;
  /** Logical ids of the nested stacks around the template. */
  readonly path: readonly string[];
  /** How many nested templates may still be read. */
  readonly templates: { left: number };
  /** What the templates around it take from their publisher. */
  readonly locations: readonly Location[];
};

async function lockWithin(served: TemplateDocument, within: Within): Promise<Lockable> {
  const { surroundings, path } = within;
  const document = structuredClone(served);
  const values = surroundings === null ? LITERALS : valuesOf(served, surroundings);
  const objects = new Map<Sha256, Uint8Array>();
  const nestedCapabilities: Capability[] = [];
  const references = referencesIn(document, values);
  const locations = [...within.locations, ...references.flatMap(({ location }) => location ?? [])];
  const problems: ReferenceProblem[] = [
    ...(surroundings === null ? [] : includesIn(served, path)),
    ...namesBucketElsewhere(served, values, surroundings === null ? [] : locations).map(
      (logicalId): ReferenceProblem => ({
        type: 'elsewhere',
        message: `resource ${[...path, logicalId].join('/')} names a bucket of the publisher, and what it reads there when it is deployed is not pinned`,
      }),
    ),
  ];
  const fetched = references.map((reference) =>
    reference.location === null
      ? null
      : within.fetchObject(reference.location, { name: nameOf(reference, path), holds: reference.holds }),
  );
  // They are awaited in order, so that the same failure is always told first.
  for (const each of fetched) each?.catch(() => undefined);
  for (const [index, reference] of references.entries()) {
    const name = nameOf(reference, path);
    const pending = fetched[index] ?? null;
    if (pending === null) {
      problems.push({ type: 'computed', message: `${name} names its object by an expression: ${reference.unknown}` });
      continue;
    }
    if (reference.defaults.length > 0)
      problems.push({
        type: 'default',
        message: `${name} rests on the default of ${reference.defaults.join(', ')}, and what that names is pinned: another value changes nothing there`,
      });
    let bytes = await pending;
    if (reference.holds === 'template') {
      const nested = readNested(bytes, name, path.length);
      if (typeof nested === 'string') {
        problems.push({ type: 'unusable', message: `${nested}, at ${wordsOf(reference.location!)}` });
        continue;
      }
      if ((within.templates.left -= 1) < 0) throw tooMuch(`refers to more than ${MAXIMUM_OBJECTS} nested templates`);
      const inner = await lockWithin(nested, {
        ...within,
        surroundings: inside(surroundings, values, served, reference.logicalId),
        path: [...path, reference.logicalId],
        locations,
      });
      problems.push(...inner.problems);
      nestedCapabilities.push(...capabilitiesOf(nested), ...inner.nestedCapabilities);
      inner.objects.forEach((innerBytes, digest) => objects.set(digest, innerBytes));
      bytes = Buffer.from(writeReadable(inner.document), 'utf8');
    }
    const digest = sha256(bytes);
    objects.set(digest, bytes);
    reference.pointAt({ bucket: BUCKET_PLACEHOLDER, hostSuffix: '', key: objectKey(digest) });
  }
  return { document, objects, problems, nestedCapabilities };
}

/** What is known inside a nested stack: its parameters are what the template around it gives them. */
function inside(
  surroundings: Surroundings | null,
  values: TemplateValues,
  around: TemplateDocument,
  logicalId: string,
): Surroundings | null {
  if (surroundings === null) return null;
  const properties = resourcesOf(around).find((resource) => resource.logicalId === logicalId)?.properties ?? {};
  const given = isMapping(properties['Parameters']) ? Object.entries(properties['Parameters']) : [];
  return {
    ...surroundings,
    given: new Map(given.map(([name, value]): [string, KnownText] => [name, values.textOf(value)])),
    givenBy: 'parent',
  };
}

/** CloudFormation reads what AWS::Include names when it is deployed. */
function includesIn(document: TemplateDocument, path: readonly string[]): readonly ReferenceProblem[] {
  if (!transformsOf(document).includes('AWS::Include')) return [];
  const where = path.length === 0 ? 'the template' : `the template of ${path.join('/')}`;
  return [{ type: 'computed', message: `${where} includes a text from S3 by AWS::Include` }];
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
      const nested = readNested(bytes, nameOf(reference), depth);
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
function readNested(bytes: Uint8Array, name: string, depth: number): TemplateDocument | string {
  if (depth >= MAXIMUM_DEPTH) return `${name} nests templates more than ${MAXIMUM_DEPTH} deep`;
  const text = decodeUtf8(bytes);
  const parsed = text === null ? null : parseTemplate(text);
  if (parsed === null || parsed.type === 'not-a-template')
    return `${name} does not refer to a template: ${parsed?.message ?? 'it is not UTF-8 text'}`;
  return parsed.document;
}

function nameOf(reference: ObjectReference, path: readonly string[] = []): string {
  return `${reference.property} of resource ${[...path, reference.logicalId].join('/')}`;
}

/** Without the query of an address: it may hold a signature. */
function wordsOf(location: Location): string {
  return location.type === 'url' ? location.url.split('?', 1)[0]! : `s3://${location.bucket}/${location.key}`;
}
