import type { Desired } from '../model/desired.js';
import type { Diagnostic, Place } from '../model/diagnostic.js';
import { sha256 } from '../model/canonical.js';
import { makeArtifact } from './artifact.js';
import { objectKey } from './artifact-bucket.js';
import { lockedParameters } from './lock-file.js';
import type { LockEntry } from './lock-file.js';
import { LockRefusal } from './lock-refusal.js';
import { lockedFolder, lockedTemplateFile } from './locked-files.js';
import { lockTemplate } from './locked-template.js';
import { fetchObject, fetchTemplate } from './served-objects.js';
import type { Download } from './served-objects.js';
import { applicationTags } from './serverless-application.js';
import type { ServerlessApplication } from './serverless-application.js';
import { describeApplication, prepareTemplate, regionOf } from './serverless-repository.js';
import type { ApplicationFacts, Session } from './serverless-repository.js';
import { writeForCloudFormation, writeReadable } from './template-text.js';

/** What AWS serves for one manifest, as it would be locked. The same version gives the same bytes at every call. */
export type ServedApplication = {
  readonly entry: LockEntry;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly diagnostics: readonly Diagnostic[];
};

/** Asks the repository for the application, its expanded template and every object in it. Throws a LockRefusal where it cannot be locked. */
export async function serveApplication(
  desired: Desired,
  block: ServerlessApplication,
  session: Session,
  download: Download,
): Promise<ServedApplication> {
  const facts = await describeApplication(block, session);
  const served = await fetchTemplate(await prepareTemplate(block, session), session.aws.partition, download);
  const locked = await lockTemplate(served, (location) =>
    fetchObject(location, regionOf(block, session.aws), session, download),
  );
  const unusable = locked.problems.find(({ type }) => type === 'unusable');
  if (unusable !== undefined)
    throw new LockRefusal('EK4026', 'application', unusable.message, 'ask the publisher of the application');

  const template = Buffer.from(writeReadable(locked.document), 'utf8');
  const artifact = makeArtifact({
    address: desired.address,
    file: lockedTemplateFile(desired.address),
    template: writeForCloudFormation(locked.document),
    objects: [],
    tags: applicationTags(block),
    extraCapabilities: facts.requiredCapabilities,
  });
  if (artifact.value === null)
    throw new LockRefusal(
      'EK4025',
      'application',
      `the template that is served cannot be deployed: ${artifact.diagnostics.map(({ message }) => message).join('; ')}`,
      'ask the publisher of the application',
    );

  const objects = [...locked.objects].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    entry: {
      application: block.application,
      version: block.version,
      templateSha256: sha256(template),
      objects: objects.map(([digest]) => digest),
      requiredCapabilities: [...artifact.value.requiredCapabilities],
      parameters: lockedParameters(artifact.value.parameters),
      licence: facts.licence,
      publisher: facts.publisher,
      sourceCodeUrl: facts.sourceCodeUrl,
    },
    files: new Map([
      [lockedTemplateFile(desired.address), template],
      ...objects.map(([digest, bytes]): [string, Uint8Array] => [
        `${lockedFolder(desired.address)}${objectKey(digest)}`,
        bytes,
      ]),
    ]),
    diagnostics: [
      ...locked.problems.map(({ message }) =>
        warning(
          desired,
          'EK4027',
          desired.at('spec', 'application'),
          message,
          'see that the place is one you trust: what it holds is not pinned by the lock',
        ),
      ),
      ...unsupported(desired, block, facts, session),
    ],
  };
}

function unsupported(
  desired: Desired,
  block: ServerlessApplication,
  facts: ApplicationFacts,
  session: Session,
): readonly Diagnostic[] {
  if (facts.resourcesSupported) return [];
  const region = regionOf(block, session.aws);
  return [
    warning(
      desired,
      'EK4034',
      desired.at('spec', 'application'),
      `${block.application} ${block.version} needs a resource type that ${region} does not have`,
      'choose target Regions that have all of its resource types',
    ),
  ];
}

function warning(
  desired: Desired,
  code: 'EK4027' | 'EK4034',
  place: Place,
  message: string,
  remedy: string,
): Diagnostic {
  return { code, severity: 'warning', address: desired.address, place, message, remedy };
}
