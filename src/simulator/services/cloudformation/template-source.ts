import { isS3Host } from '../../kernel/s3-address.js';
import { invalid } from '../../templates/refusal.js';
import { INLINE_LIMIT, readTemplate, STORED_LIMIT } from '../../templates/reader.js';
import type { Template } from '../../templates/definition.js';
import type { Environment } from './environment.js';
import { constraint } from './refusals.js';

/** The template that a request names, inline or by URL; undefined where it names none. Limits are in bytes. */
export function givenTemplate(
  environment: Environment,
  input: { readonly TemplateBody?: string | undefined; readonly TemplateURL?: string | undefined },
): Template | undefined {
  if (input.TemplateBody !== undefined && input.TemplateURL !== undefined) {
    throw invalid('Only one of TemplateBody or TemplateURL can be specified.');
  }
  if (input.TemplateURL !== undefined) return storedTemplate(environment, input.TemplateURL);
  if (input.TemplateBody === undefined) return undefined;
  if (Buffer.byteLength(input.TemplateBody) > INLINE_LIMIT) {
    throw constraint(
      `${input.TemplateBody.slice(0, 200)}…`,
      'templateBody',
      `Member must have length less than or equal to ${INLINE_LIMIT}`,
    );
  }
  if (input.TemplateBody === '')
    throw constraint('', 'templateBody', 'Member must have length greater than or equal to 1');
  return readTemplate(input.TemplateBody, { partition: environment.base.partition });
}

/** A template that must be given. */
export function requiredTemplate(
  environment: Environment,
  input: { readonly TemplateBody?: string | undefined; readonly TemplateURL?: string | undefined },
): Template {
  const template = givenTemplate(environment, input);
  if (!template) throw invalid('Either Template URL or Template Body must be specified.');
  return template;
}

/** The template at an S3 URL. */
export function storedTemplate({ base }: Environment, url: string): Template {
  if (!isObjectUrl(url)) throw invalid('TemplateURL must be a supported URL.');
  const bytes = base.objects.fetch(url);
  if (!bytes) {
    throw invalid(
      'S3 error: The specified key does not exist.\n' +
        'For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
    );
  }
  if (bytes.byteLength > STORED_LIMIT) throw invalid(`Template may not exceed ${STORED_LIMIT} bytes in size.`);
  return readTemplate(new TextDecoder().decode(bytes), { partition: base.partition });
}

/** An object in S3 by https; a bucket's website will not do, and neither will anybody else's server. */
function isObjectUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && isS3Host(hostname) && !/(^|\.)s3-website[.-]/.test(hostname);
}
