import { isObject, type Json, type JsonObject } from '../json.js';
import { notExpanded, refusedResource } from '../serverless-refusal.js';
import { shapes } from './properties.js';
import { isGiven, shown } from './values.js';

export const FUNCTION = shapes({
  any: 'Handler Runtime CodeUri ImageUri PackageType InlineCode Description MemorySize Timeout VpcConfig RolePath KmsKeyArn ReservedConcurrentExecutions EphemeralStorage VersionDescription ProvisionedConcurrencyConfig FileSystemConfigs ImageConfig CodeSigningConfigArn Architectures RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn PublishToLatestPublished TenancyConfig',
  'string|map': 'FunctionName Tracing',
  string: 'Role PermissionsBoundary AutoPublishAlias AutoPublishCodeSha256',
  map: 'DeadLetterQueue AssumeRolePolicyDocument Tags DeploymentPreference EventInvokeConfig SnapStart FunctionUrlConfig CapacityProviderConfig FunctionScalingConfig DurableConfig',
  boolean: 'PropagateTags',
  'boolean!': 'AutoPublishAliasAllProperties',
  'string|map|list of string|map': 'Policies',
  'list of string|map': 'Layers',
  'map of map': 'Environment Events',
  'Delete or Retain': 'VersionDeletionPolicy',
});

/** What only functions on capacity of one's own have. */
const NOT_YET = ['CapacityProviderConfig', 'FunctionScalingConfig'];

/** Refuses properties that cannot stand together, and what the simulator does not expand. */
export function checkFunction(logicalId: string, properties: JsonObject): void {
  const unread = NOT_YET.find((property) => isGiven(properties[property]));
  if (unread !== undefined) throw refusedResource(logicalId, notExpanded(`the property ${unread}`));
  const has = (name: string): boolean => properties[name] !== undefined && properties[name] !== null;
  if (has('VersionDeletionPolicy') && !has('AutoPublishAlias'))
    throw refusedResource(logicalId, "'VersionDeletionPolicy' requires 'AutoPublishAlias'.");
  checkDeadLetters(logicalId, properties['DeadLetterQueue']);
  if (isGiven(properties['TenancyConfig'])) checkTenancy(logicalId, properties);
}

function checkDeadLetters(logicalId: string, queue: Json | undefined): void {
  if (!isObject(queue) || !isGiven(queue)) return;
  const { Type, TargetArn } = queue;
  if (!isGiven(Type) || !isGiven(TargetArn))
    throw refusedResource(logicalId, "'DeadLetterQueue' requires Type and TargetArn properties to be specified.");
  if (typeof Type !== 'string') throw refusedResource(logicalId, "Property 'DeadLetterQueue.Type' should be a string.");
  if (Type !== 'SQS' && Type !== 'SNS')
    throw refusedResource(logicalId, "'DeadLetterQueue' requires Type of ['SQS', 'SNS']");
}

function checkTenancy(logicalId: string, properties: JsonObject): void {
  const unsupported = [
    ['ProvisionedConcurrencyConfig', 'Provisioned concurrency'],
    ['FunctionUrlConfig', 'Function URL'],
    ['SnapStart', 'SnapStart'],
  ].find(([property]) => isGiven(properties[property!]));
  if (unsupported !== undefined)
    throw refusedResource(
      logicalId,
      `${unsupported[1]} is not supported for functions enabled with tenancy configuration.`,
    );
  const events = isObject(properties['Events']) ? Object.values(properties['Events']) : [];
  for (const event of events) {
    const type = isObject(event) ? event['Type'] : undefined;
    if (type !== 'Api' && type !== 'HttpApi')
      throw refusedResource(
        logicalId,
        `Event source '${shown(type)}' is not supported for functions enabled with tenancy configuration. Only Api and HttpApi event sources are supported.`,
      );
  }
}

/** Refuses a package that lacks what its type needs. */
export function checkPackage(logicalId: string, properties: JsonObject, code: JsonObject): void {
  const lacks = (...names: readonly string[]): boolean => names.some((name) => !isGiven(properties[name]));
  const has = (...names: readonly string[]): boolean => names.some((name) => isGiven(properties[name]));
  if (properties['PackageType'] === 'Image') {
    if (has('Handler', 'Runtime', 'Layers'))
      throw refusedResource(
        logicalId,
        'Runtime, Handler, Layers cannot be present when PackageType is of type `Image`',
      );
    return;
  }
  if (lacks('Runtime', 'Handler'))
    throw refusedResource(logicalId, 'Runtime and Handler needs to be present when PackageType is of type `Zip`');
  if (code['ImageUri'] !== undefined || has('ImageConfig'))
    throw refusedResource(logicalId, 'ImageUri or ImageConfig cannot be present when PackageType is of type `Zip`');
}
