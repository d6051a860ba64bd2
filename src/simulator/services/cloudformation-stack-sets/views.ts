import { createHash } from 'node:crypto';
import type { World } from '../../kernel/contract.js';
import { DEFAULT_ADMINISTRATION_ROLE } from './account-gate.js';
import { detectionDetails, setDriftDetails } from './drift-summary.js';
import type { Content, Operation, OperationResult, StackInstance, StackSet } from './stack-set.js';

const parametersView = (content: Content, values: ReadonlyMap<string, string>) =>
  [...values].map(([name, value]) => ({
    ParameterKey: name,
    ParameterValue: content.declared.get(name)?.noEcho === true ? '****' : value,
  }));

const autoDeploymentView = ({ permissionModel, autoDeployment }: Content) =>
  permissionModel === 'SERVICE_MANAGED'
    ? {
        Enabled: autoDeployment.enabled,
        ...(autoDeployment.enabled ? { RetainStacksOnAccountRemoval: autoDeployment.retainStacks } : {}),
        ...(autoDeployment.dependsOn.length > 0 ? { DependsOn: autoDeployment.dependsOn } : {}),
      }
    : undefined;

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

function rolesView(world: World, set: StackSet) {
  if (set.content.permissionModel === 'SERVICE_MANAGED') {
    return {
      AdministrationRoleARN: `arn:${world.partition}:iam::${set.account}:role/aws-service-role/stacksets.cloudformation.amazonaws.com/AWSServiceRoleForCloudFormationStackSetsOrgAdmin`,
      ExecutionRoleName: `stacksets-exec-${createHash('md5').update(set.id).digest('hex')}`,
    };
  }
  return {
    AdministrationRoleARN:
      set.content.administrationRoleArn ??
      `arn:${world.partition}:iam::${set.account}:role/${DEFAULT_ADMINISTRATION_ROLE}`,
    ExecutionRoleName: set.content.executionRoleName,
  };
}

export function stackSetView(world: World, set: StackSet) {
  const { content } = set;
  const instances = [...set.instances.values()];
  return {
    StackSetName: set.name,
    StackSetId: set.id,
    StackSetARN: set.arn,
    Description: content.description,
    Status: set.status,
    TemplateBody: content.template,
    Parameters: parametersView(content, content.parameters),
    Capabilities: content.capabilities,
    Tags: Object.entries(content.tags).map(([Key, Value]) => ({ Key, Value })),
    ...rolesView(world, set),
    PermissionModel: content.permissionModel,
    AutoDeployment: autoDeploymentView(content),
    OrganizationalUnitIds: sorted([...set.watched.keys(), ...instances.flatMap(({ unitId }) => unitId ?? [])]),
    ManagedExecution: { Active: content.managedExecution },
    Regions: sorted(instances.map(({ region }) => region)),
    StackSetDriftDetectionDetails: setDriftDetails(set),
  };
}

export const stackSetSummary = (set: StackSet) => ({
  StackSetName: set.name,
  StackSetId: set.id,
  Description: set.content.description,
  Status: set.status,
  AutoDeployment: autoDeploymentView(set.content),
  PermissionModel: set.content.permissionModel,
  DriftStatus: setDriftDetails(set).DriftStatus,
  LastDriftCheckTimestamp: set.lastDriftDetection?.endedAt,
  ManagedExecution: { Active: set.content.managedExecution },
});

/** Summaries carry no overrides: those need DescribeStackInstance. */
export const instanceSummary = (set: StackSet, instance: StackInstance) => ({
  StackSetId: set.id,
  Region: instance.region,
  Account: instance.account,
  StackId: instance.stackId,
  Status: instance.status,
  StackInstanceStatus: { DetailedStatus: instance.detailedStatus },
  StatusReason: instance.reason,
  OrganizationalUnitId: instance.unitId,
  DriftStatus: instance.drift.status,
  LastDriftCheckTimestamp: instance.drift.at,
  LastOperationId: instance.lastOperationId,
});

export const instanceView = (set: StackSet, instance: StackInstance) => ({
  ...instanceSummary(set, instance),
  ParameterOverrides: parametersView(set.content, instance.overrides),
});

const actionOf = ({ kind }: Operation): string => {
  switch (kind.type) {
    case 'create':
    case 'import':
      return 'CREATE';
    case 'delete':
      return 'DELETE';
    case 'update-set':
    case 'update-instances':
      return 'UPDATE';
    case 'detect-drift':
      return 'DETECT_DRIFT';
  }
};

const failedIn = (operation: Operation): number =>
  [...operation.results.values()].filter(({ status }) => status === 'FAILED').length;

export const operationSummary = (operation: Operation) => ({
  OperationId: operation.id,
  Action: actionOf(operation),
  Status: operation.status,
  CreationTimestamp: operation.createdAt,
  EndTimestamp: operation.endedAt,
  StatusReason: operation.reason,
  OperationPreferences: operation.sent.preferences,
  StatusDetails: { FailedStackInstancesCount: failedIn(operation) },
});

export const operationView = (world: World, set: StackSet, operation: Operation) => ({
  ...operationSummary(operation),
  ...rolesView(world, set),
  StackSetId: set.id,
  RetainStacks: operation.kind.type === 'delete' ? operation.kind.retainStacks : undefined,
  DeploymentTargets: operation.sent.deploymentTargets,
  StackSetDriftDetectionDetails: operation.kind.type === 'detect-drift' ? detectionDetails(operation) : undefined,
});

export const resultView = (result: OperationResult) => ({
  Account: result.target.account,
  Region: result.target.region,
  Status: result.status,
  StatusReason: result.reason,
  AccountGateResult: result.gate,
  OrganizationalUnitId: result.target.unitId,
});
