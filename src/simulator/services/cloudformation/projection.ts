import { evaluateObject, holds, KNOWN_AFTER_APPLY, type Scope } from '../../templates/intrinsics.js';
import { sameValue, type Json, type JsonObject } from '../../templates/json.js';
import { referencesIn } from '../../templates/references.js';
import { hasAttribute } from '../../templates/integrity.js';
import { invalid } from '../../templates/refusal.js';
import { resourceSpec } from '../../templates/resource-spec.js';
import type { ResourceDefinition, Template } from '../../templates/definition.js';
import { activeResources, checkRules, contentsOf, evaluateOutputs, openScope } from './composition.js';
import { comparedWithActual, type DriftFacts } from './drift-comparison.js';
import type { Environment } from './environment.js';
import type { Outside } from './import-outside.js';
import { detailsOf, replacementOf, type AttributeChange, type Replacement } from './projection-details.js';
import { NESTED } from './provisioning.js';
import type { Definition, LiveResource, Output, Stack } from './stack.js';

export type ResourceChange =
  /** `Dynamic`: whether it comes, stays or goes hangs on a value that only the operation will know. */
  | {
      readonly action: 'Add' | 'Dynamic';
      readonly definition: ResourceDefinition;
      readonly properties: JsonObject;
    }
  | {
      readonly action: 'Import';
      readonly definition: ResourceDefinition;
      readonly properties: JsonObject;
      readonly outside: Outside;
    }
  /** `SyncWithActual`: somebody has made the change by hand already. */
  | {
      readonly action: 'Modify' | 'SyncWithActual';
      readonly definition: ResourceDefinition;
      readonly before: LiveResource;
      readonly properties: JsonObject;
      readonly replacement: Replacement;
      readonly details: readonly AttributeChange[];
      /** Of a drift-aware change set only. */
      readonly drift: DriftFacts | undefined;
    }
  | { readonly action: 'Remove'; readonly before: LiveResource };

export type Projection = {
  readonly changes: readonly ResourceChange[];
  readonly outputs: readonly Output[];
  readonly any: boolean;
};
export type ProjectionOptions = {
  readonly revertsDrift: boolean;
  /** What additions bring in from outside, by logical id. */
  readonly imports?: ReadonlyMap<string, Outside>;
};

/** What is not known before it is done: replaced resources altogether, modified ones by their attributes. */
export type Unsettled = {
  readonly added: Set<string>;
  readonly replaced: Map<string, Exclude<Replacement, 'False'>>;
  readonly modified: Set<string>;
};

/**
 * What an update to the definition would do, worked out without doing it. Throws where the definition cannot be evaluated.
 * Replacement is predicted from the specification of the types, and spreads to whatever refers to what is replaced; whoever reads an
 * attribute of a resource that is modified is listed too, as CloudFormation does, whether the attribute changes or not.
 */
export function project(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  { revertsDrift, imports }: ProjectionOptions = { revertsDrift: false },
): Projection {
  const { resources, outputs: outputsNow } = contentsOf(environment, stack);
  const unsettled: Unsettled = { added: new Set(), replaced: new Map(), modified: new Set() };
  const scope = projectionScope(environment, stack, definition, resources, unsettled);
  checkRules(definition, scope);
  const active = activeResources(definition, scope);
  checkTypes(active, resources);
  for (const { logicalId } of active) if (!standing(resources.get(logicalId))) unsettled.added.add(logicalId);
  const changes: ResourceChange[] = [];
  for (const planned of active) {
    const before = resources.get(planned.logicalId);
    const properties = evaluateObject(planned.properties, scope);
    if (!before || !standing(before)) {
      changes.push(addition(definition, planned, properties, imports?.get(planned.logicalId)));
      continue;
    }
    const drift = revertsDrift ? comparedWithActual(before, properties) : undefined;
    const details = detailsOf({
      stack,
      definition,
      planned,
      before,
      properties,
      metadata: evaluateObject(planned.metadata, scope),
      unsettled,
      drift,
    });
    if (details.length === 0) continue;
    const replacement = replacementOf(details);
    if (replacement !== 'False') unsettled.replaced.set(planned.logicalId, replacement);
    const inSync = details.every(({ source }) => source === 'NoModification');
    if (!inSync && planned.type !== NESTED) unsettled.modified.add(planned.logicalId);
    const action = inSync ? 'SyncWithActual' : 'Modify';
    changes.push({ action, definition: planned, before, properties, replacement, details, drift });
  }
  const activeIds = new Set(active.map(({ logicalId }) => logicalId));
  for (const before of resources.values()) {
    if (!activeIds.has(before.logicalId)) changes.push({ action: 'Remove', before });
  }
  const evaluated = evaluateOutputs(definition, scope);
  const outputs = stack.seen?.asSeen(evaluated) ?? evaluated;
  return { changes, outputs, any: changes.length > 0 || !sameValue(byKey(outputsNow), byKey(outputs)) };
}

/** Their order says nothing. */
function byKey(outputs: readonly Output[]): Json {
  return Object.fromEntries(outputs.map((output) => [output.OutputKey, { ...output }]));
}

function addition(
  definition: Definition,
  planned: ResourceDefinition,
  properties: JsonObject,
  outside: Outside | undefined,
): ResourceChange {
  if (outside !== undefined) return { action: 'Import', definition: planned, properties, outside };
  const action = hangsOnUnknown(definition, planned.condition) ? 'Dynamic' : 'Add';
  return { action, definition: planned, properties };
}

/** Whether a condition reads a parameter whose value only the parent's operation will know. */
function hangsOnUnknown(definition: Definition, condition: string | undefined): boolean {
  const body = condition === undefined ? undefined : definition.template.conditions[condition];
  if (body === undefined) return false;
  return referencesIn(body).some(({ kind, name }) =>
    kind === 'condition'
      ? hangsOnUnknown(definition, name)
      : definition.parameters.get(name)?.resolved.includes(KNOWN_AFTER_APPLY) === true,
  );
}

function checkTypes(active: readonly ResourceDefinition[], resources: ReadonlyMap<string, LiveResource>): void {
  const changed = active
    .filter(({ logicalId, type }) => standing(resources.get(logicalId)) && resources.get(logicalId)?.type !== type)
    .map(({ logicalId }) => logicalId);
  if (changed.length === 0) return;
  throw invalid(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: ' +
      `[${changed.join(', ')}]`,
  );
}

function projectionScope(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  resources: ReadonlyMap<string, LiveResource>,
  { added, replaced, modified }: Unsettled,
): Scope {
  const scope = openScope(environment, stack, definition, resources, new Set());
  const { template } = definition;
  const isActive = (logicalId: string): boolean => {
    const found = template.resources.get(logicalId);
    return found !== undefined && (found.condition === undefined || holds(found.condition, scope));
  };
  const isAnother = (logicalId: string): boolean => added.has(logicalId) || replaced.has(logicalId);
  return {
    ...scope,
    reference: (logicalId) => {
      if (!isActive(logicalId)) return undefined;
      return isAnother(logicalId) ? KNOWN_AFTER_APPLY : scope.reference(logicalId);
    },
    attribute: (logicalId, attribute) => {
      if (!isActive(logicalId)) return undefined;
      const unknown = isAnother(logicalId) || modified.has(logicalId);
      return unknown ? unknownAttribute(template, logicalId, attribute) : scope.attribute(logicalId, attribute);
    },
  };
}

function unknownAttribute(template: Template, logicalId: string, attribute: string) {
  const type = template.resources.get(logicalId)?.type ?? '';
  if (!hasAttribute(type, attribute))
    throw invalid(`Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`);
  const isList = resourceSpec(type)?.attributes.get(attribute) === 'list';
  return isList ? Array<string>(6).fill(KNOWN_AFTER_APPLY) : KNOWN_AFTER_APPLY;
}

function standing(resource: LiveResource | undefined): boolean {
  return resource !== undefined && resource.physicalId !== '' && resource.status !== 'DELETE_COMPLETE';
}
