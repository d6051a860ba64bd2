import { contentsOf, outputsOf } from './composition.js';
import type { Environment } from './environment.js';
import type { Definition, LiveResource, Stack } from './stack.js';

/** A stack as DescribeStacks shows it. */
export function describeStack(environment: Environment, stack: Stack) {
  const { definition } = stack;
  const { description } = definition.template;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
    ...(description === undefined ? {} : { Description: description }),
    Parameters: describeParameters(definition),
    CreationTime: stack.createdAt,
    ...(stack.deletedAt ? { DeletionTime: stack.deletedAt } : {}),
    ...(stack.updatedAt ? { LastUpdatedTime: stack.updatedAt } : {}),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    ...(stack.reason === undefined ? {} : { StackStatusReason: stack.reason }),
    DisableRollback: stack.onFailure === 'DO_NOTHING',
    NotificationARNs: stack.place.notificationArns,
    ...(stack.timeoutInMinutes === undefined ? {} : { TimeoutInMinutes: stack.timeoutInMinutes }),
    Capabilities: definition.capabilities,
    Outputs: outputsOf(environment, stack),
    ...(stack.roleArn === undefined ? {} : { RoleARN: stack.roleArn }),
    Tags: definition.tags,
    EnableTerminationProtection: stack.terminationProtection,
    ...(stack.parent ? { ParentId: stack.parent.stackId, RootId: stack.parent.rootId } : {}),
    DriftInformation: driftInformation(stack),
    LastOperations: stack.operations,
  };
}

/** Its size on the wire, near enough to cut pages at 1 MB. */
export function describedBytes(shown: ReturnType<typeof describeStack>): number {
  const pairs = shown.Parameters.length + shown.Tags.length + shown.Outputs.length;
  const text =
    shown.Parameters.reduce((sum, { ParameterValue }) => sum + ParameterValue.length, 0) +
    shown.Tags.reduce((sum, { Value }) => sum + Value.length, 0) +
    shown.Outputs.reduce(
      (sum, { OutputValue, Description }) => sum + OutputValue.length + (Description?.length ?? 0),
      0,
    );
  return 1_500 + pairs * 130 + text;
}

/** A stack as ListStacks shows it. */
export function summarizeStack(stack: Stack) {
  const { description } = stack.definition.template;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(description === undefined ? {} : { TemplateDescription: description }),
    CreationTime: stack.createdAt,
    ...(stack.updatedAt ? { LastUpdatedTime: stack.updatedAt } : {}),
    ...(stack.deletedAt ? { DeletionTime: stack.deletedAt } : {}),
    StackStatus: stack.status,
    ...(stack.reason === undefined ? {} : { StackStatusReason: stack.reason }),
    ...(stack.parent ? { ParentId: stack.parent.stackId, RootId: stack.parent.rootId } : {}),
    DriftInformation: driftInformation(stack),
    LastOperations: stack.operations,
  };
}

/** Parameters with what must not be seen masked; SSM ones with what the store gave. */
export function describeParameters({ parameters }: Definition) {
  return [...parameters.values()].map(({ key, value, resolved, definition }) => ({
    ParameterKey: key,
    ParameterValue: definition.noEcho ? '****' : value,
    ...(resolved === value ? {} : { ResolvedValue: resolved }),
  }));
}

/** Resources that the stack has or has had, in the order in which they came. */
export function stackResources(environment: Environment, stack: Stack): readonly LiveResource[] {
  return [...contentsOf(environment, stack).resources.values()];
}

/** What all three listings of resources have in common. */
export function describeResource(resource: LiveResource) {
  return {
    LogicalResourceId: resource.logicalId,
    ...(resource.physicalId === '' ? {} : { PhysicalResourceId: resource.physicalId }),
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ...(resource.reason === undefined ? {} : { ResourceStatusReason: resource.reason }),
    DriftInformation: {
      StackResourceDriftStatus: resource.drift?.status ?? 'NOT_CHECKED',
      ...(resource.drift ? { LastCheckTimestamp: resource.drift.at } : {}),
    },
  };
}

function driftInformation({ drift }: Stack) {
  return {
    StackDriftStatus: drift.status,
    ...(drift.checkedAt ? { LastCheckTimestamp: drift.checkedAt } : {}),
  };
}
