import pLimit from 'p-limit';
import type { TemplateDocument } from '../../model/template.js';
import { MAXIMUM_OBJECTS, tooMuch } from '../fetch/fetched-objects.js';
import type { Session } from './serverless-repository.js';
import { prepareTemplate } from './serverless-repository.js';
import { isMapping, section } from '../../model/template-resources.js';
import type { Mapping } from '../../model/template-resources.js';

const ARN = /^arn:[a-z-]+:serverlessrepo:[a-z0-9-]+:\d{12}:applications\/[a-zA-Z0-9-]+$/;
const AT_ONCE = 4;
/** What a nested application and a nested stack have in common. */
const SHARED = ['Parameters', 'NotificationARNs', 'TimeoutInMinutes'];

/**
 * The document with each reference to an application of the repository as the transform would write it: a nested stack of the template that is
 * served now, under the tags by which such stacks are known, so that it is pinned like every other. Throws a LockRefusal where one is not served.
 */
export async function resolveNestedApplications(
  document: TemplateDocument,
  session: Session,
): Promise<TemplateDocument> {
  const written = Object.entries(section(document, 'Resources'));
  if (written.filter(([, resource]) => isNested(resource)).length > MAXIMUM_OBJECTS)
    throw tooMuch(`refers to more than ${MAXIMUM_OBJECTS} nested applications`);
  const limit = pLimit(AT_ONCE);
  const resources = await Promise.all(
    written.map(async ([logicalId, resource]) => [
      logicalId,
      isNested(resource) ? await limit(() => nestedStack(resource, session)) : resource,
    ]),
  );
  return { ...document, Resources: Object.fromEntries(resources) as Mapping };
}

function isNested(resource: unknown): resource is Mapping {
  return isMapping(resource) && resource['Type'] === 'AWS::Serverless::Application';
}

async function nestedStack(resource: Mapping, session: Session): Promise<Mapping> {
  const properties = isMapping(resource['Properties']) ? resource['Properties'] : {};
  const location = isMapping(properties['Location']) ? properties['Location'] : {};
  const { ApplicationId: application, SemanticVersion: version } = location;
  // What is computed is known only when it is deployed.
  if (typeof application !== 'string' || typeof version !== 'string' || !ARN.test(application)) return resource;
  const own = isMapping(properties['Tags']) ? Object.entries(properties['Tags']) : [];
  const tags = [
    ['lambda:createdBy', 'SAM'],
    ['serverlessrepo:applicationId', application],
    ['serverlessrepo:semanticVersion', version],
    ...own,
  ];
  return {
    ...resource,
    Type: 'AWS::CloudFormation::Stack',
    Properties: {
      ...Object.fromEntries(Object.entries(properties).filter(([name]) => SHARED.includes(name))),
      TemplateURL: await prepareTemplate({ type: 'serverless-application', application, version }, session),
      Tags: tags.map(([Key, Value]) => ({ Key, Value })),
    },
  };
}
