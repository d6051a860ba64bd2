import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from './json.js';
import { refusedResource } from './serverless-refusal.js';

export type CodeLocation = { readonly S3Bucket: string; readonly S3Key: string };
export type CodeResolver = (logicalId: string, codeUri: unknown) => CodeLocation;

/** Where code or a layer's content lies in S3; a path on somebody's disk is refused, as AWS refuses it, unless the resolver knows better. */
export function location(
  logicalId: string,
  property: string,
  uri: Json | undefined,
  resolve: CodeResolver | undefined,
): JsonObject {
  if (resolve !== undefined) return resolve(logicalId, uri);
  if (isObject(uri) && uri['Bucket'] !== undefined && uri['Key'] !== undefined) {
    return {
      S3Bucket: uri['Bucket'],
      S3Key: uri['Key'],
      ...(uri['Version'] === undefined ? {} : { S3ObjectVersion: uri['Version'] }),
    };
  }
  const s3 = typeof uri === 'string' ? /^s3:\/\/([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(uri) : null;
  if (s3 === null) {
    throw refusedResource(
      logicalId,
      `'${property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.`,
    );
  }
  return { S3Bucket: s3[1]!, S3Key: s3[2]!, ...(s3[3] === undefined ? {} : { S3ObjectVersion: s3[3] }) };
}

/** Ten hex digits that stand for the content: the bucket and its folders, which differ from call to call, are left out. */
export function contentSuffix(authored: unknown, placed: JsonObject): string {
  const name = typeof placed['S3Key'] === 'string' ? placed['S3Key'].split('/').at(-1) : undefined;
  return createHash('sha256')
    .update(JSON.stringify([authored ?? null, name ?? placed]))
    .digest('hex')
    .slice(0, 10);
}
