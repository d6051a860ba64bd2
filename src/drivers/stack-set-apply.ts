import { CreateStackSetCommand, DeleteStackSetCommand, UpdateStackSetCommand } from '@aws-sdk/client-cloudformation';
import { manifestOf } from '../model/address.js';
import type { Region } from '../model/identifiers.js';
import type { Known } from '../model/observed.js';
import type { Applied, Refused, Step, Wanted } from '../model/step.js';
import type { ArtifactStore } from '../reconciler/ports.js';
import { differenceOf } from './comparison.js';
import { ask, failedEffect, failedRead, isOfStep, phaseToken, refused, running } from './outcomes.js';
import {
  createInstances,
  isOpen,
  operationStatus,
  overrideInstances,
  refreshInstances,
  refusedBecause,
  removeInstances,
  submit,
} from './stack-set-operations.js';
import type { Operating, Submitted } from './stack-set-operations.js';
import { autoDeploymentInput, optionInput } from './stack-set-options.js';
import type { Caller } from './stack-set-members.js';
import { setValues } from './stack-set-parameters.js';
import { preferencesOf } from './stack-set-preferences.js';
import { pendingMembers } from './stack-set-progress.js';
import type { PendingMember } from './stack-set-progress.js';
import { cloudFormationCapabilities, parameterInput, templateInput } from './stack-template.js';
import { awsTags } from './tags.js';

export type Applying = {
  readonly caller: Caller;
  readonly step: Step;
  readonly store: ArtifactStore;
  readonly homeRegion: Region;
};

/** One operation of a step on a stack set, or the word that nothing is left: definition, removals, creations, corrections, in that order. */
export async function applyStackSet(applying: Applying): Promise<Applied> {
  const { step, caller } = applying;
  const { observed, change, wanted } = step;

  // Observe
  if (change.action === 'forget') return { type: 'done' };
  if (observed.type === 'known') {
    const obstacle = obstacleOf(step, observed);
    if (obstacle !== null) return obstacle;
  }

  // Ensure
  if (observed.type === 'absent') {
    if (wanted === null) return { type: 'done' };
    return change.action === 'create' || change.action === 'replace'
      ? createSet(applying, wanted)
      : refused(
          'EK6009',
          step.subject.address,
          `${step.subject.stackName} is gone, and the plan did not say that it is created`,
          'plan again',
        );
  }
  const operating: Operating = { caller, step, stackSet: observed.identity };
  if (wanted !== null && step.scope.type === 'all') {
    const defined = await define(applying, operating, observed, wanted);
    if (defined !== null) return defined;
  }

  // Sync
  const members = await syncMembers(applying, operating, wanted);
  if (members.type !== 'done' || wanted !== null || change.action !== 'delete' || step.scope.type !== 'all')
    return members;
  return deleteSet(operating, observed);
}

function obstacleOf(step: Step, observed: Known): Applied | null {
  const { address, stackName, recorded } = step.subject;
  if (observed.ownership === 'theirs' && step.change.action !== 'adopt') {
    return refused(
      'EK6006',
      address,
      `the stack set ${stackName} exists and its tags do not say that it belongs to ${manifestOf(address)}`,
      'choose another stackName, or write "adopt: true" beside stackName to take it over',
    );
  }
  if (step.wanted === null && recorded !== null && recorded.identity !== observed.identity) {
    return refused(
      'EK6015',
      address,
      `the tags of the stack set ${stackName} say that it is ours, and it is not the one that is recorded`,
      'delete it by hand if it is not needed',
    );
  }
  if (observed.condition.type !== 'busy') return null;
  return isOfStep(observed.condition.operation, step.token)
    ? running(observed.status)
    : refused(
        'EK6008',
        address,
        `somebody else's operation is running on the stack set ${stackName}`,
        'wait until it has ended; the next reconcile looks again',
      );
}

async function createSet(applying: Applying, wanted: Wanted): Promise<Applied> {
  const { step, caller } = applying;
  const { address, stackName } = step.subject;
  const definition = await ask(() => definitionInput(applying, wanted));
  if (definition.type === 'failed') return failedRead(address, 'the publication of the template', definition.failure);
  const created = await ask(() =>
    caller.client.send(
      new CreateStackSetCommand({
        StackSetName: stackName,
        ...definition.value,
        ...autoDeploymentInput(wanted.settings.options),
        ManagedExecution: { Active: true },
        ClientRequestToken: step.token,
      }),
      { abortSignal: caller.signal },
    ),
  );
  if (created.type === 'answered') return running('creating the stack set');
  if (created.failure.kind === 'already-exists')
    return refused(
      'EK6006',
      address,
      `the stack set ${stackName} appeared after it was looked for: ${created.failure.message}`,
      'reconcile again: it is observed anew',
    );
  return failedEffect(address, 'the creation of the stack set', created.failure);
}

/** What CreateStackSet and UpdateStackSet say alike. Objects that the template refers to are put into the bucket of every Region first. */
async function definitionInput({ step, caller, store, homeRegion }: Applying, wanted: Wanted) {
  const { artifact, deployments, settings } = wanted;
  if (artifact.objects.length > 0) {
    for (const region of new Set(deployments.map((deployment) => deployment.target.region)))
      await store.publish(artifact, region, caller.signal);
  }
  return {
    ...(await templateInput(artifact, homeRegion, store, caller.signal)),
    Description: `${manifestOf(step.subject.address)}, kept by Evenkeel`,
    Parameters: parameterInput(setValues(artifact, deployments)),
    Capabilities: cloudFormationCapabilities(artifact),
    Tags: awsTags(settings.tags),
    ...optionInput(settings.options),
  };
}

/** Null where the stack set itself is as it should be. UpdateStackSet takes effect even if its operation fails on instances. */
async function define(
  applying: Applying,
  operating: Operating,
  observed: Known,
  wanted: Wanted,
): Promise<Applied | null> {
  const { step, caller } = applying;
  const { address } = step.subject;
  const managed = await manageExecution(operating, observed);
  if (managed !== null) return managed;
  const difference = differenceOf(wanted.settings, observed.settings, step.subject.recorded?.settings ?? null);
  if (difference.paths.length === 0 && difference.secrets.length === 0) return null;

  const definition = await ask(() => definitionInput(applying, wanted));
  if (definition.type === 'failed') return failedRead(address, 'the publication of the template', definition.failure);
  const regions = [...new Set(Object.keys(observed.members).map((key) => key.split('/')[1] as Region))];
  const submitted = await submit(operating, 'update', 'updating the stack set', (OperationId) =>
    caller.client.send(
      new UpdateStackSetCommand({
        StackSetName: operating.stackSet,
        ...definition.value,
        ...autoDeploymentInput(wanted.settings.options),
        OperationId,
        OperationPreferences: preferencesOf(wanted.rollout, regions),
      }),
      { abortSignal: caller.signal },
    ),
  );
  if (submitted.type !== 'ended') return submitted;
  if (difference.paths.length === 0) return null;
  return refused(
    'EK6022',
    address,
    `the update of the stack set ended, and it still differs in ${difference.paths.join(', ')}`,
    'look at the stack set by hand, then reconcile again',
  );
}

/**
 * Null where it is on, or where this step has tried: without it operations exclude one another instead of queueing, which every step
 * reckons with. AWS takes this change only by itself.
 */
async function manageExecution(operating: Operating, observed: Known): Promise<Applied | null> {
  const { caller, step, stackSet } = operating;
  if (observed.settings.options['managedExecution'] !== false) return null;
  const tried = await operationStatus(operating, phaseToken(step.token, MANAGED));
  if (tried.type === 'answered') return isOpen(tried.value) ? running('turning managed execution on') : null;
  if (tried.failure.kind !== 'not-found')
    return failedRead(step.subject.address, 'the description of an operation', tried.failure);
  const submitted = await submit(operating, MANAGED, 'turning managed execution on', (OperationId) =>
    caller.client.send(
      new UpdateStackSetCommand({
        StackSetName: stackSet,
        UsePreviousTemplate: true,
        Parameters: Object.keys(observed.settings.parameters).map((ParameterKey) => ({
          ParameterKey,
          UsePreviousValue: true,
        })),
        Tags: awsTags(observed.settings.tags),
        ...optionInput(observed.settings.options),
        ManagedExecution: { Active: true },
        OperationId,
      }),
      { abortSignal: caller.signal },
    ),
  );
  return submitted.type === 'ended' ? null : submitted;
}

/** The phase of a step that turns managed execution on. */
const MANAGED = 'managed';

/** Starts at most one operation on instances; `done` where none is left to start and none has failed. */
async function syncMembers(applying: Applying, operating: Operating, wanted: Wanted | null): Promise<Applied> {
  const members = pendingMembers(applying.step);
  const failures = members.flatMap((member) =>
    member.work.type === 'failed' ? [{ ...member, work: member.work }] : [],
  );
  const first = failures[0];
  if (first !== undefined) {
    const status = await operationStatus(operating, first.work.operation);
    // Within the tolerance the operation itself succeeds, and the rest of the step goes on before it is reported.
    if (status.type === 'failed' || status.value !== 'SUCCEEDED')
      return refusedBecause(operating, first.work.operation, first.work.status);
  }
  const next = await nextOperation(applying, operating, members, wanted);
  if (next !== null) return next.type === 'ended' ? endedInVain(applying.step) : next;
  if (first !== undefined) return refusedBecause(operating, first.work.operation, first.work.status);
  const inoperable = members.find((member) => member.work.type === 'inoperable');
  return inoperable === undefined ? { type: 'done' } : refusedInoperable(applying.step, inoperable);
}

async function nextOperation(
  applying: Applying,
  operating: Operating,
  members: readonly PendingMember[],
  wanted: Wanted | null,
): Promise<Submitted | null> {
  const withWork = (type: PendingMember['work']['type']) => members.filter((member) => member.work.type === type);
  const removals = withWork('remove');
  if (removals.length > 0) return removeInstances(operating, removals);
  if (wanted === null) return null;
  const creations = withWork('create');
  if (creations.length > 0) return createInstances(operating, creations, wanted);
  const overrides = withWork('override');
  if (overrides.length > 0) return overrideInstances(operating, overrides, wanted);
  const refreshes = withWork('refresh');
  if (refreshes.length === 0) return null;
  const definition = await ask(() => definitionInput(applying, wanted));
  if (definition.type === 'failed')
    return failedRead(applying.step.subject.address, 'the publication of the template', definition.failure);
  return refreshInstances(operating, refreshes, wanted, definition.value);
}

function endedInVain(step: Step): Refused {
  return refused(
    'EK6022',
    step.subject.address,
    'an operation of this step has ended, and instances still differ without a failure that AWS would name',
    'look at the stack set and its operations by hand, then reconcile again',
  );
}

function refusedInoperable(step: Step, { target, work }: PendingMember): Refused {
  const status = work.type === 'inoperable' ? work.status : '';
  return refused(
    'EK6007',
    step.subject.address,
    `the stack instance in ${target.account}/${target.region} is ${status}`,
    'delete the stack instance with RetainStacks, then repair or delete its stack by hand and reconcile again',
  );
}

async function deleteSet({ caller, step }: Operating, observed: Known): Promise<Applied> {
  const { address, stackName } = step.subject;
  const left = Object.keys(observed.members);
  if (left.length > 0) {
    return refused(
      'EK6009',
      address,
      `the stack set ${stackName} still has instances that the plan does not remove: ${left.slice(0, 10).join(', ')}`,
      'remove them by hand if they are not needed, then reconcile again',
    );
  }
  const deleted = await ask(() =>
    caller.client.send(new DeleteStackSetCommand({ StackSetName: stackName, CallAs: caller.callAs }), {
      abortSignal: caller.signal,
    }),
  );
  if (deleted.type === 'failed' && deleted.failure.kind !== 'not-found')
    return failedEffect(address, 'the deletion of the stack set', deleted.failure);
  return running('deleting the stack set');
}
