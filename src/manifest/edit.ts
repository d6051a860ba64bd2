import { isMap, isNode, isScalar, parseAllDocuments } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { canonicalJson } from '../model/canonical.js';
import type { Partition } from '../model/identifiers.js';
import { valueAt } from './raw.js';
import type { Path } from './raw.js';

/** Which manifest of a file is to pin what in one partition. */
export type VersionChange = {
  readonly kind: string;
  readonly name: string;
  readonly partition: Partition;
  readonly from: string;
  readonly to: string;
};

export type EditedManifest =
  | {
      readonly type: 'edited';
      readonly text: string;
      /** True where one value says the version of every partition, so that the others changed with it. */
      readonly shared: boolean;
    }
  | {
      readonly type: 'refused';
      readonly path: Path;
      /** Why, as the end of a sentence that begins with what stands at the path. */
      readonly reason: string;
    };

type Wish = { readonly path: Path; readonly value: string };
type Splice = { readonly start: number; readonly end: number; readonly plain: string; readonly quoted: string };

const SAFE = { version: '1.2', schema: 'core', resolveKnownTags: false, uniqueKeys: false } as const;
const QUIET = { prettyErrors: false, logLevel: 'silent' } as const;

/**
 * The file's text with another version in one manifest: every other character stays as it was, comments, order, quotes and line ends
 * among them. A template's address that holds the version changes with it. Refused where anything else would change its meaning.
 */
export function changeVersion(text: string, change: VersionChange): EditedManifest {
  const documents = documentsOf(text);
  const index = documents.findIndex(
    (each) => each.getIn(['kind']) === change.kind && each.getIn(['metadata', 'name']) === change.name,
  );
  const document = documents[index];
  if (document === undefined) return { type: 'refused', path: [], reason: 'is not in the file' };

  const before = plainOf(document);
  const wanted = wishesOf(before, change);
  if ('reason' in wanted) return { type: 'refused', ...wanted };
  const splices: Splice[] = [];
  for (const wish of wanted.wishes) {
    const node = nodeAt(document, wish.path);
    if (node === null)
      return { type: 'refused', path: wish.path, reason: 'is written by an alias or in several lines' };
    splices.push(spliceOf(node, wish.value));
  }

  const expected = canonicalJson(wanted.wishes.reduce((value, wish) => withValue(value, wish), before));
  for (const style of ['plain', 'quoted'] as const) {
    const edited = spliced(text, splices, style);
    const after = documentsOf(edited);
    if (after.length !== documents.length || after.some(({ errors }) => errors.length > 0)) continue;
    if (canonicalJson(plainOf(after[index]!)) === expected)
      return { type: 'edited', text: edited, shared: wanted.shared };
  }
  const { path } = wanted.wishes[0]!;
  return { type: 'refused', path, reason: 'has an anchor, so that changing it would change something else too' };
}

/** Every document of a file, whatever is wrong with it. */
export function documentsOf(text: string): readonly Document[] {
  return [...parseAllDocuments(text, { ...SAFE, ...QUIET })];
}

/** Null where aliases multiply without measure. */
export function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError) return null;
    throw error;
  }
}

type Wanted = { readonly wishes: readonly Wish[]; readonly shared: boolean };
type Unwanted = { readonly path: Path; readonly reason: string };

/** What has to change: the version, and each address of a template that says it once more. */
function wishesOf(manifest: unknown, { partition, from, to }: VersionChange): Wanted | Unwanted {
  const version = valueAt(manifest, ['spec', 'version']);
  const template = valueAt(manifest, ['spec', 'template']);
  const shared = version === undefined ? typeof template === 'string' : typeof version === 'string';
  const path = typeof version === 'string' ? ['spec', 'version'] : ['spec', 'version', partition];
  const versions: readonly Wish[] = version === undefined ? [] : [{ path, value: to }];
  if (template === undefined) return { wishes: versions, shared };

  const addresses =
    typeof template === 'string'
      ? [{ path: ['spec', 'template'], value: template }]
      : Object.entries((template ?? {}) as Readonly<Record<string, string>>)
          .filter(([name]) => name === partition || (shared && version !== undefined))
          .map(([name, value]) => ({ path: ['spec', 'template', name], value }));
  const changed = addresses.map(({ path: at, value }) => ({ path: at, value: inAddress(value, from, to), was: value }));
  const unversioned = changed.find(({ value, was }) => value === was);
  if (unversioned !== undefined)
    return { path: unversioned.path, reason: `does not hold the version ${from}, so it cannot be made to say ${to}` };
  return { wishes: [...versions, ...changed.map(({ path: at, value }) => ({ path: at, value }))], shared };
}

/** The folder of an address that is the version, with or without its v as before, becomes the other one. */
export function inAddress(address: string, from: string, to: string): string {
  const bare = (version: string): string => version.replace(/^v/, '');
  return address
    .split('/')
    .map((step) => (bare(step) !== bare(from) ? step : step.startsWith('v') ? `v${bare(to)}` : bare(to)))
    .join('/');
}

/** The scalar itself; null where it is written elsewhere, or as a block. */
function nodeAt(document: Document, path: Path): Scalar | null {
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isMap(node)) return null;
    node = node.get(step, true);
  }
  if (!isNode(node) || !isScalar(node) || node.range == null) return null;
  return node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL' ? null : node;
}

/** In the quotes that it had; a value that would be read as something else than text gets some. */
function spliceOf(node: Scalar, value: string): Splice {
  const [start, end] = node.range!;
  const double = JSON.stringify(value);
  const plain =
    node.type === 'QUOTE_DOUBLE' ? double : node.type === 'QUOTE_SINGLE' ? `'${value.replaceAll("'", "''")}'` : value;
  return { start, end, plain, quoted: node.type === 'PLAIN' ? double : plain };
}

function spliced(text: string, splices: readonly Splice[], style: 'plain' | 'quoted'): string {
  return [...splices]
    .sort((left, right) => right.start - left.start)
    .reduce((edited, each) => edited.slice(0, each.start) + each[style] + edited.slice(each.end), text);
}

function withValue(root: unknown, { path, value }: Wish): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const mapping = root as Readonly<Record<string, unknown>>;
  return { ...mapping, [step]: withValue(mapping[step], { path: rest, value }) };
}
