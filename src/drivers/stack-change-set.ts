import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type {
  CloudFormationClient,
  CreateChangeSetCommandInput,
  DescribeChangeSetOutput,
  ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { saysNoChanges } from '../aws/errors.js';
import { allPages } from '../aws/paging.js';
import type { Address } from '../model/address.js';
import type { Token } from '../model/identifiers.js';
import type { Change } from '../model/plan.js';
import type { Announced } from '../model/action.js';
import type { Applied, Done } from '../model/step.js';
import { announcedBy } from './announced.js';
import { unplannedWrites } from './drift-aware.js';
import { ask, failedEffect, failedRead, phaseToken, refused, running } from './outcomes.js';

/** Everything that an update says, apart from which stack and which change set. */
export type UpdateInput = Omit<
  CreateChangeSetCommandInput,
  'StackName' | 'ChangeSetName' | 'ChangeSetType' | 'ClientToken' | 'IncludeNestedStacks' | 'DeploymentMode'
>;

export type Update = {
  readonly client: CloudFormationClient;
  readonly address: Address;
  readonly stackId: string;
  readonly token: Token;
  readonly change: Change;
  readonly input: UpdateInput;
  /** Tokens of the steps whose change set was asked for and not discarded: CloudFormation computes it between two calls. */
  readonly changeSets: Set<Token>;
  /** Told when the operation has been begun. */
  readonly began: (stackId: string) => void;
  readonly signal: AbortSignal;
};

/**
 * An update by way of a change set that is compared with the plan before it is executed. Its name comes from the step, so that a
 * repeated call finds the same one: while CloudFormation computes it, the answer is `running`, and the next call looks again.
 * Where the plan puts drift right, it is a drift-aware one.
 */
export async function updateByChangeSet(update: Update): Promise<Applied> {
  const { client, address, stackId, token, signal } = update;
  // The same step may have executed one before that was not drift-aware.
  const ChangeSetName = `evenkeel-${isReverting(update) ? phaseToken(token, REVERT) : token}`;
  if (!update.changeSets.has(token)) {
    const created = await ask(() =>
      client.send(
        new CreateChangeSetCommand({
          ...update.input,
          StackName: stackId,
          ChangeSetName,
          ChangeSetType: 'UPDATE',
          IncludeNestedStacks: true,
          ClientToken: token,
          ...(isReverting(update) ? { DeploymentMode: 'REVERT_DRIFT' } : {}),
        }),
        { abortSignal: signal },
      ),
    );
    if (created.type === 'failed' && created.failure.kind === 'no-changes') return nothingChanged(update);
    if (created.type === 'failed' && created.failure.kind !== 'already-exists')
      return failedEffect(address, 'the creation of a change set', created.failure);
    update.changeSets.add(token);
  }

  const described = await ask(() => describe(update, ChangeSetName));
  if (described.type === 'failed') return failedRead(address, 'the description of the change set', described.failure);
  const changeSet = described.value;
  if (changeSet.Status === 'CREATE_COMPLETE') return executeAsPlanned(update, ChangeSetName, changeSet);
  if (changeSet.Status !== 'FAILED') return running('CloudFormation is computing the change set');
  const reason = changeSet.StatusReason ?? 'CloudFormation gives no reason';
  await discard(update, ChangeSetName);
  if (saysNoChanges(reason)) return nothingChanged(update);
  return refused(
    'EK6017',
    address,
    `the change set failed: ${reason}`,
    'correct what CloudFormation names, then reconcile again',
  );
}

/** The phase of a step in which it puts drift right. */
export const REVERT = 'revert';

function isReverting({ change }: Pick<Update, 'change'>): boolean {
  return change.reverts !== undefined && change.reverts.length > 0;
}

function nothingChanged(update: Update): Done {
  return isReverting(update) ? { type: 'done', nothingReverted: true } : { type: 'done' };
}

const NESTED_STACK = 'AWS::CloudFormation::Stack';
/** CloudFormation allows deeper nesting and many more stacks; what lies beyond counts as replaced. */
const DEEPEST = 5;
const MOST_NESTED = 100;

type Described = DescribeChangeSetOutput & { readonly resources: readonly ResourceChange[] };

async function describe({ client, stackId, signal }: Update, ChangeSetName: string): Promise<Described> {
  let first: DescribeChangeSetOutput = {};
  const changes = await allPages(async (NextToken) => {
    const page = await client.send(new DescribeChangeSetCommand({ StackName: stackId, ChangeSetName, NextToken }), {
      abortSignal: signal,
    });
    if (NextToken === undefined) first = page;
    return { items: page.Changes, next: page.NextToken };
  });
  return {
    ...first,
    resources: changes.flatMap((change) => (change.ResourceChange === undefined ? [] : [change.ResourceChange])),
  };
}

/**
 * The changes of the stack and of every stack nested in it, whose resources are called `Parent.Child`. A nested stack that is
 * created replaces nothing; one that is not looked into may replace anything, and is added as `Dynamic`.
 */
async function withNested(update: Update, root: readonly ResourceChange[]): Promise<readonly ResourceChange[]> {
  const all = [...root];
  let level = root;
  let described = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    const next: ResourceChange[] = [];
    for (const parent of level) {
      if (parent.ResourceType !== NESTED_STACK || parent.ChangeSetId === undefined || parent.Action === 'Add') continue;
      const child = depth > DEEPEST || described >= MOST_NESTED ? null : await describe(update, parent.ChangeSetId);
      described += 1;
      if (child === null || !isComputed(child)) all.push({ ...parent, Action: 'Dynamic' });
      else next.push(...child.resources.map((resource) => within(parent, resource)));
    }
    all.push(...next);
    level = next;
  }
  return all;
}

function isComputed({ Status, StatusReason }: Described): boolean {
  return Status === 'CREATE_COMPLETE' || (Status === 'FAILED' && saysNoChanges(StatusReason ?? ''));
}

function within(parent: ResourceChange, resource: ResourceChange): ResourceChange {
  return { ...resource, LogicalResourceId: `${parent.LogicalResourceId}.${resource.LogicalResourceId}` };
}

async function executeAsPlanned(update: Update, ChangeSetName: string, changeSet: Described): Promise<Applied> {
  const { client, address, stackId, token, signal } = update;
  // The stack is at rest: what has been put right was put right by this.
  if (changeSet.ExecutionStatus === 'EXECUTE_COMPLETE' && isReverting(update)) return { type: 'done' };
  if (changeSet.ExecutionStatus === 'EXECUTE_IN_PROGRESS' || changeSet.ExecutionStatus === 'EXECUTE_COMPLETE')
    return running('the update is under way');
  if (changeSet.ExecutionStatus === 'OBSOLETE') {
    await discard(update, ChangeSetName);
    return refused(
      'EK6008',
      address,
      'somebody else changed the stack after the change set was computed',
      'reconcile again: it is planned anew',
    );
  }
  const hierarchy = await ask(() => withNested(update, changeSet.resources));
  if (hierarchy.type === 'failed') {
    const failed = failedRead(address, 'the description of a nested change set', hierarchy.failure);
    if (failed.type === 'refused') await discard(update, ChangeSetName);
    return failed;
  }
  const announced = announcedBy(hierarchy.value);
  const excess: Announced = {
    replaces: announced.replaces.filter((id) => !update.change.replaces.includes(id)),
    removes: announced.removes.filter((id) => !update.change.removes.includes(id)),
  };
  const writes = unplannedWrites(hierarchy.value, update.change);
  const isBeyond = excess.replaces.length + excess.removes.length > 0;
  if (isBeyond || writes.length > 0) {
    await discard(update, ChangeSetName);
    const parts = [
      ...(excess.replaces.length > 0 ? [`replace ${excess.replaces.join(', ')}`] : []),
      ...(excess.removes.length > 0 ? [`remove ${excess.removes.join(', ')}`] : []),
      ...(writes.length > 0 ? [`write over ${writes.join(', ')}`] : []),
    ];
    return refused(
      'EK6010',
      address,
      `CloudFormation would ${parts.join(' and ')}, which the plan did not say`,
      isBeyond
        ? 'plan again: the next plan says it, and budgets count it'
        : `a drift-aware change set reaches all of a stack: put ${writes.join(', ')} right by hand, or write "respond: report" under drift`,
      ...(isBeyond ? [announced] : []),
    );
  }
  const executed = await ask(() =>
    client.send(
      new ExecuteChangeSetCommand({
        StackName: stackId,
        ChangeSetName,
        // The same step may have created the stack before, and CloudFormation knows its token for that.
        ClientRequestToken: phaseToken(token, isReverting(update) ? REVERT : 'update'),
      }),
      { abortSignal: signal },
    ),
  );
  if (executed.type === 'failed' && executed.failure.kind !== 'submitted')
    return failedEffect(address, 'the execution of the change set', executed.failure);
  update.began(stackId);
  return running('updating the stack');
}

/** A change set that nobody will execute does no harm; that it could not be deleted is not worth failing for. */
async function discard({ client, stackId, token, changeSets, signal }: Update, ChangeSetName: string): Promise<void> {
  changeSets.delete(token);
  await ask(() =>
    client.send(new DeleteChangeSetCommand({ StackName: stackId, ChangeSetName }), { abortSignal: signal }),
  );
}
