import { entriesOf, isObject, scalarText, type Json, type JsonObject } from './json.js';
import { contentSuffix, location, type CodeLocation, type CodeResolver } from './serverless-code.js';
import type { BucketNotification } from './serverless-events.js';
import { expandFunction, type Expansion } from './serverless-function.js';
import { withGlobals } from './serverless-globals.js';
import { keyedTags, picked } from './serverless-properties.js';
import { refusedResource, SERVERLESS_TRANSFORM } from './serverless-refusal.js';
import { renameReferences } from './serverless-references.js';

/** `code` says where a function's code or a layer's content lies; without it their URIs must be S3's. */
export type ServerlessContext = { readonly code?: (logicalId: string, codeUri: unknown) => CodeLocation };

/** What the transform AWS::Serverless-2016-10-31 makes of a template, with its logical ids. Refuses what it cannot expand, by name. */
export function expandServerless(
  template: Record<string, unknown>,
  context: ServerlessContext,
): Record<string, unknown> {
  const { Globals, Resources, Transform, ...rest } = template as JsonObject;
  const globals = isObject(Globals) ? Globals : {};
  const expansions = entriesOf(Resources).map(([logicalId, resource]) =>
    expand(logicalId, resource, globals, context.code),
  );
  const resources: Record<string, Json> = Object.assign({}, ...expansions.map((expansion) => expansion.resources));
  for (const notification of expansions.flatMap(({ notifications }) => notifications)) notify(resources, notification);
  const others = (Array.isArray(Transform) ? (Transform as readonly Json[]) : []).filter(
    (name) => name !== SERVERLESS_TRANSFORM,
  );
  const expanded: JsonObject = { ...rest, ...(others.length === 0 ? {} : { Transform: others }), Resources: resources };
  const renamed: Record<string, string> = Object.assign({}, ...expansions.map((expansion) => expansion.renamed));
  return Object.keys(renamed).length === 0 ? expanded : (renameReferences(expanded, renamed) as JsonObject);
}

const only = (logicalId: string, resource: Json): Expansion => ({
  resources: { [logicalId]: resource as JsonObject },
  notifications: [],
  renamed: {},
});

function expand(logicalId: string, resource: Json, globals: JsonObject, code: CodeResolver | undefined): Expansion {
  const type = isObject(resource) ? resource['Type'] : undefined;
  if (!isObject(resource) || typeof type !== 'string' || !type.startsWith('AWS::Serverless::'))
    return only(logicalId, resource);
  const properties = withGlobals(globals, type, isObject(resource['Properties']) ? resource['Properties'] : {});
  switch (type) {
    case 'AWS::Serverless::Function':
      return expandFunction(logicalId, resource, properties, code);
    case 'AWS::Serverless::SimpleTable':
      return only(logicalId, { ...resource, Type: 'AWS::DynamoDB::Table', Properties: tableProperties(properties) });
    case 'AWS::Serverless::LayerVersion':
      return expandLayer(logicalId, resource, properties, code);
    default:
      throw refusedResource(logicalId, `The simulator does not expand ${type}.`);
  }
}

const ATTRIBUTE_TYPES: Readonly<Record<string, string>> = { String: 'S', Number: 'N', Binary: 'B' };

function tableProperties(properties: JsonObject): JsonObject {
  const key = isObject(properties['PrimaryKey']) ? properties['PrimaryKey'] : { Name: 'id', Type: 'String' };
  const AttributeName = key['Name'] ?? 'id';
  return {
    ...picked(properties, [
      'TableName',
      'SSESpecification',
      'PointInTimeRecoverySpecification',
      'ProvisionedThroughput',
    ]),
    ...(properties['ProvisionedThroughput'] === undefined ? { BillingMode: 'PAY_PER_REQUEST' } : {}),
    AttributeDefinitions: [
      { AttributeName, AttributeType: ATTRIBUTE_TYPES[scalarText(key['Type'] ?? 'String')] ?? 'S' },
    ],
    KeySchema: [{ AttributeName, KeyType: 'HASH' }],
    ...(properties['Tags'] === undefined ? {} : { Tags: keyedTags(properties['Tags']) }),
  };
}

/** A layer version cannot change, so its logical id does when its content does, and the one before is kept. */
function expandLayer(
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
  code: CodeResolver | undefined,
): Expansion {
  const Content = location(logicalId, 'ContentUri', properties['ContentUri'], code);
  const versionId = `${logicalId}${contentSuffix(properties['ContentUri'], Content)}`;
  const { RetentionPolicy } = properties;
  const expanded: JsonObject = {
    ...resource,
    Type: 'AWS::Lambda::LayerVersion',
    DeletionPolicy: RetentionPolicy === 'Delete' ? 'Delete' : 'Retain',
    Properties: {
      Content,
      LayerName: properties['LayerName'] ?? logicalId,
      ...picked(properties, ['Description', 'CompatibleRuntimes', 'CompatibleArchitectures', 'LicenseInfo']),
    },
  };
  return { resources: { [versionId]: expanded }, notifications: [], renamed: { [logicalId]: versionId } };
}

/** The bucket waits for the permission: S3 refuses a notification to a function that it may not call. */
function notify(resources: Record<string, Json>, { bucketId, permissionId, configurations }: BucketNotification): void {
  const bucket = resources[bucketId];
  if (!isObject(bucket) || bucket['Type'] !== 'AWS::S3::Bucket')
    throw refusedResource(bucketId, 'S3 events must reference an S3 bucket in the same template.');
  const properties = isObject(bucket['Properties']) ? bucket['Properties'] : {};
  const before = isObject(properties['NotificationConfiguration']) ? properties['NotificationConfiguration'] : {};
  const lambdas = Array.isArray(before['LambdaConfigurations'])
    ? (before['LambdaConfigurations'] as readonly Json[])
    : [];
  const waits =
    bucket['DependsOn'] === undefined
      ? []
      : Array.isArray(bucket['DependsOn'])
        ? (bucket['DependsOn'] as readonly Json[])
        : [bucket['DependsOn']];
  resources[bucketId] = {
    ...bucket,
    DependsOn: [...waits, permissionId],
    Properties: {
      ...properties,
      NotificationConfiguration: { ...before, LambdaConfigurations: [...lambdas, ...configurations] },
    },
  };
}
