import {
  CreateStackCommand,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { manifestOf } from '../model/address.js';
import type { Token } from '../model/identifiers.js';
import type { Known } from '../model/observed.js';
import type { Applied, Step, Wanted } from '../model/step.js';
import type { Target } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import type { ArtifactStore } from '../reconciler/ports.js';
import { differenceOf, isNone } from './comparison.js';
import { ask, failedEffect, failedRead, isOfStep, phaseToken, refused, running } from './outcomes.js';
import { REVERT, updateByChangeSet } from './stack-change-set.js';
import { isRolledBack } from './stack-condition.js';
import { lastOperation } from './stack-events.js';
import { cloudFormationCapabilities, parameterInput, templateInput } from './stack-template.js';
import { awsTags } from './tags.js';

export type Applying = {
  readonly step: Step;
  readonly target: Target;
  readonly client: CloudFormationClient;
  readonly store: ArtifactStore;
  readonly began: (stackId: string) => void;
  /** Tokens of the steps whose change set was asked for. */
  readonly changeSets: Set<Token>;
  /** Tokens of the steps that have begun to put drift right. */
  readonly reverted: Set<Token>;
  /** Tokens of the steps whose deletion was begun. */
  readonly deletions: Set<Token>;
  readonly signal: AbortSignal;
};

/** One step on one stack: at most one operation is begun, and none is waited for. */
export async function applyStack(applying: Applying): Promise<Applied> {
  const { step } = applying;
  const { observed, change } = step;
  const { address } = step.subject;

  // Observe
  if (change.action === 'forget') return { type: 'done' };
  if (observed.type === 'known') {
    if (observed.ownership === 'theirs' && change.action !== 'adopt') {
      return refused(
        'EK6006',
        address,
        `${step.subject.stackName} exists (${observed.status}) and its tags do not say that it belongs to ${manifestOf(address)}`,
        'choose another stackName, or write "adopt: true" beside stackName to take it over',
      );
    }
    if (observed.condition.type === 'busy') {
      return isOfStep(observed.condition.operation, step.token)
        ? running(observed.status)
        : refused(
            'EK6008',
            address,
            `somebody else's operation is running on ${step.subject.stackName} (${observed.status})`,
            'wait until it has ended; the next reconcile looks again',
          );
    }
    if (observed.condition.type === 'stuck')
      return refused('EK6007', address, `${step.subject.stackName} is ${observed.status}`, observed.condition.remedy);
  }

  // Ensure
  if (step.wanted === null) return observed.type === 'absent' ? { type: 'done' } : remove(applying, observed);
  if (observed.type === 'absent') return create(applying, step.wanted);

  // Sync
  switch (observed.condition.type) {
    case 'failed-creation':
    case 'review':
      return clear(applying, observed);
    case 'settled':
      return change.action === 'replace' && observed.sha256 === change.observedSha256
        ? clear(applying, observed)
        : sync(applying, observed, step.wanted);
    case 'busy':
    case 'stuck':
      throw new Error(`${address} is ${observed.condition.type} after that was ruled out`);
    default:
      return unreachable(observed.condition);
  }
}

async function create({ step, target, client, store, began, signal }: Applying, wanted: Wanted): Promise<Applied> {
  const { address, stackName } = step.subject;
  const { settings, artifact } = wanted;
  const template = await ask(() => templateInput(artifact, target.region, store, signal));
  if (template.type === 'failed') return failedRead(address, 'the publication of the template', template.failure);
  const created = await ask(() =>
    client.send(
      new CreateStackCommand({
        StackName: stackName,
        ...template.value,
        Parameters: parameterInput(wanted.deployments[0]!.parameters),
        Capabilities: cloudFormationCapabilities(artifact),
        Tags: awsTags(settings.tags),
        EnableTerminationProtection: settings.options['terminationProtection'] === true,
        ClientRequestToken: step.token,
        ...roleInput(settings.options['roleArn']),
      }),
      { abortSignal: signal },
    ),
  );
  if (created.type === 'failed' && created.failure.kind === 'already-exists') {
    return refused(
      'EK6006',
      address,
      `${stackName} appeared after it was looked for: ${created.failure.message}`,
      'reconcile again: it is observed anew',
    );
  }
  if (created.type === 'failed' && created.failure.kind !== 'submitted')
    return failedEffect(address, 'the creation of the stack', created.failure);
  if (created.type === 'answered' && created.value.StackId !== undefined) began(created.value.StackId);
  return running('creating the stack');
}

/** Brings a stack at rest to what is wanted; what this very step has done already is not done again. */
async function sync(applying: Applying, observed: Known, wanted: Wanted): Promise<Applied> {
  const { step, target, client, store, signal } = applying;
  const { address } = step.subject;
  const difference = differenceOf(wanted.settings, observed.settings, step.subject.recorded?.settings ?? null);
  const isReverting = (step.change.reverts ?? []).length > 0;
  if (isNone(difference) && !isReverting) return { type: 'done' };
  const isProtectionOnly =
    !isNone(difference) &&
    difference.secrets.length === 0 &&
    difference.paths.every((path) => path === 'options.terminationProtection');
  if (isProtectionOnly) return protect(applying, observed, wanted.settings.options['terminationProtection'] === true);

  const last = await ask(() => lastOperation(client, observed.identity, signal));
  if (last.type === 'failed') return failedRead(address, "the listing of the stack's events", last.failure);
  // No listing shows whether drift was put right: only that this step has done so.
  const isReverted = applying.reverted.has(step.token) || last.value.token === phaseToken(step.token, REVERT);
  if (isOfStep(last.value.token, step.token) && (isReverted || !isReverting)) {
    if (isRolledBack(observed.status)) {
      return refused(
        'EK6017',
        address,
        `the update failed and was rolled back: ${last.value.failure ?? observed.status}`,
        'correct the manifest or what the resource depends on, then reconcile again',
      );
    }
    if (difference.paths.length === 0) return { type: 'done' };
    const isRoleOnly = difference.paths.every((path) => path === 'options.roleArn');
    return refused(
      'EK6022',
      address,
      `the update ended as ${observed.status}, and the stack still differs in ${difference.paths.join(', ')}`,
      isRoleOnly
        ? 'CloudFormation never lets go of a service role: name one under roles.cloudformation, or delete the stack and let it be created anew'
        : 'look at the stack by hand, then reconcile again',
    );
  }

  if (isReverted && isNone(difference)) return { type: 'done' };

  const template = await ask(() => templateInput(wanted.artifact, target.region, store, signal));
  if (template.type === 'failed') return failedRead(address, 'the publication of the template', template.failure);
  return updateByChangeSet({
    client,
    address,
    stackId: observed.identity,
    token: step.token,
    change: step.change,
    changeSets: applying.changeSets,
    began(stackId) {
      applying.began(stackId);
      if (isReverting) applying.reverted.add(step.token);
    },
    signal,
    input: {
      ...template.value,
      Parameters: parameterInput(wanted.deployments[0]!.parameters),
      Capabilities: cloudFormationCapabilities(wanted.artifact),
      Tags: awsTags(wanted.settings.tags),
      ...roleInput(wanted.settings.options['roleArn']),
    },
  });
}

/** Deletes what stands in the way of a creation: nothing live is behind it, or the plan said that it is replaced. */
async function clear(applying: Applying, observed: Known): Promise<Applied> {
  const { step } = applying;
  const { address, stackName } = step.subject;
  if (step.change.action !== 'replace' && step.change.action !== 'create') {
    return refused(
      'EK6009',
      address,
      `${stackName} is ${observed.status} and can only be deleted and created anew, which the plan did not say`,
      'plan again',
    );
  }
  if (observed.condition.type !== 'review') {
    const last = await ask(() => lastOperation(applying.client, observed.identity, applying.signal));
    if (last.type === 'failed') return failedRead(address, "the listing of the stack's events", last.failure);
    if (last.value.token === step.token)
      return refused(
        'EK6017',
        address,
        `the creation failed: ${last.value.failure ?? observed.status}`,
        'correct the manifest or what the resource depends on, then reconcile again',
      );
  }
  return deleteStack(applying, observed, phaseToken(step.token, 'clear'));
}

/** Deleting a live stack needs its tags and our record of it. */
async function remove(applying: Applying, observed: Known): Promise<Applied> {
  const { step } = applying;
  const { address, stackName } = step.subject;
  if (step.change.action !== 'delete')
    return refused('EK6009', address, `${stackName} exists, and the plan did not say that it is deleted`, 'plan again');
  // Without a recorded identity, what the ledger knows is that this very unit was begun and never verified.
  if (step.subject.recorded !== null && step.subject.recorded.identity !== observed.identity) {
    return refused(
      'EK6015',
      address,
      `the tags of ${stackName} say that it is ours, and it is not the stack that is recorded`,
      'delete it by hand if it is not needed',
    );
  }
  // The plan refuses this; whoever protected it since then meant it.
  if (observed.settings.options['terminationProtection'] === true)
    return refused(
      'EK6024',
      address,
      `${stackName} is protected against termination`,
      'lift the protection by hand if it is to go',
    );
  // CloudFormation puts a stack back as it was where somebody else uses what it exports.
  if (applying.deletions.has(step.token))
    return refused(
      'EK6017',
      address,
      `the deletion was given up, and the stack stands: ${observed.status}`,
      'remove what stands in the way, then reconcile again',
    );
  const deleted = await deleteStack(applying, observed, step.token);
  if (deleted.type === 'running') applying.deletions.add(step.token);
  return deleted;
}

async function deleteStack(applying: Applying, observed: Known, token: string): Promise<Applied> {
  const { step, client, signal } = applying;
  const { address } = step.subject;
  if (observed.settings.options['terminationProtection'] === true) {
    const lifted = await protect(applying, observed, false);
    if (lifted.type !== 'running') return lifted;
  }
  const deleted = await ask(() =>
    client.send(new DeleteStackCommand({ StackName: observed.identity, ClientRequestToken: token }), {
      abortSignal: signal,
    }),
  );
  if (deleted.type === 'failed' && deleted.failure.kind !== 'submitted' && deleted.failure.kind !== 'not-found')
    return failedEffect(address, 'the deletion of the stack', deleted.failure);
  applying.began(observed.identity);
  return running('deleting the stack');
}

async function protect({ step, client, signal }: Applying, observed: Known, enable: boolean): Promise<Applied> {
  const changed = await ask(() =>
    client.send(
      new UpdateTerminationProtectionCommand({ StackName: observed.identity, EnableTerminationProtection: enable }),
      { abortSignal: signal },
    ),
  );
  if (changed.type === 'failed')
    return failedEffect(step.subject.address, 'the change of termination protection', changed.failure);
  return running(`${enable ? 'setting' : 'lifting'} termination protection`);
}

function roleInput(roleArn: string | boolean | null | undefined): { RoleARN?: string } {
  return typeof roleArn === 'string' ? { RoleARN: roleArn } : {};
}
