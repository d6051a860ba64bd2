import type { Sha256 } from './identifiers.js';
import type { TemplateDocument } from './template.js';

export type Mapping = { readonly [key: string]: unknown };
/** Keys and indexes from the top of a template. */
export type TemplatePath = readonly (string | number)[];

/** One resource as it is written; inside `Fn::ForEach` its logical id still has the loop's placeholder. */
export type TemplateResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Mapping;
  /** Name of the condition without which it is not made; null where it always is. */
  readonly condition: string | null;
  readonly path: TemplatePath;
};

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
  return resourcesIn(section(document, 'Resources'), ['Resources']);
}

function resourcesIn(resources: Mapping, path: TemplatePath): readonly TemplateResource[] {
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    if (logicalId.startsWith(FOR_EACH))
      return Array.isArray(resource) && isMapping(resource[2]) ? resourcesIn(resource[2], [...path, logicalId, 2]) : [];
    if (!isMapping(resource) || typeof resource['Type'] !== 'string') return [];
    return [
      {
        logicalId,
        type: resource['Type'],
        properties: isMapping(resource['Properties']) ? resource['Properties'] : {},
        condition: typeof resource['Condition'] === 'string' ? resource['Condition'] : null,
        path: [...path, logicalId],
      },
    ];
  });
}

/** Resource type → the property that names the template of a stack inside the stack. */
const NESTING: ReadonlyMap<string, string> = new Map([
  ['AWS::CloudFormation::Stack', 'TemplateURL'],
  ['AWS::Serverless::Application', 'Location'],
]);

export type NestedReference = {
  readonly logicalId: string;
  /** Of the template's bytes. */
  readonly sha256: Sha256;
  /** What the template around it sets. */
  readonly parameters: Mapping;
};

/** The templates inside a template, where they are named by their digests, as those of an artifact are. */
export function nestedReferences(document: TemplateDocument): readonly NestedReference[] {
  return resourcesOf(document).flatMap(({ logicalId, type, properties }) => {
    const property = NESTING.get(type);
    const digest = property === undefined ? null : DIGEST.exec(JSON.stringify(properties[property]) ?? '');
    const parameters = properties['Parameters'];
    return digest === null
      ? []
      : [{ logicalId, sha256: digest[1] as Sha256, parameters: isMapping(parameters) ? parameters : {} }];
  });
}

const DIGEST = /objects\/([0-9a-f]{64})(?![0-9a-f])/;
