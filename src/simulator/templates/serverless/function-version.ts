import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { lastingLocation } from './code.js';
import { contentHash } from './identity.js';
import type { Target } from './target.js';
import { getAtt, isGiven, ref, referredId } from './values.js';
import { made, propertiesOf, sharedAttributes, type Produced, type Work } from './work.js';

/** A function's version and the alias that stands before it. */
export type Published = { readonly versionId: string; readonly aliasId: string; readonly aliasName: string };

const ALIAS = /^(?!^[0-9]+$)[a-zA-Z0-9\-_]+$/;

/** The alias's name, resolved; undefined where nothing is published. */
export function aliasName(work: Work, logicalId: string, properties: JsonObject): string | undefined {
  const written = properties['AutoPublishAlias'];
  if (!isGiven(written)) return undefined;
  const name = work.resolve(written);
  if (typeof name !== 'string')
    throw refusedResource(logicalId, "'AutoPublishAlias' must be a string or a Ref to a template parameter");
  if (name === '') throw refusedResource(logicalId, 'Alias name is required to create an alias');
  if (!ALIAS.test(name))
    throw refusedResource(
      logicalId,
      `AutoPublishAlias name ('${name}') must contain only alphanumeric characters, hyphens, or underscores matching (?!^[0-9]+$)([a-zA-Z0-9-_]+) pattern.`,
    );
  return name;
}

/** The hash of the code that the author gave; versions are then named by it alone. */
export function givenSha256(work: Work, logicalId: string, properties: JsonObject): string | undefined {
  const written = properties['AutoPublishCodeSha256'];
  if (!isGiven(written)) return undefined;
  const hash = work.resolve(written);
  if (typeof hash === 'string') return hash;
  throw refusedResource(logicalId, 'AutoPublishCodeSha256 must be a string');
}

/** A description that changes with the code, without which Lambda would make no version of equal code. */
export function versionedDescription(work: Work, description: Json | undefined, sha256: string): Json {
  const resolved = isGiven(description) ? work.resolve(description) : undefined;
  if (!isGiven(resolved)) return sha256;
  return typeof resolved === 'string' ? `${resolved} ${sha256}` : { 'Fn::Join': [' ', [resolved, sha256]] };
}

/**
 * Names the version by what it is made of, so that another content is another resource. With AutoPublishAliasAllProperties that is
 * everything about the function, and the layers that ask for it.
 */
export function publish(
  work: Work,
  logicalId: string,
  name: string,
  properties: JsonObject,
  lambda: JsonObject,
  sha256: string | undefined,
): Published {
  const content = isGiven(properties['AutoPublishAliasAllProperties'])
    ? { ...lambda, ...publishingLayers(work, lambda['Layers']) }
    : codeContent(work, lambda);
  const hash = sha256 === undefined ? contentHash(content) : sha256.slice(0, 10);
  return {
    versionId: `${logicalId}Version${hash}`,
    aliasId: `${logicalId}Alias${name.replaceAll('-', 'D').replaceAll('_', 'U')}`,
    aliasName: name,
  };
}

function codeContent(work: Work, lambda: JsonObject): JsonObject {
  const { Code, Environment, MemorySize, SnapStart } = lambda;
  const appliesOn = isObject(SnapStart) ? (SnapStart['ApplyOn'] ?? 'None') : 'None';
  return {
    ...lastingLocation(Code as JsonObject, work.code),
    ...(isObject(Environment) ? Environment : {}),
    ...(isGiven(MemorySize) ? { MemorySize } : {}),
    ...(appliesOn === 'None' ? {} : { SnapStart: SnapStart! }),
  };
}

function publishingLayers(work: Work, layers: Json | undefined): JsonObject {
  if (!Array.isArray(layers)) return {};
  const found = (layers as readonly Json[]).flatMap((layer) => {
    const id = referredId(layer);
    const properties = id === undefined ? {} : propertiesOf(work.authored.get(id));
    return id !== undefined && isGiven(properties['PublishLambdaVersion']) ? [[id, properties] as const] : [];
  });
  return Object.fromEntries(found);
}

/** The version and the alias as resources. */
export function publishedResources(
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
  { versionId, aliasId, aliasName: name }: Published,
  updatePolicy: JsonObject | undefined,
): Produced {
  const attributes = sharedAttributes(resource);
  const { VersionDescription, VersionDeletionPolicy, ProvisionedConcurrencyConfig } = properties;
  const version = made(
    'AWS::Lambda::Version',
    { DeletionPolicy: VersionDeletionPolicy ?? 'Retain', ...attributes },
    { FunctionName: ref(logicalId), Description: VersionDescription },
  );
  const alias = made(
    'AWS::Lambda::Alias',
    { ...attributes, ...(updatePolicy === undefined ? {} : { UpdatePolicy: updatePolicy }) },
    {
      Name: name,
      FunctionName: ref(logicalId),
      FunctionVersion: getAtt(versionId, 'Version'),
      ProvisionedConcurrencyConfig: isGiven(ProvisionedConcurrencyConfig) ? ProvisionedConcurrencyConfig : undefined,
    },
  );
  return [
    [versionId, version],
    [aliasId, alias],
  ];
}

/** What events call: the alias where there is one, else the function. */
export function invoked(logicalId: string, resource: JsonObject, published: Published | undefined): Target {
  const attributes = sharedAttributes(resource);
  if (published === undefined) return { logicalId, arn: getAtt(logicalId, 'Arn'), name: ref(logicalId), attributes };
  const alias = ref(published.aliasId);
  return { logicalId: published.aliasId, arn: alias, name: alias, attributes };
}
