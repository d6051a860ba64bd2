import { sameValue, type Json, type JsonObject } from '../../templates/json.js';
import { referencesIn, type Reference } from '../../templates/references.js';
import type { ResourceDefinition } from '../../templates/definition.js';
import { resourceSpec, type Recreation } from '../../templates/resource-spec.js';
import { reconciledBefore, type DriftFacts } from './drift-comparison.js';
import type { Unsettled } from './projection.js';
import { NESTED } from './provisioning.js';
import { changedProperties } from './changed-properties.js';
import type { Definition, LiveResource, Stack } from './stack.js';

export type Replacement = 'True' | 'False' | 'Conditional';
export type ChangeSource =
  | 'DirectModification'
  | 'ParameterReference'
  | 'ResourceReference'
  | 'ResourceAttribute'
  | 'Automatic'
  | 'NoModification';
type Attribute =
  'Properties' | 'Metadata' | 'Tags' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'CreationPolicy' | 'UpdatePolicy';

/** One reason for a change of one attribute of a resource. */
export type AttributeChange = Cause & {
  readonly attribute: Attribute;
  readonly name: string | undefined;
  readonly recreation: Recreation;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** In a drift-aware change set: what was deployed and what stands there, where the two differ. */
  readonly drift: { readonly previous: Json | undefined; readonly actual: Json | undefined } | undefined;
};
type Cause = {
  readonly evaluation: 'Static' | 'Dynamic';
  readonly source: ChangeSource;
  readonly entity: string | undefined;
  /** CloudFormation adds some only where values are asked for. */
  readonly shown: 'always' | 'with-values';
};

const DIRECT: Cause = { evaluation: 'Static', source: 'DirectModification', entity: undefined, shown: 'always' };

type Comparison = {
  readonly stack: Stack;
  readonly definition: Definition;
  readonly planned: ResourceDefinition;
  readonly before: LiveResource;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  readonly unsettled: Unsettled;
  readonly drift: DriftFacts | undefined;
};

/** What would change about a resource that stays in the stack; empty where nothing would. */
export function detailsOf(compared: Comparison): readonly AttributeChange[] {
  const details = [...propertyChanges(compared), ...otherChanges(compared)];
  // Only an update of the parent finds out whether a nested stack's template has changed.
  if (details.length > 0 || compared.planned.type !== NESTED) return details;
  const cause: Cause = { evaluation: 'Dynamic', source: 'Automatic', entity: undefined, shown: 'always' };
  return [{ ...change('Properties', undefined, undefined), ...cause }];
}

/** The greatest effect among them. */
export function replacementOf(details: readonly AttributeChange[]): Replacement {
  const always = details.filter(({ recreation, shown }) => recreation === 'Always' && shown === 'always');
  if (always.some(({ evaluation }) => evaluation === 'Static')) return 'True';
  const perhaps = always.length > 0 || details.some(({ recreation }) => recreation === 'Conditionally');
  return perhaps ? 'Conditional' : 'False';
}

function propertyChanges(compared: Comparison): readonly AttributeChange[] {
  const { stack, definition, planned, before, properties, unsettled, drift } = compared;
  const spec = resourceSpec(planned.type);
  const from = drift === undefined ? before.properties : reconciledBefore(before, properties, drift);
  const written = changedProperties(from, properties).flatMap((name) =>
    causesOf(stack, definition, planned.properties[name], before.definition.properties[name], unsettled).map(
      (cause): AttributeChange => ({
        ...change('Properties', from[name], properties[name]),
        ...cause,
        name,
        recreation: spec?.properties.get(name)?.recreation ?? 'Never',
        drift: drift?.drifted.get(name),
      }),
    ),
  );
  const synced = [...(drift?.drifted ?? [])]
    .filter(([name]) => drift?.ignored.has(name) !== true && sameValue(from[name], properties[name]))
    .map(([name, drifted]): AttributeChange => ({
      ...change('Properties', from[name], properties[name]),
      name,
      source: 'NoModification',
      drift: drifted,
    }));
  return [...written, ...synced];
}

function otherChanges({ stack, definition, planned, before, metadata }: Comparison): readonly AttributeChange[] {
  const taggable = resourceSpec(planned.type)?.taggable === true;
  const pairs: readonly (readonly [Attribute, Json | undefined, Json | undefined])[] = [
    ['Metadata', before.metadata, metadata],
    ['DeletionPolicy', before.definition.deletionPolicy, planned.deletionPolicy],
    ['UpdateReplacePolicy', before.definition.updateReplacePolicy, planned.updateReplacePolicy],
    ['CreationPolicy', before.definition.policies['CreationPolicy'], planned.policies['CreationPolicy']],
    ['UpdatePolicy', before.definition.policies['UpdatePolicy'], planned.policies['UpdatePolicy']],
    ...(taggable ? [['Tags', tagMap(stack.definition), tagMap(definition)] as const] : []),
  ];
  return pairs
    .filter(([, from, to]) => from !== to && !sameValue(from, to))
    .map(([attribute, from, to]) => change(attribute, from, to));
}

function change(attribute: Attribute, before: Json | undefined, after: Json | undefined): AttributeChange {
  return { ...DIRECT, attribute, name: undefined, recreation: 'Never', before, after, drift: undefined };
}

/** Why a property changes, one entry for each entity that causes it. */
function causesOf(
  stack: Stack,
  definition: Definition,
  value: Json | undefined,
  valueBefore: Json | undefined,
  unsettled: Unsettled,
): readonly Cause[] {
  const references = value === undefined ? [] : referencesIn(value);
  const resources = distinct(references.flatMap((reference) => resourceCause(reference, unsettled)));
  const parameters = [...new Set(references.filter(({ kind }) => kind === 'ref').map(({ name }) => name))]
    .filter((name) => definition.parameters.has(name))
    .filter((name) => stack.definition.parameters.get(name)?.resolved !== definition.parameters.get(name)?.resolved)
    .map((entity): Cause => ({ ...DIRECT, source: 'ParameterReference', entity }));
  if (!sameValue(value, valueBefore)) return [...resources, ...parameters, DIRECT];
  const known = [...resources, ...parameters];
  if (known.length === 0) return [DIRECT];
  return [
    ...known,
    { ...DIRECT, evaluation: 'Dynamic', shown: resources.length > 0 ? ('with-values' as const) : ('always' as const) },
  ];
}

/** A reference counts where its target is or may be replaced; an attribute also where its target is only modified. */
function resourceCause(reference: Reference, { replaced, modified }: Unsettled): readonly Cause[] {
  const { kind, name } = reference;
  const replacement = replaced.get(name);
  const evaluation = replacement === 'True' ? 'Static' : 'Dynamic';
  if (kind === 'ref' && replacement !== undefined)
    return [{ evaluation, source: 'ResourceReference', entity: name, shown: 'always' }];
  if (kind !== 'attribute' || (replacement === undefined && !modified.has(name))) return [];
  const entity = reference.attribute === undefined ? name : `${name}.${reference.attribute}`;
  return [{ evaluation, source: 'ResourceAttribute', entity, shown: 'always' }];
}

function distinct(causes: readonly Cause[]): readonly Cause[] {
  return [...new Map(causes.map((cause) => [`${cause.source}/${cause.entity}`, cause])).values()];
}

function tagMap({ tags }: Definition): Json {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
