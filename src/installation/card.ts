import { createAws } from '../aws/clients.js';
import { credentialsDiagnostic } from '../aws/credentials.js';
import { createArtifactSource } from '../blocks/artifact-source.js';
import { cardOfApplication, cardOfEntry, cardOfManifest, partitionsOf } from '../blocks/card/card.js';
import { seeApplication } from '../blocks/card/card-application.js';
import type { CardSession, SeenTemplate } from '../blocks/card/card-application.js';
import { seeSolution } from '../blocks/card/card-solution.js';
import { createDownload } from '../blocks/fetch/download.js';
import { readLock } from '../blocks/lock/lock-file.js';
import { LockRefusal } from '../blocks/lock/lock-refusal.js';
import { isSameVersion } from '../blocks/versions/versions-order.js';
import { findEntry, nearestEntry } from '../catalog/catalog.js';
import type { CatalogEntry } from '../catalog/entry.js';
import { parseAddress } from '../model/address.js';
import type { ManifestAddress } from '../model/address.js';
import type { Card } from '../model/card.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Partition, Region } from '../model/identifiers.js';
import { nearest } from '../model/nearest.js';
import type { Clock } from '../reconciler/ports.js';
import { systemClock } from './clock.js';
import { readDesiredState } from './desired-state.js';
import type { AwsElsewhere, Environment, SessionWatch, Source } from './session.js';

/** What a card is asked for. */
export type CardOptions = {
  /** An address, the ARN of an application, or an id or name that the catalogue knows. */
  readonly subject: string;
  /** Null means the newest. */
  readonly version: string | null;
  /** Of a solution; null means its main one. */
  readonly part: string | null;
  /** False asks nobody: the files of the desired state and the catalogue are all there is. */
  readonly ask: boolean;
  readonly source: Source;
  readonly installation: string | null;
  readonly env: Environment;
  readonly clock?: Clock;
  readonly aws?: AwsElsewhere;
};

/** The card is absent exactly where a finding is an error. */
export type CardOutcome = { readonly card: Card | null; readonly diagnostics: readonly Diagnostic[] };

const APPLICATION_ARN = /^arn:(aws[a-z-]*):serverlessrepo:([a-z0-9-]+):\d{12}:applications\/[a-zA-Z0-9-]{1,140}$/;

/** Everything that a reviewer looks at before choosing a block. */
export async function card(options: CardOptions, watch: SessionWatch): Promise<CardOutcome> {
  const address = parseAddress(options.subject);
  if (address !== null) return cardAt(address.manifest, options);
  if (options.ask && APPLICATION_ARN.test(options.subject)) return cardOfArn(options.subject, options, watch);
  const found = findEntry(options.subject);
  if (found === null) return refused(unknownBlock(options.subject));
  return cardFromCatalogue(found, options, watch);
}

/** What nobody knows, and what was probably meant. */
export function unknownBlock(subject: string): Diagnostic {
  const near = nearestEntry(subject);
  return {
    code: 'EK4100',
    severity: 'error',
    message: `${subject} is neither an address, nor the ARN of an application, nor known to the catalogue`,
    remedy: near === null ? 'look for it with `evenkeel catalog`' : `did you mean ${near}?`,
  };
}

async function cardAt(address: ManifestAddress, options: CardOptions): Promise<CardOutcome> {
  const state = await readDesiredState(options.source, options.installation);
  const { controller, files } = state;
  if (controller === null) return { card: null, diagnostics: state.diagnostics };
  const desired = state.desired.find((each) => each.address === address);
  if (desired === undefined) {
    const mistakes = state.diagnostics.filter(({ severity }) => severity === 'error');
    return mistakes.length > 0 ? { card: null, diagnostics: mistakes } : refused(noManifest(address, state.desired));
  }
  const { artifactBucket, partition } = controller;
  const artifact = createArtifactSource({ artifactBucket, partition, controllerAccount: null }).resolve(desired, files);
  if (artifact.value === null) return { card: null, diagnostics: artifact.diagnostics };
  const lock = readLock(files, partition).value;
  const elsewhere = [...(lock?.elsewhere ?? [])].filter(([, entries]) => entries.has(address)).map(([name]) => name);
  const entry = lock?.entries.get(address) ?? null;
  return {
    card: cardOfManifest(desired, artifact.value, { entry, partitions: [partition, ...elsewhere] }),
    diagnostics: artifact.diagnostics,
  };
}

function noManifest(address: ManifestAddress, desired: readonly { readonly address: string }[]): Diagnostic {
  const known = desired.map((each) => each.address);
  const near = nearest(address, known);
  return {
    code: 'EK4101',
    severity: 'error',
    message: `there is no manifest ${address} for this installation`,
    remedy: near === null ? 'write the address of one that there is' : `did you mean ${near}?`,
  };
}

async function cardOfArn(application: string, options: CardOptions, watch: SessionWatch): Promise<CardOutcome> {
  const [, partition, region] = APPLICATION_ARN.exec(application)!;
  const session = sessionFor(partition as Partition, region as Region, options, watch);
  const unknown = await whoIsAsking(session);
  if (unknown !== null) return refused(unknown);
  try {
    const seen = await seeApplication(application, options.version, session);
    return {
      card: cardOfApplication(options.subject, application, seen),
      diagnostics: unseenNotes(seen.template),
    };
  } catch (error) {
    return refused(toldAs(error));
  }
}

async function cardFromCatalogue(
  found: { readonly entry: CatalogEntry; readonly formerName: boolean },
  options: CardOptions,
  watch: SessionWatch,
): Promise<CardOutcome> {
  const { entry, formerName } = found;
  const partition = await partitionFor(entry, options);
  const { version, part } = options;
  if (part !== null && !hasPart(entry, part)) return refused(unknownPart(entry, part));
  const asked = { partition, version, part, artifact: null, formerName };
  const curated = cardOfEntry(options.subject, entry, asked);
  if (!options.ask || entry.state.type === 'retired') return { card: curated, diagnostics: [] };
  const { source } = entry;
  if (source.type === 'serverless-application') {
    const application = source.application[partition];
    if (application === undefined) return { card: curated, diagnostics: [] };
    const served = await cardOfArn(application, options, watch);
    if (served.card !== null) return served;
    if (served.diagnostics.some(({ code }) => code === 'EK4021')) return served;
    return { card: curated, diagnostics: served.diagnostics.map(asNote) };
  }
  if (source.type === 'construct') return { card: curated, diagnostics: [] };
  const session = sessionFor(partition, HOME[partition] ?? ('us-east-1' as Region), options, watch);
  const wanted = { solution: source.solution, part, version: version ?? source.version };
  const template = await seeSolution(wanted, session);
  if (template.type === 'unseen') {
    const isKnown = version === null || isSameVersion(wanted.version, source.version);
    if (template.isAbsent && !isKnown) return refused(unknownVersion(entry, wanted.version, source.version, template));
    return { card: curated, diagnostics: unseenNotes(template) };
  }
  return { card: cardOfEntry(options.subject, entry, { ...asked, artifact: template.artifact }), diagnostics: [] };
}

/** The installation's, where there is one and the block is published there. */
async function partitionFor(entry: CatalogEntry, options: CardOptions): Promise<Partition> {
  const { controller } = await readDesiredState(options.source, options.installation);
  const wanted = controller?.partition ?? 'aws';
  const published = partitionsOf(entry);
  return published.length === 0 || published.includes(wanted) ? wanted : published[0]!;
}

const HOME: Readonly<Partial<Record<Partition, Region>>> = {
  'aws-us-gov': 'us-gov-west-1' as Region,
  'aws-cn': 'cn-north-1' as Region,
};

/** The controller's own credentials are all that is needed, so no Controller is. */
function sessionFor(partition: Partition, homeRegion: Region, options: CardOptions, watch: SessionWatch): CardSession {
  const { fetch, ...reach } = options.aws ?? {};
  const clock = options.clock ?? systemClock;
  const endpoint = reach.endpoint ?? options.env['AWS_ENDPOINT_URL'] ?? null;
  return {
    aws: createAws({
      partition,
      homeRegion,
      roles: { plan: '', apply: '', cloudformation: null, externalId: null },
      clock,
      ...reach,
    }),
    clock,
    signal: watch.signal,
    ...(fetch === undefined ? createDownload({ endpoint, signal: watch.signal }) : { fetch, hosts: 'any' }),
  };
}

/** Whether the credentials work, so that a refusal that comes later is about the application; null where they do. */
async function whoIsAsking({ aws, signal }: CardSession): Promise<Diagnostic | null> {
  try {
    await aws.controllerAccount();
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return credentialsDiagnostic(error);
  }
}

/** The publisher's refusal; everything else is thrown on. */
function toldAs(error: unknown): Diagnostic {
  if (!(error instanceof LockRefusal)) throw error;
  const { code, message, remedy } = error;
  return { code, severity: 'error', message, remedy: remedy.replaceAll('`evenkeel lock`', 'the command') };
}

function unseenNotes(template: SeenTemplate): readonly Diagnostic[] {
  if (template.type === 'seen') return [];
  const { because, remedy } = template;
  return [
    {
      code: 'EK4103',
      severity: 'warning',
      message: `the template could not be read: ${because}`,
      remedy: remedy.replaceAll('`evenkeel lock`', 'the command'),
    },
  ];
}

function hasPart({ source }: CatalogEntry, part: string): boolean {
  return source.type === 'solution' && Object.hasOwn(source.parts, part);
}

function unknownPart({ id, source }: CatalogEntry, part: string): Diagnostic {
  const parts = source.type === 'solution' ? Object.keys(source.parts) : [];
  const near = nearest(part, parts);
  const known = parts.length === 0 ? 'leave --part out' : `write one of ${parts.join(', ')}`;
  return {
    code: 'EK4100',
    severity: 'error',
    message: `${id} has no part ${part}`,
    remedy: near === null ? known : `did you mean ${near}?`,
  };
}

function unknownVersion(
  { id }: CatalogEntry,
  wanted: string,
  known: string,
  { because }: Extract<SeenTemplate, { readonly type: 'unseen' }>,
): Diagnostic {
  return {
    code: 'EK4122',
    severity: 'error',
    message: `${id} has no version ${wanted}: ${because}`,
    remedy: `write ${known}, which is known to exist`,
  };
}

function asNote({ message, remedy }: Diagnostic): Diagnostic {
  return {
    code: 'EK4103',
    severity: 'warning',
    message: `only what the catalogue knows is shown: ${message}`,
    remedy,
  };
}

function refused(diagnostic: Diagnostic): CardOutcome {
  return { card: null, diagnostics: [diagnostic] };
}
