import type { Partition } from '../model/identifiers.js';
import { nearest } from '../model/nearest.js';
import { CONSTRUCTS } from './data/constructs.js';
import { ROTATION } from './data/rotation.js';
import { SERVERLESS_APPLICATIONS } from './data/serverless-applications.js';
import { SOLUTIONS } from './data/solutions.js';
import type { CatalogEntry } from './entry.js';

/** Every known building block: solutions, constructs, applications, and the rotation family at the end. */
export const CATALOG: readonly CatalogEntry[] = [...SOLUTIONS, ...CONSTRUCTS, ...SERVERLESS_APPLICATIONS, ...ROTATION];

const PACKAGE_SCOPE = '@aws-solutions-constructs/';

/** By id, ARN, name or former name, whatever its case. */
export function findEntry(text: string): { readonly entry: CatalogEntry; readonly formerName: boolean } | null {
  return findAmong(CATALOG, text);
}

/** The solution that an address of a template belongs to, whatever its version; null where it is none that is known. */
export function solutionAt(url: string): CatalogEntry | null {
  const isAt = ({ source }: CatalogEntry): boolean =>
    source.type === 'solution' &&
    Object.values(source.folders).some((folder) => url.startsWith(folder.slice(0, folder.indexOf('{version}'))));
  return CATALOG.find(isAt) ?? null;
}

/** The id or name that was probably meant by one that is not known; null where none is near. */
export function nearestEntry(text: string): string | null {
  return nearest(text, CATALOG.flatMap(namesOf));
}

/** Those in which every word occurs; the ones whose id or name has a word stand first. All of them without words. */
export function searchCatalog(words: readonly string[]): readonly CatalogEntry[] {
  const wanted = words.flatMap((word) => word.toLowerCase().split(/\s+/)).filter((word) => word !== '');
  const found = CATALOG.filter((entry) => {
    const text = textOf(entry);
    return wanted.every((word) => text.includes(word));
  });
  const named = (entry: CatalogEntry): boolean =>
    wanted.some((word) => `${entry.id} ${entry.name}`.toLowerCase().includes(word));
  return [...found.filter(named), ...found.filter((entry) => !named(entry))];
}

export type SolutionTemplate =
  | {
      readonly type: 'found';
      readonly url: string;
      readonly entry: CatalogEntry;
      /** The former name or id by which it was asked for. */
      readonly renamedFrom: string | null;
    }
  | { readonly type: 'unknown-solution'; readonly nearest: string | null }
  | { readonly type: 'unknown-part'; readonly parts: readonly string[]; readonly nearest: string | null }
  | { readonly type: 'not-in-partition'; readonly partitions: readonly Partition[] }
  | { readonly type: 'retired'; readonly reason: string; readonly instead: string };

/** Where a template of a solution stands; the main one where no part is named. A version may be written with or without its `v`. */
export function solutionTemplate(
  solution: string,
  part: string | null,
  version: string,
  partition: Partition,
): SolutionTemplate {
  const known = CATALOG.filter(({ kind }) => kind === 'Solution');
  const found = findAmong(known, solution);
  const source = found?.entry.source;
  if (found === null || source?.type !== 'solution')
    return { type: 'unknown-solution', nearest: nearest(solution, known.flatMap(namesOf)) };
  const { entry, formerName } = found;
  if (entry.state.type === 'retired')
    return { type: 'retired', reason: entry.state.reason, instead: entry.state.instead };
  const parts = Object.keys(source.parts);
  const name = part ?? source.main;
  const file = Object.hasOwn(source.parts, name) ? source.parts[name] : undefined;
  if (file === undefined) return { type: 'unknown-part', parts, nearest: nearest(name, parts) };
  const folder = source.folders[partition];
  if (folder === undefined)
    return { type: 'not-in-partition', partitions: Object.keys(source.folders) as readonly Partition[] };
  return {
    type: 'found',
    url: `${folder.replace('{version}', /^\d/.test(version) ? `v${version}` : version)}${file}`,
    entry,
    renamedFrom: formerName ? solution : null,
  };
}

export type ConstructName =
  | { readonly type: 'current'; readonly name: string }
  | { readonly type: 'renamed'; readonly name: string }
  | { readonly type: 'retired'; readonly reason: string; readonly instead: string }
  | { readonly type: 'unknown'; readonly nearest: string | null; readonly known: readonly string[] };

/** The name that a pattern of AWS Solutions Constructs has today. */
export function constructName(written: string): ConstructName {
  const patterns = CATALOG.filter(({ kind }) => kind === 'Construct');
  const found = findAmong(patterns, written);
  if (found === null) {
    const known = patterns.filter(({ state }) => state.type === 'current').map(({ id }) => id);
    return { type: 'unknown', nearest: nearest(written, known), known };
  }
  const { entry, formerName } = found;
  if (entry.state.type === 'retired')
    return { type: 'retired', reason: entry.state.reason, instead: entry.state.instead };
  return { type: formerName ? 'renamed' : 'current', name: entry.id };
}

function findAmong(
  entries: readonly CatalogEntry[],
  text: string,
): { readonly entry: CatalogEntry; readonly formerName: boolean } | null {
  const wanted = text.trim().toLowerCase();
  const name = wanted.startsWith(PACKAGE_SCOPE) ? wanted.slice(PACKAGE_SCOPE.length) : wanted;
  const current = entries.find((entry) => currentNames(entry).includes(name));
  if (current !== undefined) return { entry: current, formerName: false };
  const former = entries.find(({ formerNames }) => formerNames.some((known) => known.toLowerCase() === name));
  return former === undefined ? null : { entry: former, formerName: true };
}

function currentNames({ id, name, source }: CatalogEntry): readonly string[] {
  const arns = source.type === 'serverless-application' ? Object.values(source.application) : [];
  return [id, name, ...arns].map((known) => known.toLowerCase());
}

function namesOf({ id, name, formerNames }: CatalogEntry): readonly string[] {
  return [id, name, ...formerNames];
}

function textOf(entry: CatalogEntry): string {
  const { id, kind, name, summary, formerNames, words, publisher, controls } = entry;
  return [id, kind, name, summary, ...formerNames, ...words, publisher, ...controls].join('\n').toLowerCase();
}
