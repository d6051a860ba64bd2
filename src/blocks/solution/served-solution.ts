import { findEntry } from '../../catalog/catalog.js';
import type { CatalogEntry } from '../../catalog/entry.js';
import type { Desired, Solution } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Partition } from '../../model/identifiers.js';
import type { TemplateDocument } from '../../model/template.js';
import type { SpecKey } from '../lock/lock-refusal.js';
import type { LockSession, Served } from '../lock/served-block.js';
import { pinSolution } from './solution.js';
import { solutionObjects } from './solution-objects.js';
import { fetchSolutionTemplate } from './solution-template.js';
import type { KnownText } from '../template/template-values.js';

/** Fetches the template from where its publisher serves it. Throws a LockRefusal where it cannot be had. */
export async function serveSolution(desired: Desired, block: Solution, session: LockSession): Promise<Served> {
  const { partition, homeRegion } = session.aws;
  const { value: pin } = pinSolution(desired, block, partition);
  if (pin === null || !('template' in pin.source)) throw new Error(`${desired.address} is not pinned to a template`);
  const { template: url } = pin.source;
  const key = pin.keys['template'] ?? pin.mainKey;
  const document = await fetchSolutionTemplate(url, key, session);
  const entry = entryOf(block, url, document, partition);
  return {
    document,
    fetchObject: solutionObjects(key, session),
    surroundings: { partition, region: homeRegion, given: givenBy(desired), givenBy: 'manifest' },
    facts: {
      requiredCapabilities: [],
      licence: entry?.licence ?? null,
      publisher: { author: entry?.publisher ?? null, verified: entry !== null },
      sourceCodeUrl: entry?.sourceCodeUrl ?? null,
    },
    diagnostics: [...newestOf(desired, url, key), ...versionOf(desired, block, document)],
  };
}

/** What the manifest sets, for everybody or for some, may be another value tomorrow. */
function givenBy({ parameters, overrides }: Desired): ReadonlyMap<string, KnownText> {
  const names = [parameters, ...overrides.map((override) => override.parameters)].flatMap(Object.keys);
  return new Map(
    names.map((name): [string, KnownText] => [
      name,
      { type: 'unknown', because: `the manifest sets parameter ${name}` },
    ]),
  );
}

/** The solution that is known to stand in that folder; a template that only says that it is one proves nothing. */
function entryOf(
  { solution }: Solution,
  url: string,
  document: TemplateDocument,
  partition: Partition,
): CatalogEntry | null {
  const name = solution ?? /\((SO\d{4})/.exec(description(document))?.[1];
  const entry = name === undefined ? undefined : findEntry(name)?.entry;
  if (entry?.source.type !== 'solution') return null;
  const folder = entry.source.folders[partition]?.split('{version}', 1)[0];
  return folder !== undefined && url.startsWith(folder) ? entry : null;
}

function newestOf(desired: Desired, url: string, key: SpecKey): readonly Diagnostic[] {
  if (!/\/latest\//.test(url)) return [];
  return [
    {
      code: 'EK4054',
      severity: 'warning',
      address: desired.address,
      place: desired.at('spec', key),
      message: `${url} serves whatever version is the newest, so it will not be the same for long`,
      remedy: 'write the address of one version; what is locked stays as it is until it is locked again',
    },
  ];
}

/** Publishers write the version into the description of a template. */
function versionOf(desired: Desired, { version }: Solution, document: TemplateDocument): readonly Diagnostic[] {
  const said = /\bv?(\d+\.\d+\.\d+)\b/.exec(description(document))?.[1];
  const wanted = version === null ? undefined : /^v?(\d+\.\d+\.\d+)$/.exec(version)?.[1];
  if (said === undefined || wanted === undefined || said === wanted) return [];
  return [
    {
      code: 'EK4053',
      severity: 'warning',
      address: desired.address,
      place: desired.at('spec', 'version'),
      message: `the manifest says version ${version}, and the template that is served says ${said}`,
      remedy: 'correct the version, or the address',
    },
  ];
}

function description(document: TemplateDocument): string {
  const text = document['Description'];
  return typeof text === 'string' ? text : '';
}
