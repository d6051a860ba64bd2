import type { Desired } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { LockSession, Served } from '../lock/served-block.js';
import { resolveNestedApplications } from './nested-applications.js';
import { fetchObject, fetchTemplate } from '../fetch/served-objects.js';
import type { ServerlessApplication } from './serverless-application.js';
import { describeApplication, prepareTemplate, regionOf } from './serverless-repository.js';

/** Asks the repository for the application and its expanded template. Throws a LockRefusal where it does not serve them. */
export async function serveApplication(
  desired: Desired,
  block: ServerlessApplication,
  session: LockSession,
): Promise<Served> {
  const facts = await describeApplication(block, session);
  const region = regionOf(block, session.aws);
  const template = await fetchTemplate(await prepareTemplate(block, session), session.aws.partition, session);
  const document = await resolveNestedApplications(template, session);
  const unsupported: Diagnostic = {
    code: 'EK4034',
    severity: 'warning',
    address: desired.address,
    place: desired.at('spec', 'application'),
    message: `${block.application} ${block.version} needs a resource type that ${region} does not have`,
    remedy: 'choose target Regions that have all of its resource types',
  };
  return {
    document,
    fetchObject: (location) => fetchObject(location, region, session, session),
    facts,
    diagnostics: facts.resourcesSupported ? [] : [unsupported],
  };
}
