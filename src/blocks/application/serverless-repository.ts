import {
  CreateCloudFormationTemplateCommand,
  GetApplicationCommand,
  GetCloudFormationTemplateCommand,
  ListApplicationVersionsCommand,
} from '@aws-sdk/client-serverlessapplicationrepository';
import type {
  GetApplicationResponse,
  ServerlessApplicationRepositoryClient,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { rcompare, valid } from 'semver';
import type { Aws } from '../../aws/contract.js';
import { classify } from '../../aws/errors.js';
import { allPages } from '../../aws/paging.js';
import type { Capability, Region } from '../../model/identifiers.js';
import type { Clock, IamAction } from '../../reconciler/ports.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import type { ServerlessApplication } from './serverless-application.js';

export type Session = { readonly aws: Aws; readonly clock: Clock; readonly signal: AbortSignal };

/** What the repository says of a version, besides its template. */
export type ApplicationFacts = {
  readonly requiredCapabilities: readonly Capability[];
  readonly licence: string | null;
  readonly publisher: { readonly author: string | null; readonly verified: boolean };
  readonly sourceCodeUrl: string | null;
  /** False where some resource type does not exist in the Region that was asked. */
  readonly resourcesSupported: boolean;
  readonly description: string;
  /** Where the readme stands; good for a while only. */
  readonly readmeUrl: string | null;
};

/** What `lock` may call, with the reason. */
export const LOCK_ACTIONS: readonly IamAction[] = [
  {
    action: 'serverlessrepo:GetApplication',
    role: 'controller',
    reason: 'to lock an application: its capabilities, licence and publisher',
  },
  {
    action: 'serverlessrepo:CreateCloudFormationTemplate',
    role: 'controller',
    reason: 'to lock an application: its template',
  },
  {
    action: 'serverlessrepo:GetCloudFormationTemplate',
    role: 'controller',
    reason: 'to wait until that template is ready',
  },
  {
    action: 'serverlessrepo:ListApplicationVersions',
    role: 'controller',
    reason: 'to name the versions that exist: those that are newer, and those instead of one that does not',
  },
  { action: 's3:GetObject', role: 'controller', reason: 'to copy the code that the template refers to' },
];

/** Milliseconds. A template is usually ready in a few seconds. */
const POLL_EVERY = 2_000;
const POLL_FOR = 300_000;
const NEWEST_SHOWN = 5;
const MOST_VERSION_PAGES = 100;

/** The Region to ask: a private application answers in its own only, and a public one there too. */
export function regionOf(block: ServerlessApplication, aws: Aws): Region {
  const region = block.application.split(':')[3];
  return region === undefined || region === '' ? aws.homeRegion : (region as Region);
}

/** What the repository says of exactly this version; a LockRefusal where it has none or does not say. */
export async function describeApplication(block: ServerlessApplication, session: Session): Promise<ApplicationFacts> {
  const client = session.aws.serverlessRepository(regionOf(block, session.aws));
  const answer = await asked(block, session, () =>
    client.send(new GetApplicationCommand({ ApplicationId: block.application, SemanticVersion: block.version }), {
      abortSignal: session.signal,
    }),
  );
  if (answer.Version?.SemanticVersion !== block.version) throw await missingVersion(block, client, session);
  return factsOf(answer);
}

function factsOf(answer: GetApplicationResponse): ApplicationFacts {
  return {
    requiredCapabilities: [...(answer.Version?.RequiredCapabilities ?? [])].sort(),
    licence: answer.SpdxLicenseId ?? null,
    publisher: { author: answer.Author ?? null, verified: answer.IsVerifiedAuthor ?? false },
    sourceCodeUrl: answer.Version?.SourceCodeUrl ?? null,
    resourcesSupported: answer.Version?.ResourcesSupported ?? true,
    description: answer.Description ?? '',
    readmeUrl: answer.ReadmeUrl ?? null,
  };
}

/** The address of the expanded template, good for an hour. One that expires while it is waited for is asked for once more. */
export async function prepareTemplate(block: ServerlessApplication, session: Session): Promise<string> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const url = await waitForTemplate(block, session);
    if (url !== null) return url;
  }
  throw new LockRefusal(
    'EK4024',
    'application',
    `the template of ${block.application} ${block.version} expired twice before it was ready`,
    'run `evenkeel lock` again',
  );
}

/** Null where the template expired. */
async function waitForTemplate(block: ServerlessApplication, session: Session): Promise<string | null> {
  const { clock, signal } = session;
  const client = session.aws.serverlessRepository(regionOf(block, session.aws));
  const until = clock.now().getTime() + POLL_FOR;
  let answer = await asked(block, session, () =>
    client.send(
      new CreateCloudFormationTemplateCommand({ ApplicationId: block.application, SemanticVersion: block.version }),
      { abortSignal: signal },
    ),
  );
  const { TemplateId } = answer;
  for (;;) {
    if (answer.Status === 'ACTIVE' && answer.TemplateUrl !== undefined) return answer.TemplateUrl;
    if (answer.Status === 'EXPIRED') return null;
    if (clock.now().getTime() >= until) {
      throw new LockRefusal(
        'EK4024',
        'application',
        `the template of ${block.application} ${block.version} was not ready after ${POLL_FOR / 1000} seconds`,
        'run `evenkeel lock` again',
      );
    }
    await clock.sleep(POLL_EVERY, signal);
    answer = await asked(block, session, () =>
      client.send(new GetCloudFormationTemplateCommand({ ApplicationId: block.application, TemplateId }), {
        abortSignal: signal,
      }),
    );
  }
}

async function asked<Answer>(
  block: ServerlessApplication,
  session: Session,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw await refusal(error, block, session);
  }
}

/** What the repository's refusal means for the manifest; the error itself where it is not the repository's. */
async function refusal(error: unknown, block: ServerlessApplication, session: Session): Promise<unknown> {
  const failure = classify(error);
  if (failure.kind === 'aborted') return error;
  switch (failure.name) {
    case 'NotFoundException':
      return missingVersion(block, session.aws.serverlessRepository(regionOf(block, session.aws)), session);
    case 'ForbiddenException':
    case 'AccessDeniedException':
      return new LockRefusal(
        'EK4022',
        'application',
        `${block.application} may not be read: ${failure.message}`,
        `if it is private, ${await sharing(block, session)}; else allow the controller serverlessrepo:GetApplication and serverlessrepo:CreateCloudFormationTemplate`,
      );
    case 'TooManyRequestsException':
      return new LockRefusal(
        'EK4023',
        'application',
        `the Serverless Application Repository asks for fewer requests: ${failure.message}`,
        'run `evenkeel lock` again in a minute; what has been locked is not asked for again',
      );
    default:
      return failure.kind === 'transient' || (error instanceof Error && '$fault' in error)
        ? new LockRefusal(
            'EK4030',
            'application',
            `the Serverless Application Repository could not be asked for ${block.application}: ${failure.name}: ${failure.message}`,
            'check the network and the credentials, and run `evenkeel lock` again',
          )
        : error;
  }
}

/** What to ask the publisher of a private application for. */
async function sharing({ application }: ServerlessApplication, { aws }: Session): Promise<string> {
  const [, , , , publisher] = application.split(':');
  return `ask its publisher, account ${publisher}, for a policy that grants Deploy on it to account ${await aws.controllerAccount()} or to the organization`;
}

/** Tells a version that does not exist from an application that does not. */
async function missingVersion(
  block: ServerlessApplication,
  client: ServerlessApplicationRepositoryClient,
  session: Session,
): Promise<LockRefusal> {
  const versions = await newestVersions(block, client, session.signal);
  if (versions === null) {
    return new LockRefusal(
      'EK4020',
      'application',
      `application ${block.application} does not exist, or is not shared with this account`,
      `correct the ARN, or ${await sharing(block, session)}`,
    );
  }
  const offered = versions.length === 0 ? 'it has no version at all' : `the newest are ${versions.join(', ')}`;
  return new LockRefusal(
    'EK4021',
    'version',
    `application ${block.application} has no version ${block.version}; ${offered}`,
    versions.length === 0 ? 'choose another application' : `write one that exists, such as ${versions[0]}`,
  );
}

/** Null where the application cannot be seen at all. */
async function newestVersions(
  block: ServerlessApplication,
  client: ServerlessApplicationRepositoryClient,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  try {
    return (await allVersions(block, client, signal)).slice(0, NEWEST_SHOWN);
  } catch (error) {
    if (classify(error).kind === 'aborted') throw error;
    return null;
  }
}

/** Every version of an application, the newest first; a LockRefusal where the repository does not say. */
export function listVersions(block: ServerlessApplication, session: Session): Promise<readonly string[]> {
  const client = session.aws.serverlessRepository(regionOf(block, session.aws));
  return asked(block, session, () => allVersions(block, client, session.signal));
}

async function allVersions(
  { application }: ServerlessApplication,
  client: ServerlessApplicationRepositoryClient,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const versions = await allPages(async (token) => {
    const page = await client.send(
      new ListApplicationVersionsCommand({
        ApplicationId: application,
        MaxItems: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
      { abortSignal },
    );
    return { items: page.Versions, next: page.NextToken };
  }, MOST_VERSION_PAGES);
  return versions.flatMap(({ SemanticVersion }) => valid(SemanticVersion) ?? []).sort(rcompare);
}
