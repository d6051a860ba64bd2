import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { isGiven } from './values.js';

type CodeLocation = { readonly S3Bucket: string; readonly S3Key: string };
export type CodeResolver = (logicalId: string, codeUri: unknown) => CodeLocation;

/** Bucket, key and, where given, version and more of an S3 URI in either form; undefined where it is none. */
function parsedUri(uri: Json | undefined): JsonObject | undefined {
  const parts = typeof uri === 'string' ? /^s3:\/\/([^/?#]+)\/+([^?#]+)(?:\?([^#]*))?/.exec(uri) : null;
  if (parts === null) return undefined;
  const versions = new URLSearchParams(parts[3] ?? '').getAll('versionId');
  return { Bucket: parts[1]!, Key: parts[2]!, ...(versions.length === 1 ? { Version: versions[0]! } : {}) };
}

/** What a URI property says, a mapping or text; a path on somebody's disk is refused. */
export function s3Place(logicalId: string, property: string, uri: Json | undefined): JsonObject {
  if (isObject(uri)) {
    if (!isGiven(uri['Bucket']) || !isGiven(uri['Key']))
      throw refusedResource(logicalId, `'${property}' requires Bucket and Key properties to be specified.`);
    return uri;
  }
  const place = parsedUri(uri);
  if (place !== undefined) return place;
  throw refusedResource(
    logicalId,
    `'${property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.`,
  );
}

/** Where code or a layer's content lies in S3; where there is a resolver, it knows better than the URI. */
export function codeLocation(
  logicalId: string,
  property: string,
  uri: Json | undefined,
  resolve: CodeResolver | undefined,
): JsonObject {
  if (resolve !== undefined) return resolve(logicalId, uri);
  if (typeof uri !== 'string' && !isObject(uri))
    throw refusedResource(logicalId, `'${property}' must be of type dict or string.`);
  if (typeof uri === 'string' && /{{resolve:(ssm|ssm-secure|secretsmanager):[\w.\-/]*\/[\w.\-/]*(:\d+)?}}/.test(uri))
    throw refusedResource(
      logicalId,
      `Unsupported dynamic reference detected in '${property}'. Please consider using alternative 'FunctionCode' object format.`,
    );
  const { Bucket, Key, Version, StorageMode } = s3Place(logicalId, property, uri);
  return {
    S3Bucket: Bucket!,
    S3Key: Key!,
    ...(Version === undefined ? {} : { S3ObjectVersion: Version }),
    ...(StorageMode === undefined ? {} : { S3ObjectStorageMode: StorageMode }),
  };
}

/** A location without what differs from call to call where a resolver placed the content: the bucket and its folders. */
export function lastingLocation(location: JsonObject, resolve: CodeResolver | undefined): JsonObject {
  if (resolve === undefined || typeof location['S3Key'] !== 'string') return location;
  return { ...location, S3Bucket: '', S3Key: location['S3Key'].split('/').at(-1)! };
}
