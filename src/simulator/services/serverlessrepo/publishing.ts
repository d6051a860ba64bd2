import { AwsError } from '../../kernel/contract.js';
import type { World } from '../../kernel/contract.js';
import { parseTemplateText } from '../../templates/document.js';
import { entriesOf, isObject, scalarText, type Json, type JsonObject } from '../../templates/json.js';
import { expandServerless } from '../../templates/serverless.js';
import type { ApplicationLocation } from '../../templates/serverless-application.js';
import type { ApplicationVersion } from './application.js';
import { emptyArchive } from './code-archive.js';
import { copied, keptArchive } from './published-objects.js';
import { badRequest } from './refusals.js';

export type Source = {
  readonly TemplateBody?: string;
  readonly TemplateUrl?: string;
  readonly SourceCodeUrl?: string;
  readonly SourceCodeArchiveUrl?: string;
};

/** The grammar of semver.org: no `v` before it, no leading zeros. */
const SEMANTIC_VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

function templateOf(world: World, { TemplateBody, TemplateUrl }: Source): string {
  if (TemplateBody !== undefined && TemplateUrl !== undefined)
    throw badRequest('Only one of TemplateBody and TemplateUrl can be specified');
  if (TemplateBody !== undefined) return TemplateBody;
  if (TemplateUrl === undefined) throw badRequest('TemplateBody or TemplateUrl must be specified');
  return Buffer.from(copied(world, TemplateUrl)).toString('utf8');
}

/** Packaged code is read from S3; for a path on the publisher's disk stands an empty archive, the same one for the same path and version. */
function codeFor(world: World, uri: Json, comment: string): Uint8Array {
  if (typeof uri === 'string' && uri.startsWith('s3://')) return copied(world, uri);
  if (!isObject(uri)) return emptyArchive(comment);
  return copied(world, `s3://${scalarText(uri['Bucket'] ?? '')}/${scalarText(uri['Key'] ?? '')}`);
}

export const codeKey = (uri: unknown): string => JSON.stringify(uri ?? '.');

/**
 * A version as its publisher hands it in. A template that cannot be expanded is refused here, not where somebody deploys it; `admit`
 * refuses a nested application that the publisher may not use.
 */
export function newVersion(
  world: World,
  { application, semanticVersion }: { readonly application: string; readonly semanticVersion: string },
  source: Source,
  admit: (nested: ApplicationLocation) => void,
): ApplicationVersion {
  if (!SEMANTIC_VERSION.test(semanticVersion))
    throw badRequest(`SemanticVersion '${semanticVersion}' is not a semantic version`);
  const region = application.split(':')[3]!;
  const template = templateOf(world, source);
  const code = new Map<string, Uint8Array>();
  const nested = new Map<string, ApplicationLocation>();
  try {
    expanded(template, {
      code: (uri) => {
        const key = codeKey(uri);
        code.set(key, codeFor(world, (uri ?? '.') as Json, `${application} ${semanticVersion} ${key}`));
        return NOWHERE.code();
      },
      nested: (location) => {
        admit(location);
        nested.set(locationKey(location), location);
        return NOWHERE.nested();
      },
      region,
    });
  } catch (error) {
    throw error instanceof AwsError && error.code === 'ValidationError' ? badRequest(error.message) : error;
  }
  return {
    semanticVersion,
    createdAt: world.clock.now(),
    sourceCodeUrl: source.SourceCodeUrl,
    sourceCodeArchiveUrl: keptArchive(world, region, source.SourceCodeArchiveUrl),
    template,
    code,
    nested: [...nested.values()],
  };
}

export const locationKey = ({ applicationId, semanticVersion }: ApplicationLocation): string =>
  `${applicationId} ${semanticVersion}`;

/** Where the parts of a template lie. */
export type Places = {
  readonly code: (uri: unknown) => { readonly S3Bucket: string; readonly S3Key: string };
  readonly nested: (location: ApplicationLocation) => string;
  /** Where the template will be deployed: the transform looks at it. */
  readonly region: string;
};

/** Places for a template that nobody will deploy. */
export const NOWHERE = {
  code: () => ({ S3Bucket: 'bucket', S3Key: 'key' }),
  nested: () => 'https://bucket.s3.amazonaws.com/key',
};

/** The template as the repository serves it: without transform and Globals. */
export function expanded(template: string, places: Places): JsonObject {
  const document = parseTemplateText(template);
  if (entriesOf(document['Resources']).length === 0)
    throw badRequest('Template format error: At least one Resources member must be defined.');
  return expandServerless(document, {
    code: (_, uri) => places.code(uri),
    application: places.nested,
    region: places.region,
  }) as JsonObject;
}
