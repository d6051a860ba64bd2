import { memberOf, isObject, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { aliasPolicy, readPreference } from './deployment.js';
import { roleWith } from './event-mappings.js';
import { FUNCTION_EVENTS } from './event-shapes.js';
import { asOwners, functionEvent, inEventOrder, linkedEvents } from './events.js';
import { functionCode } from './function-code.js';
import { invocations } from './function-invocations.js';
import { executionRoleOf, placedRole } from './function-role.js';
import { checkFunction, checkPackage, FUNCTION } from './function-shapes.js';
import { functionUrl } from './function-url.js';
import {
  aliasName,
  givenSha256,
  invoked,
  publish,
  publishedResources,
  versionedDescription,
} from './function-version.js';
import { checkProperties, picked } from './properties.js';
import { isGiven, tagList } from './values.js';
import { ownAttributes, type Produced, type Work } from './work.js';
import { createdBy } from './tags.js';

const UNCHANGED =
  'Handler Runtime MemorySize Timeout VpcConfig KmsKeyArn ReservedConcurrentExecutions Layers FileSystemConfigs ImageConfig PackageType Architectures SnapStart EphemeralStorage CodeSigningConfigArn RuntimeManagementConfig LoggingConfig TenancyConfig RecursiveLoop DurableConfig PublishToLatestPublished';

/** What a function expands to, and what references to its parts mean. */
export type ExpandedFunction = { readonly made: Produced; readonly parts: Readonly<Record<string, string>> };

/** A serverless function with all that belongs to it: role, version, alias, address, destinations, event sources with their permissions. */
export function expandFunction(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
): ExpandedFunction {
  checkProperties(logicalId, 'AWS::Serverless::Function', properties, FUNCTION);
  const events = linkedEvents(work, logicalId, properties['Events'], FUNCTION_EVENTS);
  checkFunction(logicalId, properties);
  const code = functionCode(work, logicalId, properties);
  checkPackage(logicalId, properties, code);
  if (isGiven(properties['ProvisionedConcurrencyConfig']) && !isGiven(properties['AutoPublishAlias']))
    throw refusedResource(
      logicalId,
      'To set ProvisionedConcurrencyConfig AutoPublishALias must be defined on the function',
    );
  const alias = aliasName(work, logicalId, properties);
  const sha256 = alias === undefined ? undefined : givenSha256(work, logicalId, properties);
  const lambda = lambdaProperties(
    work,
    logicalId,
    properties,
    alias === undefined ? code : (work.resolve(code) as JsonObject),
    sha256,
  );
  const published = alias === undefined ? undefined : publish(work, logicalId, alias, properties, lambda, sha256);
  const target = invoked(logicalId, resource, published);
  const url = properties['FunctionUrlConfig'];
  const address = isObject(url) && isGiven(url) ? functionUrl(logicalId, target, url) : [];
  const preference = readPreference(work, logicalId, resource, properties);
  if (preference !== undefined) {
    if (published === undefined)
      throw refusedResource(logicalId, "'DeploymentPreference' requires AutoPublishAlias property to be specified.");
    work.preferences.set(logicalId, preference);
  }
  const asynchronous = properties['EventInvokeConfig'];
  const outcomes =
    isObject(asynchronous) && isGiven(asynchronous)
      ? invocations(work, logicalId, resource, asynchronous, published)
      : undefined;
  const role = executionRoleOf(work, logicalId, resource, properties, outcomes?.policies ?? []);
  const placed = placedRole(work, logicalId, properties['Role'], role);
  const expanded = asOwners(logicalId, () => inEventOrder(events).map((event) => functionEvent(work, event, target)));
  const finalRole = expanded.reduce(
    (before, { role: addition }) => (addition === undefined ? before : roleWith(before, addition)),
    placed.role,
  );
  const update = preference === undefined ? undefined : aliasPolicy(logicalId, preference);
  const resources: Produced = [
    [
      logicalId,
      {
        Type: 'AWS::Lambda::Function',
        ...ownAttributes(resource),
        Properties: { ...lambda, Role: placed.arn },
      },
    ],
    ...(published === undefined ? [] : publishedResources(logicalId, resource, properties, published, update)),
    ...address,
    ...(outcomes?.made ?? []),
    ...(placed.made ? [[`${logicalId}Role`, finalRole] as const] : []),
    ...expanded.flatMap(({ made }) => made),
  ];
  return { made: resources, parts: partsOf(resources) };
}

/** Properties of the Lambda function but for its role. */
function lambdaProperties(
  work: Work,
  logicalId: string,
  properties: JsonObject,
  Code: JsonObject,
  sha256: string | undefined,
): JsonObject {
  const { FunctionName, Description, Environment, DeadLetterQueue, Role, Tracing } = properties;
  const traced = isGiven(Tracing) && work.resolve(Tracing) !== 'Disabled';
  const described = sha256 === undefined ? Description : versionedDescription(work, Description, sha256);
  const queue = isObject(DeadLetterQueue) && isGiven(DeadLetterQueue) ? DeadLetterQueue : undefined;
  return {
    Code,
    ...picked(properties, UNCHANGED),
    ...(isGiven(FunctionName) ? { FunctionName } : {}),
    ...(described === undefined || described === null ? {} : { Description: described }),
    ...(Environment === undefined || Environment === null ? {} : { Environment }),
    ...(traced ? { TracingConfig: { Mode: Tracing } } : {}),
    ...(queue === undefined ? {} : { DeadLetterConfig: { TargetArn: queue['TargetArn']! } }),
    ...(Role === undefined || Role === null ? {} : { Role }),
    Tags: [...createdBy(logicalId, 'lambda', properties['Tags']), ...tagList(properties['Tags'])],
  };
}

const REFERABLE: Readonly<Record<string, string>> = {
  'AWS::Lambda::Alias': 'Alias',
  'AWS::Lambda::Version': 'Version',
  'AWS::SNS::Topic': 'DestinationTopic',
  'AWS::SQS::Queue': 'DestinationQueue',
};

/** The last resource of a type is what a reference to that part means. */
const partsOf = (resources: Produced): Readonly<Record<string, string>> =>
  Object.fromEntries(
    resources.flatMap(([id, { Type }]) => {
      const name = memberOf(REFERABLE, Type as string);
      return name === undefined ? [] : [[name, id]];
    }),
  );
