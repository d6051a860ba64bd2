import { invalid } from './refusal.js';
import { checkPattern } from './allowed-pattern.js';
import { checkedPolicy } from './deletion-policies.js';
import { isParameterType } from './parameter-types.js';
import { entriesOf, isObject, scalarText, type Json, type JsonObject } from './json.js';
import type { OutputDefinition, ParameterDefinition, ResourceDefinition, RuleDefinition } from './definition.js';

const TOP_LEVEL = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
]);
const MAPS = ['Parameters', 'Rules', 'Mappings', 'Conditions', 'Outputs'];
const OF_RESOURCE = new Set([
  'Type',
  'Properties',
  'Metadata',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
  'Version',
  // Documented nowhere, taken by CloudFormation, and written by CodeStar and by authors of SAR applications.
  'Description',
]);
const OF_PARAMETER = new Set([
  'Type',
  'Default',
  'Description',
  'NoEcho',
  'AllowedValues',
  'AllowedPattern',
  'ConstraintDescription',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
]);

/** Refuses sections that CloudFormation does not know, a wrong format version and a template without resources. */
export function checkSections(document: JsonObject): void {
  const serverless = readTransforms(document['Transform']).some((name) => name.startsWith('AWS::Serverless-'));
  const unknown = Object.keys(document).filter((key) => !TOP_LEVEL.has(key) && !(serverless && key === 'Globals'));
  if (unknown.length > 0) throw invalid(`Invalid template property or properties [${unknown.join(', ')}]`);
  const version = document['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== '2010-09-09') {
    throw invalid(
      `Template format error: ${scalarText(version)} is not a supported value for AWSTemplateFormatVersion.`,
    );
  }
  if (document['Description'] !== undefined && typeof document['Description'] !== 'string') {
    throw invalid('Template format error: Every Description member must be a string.');
  }
  if (Buffer.byteLength(document['Description'] ?? '') > 1_024) {
    throw invalid("Template format error: 'Description' length is greater than 1024.");
  }
  if (!isObject(document['Resources']) || Object.keys(document['Resources']).length === 0) {
    throw invalid('Template format error: At least one Resources member must be defined.');
  }
  for (const name of MAPS) {
    const section = document[name];
    if (section !== undefined && !isObject(section)) throw invalid(`Template format error: [/${name}] must be a map`);
  }
  checkCount('resources', Object.keys(document['Resources']).length, 500);
  checkCount('parameters', entriesOf(document['Parameters']).length, 200);
  checkCount('outputs', entriesOf(document['Outputs']).length, 200);
  checkCount('mappings', entriesOf(document['Mappings']).length, 200);
  for (const [, mapping] of entriesOf(document['Mappings'])) {
    checkCount('mapping attributes', entriesOf(mapping).length, 200);
  }
}

/** Parameters as declared. */
export function readParameters(section: Json | undefined): ReadonlyMap<string, ParameterDefinition> {
  return new Map(
    entriesOf(section).map(([name, body]) => {
      if (!isObject(body) || typeof body['Type'] !== 'string') {
        throw invalid(`Template format error: Every Parameters object must contain a Type member.`);
      }
      checkName('Parameter', name);
      const unknown = Object.keys(body).find((key) => !OF_PARAMETER.has(key));
      if (unknown !== undefined) throw invalid(`Invalid template parameter property '${unknown}'`);
      if (!isParameterType(body['Type'])) {
        throw invalid(`Template format error: Unrecognized parameter type: ${body['Type']}`);
      }
      const declared = parameter(name, body, body['Type']);
      if (declared.allowedPattern !== undefined) checkPattern(name, declared.allowedPattern);
      return [name, declared];
    }),
  );
}

/** Resources as declared, in the order of the template. */
export function readResources(section: Json | undefined): ReadonlyMap<string, ResourceDefinition> {
  return new Map(entriesOf(section).map(([logicalId, body]) => [logicalId, resource(logicalId, body)]));
}

/** Outputs as declared. */
export function readOutputs(section: Json | undefined): readonly OutputDefinition[] {
  return entriesOf(section).map(([name, body]) => {
    if (!isObject(body) || body['Value'] === undefined || body['Value'] === null) {
      throw invalid(`Template format error: Every Outputs member must contain a Value object`);
    }
    checkName('Output', name);
    return {
      name,
      value: body['Value'],
      description: text(body['Description']),
      condition: text(body['Condition']),
      exportName: isObject(body['Export']) ? body['Export']['Name'] : undefined,
    };
  });
}

/** Rules as declared. */
export function readRules(section: Json | undefined): readonly RuleDefinition[] {
  return entriesOf(section).map(([name, body]) => {
    if (!isObject(body)) throw invalid(`Template format error: [/Rules/${name}] must be a map`);
    const { RuleCondition, Assertions } = body;
    const assertions = Array.isArray(Assertions) ? (Assertions as readonly Json[]).filter(isObject) : [];
    return {
      name,
      condition: RuleCondition,
      assertions: assertions.map(({ Assert, AssertDescription }) => ({
        assert: Assert ?? true,
        description: text(AssertDescription) ?? 'assertion failed',
      })),
    };
  });
}

/** One transform or a list of them. */
export function readTransforms(section: Json | undefined): readonly string[] {
  return (Array.isArray(section) ? (section as readonly Json[]) : section === undefined ? [] : [section]).map((item) =>
    isObject(item) ? scalarText(item['Name'] ?? '') : scalarText(item),
  );
}

function resource(logicalId: string, body: Json): ResourceDefinition {
  checkName('Resource', logicalId);
  if (!isObject(body))
    throw invalid(`Template format error: [/Resources/${logicalId}] resource definition is malformed`);
  if (typeof body['Type'] !== 'string') {
    throw invalid(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  }
  checkNulls(`/Resources/${logicalId}/Properties`, body['Properties']);
  const unknown = Object.keys(body).find((key) => !OF_RESOURCE.has(key));
  if (unknown !== undefined) throw invalid(`Invalid template resource property '${unknown}'`);
  const { Properties, Metadata, DependsOn, CreationPolicy, UpdatePolicy } = body;
  return {
    logicalId,
    type: body['Type'],
    properties: isObject(Properties) ? Properties : {},
    metadata: isObject(Metadata) ? Metadata : {},
    condition: text(body['Condition']),
    dependsOn: (Array.isArray(DependsOn) ? (DependsOn as readonly Json[]) : [DependsOn ?? []]).flat().map(scalarText),
    statesDeletionPolicy: body['DeletionPolicy'] !== undefined,
    deletionPolicy: checkedPolicy(logicalId, body['Type'], 'DeletionPolicy', body['DeletionPolicy']),
    updateReplacePolicy: checkedPolicy(logicalId, body['Type'], 'UpdateReplacePolicy', body['UpdateReplacePolicy']),
    policies: {
      ...(CreationPolicy === undefined ? {} : { CreationPolicy }),
      ...(UpdatePolicy === undefined ? {} : { UpdatePolicy }),
    },
  };
}

function checkName(what: 'Parameter' | 'Resource' | 'Output', name: string): void {
  if (/^[A-Za-z0-9]+$/.test(name)) return;
  throw invalid(`Template format error: ${what} name ${name} is non alphanumeric.`);
}

function parameter(name: string, body: JsonObject, type: string): ParameterDefinition {
  const values = body['AllowedValues'];
  return {
    name,
    type,
    default: body['Default'] === undefined ? undefined : listText(body['Default']),
    description: text(body['Description']),
    noEcho: scalarText(body['NoEcho'] ?? false).toLowerCase() === 'true',
    allowedValues: Array.isArray(values) ? (values as readonly Json[]).map(scalarText) : undefined,
    allowedPattern: text(body['AllowedPattern']),
    constraintDescription: text(body['ConstraintDescription']),
    minLength: number(body['MinLength']),
    maxLength: number(body['MaxLength']),
    minValue: number(body['MinValue']),
    maxValue: number(body['MaxValue']),
  };
}

function listText(value: Json): string {
  return Array.isArray(value) ? (value as readonly Json[]).map(scalarText).join(',') : scalarText(value);
}

function text(value: Json | undefined): string | undefined {
  return value === undefined || value === null ? undefined : scalarText(value);
}

function number(value: Json | undefined): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

function checkNulls(path: string, value: Json | undefined): void {
  if (value === null) throw invalid(`[${path}] 'null' values are not allowed in templates`);
  if (typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value)) checkNulls(`${path}/${key}`, item);
}

function checkCount(what: string, count: number, limit: number): void {
  if (count > limit) {
    throw invalid(`Template format error: Number of ${what}, ${count}, is greater than maximum allowed, ${limit}`);
  }
}
