import { CATALOG, findEntry, solutionTemplate } from '../../catalog/catalog.js';
import type { CatalogEntry } from '../../catalog/entry.js';
import type { Solution } from '../../model/desired.js';
import type { Partition } from '../../model/identifiers.js';
import type { TemplateDocument } from '../../model/template.js';
import { unreachable } from '../../model/unreachable.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import { fetchTemplate } from '../fetch/served-objects.js';
import { NOTHING_KNOWN } from './versions-offer.js';
import type { Offer, VersionSession } from './versions-offer.js';
import { writtenLike } from './versions-order.js';
import { isMapping, section } from '../../model/template-resources.js';

const VERSION = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const IN_TEXT = /\bversion:?\s*(v?\d+\.\d+\.\d+)|[\s:(](v\d+\.\d+\.\d+)\b/i;
const IN_PATH = /(?:^|\/)(v\d+\.\d+\.\d+)(?:\/|$)/;

/** The newest version that is in the solution's folder `latest` or in the catalogue; solutions have no list of versions. */
export async function offerOfSolution(block: Solution, session: VersionSession): Promise<Offer> {
  const { partition } = session.aws;
  return block.template === null
    ? offerOfId(block, block.solution!, partition, session)
    : offerOfAddress(block, block.template, session);
}

async function offerOfId(
  block: Solution,
  solution: string,
  partition: Partition,
  session: VersionSession,
): Promise<Offer> {
  const known = { ...NOTHING_KNOWN, pinned: block.version };
  const latest = solutionTemplate(solution, block.part, 'latest', partition);
  switch (latest.type) {
    case 'found':
      if (latest.renamedFrom !== null) return succeeded(known, latest.entry);
      return newestOf(known, latest.url, latest.entry, session);
    case 'retired':
      return { ...known, ending: retired(latest) };
    case 'unknown-solution':
      return { ...known, notes: [`the catalogue does not know ${solution}`] };
    case 'unknown-part':
      return { ...known, notes: [`the catalogue does not know the part ${block.part ?? 'that is meant'}`] };
    case 'not-in-partition':
      return { ...known, notes: [`the catalogue knows no address of ${solution} in ${partition}`] };
    default:
      return unreachable(latest);
  }
}

async function offerOfAddress(block: Solution, template: string, session: VersionSession): Promise<Offer> {
  const steps = template.split('/');
  const at = steps.findIndex((step) => VERSION.test(step));
  const known = { ...NOTHING_KNOWN, pinned: block.version ?? steps[at] ?? null };
  const folder = steps[at - 1] ?? '';
  const former = findEntry(folder);
  const entry = CATALOG.find((each) => isInFolder(each, folder)) ?? null;
  if (at < 0)
    return { ...known, notes: ['its address names no version; lock --check says whether what is served changed'] };
  if (entry?.state.type === 'retired') return { ...known, ending: retired(entry.state) };
  if (entry === null && former?.entry.kind === 'Solution') return succeeded(known, former.entry);
  return newestOf(known, steps.with(at, 'latest').join('/'), entry, session);
}

function isInFolder({ source }: CatalogEntry, folder: string): boolean {
  return (
    source.type === 'solution' && Object.values(source.folders).some((each) => each.endsWith(`/${folder}/{version}/`))
  );
}

/** Versions of a successor are counted anew, so they say nothing of the pinned one. */
function succeeded(known: Offer, { id, name, source }: CatalogEntry): Offer {
  const newest = source.type === 'solution' ? `, newest ${source.version}` : '';
  return { ...known, ending: { type: 'superseded', reason: `${id} ${name}${newest} takes its place` } };
}

function retired({ reason, instead }: { readonly reason: string; readonly instead: string }): Offer['ending'] {
  return { type: 'superseded', reason: `retired: ${reason}; ${instead} takes its place` };
}

async function newestOf(
  known: Offer,
  latest: string,
  entry: CatalogEntry | null,
  session: VersionSession,
): Promise<Offer> {
  const catalogued = entry?.source.type === 'solution' ? [entry.source.version] : [];
  const styled = (version: string): string => writtenLike(version, known.pinned ?? version);
  const served = await servedVersion(latest, session);
  if ('version' in served)
    return { ...known, versions: [served.version, ...catalogued].map(styled), source: 'publisher' };
  return {
    ...known,
    versions: catalogued.map(styled),
    source: catalogued.length === 0 ? null : 'catalogue',
    notes: [served.reason],
  };
}

async function servedVersion(
  url: string,
  session: VersionSession,
): Promise<{ readonly version: string } | { readonly reason: string }> {
  try {
    const version = versionIn(await fetchTemplate(url, session.aws.partition, session));
    return version === null ? { reason: `the template in its folder latest does not say its version` } : { version };
  } catch (error) {
    if (error instanceof LockRefusal) return { reason: error.message };
    throw error;
  }
}

/** What a template says its own version is: in its description, else in a mapping; null where it does not say, or says two. */
export function versionIn(document: TemplateDocument): string | null {
  const description = document['Description'];
  const told = typeof description === 'string' ? IN_TEXT.exec(description) : null;
  if (told !== null) return told[1] ?? told[2] ?? null;
  const mapped = new Set(textsIn(section(document, 'Mappings')).flatMap((text) => versionOf(text) ?? []));
  return mapped.size === 1 ? [...mapped][0]! : null;
}

function versionOf(text: string): string | null {
  return /^v\d+\.\d+\.\d+$/.test(text) ? text : (IN_PATH.exec(text)?.[1] ?? null);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMapping(value) ? Object.values(value).flatMap(textsIn) : [];
}
