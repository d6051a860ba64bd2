import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import type { LogicalId } from '../model/identifiers.js';
import type { Change } from '../model/plan.js';

const NESTED_STACK = 'AWS::CloudFormation::Stack';

/**
 * What a drift-aware change set would write although the plan names neither the resource nor anything that would change it: one whose
 * drift is accepted, say. What it replaces and removes is judged apart.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
 */
export function unplannedWrites(
  resources: readonly ResourceChange[],
  { reverts, replaces, fields }: Pick<Change, 'reverts' | 'replaces' | 'fields'>,
): readonly LogicalId[] {
  if (reverts === undefined || reverts.length === 0) return [];
  const named = new Set<string>([...reverts, ...replaces]);
  const isChanging = fields.some(({ path }) => path === 'template' || /^(parameters|tags)\b/.test(path));
  const writes = resources.filter(
    (resource) =>
      !named.has(resource.LogicalResourceId ?? '') &&
      (overwritesDrift(resource) || (!isChanging && isWritten(resource))),
  );
  return [...new Set(writes.map(({ LogicalResourceId }) => LogicalResourceId as LogicalId))].sort();
}

/** `SyncWithActual` writes only what CloudFormation remembers. Of a nested stack, its own resources are looked at. */
function isWritten(resource: ResourceChange): boolean {
  const { Action, ResourceType } = resource;
  if (ResourceType === NESTED_STACK) return false;
  return Action === 'Add' || Action === 'Import' || (Action === 'Modify' && !isFollowing(resource));
}

function overwritesDrift({ Action, ResourceDriftStatus, Details }: ResourceChange): boolean {
  if (Action !== 'Modify' && Action !== 'Add') return false;
  return ResourceDriftStatus === 'DELETED' || (Details ?? []).some(isOverDrift);
}

function isOverDrift({ Target, ChangeSource }: ResourceChangeDetail): boolean {
  return Target?.Drift !== undefined && ChangeSource !== 'NoModification';
}

/** It is listed because it reads a resource that is written: what is written to that one is what was judged. */
function isFollowing({ Details = [] }: ResourceChange): boolean {
  return Details.length > 0 && Details.every((detail) => detail.Evaluation === 'Dynamic' && !isOverDrift(detail));
}
