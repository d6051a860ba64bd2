import { findEntry, solutionAt } from '../../catalog/catalog.js';
import type { CatalogEntry } from '../../catalog/entry.js';
import type { Artifact } from '../../model/artifact.js';
import type { Card } from '../../model/card.js';
import type { BlockReference, Desired } from '../../model/desired.js';
import type { Partition } from '../../model/identifiers.js';
import { unreachable } from '../../model/unreachable.js';
import type { SeenApplication } from './card-application.js';
import { templateFacts } from './card-template.js';
import { lockableNote, PROPS_REFERENCE } from '../construct/construct-versions.js';
import type { LockEntry } from '../lock/lock-file.js';
import { newestFirst } from '../versions/versions-order.js';

/** What the manifest and the files that it is pinned to say; nobody is asked. */
export function cardOfManifest(
  desired: Desired,
  artifact: Artifact,
  locked: { readonly entry: LockEntry | null; readonly partitions: readonly Partition[] },
): Card {
  const { block } = desired;
  const curated = entryOf(block);
  const base = curated === null ? UNKNOWN : curatedFacts(curated);
  const { entry } = locked;
  return {
    ...base,
    subject: desired.address,
    kind: desired.kind,
    name: curated?.name ?? desired.name,
    summary: desired.description === '' ? base.summary : desired.description,
    from: entry === null ? 'repository' : 'locked',
    source: sourceOf(block),
    version: 'version' in block ? block.version : null,
    part: block.type === 'solution' && block.template === null ? (block.part ?? base.part) : null,
    publisher: entry?.publisher.author ?? base.publisher,
    verified: block.type === 'serverless-application' ? (entry?.publisher.verified ?? null) : null,
    licence: entry?.licence ?? base.licence,
    sourceCodeUrl: entry?.sourceCodeUrl ?? base.sourceCodeUrl,
    controls: desired.controls.length > 0 ? desired.controls : base.controls,
    partitions: base.partitions.length > 0 ? base.partitions : locked.partitions,
    acknowledged: desired.acknowledge,
    template: templateFacts(artifact, desired.parameters),
  };
}

/** What the repository says of an application, with what is known of it besides. */
export function cardOfApplication(subject: string, application: string, seen: SeenApplication): Card {
  const curated = findEntry(application)?.entry ?? null;
  const base = curated === null ? UNKNOWN : curatedFacts(curated);
  const { facts, template } = seen;
  const unsupported = facts.resourcesSupported
    ? []
    : [`It needs a resource type that ${application.split(':')[3] ?? 'the Region'} does not have.`];
  return {
    ...base,
    subject,
    kind: 'ServerlessApplication',
    name: curated?.name ?? (application.split('/').at(-1) || application),
    summary: facts.description === '' ? base.summary : facts.description,
    from: 'served',
    source: application,
    version: seen.version,
    versions: seen.versions,
    publisher: facts.publisher.author ?? base.publisher,
    verified: facts.publisher.verified,
    licence: facts.licence ?? base.licence,
    sourceCodeUrl: facts.sourceCodeUrl ?? base.sourceCodeUrl,
    partitions: base.partitions.length > 0 ? base.partitions : [application.split(':')[1] as Partition],
    readme: seen.readme,
    template: template.type === 'seen' ? templateFacts(template.artifact, {}) : null,
    notes: [...base.notes, ...unsupported],
  };
}

/** What is known of a block of the catalogue, with its template where somebody has fetched it. */
export function cardOfEntry(
  subject: string,
  entry: CatalogEntry,
  asked: {
    readonly partition: Partition;
    readonly version: string | null;
    readonly part: string | null;
    readonly artifact: Artifact | null;
    readonly formerName: boolean;
  },
): Card {
  const { artifact } = asked;
  const base = curatedFacts(entry);
  const { source } = entry;
  return {
    ...base,
    subject,
    kind: entry.kind,
    name: entry.name,
    from: artifact === null ? 'catalogue' : 'served',
    source:
      source.type === 'serverless-application'
        ? (source.application[asked.partition] ?? 'the ARN of the application is not known')
        : source.type === 'construct'
          ? source.construct
          : source.solution,
    version:
      asked.version ??
      (source.type === 'serverless-application' ? (source.versions[asked.partition] ?? null) : base.version),
    part: asked.part ?? base.part,
    renamedFrom: asked.formerName ? subject : null,
    template: artifact === null ? null : templateFacts(artifact, {}),
  };
}

type CuratedFacts = Omit<Card, 'subject' | 'kind' | 'name' | 'from' | 'source'>;

const UNKNOWN: CuratedFacts = {
  summary: '',
  version: null,
  versions: [],
  parts: [],
  part: null,
  publisher: null,
  verified: null,
  licence: null,
  sourceCodeUrl: null,
  controls: [],
  partitions: [],
  regions: 'all',
  retired: null,
  renamedFrom: null,
  acknowledged: null,
  readme: [],
  template: null,
  notes: [],
};

function curatedFacts(entry: CatalogEntry): CuratedFacts {
  const { source, state } = entry;
  const versions = versionsOf(entry);
  return {
    ...UNKNOWN,
    summary: entry.summary,
    version: versions[0] ?? null,
    versions: newestFirst(versions),
    parts: source.type === 'solution' ? Object.keys(source.parts) : [],
    part: source.type === 'solution' ? source.main : null,
    publisher: entry.publisher,
    licence: entry.licence,
    sourceCodeUrl: entry.sourceCodeUrl,
    controls: entry.controls,
    partitions: partitionsOf(entry),
    regions: entry.regions,
    retired: state.type === 'retired' ? { reason: state.reason, instead: state.instead } : null,
    notes:
      source.type === 'construct' && state.type === 'current'
        ? [
            `${lockableNote(source)}.`,
            `The pattern says what props it needs; ${PROPS_REFERENCE} says how they are written.`,
            ...entry.notes,
          ]
        : entry.notes,
  };
}

function versionsOf({ source }: CatalogEntry): readonly string[] {
  switch (source.type) {
    case 'serverless-application':
      return [...new Set(Object.values(source.versions))];
    case 'solution':
      return [source.version];
    case 'construct':
      return source.versions;
    default:
      return unreachable(source);
  }
}

/** A construct is synthesised here, so it is in every partition that has its services. */
export function partitionsOf({ source }: CatalogEntry): readonly Partition[] {
  switch (source.type) {
    case 'serverless-application':
      return Object.keys(source.application) as readonly Partition[];
    case 'solution':
      return Object.keys(source.folders) as readonly Partition[];
    case 'construct':
      return [];
    default:
      return unreachable(source);
  }
}

function entryOf(block: BlockReference): CatalogEntry | null {
  switch (block.type) {
    case 'template':
      return null;
    case 'serverless-application':
      return findEntry(block.application)?.entry ?? null;
    case 'solution':
      return block.template === null ? (findEntry(block.solution ?? '')?.entry ?? null) : solutionAt(block.template);
    case 'construct':
      return findEntry(block.construct)?.entry ?? null;
    default:
      return unreachable(block);
  }
}

function sourceOf(block: BlockReference): string {
  switch (block.type) {
    case 'template':
      return block.path;
    case 'serverless-application':
      return block.application;
    case 'solution':
      return block.template ?? block.solution ?? '';
    case 'construct':
      return block.construct;
    default:
      return unreachable(block);
  }
}
