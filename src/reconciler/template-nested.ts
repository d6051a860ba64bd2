import type { Artifact } from '../model/artifact.js';
import { canonicalJson } from '../model/canonical.js';
import type { LogicalId, Sha256 } from '../model/identifiers.js';
import { parseTemplate } from '../model/template.js';
import type { TemplateDocument } from '../model/template.js';

export type NestedTemplate = { readonly sha256: Sha256; readonly document: TemplateDocument };

/** The nested stacks of a template by logical id: those whose template is among the artifact's objects, named by its digest. */
export function nestedTemplates(
  template: TemplateDocument,
  { objects }: Pick<Artifact, 'objects'>,
): ReadonlyMap<LogicalId, NestedTemplate> {
  const nested = new Map<LogicalId, NestedTemplate>();
  for (const [logicalId, resource] of Object.entries((template['Resources'] ?? {}) as Record<string, unknown>)) {
    const { Type, Properties } = (resource ?? {}) as { Type?: unknown; Properties?: { TemplateURL?: unknown } };
    if (Type !== 'AWS::CloudFormation::Stack') continue;
    const digests: readonly string[] = canonicalJson(Properties?.TemplateURL ?? null).match(/\b[0-9a-f]{64}\b/g) ?? [];
    const object = objects.find(({ sha256 }) => digests.includes(sha256));
    const parsed = object === undefined ? null : parseTemplate(Buffer.from(object.bytes).toString('utf8'));
    if (object !== undefined && parsed?.type === 'template')
      nested.set(logicalId as LogicalId, { sha256: object.sha256, document: parsed.document });
  }
  return nested;
}
