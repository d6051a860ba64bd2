import { valid } from 'semver';
import { AwsError } from '../../kernel/contract.js';
import type { World } from '../../kernel/contract.js';
import { parseTemplateText } from '../../templates/document.js';
import { entriesOf, isObject, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import { expandServerless } from '../../templates/serverless.js';
import type { ApplicationVersion } from './application.js';
import { emptyArchive } from './code-archive.js';
import { badRequest } from './refusals.js';

export type Source = { readonly TemplateBody?: string; readonly TemplateUrl?: string; readonly SourceCodeUrl?: string };

function templateOf(world: World, { TemplateBody, TemplateUrl }: Source): string {
  if (TemplateBody !== undefined && TemplateUrl !== undefined)
    throw badRequest('Only one of TemplateBody and TemplateUrl can be specified');
  if (TemplateBody !== undefined) return TemplateBody;
  const bytes = TemplateUrl === undefined ? undefined : world.objects.fetch(TemplateUrl);
  if (bytes === undefined) throw badRequest('TemplateBody or a readable TemplateUrl must be specified');
  return Buffer.from(bytes).toString('utf8');
}

/** Packaged code is read from S3; for a path on the publisher's disk stands an empty archive, the same one for the same path and version. */
function codeFor(world: World, uri: Json, comment: string): Uint8Array {
  const s3 = typeof uri === 'string' ? /^s3:\/\/([^/]+)\/([^?]+)/.exec(uri) : null;
  const place =
    s3 !== null
      ? { bucket: s3[1]!, key: s3[2]! }
      : isObject(uri)
        ? { bucket: scalarText(uri['Bucket'] ?? ''), key: scalarText(uri['Key'] ?? '') }
        : undefined;
  if (place === undefined) return emptyArchive(comment);
  const bytes = world.objects.get(place.bucket, place.key);
  if (bytes === undefined) throw badRequest(`The object ${place.key} cannot be read from bucket ${place.bucket}`);
  return bytes;
}

export const codeKey = (uri: unknown): string => JSON.stringify(uri ?? '.');

/** A version as its publisher hands it in. A template that cannot be expanded is refused here, not where somebody deploys it. */
export function newVersion(
  world: World,
  application: string,
  semanticVersion: string,
  source: Source,
): ApplicationVersion {
  if (valid(semanticVersion) === null)
    throw badRequest(`SemanticVersion '${semanticVersion}' is not a semantic version`);
  const template = templateOf(world, source);
  const code = new Map<string, Uint8Array>();
  try {
    expanded(template, (uri) => {
      const key = codeKey(uri);
      code.set(key, codeFor(world, (uri ?? '.') as Json, `${application} ${semanticVersion} ${key}`));
      return { S3Bucket: 'bucket', S3Key: 'key' };
    });
  } catch (error) {
    throw error instanceof AwsError && error.code === 'ValidationError' ? badRequest(error.message) : error;
  }
  return { semanticVersion, createdAt: world.clock.now(), sourceCodeUrl: source.SourceCodeUrl, template, code };
}

/** The template as the repository serves it: without transform and Globals. */
export function expanded(
  template: string,
  code: (uri: unknown) => { readonly S3Bucket: string; readonly S3Key: string },
): JsonObject {
  const document = parseTemplateText(template);
  if (entriesOf(document['Resources']).length === 0)
    throw badRequest('Template format error: At least one Resources member must be defined.');
  return expandServerless(document, { code: (_, uri) => code(uri) }) as JsonObject;
}
