import { evaluateObject, holds, KNOWN_AFTER_APPLY, type Scope } from '../../templates/intrinsics.js';
import { sameValue, type Json } from '../../templates/json.js';
import { referencesIn } from '../../templates/references.js';
import { resourceSpec, type Recreation } from '../../templates/resource-spec.js';
import { hasAttribute } from '../../templates/integrity.js';
import { invalid } from '../../templates/refusal.js';
import type { ResourceDefinition } from '../../templates/definition.js';
import { activeResources, checkRules, contentsOf, evaluateOutputs, openScope } from './composition.js';
import type { Environment } from './environment.js';
import { changedProperties } from './resource-work.js';
import type { Definition, LiveResource, Output, Stack } from './stack.js';

export type ChangeSource = 'DirectModification' | 'ParameterReference' | 'ResourceReference' | 'ResourceAttribute';
export type AttributeChange = {
  readonly attribute: 'Properties' | 'Metadata' | 'Tags' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'CreationPolicy';
  readonly name: string | undefined;
  readonly recreation: Recreation;
  readonly evaluation: 'Static' | 'Dynamic';
  readonly source: ChangeSource;
  readonly causes: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
};
export type ResourceChange =
  | { readonly action: 'Add'; readonly definition: ResourceDefinition; readonly properties: Json }
  | {
      readonly action: 'Modify';
      readonly definition: ResourceDefinition;
      readonly before: LiveResource;
      readonly replacement: 'True' | 'False' | 'Conditional';
      readonly details: readonly AttributeChange[];
    }
  | { readonly action: 'Remove'; readonly before: LiveResource };

export type Projection = {
  readonly changes: readonly ResourceChange[];
  readonly outputs: readonly Output[];
  readonly any: boolean;
};
export type ProjectionOptions = { readonly revertsDrift: boolean };

/**
 * What an update to the definition would do, worked out without doing it. Throws where the definition cannot be evaluated.
 * Replacement is predicted from the specification of the types, and spreads to whatever refers to what is replaced.
 */
export function project(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  { revertsDrift }: ProjectionOptions = { revertsDrift: false },
): Projection {
  const { resources, outputs: outputsNow } = contentsOf(environment, stack);
  const unsettled = new Set<string>();
  const scope = projectionScope(environment, stack, definition, resources, unsettled);
  checkRules(definition, scope);
  const active = activeResources(definition, scope);
  const activeIds = new Set(active.map(({ logicalId }) => logicalId));
  for (const { logicalId } of active) if (!standing(resources.get(logicalId))) unsettled.add(logicalId);
  const changes: ResourceChange[] = [];
  for (const planned of active) {
    const before = resources.get(planned.logicalId);
    const properties = evaluateObject(planned.properties, scope);
    if (!before || !standing(before)) {
      changes.push({ action: 'Add', definition: planned, properties });
      continue;
    }
    const compared = revertsDrift && before.actual !== 'deleted' ? { ...before, properties: before.actual } : before;
    const details = detailsOf(
      stack,
      definition,
      planned,
      compared,
      properties,
      evaluateObject(planned.metadata, scope),
      unsettled,
    );
    if (details.length === 0 && before.type === planned.type) continue;
    const replacement = replacementOf(before.type !== planned.type, details);
    if (replacement === 'True' || details.some(({ recreation }) => recreation === 'Always'))
      unsettled.add(planned.logicalId);
    changes.push({ action: 'Modify', definition: planned, before, replacement, details });
  }
  for (const before of resources.values()) {
    if (!activeIds.has(before.logicalId)) changes.push({ action: 'Remove', before });
  }
  const outputs = evaluateOutputs(definition, scope);
  return { changes, outputs, any: changes.length > 0 || !sameValue(outputsNow, outputs) };
}

function projectionScope(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  resources: ReadonlyMap<string, LiveResource>,
  unsettled: ReadonlySet<string>,
): Scope {
  const scope = openScope(environment, stack, definition, resources, new Set());
  const { template } = definition;
  const isActive = (logicalId: string): boolean => {
    const found = template.resources.get(logicalId);
    return found !== undefined && (found.condition === undefined || holds(found.condition, scope));
  };

  return {
    ...scope,
    reference: (logicalId) =>
      !isActive(logicalId) ? undefined : unsettled.has(logicalId) ? KNOWN_AFTER_APPLY : scope.reference(logicalId),
    attribute: (logicalId, attribute) => {
      if (!isActive(logicalId)) return undefined;
      if (!unsettled.has(logicalId)) return scope.attribute(logicalId, attribute);
      const type = template.resources.get(logicalId)?.type ?? '';
      if (hasAttribute(type, attribute)) {
        return resourceSpec(type)?.attributes.get(attribute) === 'list'
          ? Array(6).fill(KNOWN_AFTER_APPLY)
          : KNOWN_AFTER_APPLY;
      }
      throw invalid(`Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`);
    },
  };
}

function detailsOf(
  stack: Stack,
  definition: Definition,
  planned: ResourceDefinition,
  before: LiveResource,
  properties: { readonly [key: string]: Json },
  metadata: { readonly [key: string]: Json },
  unsettled: ReadonlySet<string>,
): readonly AttributeChange[] {
  const spec = resourceSpec(planned.type);
  const details: AttributeChange[] = changedProperties(before.properties, properties).map((name) => ({
    attribute: 'Properties',
    name,
    recreation: spec?.properties.get(name)?.recreation ?? 'Never',
    ...originOf(stack, definition, planned.properties[name], before.definition.properties[name], unsettled),
    before: before.properties[name],
    after: properties[name],
  }));
  const other = (attribute: AttributeChange['attribute'], from: Json | undefined, to: Json | undefined): void => {
    if (sameValue(from, to)) return;
    details.push({
      attribute,
      name: undefined,
      recreation: 'Never',
      evaluation: 'Static',
      source: 'DirectModification',
      causes: [],
      before: from,
      after: to,
    });
  };
  other('Metadata', before.metadata, metadata);
  other('DeletionPolicy', before.definition.deletionPolicy, planned.deletionPolicy);
  other('UpdateReplacePolicy', before.definition.updateReplacePolicy, planned.updateReplacePolicy);
  other('CreationPolicy', before.definition.policies, planned.policies);
  if (spec?.taggable === true) other('Tags', sortedTags(stack.definition), sortedTags(definition));
  return details;
}

function originOf(
  stack: Stack,
  definition: Definition,
  value: Json | undefined,
  valueBefore: Json | undefined,
  unsettled: ReadonlySet<string>,
): Pick<AttributeChange, 'evaluation' | 'source' | 'causes'> {
  const references = value === undefined ? [] : referencesIn(value);
  const replaced = references.filter((reference) => unsettled.has(reference.name));
  if (replaced.length > 0) {
    const source = replaced.some(({ kind }) => kind === 'ref') ? 'ResourceReference' : 'ResourceAttribute';
    return { evaluation: 'Dynamic', source, causes: [...new Set(replaced.map(({ name }) => name))] };
  }
  const moved = references
    .filter(({ kind, name }) => kind === 'ref' && definition.parameters.has(name))
    .map(({ name }) => name)
    .filter((name) => stack.definition.parameters.get(name)?.resolved !== definition.parameters.get(name)?.resolved);
  const direct = moved.length === 0 || !sameValue(value, valueBefore);
  return {
    evaluation: 'Static',
    source: direct ? 'DirectModification' : 'ParameterReference',
    causes: direct ? [] : moved,
  };
}

function replacementOf(typeChanged: boolean, details: readonly AttributeChange[]): 'True' | 'False' | 'Conditional' {
  if (typeChanged) return 'True';
  const always = details.filter(({ recreation }) => recreation === 'Always');
  if (always.some(({ evaluation }) => evaluation === 'Static')) return 'True';
  return always.length > 0 || details.some(({ recreation }) => recreation === 'Conditionally')
    ? 'Conditional'
    : 'False';
}

function sortedTags({ tags }: Definition): Json {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

function standing(resource: LiveResource | undefined): boolean {
  return resource !== undefined && resource.physicalId !== '' && resource.status !== 'DELETE_COMPLETE';
}
