import { isObject, type JsonObject } from './json.js';
import { contentSuffix, location, type CodeResolver } from './serverless-code.js';
import { deployment } from './serverless-deployment.js';
import { eventParts, type BucketNotification } from './serverless-events.js';
import { keyedTags, picked } from './serverless-properties.js';
import { refusedResource } from './serverless-refusal.js';
import { executionRole } from './serverless-role.js';

export type Expansion = {
  readonly resources: Readonly<Record<string, JsonObject>>;
  readonly notifications: readonly BucketNotification[];
  /** References of the authored template → the logical ids that they mean now. */
  readonly renamed: Readonly<Record<string, string>>;
};

const UNCHANGED =
  'Architectures CodeSigningConfigArn Description EphemeralStorage FileSystemConfigs FunctionName Handler ImageConfig KmsKeyArn Layers LoggingConfig MemorySize PackageType RecursiveLoop ReservedConcurrentExecutions Runtime RuntimeManagementConfig SnapStart Timeout VpcConfig'.split(
    ' ',
  );

/** Properties that are read here, one way or another; any other is refused rather than lost. */
const READ = new Set([
  ...UNCHANGED,
  ...'AssumeRolePolicyDocument AutoPublishAlias CodeUri DeploymentPreference Environment Events ImageUri InlineCode PermissionsBoundary Policies Role RolePath Tags Tracing'.split(
    ' ',
  ),
]);

function code(logicalId: string, properties: JsonObject, resolve: CodeResolver | undefined): JsonObject {
  if (properties['InlineCode'] !== undefined) return { ZipFile: properties['InlineCode'] };
  if (properties['ImageUri'] !== undefined) return { ImageUri: properties['ImageUri'] };
  return location(logicalId, 'CodeUri', properties['CodeUri'], resolve);
}

const attributesOf = (resource: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(resource).filter(([name]) => name !== 'Type' && name !== 'Properties'));

/** A serverless function with all that belongs to it: role, version, alias, deployment group, event sources with their permissions. */
export function expandFunction(
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
  resolve: CodeResolver | undefined,
): Expansion {
  const unread = Object.keys(properties).find((name) => !READ.has(name));
  if (unread !== undefined) throw refusedResource(logicalId, `The simulator does not expand the property ${unread}.`);
  const Code = code(logicalId, properties, resolve);
  const condition = resource['Condition'];
  const conditional: JsonObject = condition === undefined ? {} : { Condition: condition };
  const roleId = `${logicalId}Role`;
  const { Role, Environment, Tracing, AutoPublishAlias: aliasName } = properties;
  const published =
    typeof aliasName === 'string'
      ? publish(logicalId, aliasName, contentSuffix(properties['CodeUri'], Code), conditional, properties)
      : NOT_PUBLISHED;
  const events = Object.entries(isObject(properties['Events']) ? properties['Events'] : {}).map(([name, event]) =>
    eventParts({ logicalId, aliasId: published.aliasId, condition }, name, isObject(event) ? event : {}),
  );
  return {
    notifications: events.flatMap(({ notifications }) => notifications),
    renamed: published.renamed,
    resources: {
      [logicalId]: {
        Type: 'AWS::Lambda::Function',
        ...attributesOf(resource),
        Properties: {
          Code,
          ...picked(properties, UNCHANGED),
          ...(Environment === undefined ? {} : { Environment }),
          ...(Tracing === undefined ? {} : { TracingConfig: { Mode: Tracing } }),
          Role: Role ?? { 'Fn::GetAtt': [roleId, 'Arn'] },
          Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }, ...keyedTags(properties['Tags'])],
        },
      },
      ...(Role === undefined ? { [roleId]: { ...executionRole(logicalId, properties), ...conditional } } : {}),
      ...published.resources,
      ...Object.assign({}, ...events.map(({ resources }) => resources)),
    },
  };
}

type Published = {
  readonly aliasId: string | undefined;
  readonly resources: Expansion['resources'];
  readonly renamed: Expansion['renamed'];
};
const NOT_PUBLISHED: Published = { aliasId: undefined, resources: {}, renamed: {} };

function publish(
  logicalId: string,
  aliasName: string,
  suffix: string,
  conditional: JsonObject,
  properties: JsonObject,
): Published {
  const versionId = `${logicalId}Version${suffix}`;
  const aliasId = `${logicalId}Alias${aliasName.replace(/[^A-Za-z0-9]/g, '')}`;
  const preference = properties['DeploymentPreference'];
  const gradual =
    isObject(preference) && preference['Enabled'] !== false ? deployment(logicalId, preference) : undefined;
  return {
    aliasId,
    renamed: { [`${logicalId}.Alias`]: aliasId, [`${logicalId}.Version`]: versionId },
    resources: {
      [versionId]: {
        Type: 'AWS::Lambda::Version',
        DeletionPolicy: 'Retain',
        ...conditional,
        Properties: { FunctionName: { Ref: logicalId } },
      },
      [aliasId]: {
        Type: 'AWS::Lambda::Alias',
        ...conditional,
        ...(gradual === undefined ? {} : { UpdatePolicy: gradual.aliasPolicy }),
        Properties: {
          Name: aliasName,
          FunctionName: { Ref: logicalId },
          FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
        },
      },
      ...gradual?.resources,
    },
  };
}
