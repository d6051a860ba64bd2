import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { codeLocation, lastingLocation } from './code.js';
import { contentHash } from './identity.js';
import { checkProperties, picked, shapes } from './properties.js';
import { isGiven, isIntrinsic } from './values.js';
import { made, sharedAttributes, type Work } from './work.js';

const SHAPES = shapes({
  'string|map': 'LayerName ContentUri*',
  string: 'Description LicenseInfo RetentionPolicy',
  boolean: 'PublishLambdaVersion',
  'list of string|map': 'CompatibleArchitectures CompatibleRuntimes',
});

/** A layer version cannot change, so its logical id does when anything about it does, and the one before is kept. */
export function expandLayer(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  written: JsonObject,
): readonly [string, JsonObject] {
  checkProperties(logicalId, 'AWS::Serverless::LayerVersion', written, SHAPES);
  const properties = { ...written, ...resolvedTexts(work, logicalId, written) };
  const retention = retentionOf(logicalId, properties['RetentionPolicy']);
  const { DependsOn } = resource;
  const placed =
    work.code === undefined ? undefined : codeLocation(logicalId, 'ContentUri', written['ContentUri'], work.code);
  const content = placed === undefined ? {} : { ContentUri: lastingLocation(placed, work.code) };
  const hash = contentHash({
    [logicalId]: {
      Type: 'AWS::Serverless::LayerVersion',
      ...picked(resource, 'DependsOn Condition UpdatePolicy'),
      Properties: { ...picked(properties, [...SHAPES.keys()].join(' ')), ...content },
    },
  });
  const id = `${logicalId}${hash}`;
  checkArchitectures(id, properties['CompatibleArchitectures']);
  const attributes = {
    ...(DependsOn === undefined ? {} : { DependsOn }),
    DeletionPolicy: 'Retain',
    ...sharedAttributes(resource),
    ...(retention === undefined ? {} : { DeletionPolicy: retention }),
  };
  const layer = made('AWS::Lambda::LayerVersion', attributes, {
    LayerName: isGiven(properties['LayerName']) ? properties['LayerName'] : logicalId,
    Content: placed ?? codeLocation(id, 'ContentUri', properties['ContentUri'], undefined),
    ...picked(properties, 'Description CompatibleArchitectures CompatibleRuntimes LicenseInfo'),
  });
  return [id, layer];
}

function resolvedTexts(work: Work, logicalId: string, written: JsonObject): JsonObject {
  const names = ['LayerName', 'LicenseInfo', 'Description', 'RetentionPolicy'].filter((name) => isGiven(written[name]));
  return Object.fromEntries(
    names.map((name) => {
      const value = work.resolve(written[name]!);
      if (typeof value === 'string' || isObject(value)) return [name, value];
      throw refusedResource(logicalId, `Could not resolve parameter for '${name}' or parameter is not a String.`);
    }),
  );
}

function retentionOf(logicalId: string, written: Json | undefined): 'Retain' | 'Delete' | undefined {
  const options = "['Retain', 'Delete']";
  if (isIntrinsic(written))
    throw refusedResource(
      logicalId,
      `'RetentionPolicy' does not accept intrinsic functions, please use one of the following options: ${options}`,
    );
  if (written === undefined || written === null) return undefined;
  if (typeof written !== 'string')
    throw refusedResource(
      logicalId,
      `Invalid 'RetentionPolicy' type, please use one of the following options: ${options}`,
    );
  const wanted = (['Retain', 'Delete'] as const).find((option) => option.toLowerCase() === written.toLowerCase());
  if (wanted !== undefined) return wanted;
  throw refusedResource(logicalId, `'RetentionPolicy' must be one of the following options: ${options}.`);
}

function checkArchitectures(id: string, written: Json | undefined): void {
  if (!Array.isArray(written)) return;
  for (const one of written as readonly Json[])
    if (!isIntrinsic(one) && one !== 'arm64' && one !== 'x86_64')
      throw refusedResource(id, "CompatibleArchitectures needs to be a list of 'x86_64' or 'arm64'");
}
