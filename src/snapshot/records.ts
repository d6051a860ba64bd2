import type { Parameter, Stack, StackInstanceSummary, StackSet } from '@aws-sdk/client-cloudformation';
import { classify } from '../aws/errors.js';
import type { Sha256 } from '../model/identifiers.js';
import type { SnapshotInstance, SnapshotStack, SnapshotStackSet, Unread } from '../model/snapshot.js';

/** A stack as one line of the file. */
export function stackRecord(stack: Stack, template: Sha256 | Unread): SnapshotStack {
  const drift = stack.DriftInformation;
  const checkedAt = drift?.LastCheckTimestamp;
  const resolved = (stack.Parameters ?? []).flatMap(({ ParameterKey, ResolvedValue }): [string, string][] =>
    ResolvedValue === undefined ? [] : [[ParameterKey ?? '', ResolvedValue]],
  );
  const outputs = (stack.Outputs ?? []).map((output) => ({
    key: output.OutputKey ?? '',
    value: output.OutputValue ?? '',
    ...given('description', output.Description),
    ...given('exportName', output.ExportName),
  }));
  return {
    id: stack.StackId!,
    status: stack.StackStatus ?? 'UNKNOWN',
    ...given('statusReason', stack.StackStatusReason),
    createdAt: (stack.CreationTime ?? new Date(0)).toISOString(),
    ...given('updatedAt', stack.LastUpdatedTime?.toISOString()),
    template,
    ...given('description', isToldBy(template, stack.Description) ? undefined : stack.Description),
    ...texts('parameters', parameterEntries(stack.Parameters)),
    ...texts('resolved', resolved),
    ...texts('tags', tagEntries(stack.Tags)),
    ...listed('capabilities', stack.Capabilities),
    ...listed(
      'outputs',
      outputs.sort((one, other) => byText(one.key, other.key)),
    ),
    ...given('roleArn', stack.RoleARN),
    ...(stack.EnableTerminationProtection === true ? { terminationProtection: true } : {}),
    ...(stack.DisableRollback === true ? { disableRollback: true } : {}),
    ...listed('notificationArns', stack.NotificationARNs),
    ...given('timeoutInMinutes', stack.TimeoutInMinutes),
    ...given('parentId', stack.ParentId),
    ...given('rootId', stack.RootId),
    ...listed(
      'operations',
      (stack.LastOperations ?? []).map(({ OperationType, OperationId }) => ({
        type: OperationType ?? '',
        id: OperationId ?? '',
      })),
    ),
    ...(drift?.StackDriftStatus === undefined || drift.StackDriftStatus === 'NOT_CHECKED'
      ? {}
      : { drift: { status: drift.StackDriftStatus, ...given('checkedAt', checkedAt?.toISOString()) } }),
  };
}

/** GetTemplate answers `?` for every character that is not ASCII; DescribeStacks shows the description as it was given. */
function isToldBy(template: Sha256 | Unread, description = ''): boolean {
  return typeof template === 'string' && !/[\u{80}-\u{10ffff}]/u.test(description);
}

/** A stack set without its operations: none of them is carried on in a copy. */
export function stackSetRecord(
  set: StackSet,
  template: Sha256,
  instances: readonly SnapshotInstance[],
): SnapshotStackSet {
  const auto = set.AutoDeployment;
  const serviceManaged = set.PermissionModel === 'SERVICE_MANAGED';
  return {
    name: set.StackSetName ?? '',
    id: set.StackSetId ?? '',
    arn: set.StackSetARN ?? '',
    ...given('description', set.Description),
    template,
    ...texts('parameters', parameterEntries(set.Parameters)),
    ...listed('capabilities', set.Capabilities),
    ...texts('tags', tagEntries(set.Tags)),
    permissionModel: set.PermissionModel ?? 'SELF_MANAGED',
    // AWS shows its own roles for a service-managed set; nobody chose them.
    ...(serviceManaged ? {} : given('administrationRoleArn', set.AdministrationRoleARN)),
    ...(serviceManaged ? {} : given('executionRoleName', set.ExecutionRoleName)),
    ...(auto === undefined
      ? {}
      : {
          autoDeployment: {
            enabled: auto.Enabled === true,
            retainStacks: auto.RetainStacksOnAccountRemoval === true,
            ...listed('dependsOn', auto.DependsOn),
          },
        }),
    managedExecution: set.ManagedExecution?.Active === true,
    ...listed('units', [...(set.OrganizationalUnitIds ?? [])].sort()),
    instances: [...instances].sort(
      (one, other) => byText(one.account, other.account) || byText(one.region, other.region),
    ),
  };
}

export function instanceRecord(
  instance: StackInstanceSummary,
  overrides: readonly Parameter[] | undefined,
): SnapshotInstance {
  return {
    account: instance.Account ?? '',
    region: instance.Region ?? '',
    ...given('unit', instance.OrganizationalUnitId),
    ...given('stackId', instance.StackId),
    ...texts('overrides', parameterEntries(overrides)),
    status: instance.Status ?? 'OUTDATED',
    ...given('detailedStatus', instance.StackInstanceStatus?.DetailedStatus),
    ...given('reason', instance.StatusReason),
    ...given('operation', instance.LastOperationId),
  };
}

/** What AWS said instead of answering, as it said it. */
export function unreadBecause(error: unknown): Unread {
  const { name, message } = classify(error);
  return { code: name, message };
}

export const byText = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

type Tags = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;

const tagEntries = (tags: Tags): [string, string][] => (tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']);

const parameterEntries = (parameters: readonly Parameter[] | undefined): [string, string][] =>
  (parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey ?? '', ParameterValue ?? '']);

/** A member that is there only where it has a value: an empty text is as good as none. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return (value === undefined || value === '' ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
}

function listed<Name extends string, Item>(
  name: Name,
  items: readonly Item[] | undefined,
): { readonly [N in Name]?: readonly Item[] } {
  return given(name, items === undefined || items.length === 0 ? undefined : items);
}

function texts<Name extends string>(
  name: Name,
  entries: readonly (readonly [string, string])[],
): { readonly [N in Name]?: Readonly<Record<string, string>> } {
  const sorted = [...entries].sort(([one], [other]) => byText(one, other));
  return given(name, sorted.length === 0 ? undefined : Object.fromEntries(sorted));
}
