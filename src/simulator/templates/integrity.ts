import { checkConditionOrder } from './condition-order.js';
import { invalid } from './refusal.js';
import { entriesOf, type Json, type JsonObject } from './json.js';
import { isPseudoParameter } from './pseudo-parameters.js';
import { referencesIn, type Reference } from './references.js';
import { isKnownType, isOpenType, resourceSpec } from './resource-spec.js';
import type { OutputDefinition, ParameterDefinition, ResourceDefinition } from './definition.js';

type Parts = {
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
  readonly resources: ReadonlyMap<string, ResourceDefinition>;
  readonly outputs: readonly OutputDefinition[];
  readonly conditions: JsonObject;
  readonly mappings: JsonObject;
};

/** Refuses types that do not exist and references to what is not there, each with the text that CloudFormation gives. */
export function checkIntegrity(parts: Parts): void {
  checkTypes(parts.resources);
  for (const [, condition] of entriesOf(parts.conditions)) checkCondition(condition, parts);
  checkConditionOrder(parts.conditions);
  checkBlock('Resources', [...parts.resources.values()].flatMap(referencesOf), parts);
  checkBlock('Outputs', parts.outputs.flatMap(outputReferences), parts);
}

function checkTypes(resources: ReadonlyMap<string, ResourceDefinition>): void {
  const unknown = [...resources.values()].map(({ type }) => type).filter((type) => !isKnownType(type));
  if (unknown.length > 0) {
    throw invalid(`Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(', ')}]`);
  }
}

function referencesOf(definition: ResourceDefinition): readonly Reference[] {
  return [
    ...referencesIn([definition.properties, definition.metadata, definition.policies]),
    ...definition.dependsOn.map((name) => ({ kind: 'ref', name }) as const),
    ...(definition.condition === undefined ? [] : [{ kind: 'condition', name: definition.condition } as const]),
  ];
}

function outputReferences(output: OutputDefinition): readonly Reference[] {
  return [
    ...referencesIn([output.value, output.exportName ?? null]),
    ...(output.condition === undefined ? [] : [{ kind: 'condition', name: output.condition } as const]),
  ];
}

function checkCondition(condition: Json, { parameters, conditions, mappings }: Parts): void {
  for (const reference of referencesIn(condition)) {
    if (reference.kind === 'ref' && !parameters.has(reference.name) && !isPseudoParameter(reference.name)) {
      throw invalid(
        `Template format error: Unresolved dependencies [${reference.name}]. ` +
          'Cannot reference resources in the Conditions block of the template',
      );
    }
    if (reference.kind === 'attribute') {
      throw invalid('Template error: every Condition member must be a string and cannot use Fn::GetAtt');
    }
    checkNamed(reference, conditions, mappings);
  }
}

function checkBlock(block: 'Resources' | 'Outputs', references: readonly Reference[], parts: Parts): void {
  const unresolved = new Set<string>();
  for (const reference of references) {
    checkNamed(reference, parts.conditions, parts.mappings);
    if (reference.kind === 'attribute') checkAttribute(reference, parts.resources);
    if (reference.kind !== 'ref' || isPseudoParameter(reference.name)) continue;
    if (!parts.parameters.has(reference.name) && !parts.resources.has(reference.name)) unresolved.add(reference.name);
  }
  if (unresolved.size > 0) {
    const names = [...unresolved].join(', ');
    throw invalid(
      `Template format error: Unresolved resource dependencies [${names}] in the ${block} block of the template`,
    );
  }
}

function checkNamed(reference: Reference, conditions: JsonObject, mappings: JsonObject): void {
  if (reference.kind === 'condition' && !Object.hasOwn(conditions, reference.name)) {
    throw invalid(`Template format error: Unresolved condition dependency ${reference.name} in the template`);
  }
  if (reference.kind === 'mapping' && !Object.hasOwn(mappings, reference.name)) {
    throw invalid(
      `Template error: Mapping named '${reference.name}' is not present in the 'Mappings' section of template.`,
    );
  }
}

function checkAttribute(
  { name, attribute }: Extract<Reference, { kind: 'attribute' }>,
  resources: ReadonlyMap<string, ResourceDefinition>,
): void {
  const type = resources.get(name)?.type;
  if (type === undefined) throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
  if (attribute === undefined || hasAttribute(type, attribute)) return;
  throw invalid(`Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`);
}

/** True where a resource of the type may have the attribute; members of a listed object count. */
export function hasAttribute(type: string, attribute: string): boolean {
  if (type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.')) return true;
  const nested = type === 'AWS::CloudFormation::Stack';
  if ((isOpenType(type) && !nested) || type === 'AWS::ServiceCatalog::CloudFormationProvisionedProduct') return true;
  const attributes = resourceSpec(type)?.attributes;
  if (attributes === undefined) return false;
  if (attributes.has(attribute)) return true;
  for (let dot = attribute.lastIndexOf('.'); dot > 0; dot = attribute.lastIndexOf('.', dot - 1)) {
    if (attributes.get(attribute.slice(0, dot)) === 'object') return true;
  }
  return false;
}
