import type { World } from '../../kernel/contract.js';
import { missingCapabilities } from '../../templates/capabilities.js';
import { INLINE_LIMIT, readTemplate, STORED_LIMIT } from '../../templates/reader.js';
import { invalid } from '../../templates/refusal.js';
import { insufficientCapabilities } from './refusals.js';
import type { PermissionModel } from './stack-set.js';

export type TemplateSource = { readonly TemplateBody?: string; readonly TemplateURL?: string };

/** The template's text, from the call or from S3; undefined where neither is given. Sizes are bytes. */
export function templateText(world: World, source: TemplateSource): string | undefined {
  const { TemplateBody: body, TemplateURL: url } = source;
  if (body !== undefined && url !== undefined)
    throw invalid('Either Template URL or Template Body must be specified, not both');
  if (body !== undefined) {
    if (Buffer.byteLength(body) > INLINE_LIMIT) {
      throw invalid(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: ` +
          `Member must have length less than or equal to ${INLINE_LIMIT}`,
      );
    }
    return body;
  }
  if (url === undefined) return undefined;
  const bytes = world.objects.fetch(url);
  if (bytes === undefined) throw invalid('S3 error: Access Denied');
  if (bytes.byteLength > STORED_LIMIT) throw invalid(`Template may not exceed ${STORED_LIMIT} bytes in size.`);
  return Buffer.from(bytes).toString('utf8');
}

/** Refuses what a stack set could never deploy with this permission model and these capabilities. */
export function checkTemplate(text: string, model: PermissionModel, capabilities: readonly string[]): void {
  const template = readTemplate(text);
  if (model === 'SERVICE_MANAGED') {
    if (template.transforms.length > 0) throw invalid('Transform is not supported in SERVICE_MANAGED permission model');
    if ([...template.resources.values()].some(({ type }) => type === 'AWS::CloudFormation::Stack')) {
      throw invalid('Nested stacks are not supported in SERVICE_MANAGED permission model');
    }
  }
  const missing = missingCapabilities(template.capabilities, capabilities);
  if (missing.length > 0) throw insufficientCapabilities(missing);
}

export type Declaration = {
  readonly hasDefault: boolean;
  readonly defaultValue: string | undefined;
  readonly noEcho: boolean;
};

/** The parameters that a template declares. */
export function declaredParameters(text: string): ReadonlyMap<string, Declaration> {
  const { parameters } = readTemplate(text);
  return new Map(
    [...parameters].map(([name, definition]) => [
      name,
      { hasDefault: definition.default !== undefined, defaultValue: definition.default, noEcho: definition.noEcho },
    ]),
  );
}
