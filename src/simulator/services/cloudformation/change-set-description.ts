import { KNOWN_AFTER_APPLY } from '../../templates/intrinsics.js';
import { scalarText, type Json } from '../../templates/json.js';
import type { ChangeSet } from './change-set.js';
import { describeParameters } from './descriptions.js';
import type { AttributeChange, ResourceChange } from './projection.js';
import type { Stack } from './stack.js';

/** A change set as DescribeChangeSet shows it, its changes apart. */
export function describeChangeSet(stack: Stack, changeSet: ChangeSet) {
  return {
    ...summarizeChangeSet(stack, changeSet),
    Parameters: describeParameters(changeSet.definition),
    Capabilities: changeSet.definition.capabilities,
    Tags: changeSet.definition.tags,
    NotificationARNs: changeSet.notificationArns,
    RollbackConfiguration: {},
    ...(changeSet.onFailure === undefined ? {} : { OnStackFailure: changeSet.onFailure }),
    ...(changeSet.revertsDrift ? { DeploymentMode: 'REVERT_DRIFT', StackDriftStatus: stack.drift.status } : {}),
  };
}

/** A change set as ListChangeSets shows it. */
export function summarizeChangeSet(stack: Stack, changeSet: ChangeSet) {
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
    IncludeNestedStacks: false,
    ImportExistingResources: false,
  };
}

/** One change, with the values before and after where the caller asks for them. */
export function describeChange(change: ResourceChange, values: 'with-values' | 'without-values') {
  return { Type: 'Resource', ResourceChange: resourceChange(change, values === 'with-values') };
}

function resourceChange(change: ResourceChange, values: boolean) {
  switch (change.action) {
    case 'Add':
      return {
        Action: 'Add',
        LogicalResourceId: change.definition.logicalId,
        ResourceType: change.definition.type,
        Scope: [],
        Details: [],
        ...(values ? { AfterContext: JSON.stringify({ Properties: change.properties }) } : {}),
      };
    case 'Remove': {
      const { logicalId, physicalId, type, definition, properties } = change.before;
      return {
        Action: 'Remove',
        PolicyAction: definition.deletionPolicy.startsWith('Retain') ? 'Retain' : definition.deletionPolicy,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        Scope: [],
        Details: [],
        ...(values ? { BeforeContext: JSON.stringify({ Properties: properties }) } : {}),
      };
    }
    case 'Modify': {
      const { definition, before, replacement, details } = change;
      const replaces =
        replacement === 'False' ? {} : { PolicyAction: policyAction(before.definition.updateReplacePolicy) };
      return {
        Action: 'Modify',
        ...replaces,
        LogicalResourceId: before.logicalId,
        PhysicalResourceId: before.physicalId,
        ResourceType: definition.type,
        Replacement: replacement,
        Scope: [...new Set(details.map(({ attribute }) => attribute))],
        Details: details.flatMap((detail) => describeDetail(detail, values)),
        ...(before.drift ? { ResourceDriftStatus: before.drift.status } : {}),
      };
    }
  }
}

function describeDetail(detail: AttributeChange, values: boolean) {
  const { attribute, name, recreation, evaluation, source, causes, before, after } = detail;
  const target = {
    Attribute: attribute,
    ...(name === undefined ? {} : { Name: name }),
    ...(attribute === 'Properties' ? { RequiresRecreation: recreation } : { RequiresRecreation: 'Never' }),
    Path: `/${attribute}${name === undefined ? '' : `/${name}`}`,
    AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
    ...(values && before !== undefined ? { BeforeValue: shown(before) } : {}),
    ...(values && after !== undefined ? { AfterValue: shown(after) } : {}),
  };
  const entities = causes.length === 0 ? [undefined] : causes;
  return entities.map((entity) => ({
    Target: target,
    Evaluation: evaluation,
    ChangeSource: source,
    ...(entity === undefined ? {} : { CausingEntity: entity }),
  }));
}

function policyAction(updateReplacePolicy: string): string {
  switch (updateReplacePolicy) {
    case 'Retain':
      return 'ReplaceAndRetain';
    case 'Snapshot':
      return 'ReplaceAndSnapshot';
    default:
      return 'ReplaceAndDelete';
  }
}

function shown(value: Json): string {
  const text = scalarText(value);
  return text.includes(KNOWN_AFTER_APPLY) && typeof value === 'string' ? KNOWN_AFTER_APPLY : text;
}
