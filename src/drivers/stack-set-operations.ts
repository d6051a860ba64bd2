import {
  CreateStackInstancesCommand,
  DeleteStackInstancesCommand,
  DescribeStackSetOperationCommand,
  ListStackSetOperationResultsCommand,
  UpdateStackInstancesCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackSetOperationStatus } from '@aws-sdk/client-cloudformation';
import { allPages } from '../aws/paging.js';
import { digestOf } from '../model/canonical.js';
import type { Deployment } from '../model/desired.js';
import type { AccountId, Region } from '../model/identifiers.js';
import type { Applied, Refused, Step, Wanted } from '../model/step.js';
import { targetKey } from '../model/target.js';
import type { Target } from '../model/target.js';
import { ask, failedEffect, failedRead, isOfStep, phaseToken, refused, running } from './outcomes.js';
import type { Answer } from './outcomes.js';
import { rectangles } from './stack-set-grid.js';
import type { Rectangle } from './stack-set-grid.js';
import type { Caller } from './stack-set-members.js';
import { openOperation } from './stack-set-observation.js';
import { isServiceManaged } from './stack-set-options.js';
import { overrideValues } from './stack-set-parameters.js';
import type { StandingDefinition } from './stack-set-definition.js';
import { preferencesOf } from './stack-set-preferences.js';
import type { PendingMember } from './stack-set-progress.js';
import { parameterInput } from './stack-template.js';

/** One step on a stack set that exists. */
export type Operating = { readonly caller: Caller; readonly step: Step; readonly stackSet: string };

/** At most this many organizational units are taken by one operation. */
const MOST_UNITS = 50;
const MOST_REASONS = 10;

/** `ended`: this operation was submitted before, and is over. */
export type Submitted = Applied | { readonly type: 'ended' };

/** Submits one operation. Re-sending its id is refused as already existing, which is how a repeated call after a crash finds its own operation. */
export async function submit(
  operating: Operating,
  phase: string,
  doing: string,
  send: (operationId: string) => Promise<unknown>,
): Promise<Submitted> {
  const { caller, step, stackSet } = operating;
  const { address } = step.subject;
  const operationId = phaseToken(step.token, phase);
  const sent = await ask(() => send(operationId));
  if (sent.type === 'answered') return running(doing);
  if (sent.failure.kind === 'submitted') {
    const status = await operationStatus(operating, operationId);
    if (status.type === 'failed') return failedRead(address, 'the description of an operation', status.failure);
    return isOpen(status.value) ? running(doing) : { type: 'ended' };
  }
  if (sent.failure.kind === 'busy') {
    const open = await ask(() => openOperation(caller, stackSet));
    if (open.type === 'answered' && isOfStep(open.value?.OperationId, step.token)) return running(doing);
  }
  return failedEffect(address, doing, sent.failure);
}

export function operationStatus(
  { caller, stackSet }: Operating,
  OperationId: string,
): Promise<Answer<StackSetOperationStatus | undefined>> {
  return ask(async () => {
    const answer = await caller.client.send(
      new DescribeStackSetOperationCommand({ StackSetName: stackSet, OperationId, CallAs: caller.callAs }),
      { abortSignal: caller.signal },
    );
    return answer.StackSetOperation?.Status;
  });
}

export function isOpen(status: StackSetOperationStatus | undefined): boolean {
  return status === 'RUNNING' || status === 'QUEUED' || status === 'STOPPING';
}

/** What AWS says of each account and Region where an operation of ours did not succeed. */
export async function refusedBecause(operating: Operating, operationId: string, otherwise: string): Promise<Refused> {
  const { caller, step, stackSet } = operating;
  const results = await ask(() =>
    allPages(async (NextToken) => {
      const page = await caller.client.send(
        new ListStackSetOperationResultsCommand({
          StackSetName: stackSet,
          OperationId: operationId,
          CallAs: caller.callAs,
          NextToken,
        }),
        { abortSignal: caller.signal },
      );
      return { items: page.Summaries, next: page.NextToken };
    }),
  );
  const bad =
    results.type === 'answered'
      ? results.value.filter((result) => result.Status === 'FAILED' || result.Status === 'CANCELLED')
      : [];
  // Those that were cancelled only because others failed say nothing new.
  const failed = bad.some((result) => result.Status === 'FAILED')
    ? bad.filter((result) => result.Status === 'FAILED')
    : bad;
  const reasons = failed
    .slice(0, MOST_REASONS)
    .map(
      (result) =>
        `${result.Account}/${result.Region}: ${result.StatusReason ?? result.AccountGateResult?.StatusReason ?? result.Status}`,
    );
  const more = failed.length > MOST_REASONS ? `; and ${failed.length - MOST_REASONS} more` : '';
  const said = reasons.length === 0 ? otherwise : `${reasons.join('; ')}${more}`;
  return refused(
    'EK6017',
    step.subject.address,
    `the operation ${operationId} did not succeed everywhere: ${said}`,
    'correct what AWS names in those accounts, then reconcile again',
  );
}

/** Removes the first group of instances that have one operation in common. */
export function removeInstances(operating: Operating, members: readonly PendingMember[]): Promise<Submitted> {
  const group = rectangles(
    members.map(({ target, work }) => ({ target, kind: { retain: work.type === 'remove' && work.retain } })),
  )[0]!;
  const { caller, step, stackSet } = operating;
  return submit(operating, phaseOf('remove', group), `removing ${counted(group)}`, (OperationId) =>
    caller.client.send(
      new DeleteStackInstancesCommand({
        StackSetName: stackSet,
        CallAs: caller.callAs,
        OperationId,
        RetainStacks: group.kind.retain,
        Regions: [...group.regions],
        OperationPreferences: preferences(step.wanted, group.regions),
        // By account alone: an account that has moved is in no unit that the stack set was ever given.
        ...(isServiceManagedSet(step)
          ? { DeploymentTargets: { Accounts: [...group.accounts], AccountFilterType: 'UNION' as const } }
          : { Accounts: [...group.accounts] }),
      }),
      { abortSignal: caller.signal },
    ),
  );
}

/** Creates the first group of missing instances that have Regions and overrides in common, and nothing beyond them. */
export function createInstances(
  operating: Operating,
  members: readonly PendingMember[],
  wanted: Wanted,
): Promise<Submitted> {
  const group = firstGroup(members, wanted);
  const { caller, stackSet } = operating;
  return submit(operating, phaseOf('create', group), `creating ${counted(group)}`, (OperationId) =>
    caller.client.send(
      new CreateStackInstancesCommand({
        StackSetName: stackSet,
        CallAs: caller.callAs,
        OperationId,
        Regions: [...group.regions],
        OperationPreferences: preferences(wanted, group.regions),
        ...(Object.keys(group.kind).length === 0 ? {} : { ParameterOverrides: parameterInput(group.kind) }),
        ...targetInput(operating.step, wanted, group.accounts),
      }),
      { abortSignal: caller.signal },
    ),
  );
}

/** Gives existing instances the overrides that are wanted of them; a list without a parameter resets it. */
export function overrideInstances(
  operating: Operating,
  members: readonly PendingMember[],
  wanted: Wanted,
): Promise<Submitted> {
  const group = firstGroup(members, wanted);
  const { caller, stackSet } = operating;
  return submit(operating, phaseOf('override', group), `updating the parameters of ${counted(group)}`, (OperationId) =>
    caller.client.send(
      new UpdateStackInstancesCommand({
        StackSetName: stackSet,
        CallAs: caller.callAs,
        OperationId,
        Regions: [...group.regions],
        ParameterOverrides: parameterInput(group.kind),
        OperationPreferences: preferences(wanted, group.regions),
        ...targetInput(operating.step, wanted, group.accounts),
      }),
      { abortSignal: caller.signal },
    ),
  );
}

/** Brings outdated instances, and those changed behind the stack set's back, to the definition as it stands: UpdateStackInstances would leave their template alone. */
export function refreshInstances(
  operating: Operating,
  members: readonly PendingMember[],
  wanted: Wanted,
  definition: StandingDefinition,
): Promise<Submitted> {
  const group = firstGroup(members, wanted, () => ({}));
  const { caller, stackSet } = operating;
  return submit(operating, phaseOf('refresh', group), `updating ${counted(group)}`, (OperationId) =>
    caller.client.send(
      new UpdateStackSetCommand({
        ...definition,
        StackSetName: stackSet,
        OperationId,
        Regions: [...group.regions],
        OperationPreferences: preferences(wanted, group.regions),
        ...targetInput(operating.step, wanted, group.accounts),
      }),
      { abortSignal: caller.signal },
    ),
  );
}

type Overrides = Readonly<Record<string, string>>;

function firstGroup(
  members: readonly PendingMember[],
  wanted: Wanted,
  kindOf: (deployment: Deployment) => Overrides = overrideValues,
): Rectangle<Overrides> {
  const deployments = new Map(wanted.deployments.map((deployment) => [targetKey(deployment.target), deployment]));
  const group = rectangles(
    members.map(({ target }) => ({ target, kind: kindOf(deploymentAt(deployments, targetKey(target))) })),
  )[0]!;
  if (!isServiceManagedOf(wanted)) return group;
  return { ...group, accounts: withinUnits(group.accounts, wanted) };
}

/** As many of the accounts as stand in no more units than one operation takes; the rest is left for the next. */
function withinUnits(accounts: readonly AccountId[], wanted: Wanted): readonly AccountId[] {
  const units = new Set<string>();
  return accounts.filter((account) => {
    const unit = unitOf(account, wanted);
    if (!units.has(unit) && units.size === MOST_UNITS) return false;
    units.add(unit);
    return true;
  });
}

/** A service-managed set takes units; the intersection with the accounts keeps it from everybody else in them. */
function targetInput(step: Step, wanted: Wanted, accounts: readonly AccountId[]) {
  if (!isServiceManagedSet(step)) return { Accounts: [...accounts] };
  const OrganizationalUnitIds = [...new Set(accounts.map((account) => unitOf(account, wanted)))].sort();
  return {
    DeploymentTargets: { OrganizationalUnitIds, Accounts: [...accounts], AccountFilterType: 'INTERSECTION' as const },
  };
}

/** The first group of targets that one operation covers with nothing beyond it. */
export function onlyAt(step: Step, wanted: Wanted, targets: readonly Target[]) {
  const group = rectangles(targets.map((target) => ({ target, kind: {} })))[0]!;
  const accounts = isServiceManagedOf(wanted) ? withinUnits(group.accounts, wanted) : group.accounts;
  return { Regions: [...group.regions], ...targetInput(step, wanted, accounts) };
}

function unitOf(account: AccountId, wanted: Wanted): string {
  const deployment = wanted.deployments.find((each) => each.target.account === account);
  if (deployment === undefined) throw new Error(`account ${account} has no deployment`);
  return deployment.account.parentId;
}

function deploymentAt(deployments: ReadonlyMap<string, Deployment>, key: string): Deployment {
  const deployment = deployments.get(key);
  if (deployment === undefined) throw new Error(`${key} has no deployment`);
  return deployment;
}

function isServiceManagedSet(step: Step): boolean {
  if (step.wanted !== null) return isServiceManagedOf(step.wanted);
  return isServiceManaged(step.observed.type === 'known' ? step.observed.settings.options : step.subject.options);
}

function isServiceManagedOf(wanted: Wanted): boolean {
  return isServiceManaged(wanted.settings.options);
}

function preferences(wanted: Wanted | null, regions: readonly Region[]) {
  return preferencesOf(wanted?.rollout ?? UNSAID, regions);
}

/** A manifest that is gone says nothing of how its instances are to go. */
const UNSAID: Wanted['rollout'] = {
  maxConcurrent: null,
  failureTolerance: null,
  concurrencyMode: 'soft',
  regionOrder: [],
  regionConcurrency: 'parallel',
  waves: [],
  stops: false,
};

/** The same work is the same operation; what is left of it later is another. */
function phaseOf(verb: string, group: Rectangle<unknown>): string {
  return `${verb}-${digestOf(group).slice(0, 12)}`;
}

function counted(group: Rectangle<unknown>): string {
  const count = group.accounts.length * group.regions.length;
  return `${count} stack instance${count === 1 ? '' : 's'}`;
}
