import { CreateStackSetCommand, DeleteStackSetCommand, UpdateStackSetCommand } from '@aws-sdk/client-cloudformation';
import { manifestOf } from '../model/address.js';
import type { Region } from '../model/identifiers.js';
import type { Known } from '../model/observed.js';
import type { Applied, Refused, Step, Wanted } from '../model/step.js';
import { differenceOf } from './comparison.js';
import { ask, failedEffect, failedRead, isOfStep, refused, running } from './outcomes.js';
import { manageExecution } from './stack-set-managed-execution.js';
import {
  createInstances,
  onlyAt,
  operationStatus,
  overrideInstances,
  refreshInstances,
  refusedBecause,
  removeInstances,
  submit,
} from './stack-set-operations.js';
import type { Operating, Submitted } from './stack-set-operations.js';
import { gone, publishObjects, standingDefinition, wantedDefinition } from './stack-set-definition.js';
import type { Applying } from './stack-set-definition.js';
import { autoDeploymentInput, callAsOf } from './stack-set-options.js';
import { preferencesOf } from './stack-set-preferences.js';
import { pendingMembers } from './stack-set-progress.js';
import { inTheirTurn, reachedFirst } from './stack-set-waves.js';
import type { PendingMember } from './stack-set-progress.js';

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
    return change.action === 'create' || change.action === 'replace' ? createSet(applying, wanted) : gone(step);
  }
  const operating: Operating = { caller, step, stackSet: observed.identity };
  if (wanted !== null && step.scope.type === 'all') {
    const managed = await manageExecution(operating, observed);
    if (managed !== null) return managed;
    const defined = isToDefine(step) ? await define(applying, operating, observed, wanted) : null;
    if (defined !== null) return defined;
  }

  // Sync
  const members = await syncMembers(applying, operating, wanted);
  if (members.type === 'done' && wanted !== null && step.scope.type === 'all' && isToDefine(step)) {
    const automated = await automate(operating, observed, wanted);
    if (automated !== null) return automated;
  }
  if (members.type !== 'done' || wanted !== null || change.action !== 'delete' || step.scope.type !== 'all')
    return members;
  return deleteSet(operating, observed);
}

function obstacleOf(step: Step, observed: Known): Applied | null {
  const { address, stackName, recorded } = step.subject;
  if (step.wanted !== null && isReachedOtherwise(step.wanted, stackName, observed)) {
    return refused(
      'EK5018',
      address,
      `${nameOf(observed)}, called for as ${callAsOf(observed.settings.options)}, stands for ${manifestOf(address)}, which now says ${stackName} and ${callAsOf(step.wanted.settings.options)}`,
      'write the name and callAs that it has; or remove the manifest, reconcile, then add it under the new name',
    );
  }
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

/** Another name, or another caller, is another stack set: the one that stands would be left without an owner. */
function isReachedOtherwise({ settings }: Wanted, stackName: string, observed: Known): boolean {
  return nameOf(observed) !== stackName || callAsOf(observed.settings.options) !== callAsOf(settings.options);
}

/** A StackSetId is the name and a unique part. */
function nameOf({ identity }: Known): string {
  return identity.split(':')[0]!;
}

async function createSet(applying: Applying, wanted: Wanted): Promise<Applied> {
  const { step, caller } = applying;
  const { address, stackName } = step.subject;
  const definition = await ask(() => wantedDefinition(applying, wanted));
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

/** Whether the plan means the definition too: what it only reports as drift is left as it is. */
function isToDefine({ change }: Step): boolean {
  return change.fields.length > 0 || change.action !== 'update' || change.reason === 'interrupted';
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
  const first = reachedFirst(step, wanted);
  const difference = differenceOf(wanted.settings, observed.settings, step.subject.recorded?.settings ?? null);
  const paths = difference.paths.filter((path) => first === null || path !== AUTO_DEPLOYMENT);
  if (paths.length === 0 && difference.secrets.length === 0) return null;

  const definition = await ask(() => wantedDefinition(applying, wanted));
  if (definition.type === 'failed') return failedRead(address, 'the publication of the template', definition.failure);
  const regions = [...new Set(Object.keys(observed.members).map((key) => key.split('/')[1] as Region))];
  const submitted = await submit(operating, 'update', 'updating the stack set', (OperationId) =>
    caller.client.send(
      new UpdateStackSetCommand({
        StackSetName: operating.stackSet,
        ...definition.value,
        OperationId,
        OperationPreferences: preferencesOf(wanted.rollout, regions),
        ...(first === null ? autoDeploymentInput(wanted.settings.options) : onlyAt(step, wanted, first)),
      }),
      { abortSignal: caller.signal },
    ),
  );
  if (submitted.type !== 'ended') return submitted;
  return paths.length === 0 ? null : stillDiffers(step, paths);
}

const AUTO_DEPLOYMENT = 'options.autoDeployment';

/** Null where it is as it should be. Sent after the last wave where there are waves: AWS takes it for all instances or none. */
async function automate(operating: Operating, observed: Known, wanted: Wanted): Promise<Applied | null> {
  const { caller, step, stackSet } = operating;
  const { paths } = differenceOf(wanted.settings, observed.settings, null);
  if (!paths.includes(AUTO_DEPLOYMENT)) return null;
  const definition = await ask(() => standingDefinition(operating));
  if (definition.type === 'failed')
    return failedRead(step.subject.address, 'the description of the stack set', definition.failure);
  if (definition.value === null) return gone(step);
  const input = { ...definition.value, ...autoDeploymentInput(wanted.settings.options), StackSetName: stackSet };
  const submitted = await submit(operating, 'automate', 'changing automatic deployment', (OperationId) =>
    caller.client.send(new UpdateStackSetCommand({ ...input, OperationId }), { abortSignal: caller.signal }),
  );
  return submitted.type === 'ended' ? stillDiffers(step, [AUTO_DEPLOYMENT]) : submitted;
}

function stillDiffers(step: Step, paths: readonly string[]): Refused {
  return refused(
    'EK6022',
    step.subject.address,
    `the update of the stack set ended, and it still differs in ${paths.join(', ')}`,
    'look at the stack set by hand, then reconcile again',
  );
}

/** Starts at most one operation on instances; `done` where none is left to start and none has failed. */
async function syncMembers(applying: Applying, operating: Operating, wanted: Wanted | null): Promise<Applied> {
  const members = inTheirTurn(pendingMembers(applying.step), wanted);
  const failures = members.flatMap((member) =>
    member.work.type === 'failed' ? [{ ...member, work: member.work }] : [],
  );
  const first = failures[0];
  const byOperation = new Map(failures.map((member) => [member.work.operation, member.work]));
  for (const { operation, status } of byOperation.values()) {
    const ended = await operationStatus(operating, operation);
    // Within the tolerance the operation itself succeeds, and the rest of the step goes on before it is reported.
    if (ended.type === 'failed' || ended.value !== 'SUCCEEDED') return refusedBecause(operating, operation, status);
  }
  const next = await nextOperation(applying, operating, members, wanted);
  if (next !== null) return next.type === 'ended' ? endedInVain(applying.step) : next;
  if (first !== undefined)
    return { ...(await refusedBecause(operating, first.work.operation, first.work.status)), isTolerated: true };
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
  const published = await ask(() => publishObjects(applying, wanted.artifact, regionsOf(members)));
  if (published.type === 'failed')
    return failedRead(applying.step.subject.address, 'the publication of the template', published.failure);
  const creations = withWork('create');
  if (creations.length > 0) return createInstances(operating, creations, wanted);
  const overrides = withWork('override');
  if (overrides.length > 0) return overrideInstances(operating, overrides, wanted);
  const refreshes = withWork('refresh');
  if (refreshes.length === 0) return null;
  // Never the wanted one: it is the definition's own step that changes it, and one account's deployments do not make it.
  const definition = await ask(() => standingDefinition(operating));
  if (definition.type === 'failed')
    return failedRead(applying.step.subject.address, 'the description of the stack set', definition.failure);
  return definition.value === null
    ? gone(applying.step)
    : refreshInstances(operating, refreshes, wanted, definition.value);
}

/** Where something is to be deployed now. */
function regionsOf(members: readonly PendingMember[]): Region[] {
  const deploying = members.filter(({ work }) => ['create', 'override', 'refresh'].includes(work.type));
  return deploying.map(({ target }) => target.region);
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

async function deleteSet({ caller, step, stackSet }: Operating, observed: Known): Promise<Applied> {
  const { address } = step.subject;
  const left = Object.keys(observed.members);
  if (left.length > 0) {
    return refused(
      'EK6009',
      address,
      `the stack set ${nameOf(observed)} still has instances that the plan does not remove: ${left.slice(0, 10).join(', ')}`,
      'remove them by hand if they are not needed, then reconcile again',
    );
  }
  const deleted = await ask(() =>
    caller.client.send(new DeleteStackSetCommand({ StackSetName: stackSet, CallAs: caller.callAs }), {
      abortSignal: caller.signal,
    }),
  );
  if (deleted.type === 'failed' && deleted.failure.kind !== 'not-found')
    return failedEffect(address, 'the deletion of the stack set', deleted.failure);
  return running('deleting the stack set');
}
