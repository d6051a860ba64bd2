import { KNOWN_AFTER_APPLY } from '../../templates/intrinsics.js';
import { isObject, scalarText, type Json } from '../../templates/json.js';
import type { ChangeSet } from './change-set.js';
import { describeParameters } from './descriptions.js';
import type { ResourceChange } from './projection.js';
import type { AttributeChange } from './projection-details.js';
import type { LiveResource, Stack } from './stack.js';

/** A change set as DescribeChangeSet shows it, its changes apart. */
export function describeChangeSet(stack: Stack, changeSet: ChangeSet) {
  const { definition, onFailure, revertsDrift } = changeSet;
  const parameters = describeParameters(definition);
  return {
    ...summarizeChangeSet(stack, changeSet),
    ...(parameters.length === 0 ? {} : { Parameters: parameters }),
    Capabilities: definition.capabilities,
    ...(definition.tags.length === 0 ? {} : { Tags: definition.tags }),
    NotificationARNs: changeSet.notificationArns,
    RollbackConfiguration: {},
    ...(onFailure === undefined ? {} : { OnStackFailure: onFailure }),
    ...(revertsDrift ? { DeploymentMode: 'REVERT_DRIFT', StackDriftStatus: changeSet.stackDrift ?? 'UNKNOWN' } : {}),
  };
}

/** A change set as ListChangeSets shows it. */
export function summarizeChangeSet(stack: Stack, changeSet: ChangeSet) {
  const { parent } = changeSet;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    Status: changeSet.status,
    ExecutionStatus: changeSet.execution,
    ...(changeSet.reason === undefined ? {} : { StatusReason: changeSet.reason }),
    CreationTime: changeSet.createdAt,
    ...(changeSet.description === undefined ? {} : { Description: changeSet.description }),
    IncludeNestedStacks: changeSet.includesNested,
    ...(parent === undefined ? {} : { ParentChangeSetId: parent.id, RootChangeSetId: parent.rootId }),
    ImportExistingResources: changeSet.imports.kind === 'existing',
  };
}

/** One change, with the values before and after where the caller asks for them. */
export function describeChange(changeSet: ChangeSet, change: ResourceChange, values: 'with-values' | 'without-values') {
  const definition = 'definition' in change ? change.definition : change.before.definition;
  const nested = changeSet.nested.get(definition.logicalId);
  return {
    Type: 'Resource',
    ResourceChange: {
      ...resourceChange(change, { values: values === 'with-values', at: changeSet.createdAt }),
      ...(nested === undefined ? {} : { ChangeSetId: nested.changeSet.id }),
    },
  };
}

type Showing = { readonly values: boolean; readonly at: Date };

function resourceChange(change: ResourceChange, showing: Showing) {
  const { values } = showing;
  switch (change.action) {
    case 'Add':
    case 'Dynamic':
    case 'Import':
      return {
        Action: change.action,
        LogicalResourceId: change.definition.logicalId,
        ...(change.action === 'Import' ? { PhysicalResourceId: change.outside.physicalId } : {}),
        ResourceType: change.definition.type,
        Scope: [],
        Details: [],
        ...(values ? { AfterContext: context(change.properties) } : {}),
      };
    case 'Remove':
      return {
        Action: 'Remove',
        PolicyAction: policyAction('', change.before.definition.deletionPolicy),
        ...standing(change.before),
        Scope: [],
        Details: [],
        ...(values ? { BeforeContext: context(change.before.properties) } : {}),
      };
    case 'Modify':
    case 'SyncWithActual':
      return modification(change, showing);
  }
}

function modification(
  change: Extract<ResourceChange, { readonly action: 'Modify' | 'SyncWithActual' }>,
  showing: Showing,
) {
  const { values } = showing;
  const { action, before, properties, replacement, details, drift } = change;
  const policy = policyAction('ReplaceAnd', before.definition.updateReplacePolicy);
  const shown = details.filter((detail) => values || detail.shown === 'always');
  const ignored = [...(drift?.ignored ?? [])].filter(
    ([name, reason]) => reason === 'WRITE_ONLY_PROPERTY' || (reason === 'MANAGED_BY_AWS' && drift?.drifted.has(name)),
  );
  return {
    Action: action,
    ...(replacement === 'False' ? {} : { PolicyAction: policy }),
    ...standing(before),
    Replacement: replacement,
    Scope: [...new Set(details.map(({ attribute }) => attribute))],
    Details: shown.map((detail) => describeDetail(change, detail, showing)),
    ...(values ? { BeforeContext: context(before.properties), AfterContext: context(properties) } : {}),
    ...(drift === undefined ? {} : { ResourceDriftStatus: drift.status }),
    ...(ignored.length === 0
      ? {}
      : { ResourceDriftIgnoredAttributes: ignored.map(([name, Reason]) => ({ Path: `/Properties/${name}`, Reason })) }),
  };
}

function describeDetail(
  { drift }: Extract<ResourceChange, { readonly action: 'Modify' | 'SyncWithActual' }>,
  detail: AttributeChange,
  { values, at }: Showing,
) {
  const { attribute, name, recreation, evaluation, source, entity } = detail;
  const target = {
    Attribute: attribute,
    ...(name === undefined ? {} : { Name: name }),
    RequiresRecreation: recreation,
    ...(values ? valuesOf(detail) : {}),
    ...(drift === undefined || name === undefined ? {} : driftValues(detail, at)),
  };
  return {
    Target: target,
    Evaluation: evaluation,
    ChangeSource: source,
    ...(entity === undefined ? {} : { CausingEntity: entity }),
  };
}

function valuesOf({ attribute, name, before, after, source }: AttributeChange) {
  const type = before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify';
  return {
    Path: `/${attribute}${name === undefined ? '' : `/${name}`}`,
    AttributeChangeType: source === 'NoModification' ? 'SyncWithActual' : type,
    ...(before === undefined ? {} : { BeforeValue: shown(before) }),
    ...(after === undefined ? {} : { AfterValue: shown(after) }),
  };
}

function driftValues({ drift }: AttributeChange, at: Date) {
  return {
    BeforeValueFrom: drift === undefined ? 'PREVIOUS_DEPLOYMENT_STATE' : 'ACTUAL_STATE',
    AfterValueFrom: 'TEMPLATE',
    ...(drift === undefined
      ? {}
      : {
          Drift: {
            ...(drift.previous === undefined ? {} : { PreviousValue: shown(drift.previous) }),
            ...(drift.actual === undefined ? {} : { ActualValue: shown(drift.actual) }),
            DriftDetectionTimestamp: at,
          },
        }),
  };
}

function standing({ logicalId, physicalId, type }: LiveResource) {
  return { LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ResourceType: type };
}

function policyAction(prefix: 'ReplaceAnd' | '', policy: string): string {
  return `${prefix}${policy.startsWith('Retain') ? 'Retain' : policy}`;
}

function context(properties: Json): string {
  return JSON.stringify({ Properties: known(properties) });
}

function known(value: Json): Json {
  if (typeof value === 'string') return shown(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(known);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)])) : value;
}

function shown(value: Json): string {
  const text = scalarText(value);
  return text.includes(KNOWN_AFTER_APPLY) && typeof value === 'string' ? KNOWN_AFTER_APPLY : text;
}
