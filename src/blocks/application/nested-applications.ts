import type { TemplateDocument } from '../../model/template.js';
import type { Session } from './serverless-repository.js';
import { prepareTemplate } from './serverless-repository.js';
import { isMapping, section } from '../../model/template-resources.js';
import type { Mapping } from '../../model/template-resources.js';

const ARN = /^arn:[a-z-]+:serverlessrepo:[a-z0-9-]+:\d{12}:applications\/[a-zA-Z0-9-]+$/;
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
  const resources = await Promise.all(
    Object.entries(section(document, 'Resources')).map(async ([logicalId, resource]) => [
      logicalId,
      isMapping(resource) && resource['Type'] === 'AWS::Serverless::Application'
        ? await nestedStack(resource, session)
        : resource,
    ]),
  );
  return { ...document, Resources: Object.fromEntries(resources) as Mapping };
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
