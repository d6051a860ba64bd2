import type { TemplateDocument } from '../model/template.js';

export type Mapping = { readonly [key: string]: unknown };

/** One resource as it is written; inside `Fn::ForEach` its logical id still has the loop's placeholder. */
export type TemplateResource = { readonly logicalId: string; readonly type: string; readonly properties: Mapping };

export const FOR_EACH = 'Fn::ForEach::';

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A section of the template as a mapping; empty where it is absent or something else. */
export function section(document: TemplateDocument, name: string): Mapping {
  const value = document[name];
  return isMapping(value) ? value : {};
}

/** Every resource with a Type, those in the bodies of `Fn::ForEach` included: a loop may make roles like any other text. */
export function resourcesOf(document: TemplateDocument): readonly TemplateResource[] {
  return resourcesIn(section(document, 'Resources'));
}

function resourcesIn(resources: Mapping): readonly TemplateResource[] {
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    if (logicalId.startsWith(FOR_EACH))
      return Array.isArray(resource) && isMapping(resource[2]) ? resourcesIn(resource[2]) : [];
    if (!isMapping(resource) || typeof resource['Type'] !== 'string') return [];
    return [
      {
        logicalId,
        type: resource['Type'],
        properties: isMapping(resource['Properties']) ? resource['Properties'] : {},
      },
    ];
  });
}
