import type { Artifact } from '../../model/artifact.js';
import type { Capability } from '../../model/identifiers.js';
import type { TemplateDocument } from '../../model/template.js';
import { makeArtifact } from '../template/artifact.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import { fetchTemplate, isS3Address, NotServed } from '../fetch/served-objects.js';
import type { Download } from '../fetch/served-objects.js';
import { describeApplication, listVersions, prepareTemplate } from '../application/serverless-repository.js';
import type { ApplicationFacts, Session } from '../application/serverless-repository.js';
import { decodeUtf8, writeForCloudFormation } from '../template/template-text.js';

export type CardSession = Session & Download;

/** A template for a card: why it is not there is something to say, not a reason to show nothing. */
export type SeenTemplate =
  | { readonly type: 'seen'; readonly artifact: Artifact }
  | {
      readonly type: 'unseen';
      readonly because: string;
      readonly remedy: string;
      /** True where the publisher answered that there is none. */
      readonly isAbsent: boolean;
    };

export type SeenApplication = {
  readonly version: string;
  /** The newest first. */
  readonly versions: readonly string[];
  readonly facts: ApplicationFacts;
  readonly readme: readonly string[];
  readonly template: SeenTemplate;
};

const MOST_README_BYTES = 64 * 1024;
const MOST_README_LINES = 12;
const LONGEST_README_LINE = 200;

/** Asks the Serverless Application Repository for all that a card says; the newest version where none is asked for. Throws a LockRefusal where the application cannot be seen. */
export async function seeApplication(
  application: string,
  wanted: string | null,
  session: CardSession,
): Promise<SeenApplication> {
  const reference = { type: 'serverless-application', application } as const;
  const versions = await listVersions({ ...reference, version: wanted ?? '' }, session);
  const version = wanted ?? versions[0];
  if (version === undefined)
    throw new LockRefusal(
      'EK4021',
      'version',
      `application ${application} has no version at all`,
      'choose another application',
    );
  const block = { ...reference, version };
  const facts = await describeApplication(block, session);
  const template = await seen(
    async () => fetchTemplate(await prepareTemplate(block, session), session.aws.partition, session),
    facts.requiredCapabilities,
  );
  return { version, versions, facts, readme: await readme(facts.readmeUrl, session), template };
}

/** What the card shows of a template that somebody serves. */
export async function seen(
  fetch: () => Promise<TemplateDocument>,
  extraCapabilities: readonly Capability[],
): Promise<SeenTemplate> {
  try {
    const artifact = makeArtifact({
      address: 'Stack/card',
      file: 'template',
      template: writeForCloudFormation(await fetch()),
      objects: [],
      tags: {},
      extraCapabilities,
    });
    if (artifact.value !== null) return { type: 'seen', artifact: artifact.value };
    const [first] = artifact.diagnostics;
    return { type: 'unseen', because: first?.message ?? 'it is not one', remedy: 'ask its publisher', isAbsent: false };
  } catch (error) {
    if (!(error instanceof LockRefusal)) throw error;
    return { type: 'unseen', because: error.message, remedy: error.remedy, isAbsent: error instanceof NotServed };
  }
}

/** A readme is welcome and never needed: one that cannot be fetched is none. */
async function readme(url: string | null, { aws, fetch, hosts, signal }: CardSession): Promise<readonly string[]> {
  if (url === null || (hosts === 's3' && !isS3Address(url, aws.partition))) return [];
  try {
    return readmeLines((await fetch(url)).subarray(0, MOST_README_BYTES));
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

/** The first lines that say something, without control characters or what moves a cursor. */
export function readmeLines(bytes: Uint8Array): readonly string[] {
  return (decodeUtf8(bytes) ?? Buffer.from(bytes).toString('latin1'))
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/\t/g, ' ')
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .trim()
        .slice(0, LONGEST_README_LINE),
    )
    .filter((line) => line !== '')
    .slice(0, MOST_README_LINES);
}
