import { invalid } from './refusal.js';
import { iamCapability } from './capabilities.js';
import { checkIntegrity } from './integrity.js';
import { parseTemplateText } from './document.js';
import { checkFunctions } from './functions.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { inDependencyOrder } from './resource-order.js';
import { checkSections, readOutputs, readParameters, readResources, readRules, readTransforms } from './sections.js';
import { transformed } from './transforms.js';
import type { Template } from './definition.js';

/** Bytes of a template in the request itself, and of one that is read from S3. */
export const INLINE_LIMIT = 51_200;
export const STORED_LIMIT = 1_000_000;

const REMEMBERED = 400;
const templates = new Map<string, Template>();

/** What a transform is told; a parameter that is not told has its default. */
export type Setting = { readonly partition?: string; readonly parameters?: Readonly<Record<string, string>> };

/** The template of a text, or CloudFormation's refusal of it. Equal texts in equal settings give the same object, so thousands of stacks share one. */
export function readTemplate(text: string, { partition = 'aws', parameters }: Setting = {}): Template {
  const setting = parameters === undefined ? partition : `${partition} ${JSON.stringify(parameters)}`;
  const key = setting === 'aws' ? text : `${setting} ${text}`;
  const known = templates.get(key);
  if (known) return known;
  const template = read(text, partition, parameters);
  const oldest = templates.size >= REMEMBERED ? templates.keys().next().value : undefined;
  if (oldest !== undefined) templates.delete(oldest);
  templates.set(key, template);
  return template;
}

function read(text: string, partition: string, given: Setting['parameters']): Template {
  const original = parseTemplateText(text);
  checkSections(original);
  const transforms = readTransforms(original['Transform']);
  const document = transformed(original, transforms, {
    partition,
    ...(given === undefined ? {} : { parameters: given }),
  });
  checkFunctions(document, transforms);
  const parameters = readParameters(document['Parameters']);
  const resources = readResources(document['Resources']);
  const outputs = readOutputs(document['Outputs']);
  const conditions = section(document['Conditions']);
  const mappings = section(document['Mappings']);
  checkIntegrity({ parameters, resources, outputs, conditions, mappings });
  const clash = [...parameters.keys()].find((name) => resources.has(name));
  if (clash !== undefined) throw invalid(`Template format error: Duplicate name ${clash} in Parameters and Resources`);
  const iam = iamCapability(resources.values());
  return {
    text,
    partition,
    processed: transforms.length === 0 ? text : JSON.stringify(document),
    description: document['Description'] as string | undefined,
    version: document['AWSTemplateFormatVersion'] as string | undefined,
    metadata: isObject(document['Metadata']) ? document['Metadata'] : undefined,
    transforms,
    parameters,
    mappings,
    conditions,
    rules: readRules(document['Rules']),
    resources: inDependencyOrder(resources),
    outputs,
    capabilities: [
      ...(iam.capability ? [iam.capability] : []),
      ...(transforms.length > 0 ? ['CAPABILITY_AUTO_EXPAND'] : []),
    ],
    capabilitiesReason: iam.capability
      ? `The following resource(s) require capabilities: [${iam.types.join(', ')}]`
      : undefined,
  };
}

function section(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
