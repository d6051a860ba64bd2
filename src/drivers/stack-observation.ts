import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../aws/contract.js';
import { classify } from '../aws/errors.js';
import { manifestOf } from '../model/address.js';
import { sha256 } from '../model/canonical.js';
import type { Sha256 } from '../model/identifiers.js';
import type { Condition, Known, Observation } from '../model/observed.js';
import type { Subject } from '../model/step.js';
import type { Target } from '../model/target.js';
import { standingTemplate } from './live-template.js';
import type { TemplateMemory } from './live-template.js';
import { observeNested } from './nested-observation.js';
import { isOfStep } from './outcomes.js';
import { nestedIn, seenStacks } from './seen-stacks.js';
import type { NestedStackSeen } from './seen-stacks.js';
import { stackCondition, stackRemedy } from './stack-condition.js';
import { lastOperation } from './stack-events.js';
import { observedOutputs, stackFingerprint, stackSettings } from './stack-settings.js';
import { unknownOf } from './stack-walk.js';
import type { Stacks } from './stack-walk.js';
import { isOurs, observedTags } from './tags.js';

/** Stands for the template of a stack that is not at rest: nobody compares it. */
const UNREAD_TEMPLATE: Sha256 = sha256('');

/** What was asked of AWS beyond the walk, remembered by what it depends on. */
export type StackMemory = {
  /** Of nested stacks too. */
  readonly templates: TemplateMemory;
  /** StackId → the token of the operation that runs on it, as long as it runs. */
  readonly operations: Map<string, string | null>;
};

export type StackReader = { readonly aws: Aws; readonly installation: string; readonly memory: StackMemory };

/** One subject, found in a complete walk of its target. */
export async function observeStack(
  reader: StackReader,
  subject: Subject,
  target: Target,
  walked: Stacks,
  signal: AbortSignal,
): Promise<Observation> {
  const client = reader.aws.cloudFormation({ type: 'role', account: target.account, role: 'plan' }, target.region);
  try {
    const stack = findStack(reader.installation, subject, walked) ?? (await lookUpRecorded(client, subject, signal));
    const condition = stackCondition(stack?.StackStatus);
    if (stack === null || condition === null) return { type: 'absent' };
    return await known(reader, client, subject, { stack, nested: nestedIn(stack, walked), type: condition }, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return unknownOf(error, target);
  }
}

type Found = {
  readonly stack: Stack;
  readonly nested: readonly NestedStackSeen[];
  readonly type: Condition['type'];
};

async function known(
  reader: StackReader,
  client: CloudFormationClient,
  subject: Subject,
  { stack, nested, type }: Found,
  signal: AbortSignal,
): Promise<Observation> {
  const fingerprint = stackFingerprint(stack);
  const ownership: Known['ownership'] = isOurs(
    observedTags(stack.Tags),
    reader.installation,
    manifestOf(subject.address),
  )
    ? 'ours'
    : 'theirs';
  const template =
    type === 'settled'
      ? await readTemplate(reader.memory, client, subject, stack, fingerprint, signal)
      : UNREAD_TEMPLATE;
  return {
    type: 'known',
    ownership,
    condition: await conditionOf(reader.memory, client, subject, stack, type, signal),
    status: await statusOf(client, subject, stack, type, signal),
    identity: stack.StackId!,
    settings: stackSettings(stack, template),
    members: {},
    outputs: observedOutputs(stack.Outputs),
    stacks: seenStacks(stack, nested),
    nested:
      ownership === 'ours' && type === 'settled' && !isUnrecorded(subject, fingerprint)
        ? await observeNested({ client, templates: reader.memory.templates, signal }, nested, subject.recorded?.nested)
        : {},
    sha256: fingerprint,
  };
}

/** Nobody touched it since it was verified, and nothing is recorded of what is nested in it: there is nothing to compare. */
function isUnrecorded({ recorded }: Subject, fingerprint: Sha256): boolean {
  return recorded?.observedSha256 === fingerprint && recorded.nested === undefined;
}

/** By its recorded id, else by our tags, else by its name. A nested stack and a stack set's instance carry their parent's tags and are not it. */
function findStack(installation: string, subject: Subject, { stacks }: Stacks): Stack | null {
  const recorded = subject.recorded === null ? undefined : stacks.get(subject.recorded.identity);
  if (recorded !== undefined) return recorded;
  const manifest = manifestOf(subject.address);
  const candidates = [...stacks.values()].filter((stack) => stack.ParentId === undefined);
  const ours = candidates.filter(
    (stack) => !stack.StackName?.startsWith('StackSet-') && isOurs(observedTags(stack.Tags), installation, manifest),
  );
  return (
    ours.find((stack) => stack.StackName === subject.stackName) ??
    ours[0] ??
    candidates.find((stack) => stack.StackName === subject.stackName) ??
    null
  );
}

/** A complete walk does not show it; before it counts as absent, AWS is asked for it by its id. */
async function lookUpRecorded(
  client: CloudFormationClient,
  subject: Subject,
  abortSignal: AbortSignal,
): Promise<Stack | null> {
  if (subject.recorded === null) return null;
  try {
    const answer = await client.send(new DescribeStacksCommand({ StackName: subject.recorded.identity }), {
      abortSignal,
    });
    return answer.Stacks?.[0] ?? null;
  } catch (error) {
    if (classify(error).kind === 'not-found') return null;
    throw error;
  }
}

async function readTemplate(
  memory: StackMemory,
  client: CloudFormationClient,
  subject: Subject,
  stack: Stack,
  fingerprint: Sha256,
  abortSignal: AbortSignal,
): Promise<Sha256> {
  if (subject.recorded?.observedSha256 === fingerprint) return subject.recorded.settings.template;
  return standingTemplate(memory.templates, client, stack, abortSignal);
}

async function conditionOf(
  memory: StackMemory,
  client: CloudFormationClient,
  subject: Subject,
  stack: Stack,
  type: Condition['type'],
  signal: AbortSignal,
): Promise<Condition> {
  const stackId = stack.StackId!;
  if (type !== 'busy') memory.operations.delete(stackId);
  if (type === 'busy') return { type, operation: await runningOperation(memory, client, subject, stackId, signal) };
  return type === 'stuck' ? { type, remedy: stackRemedy(stack.StackStatus) } : { type };
}

/** Whose operation runs is asked once for each operation, and only where one of ours may be it. */
async function runningOperation(
  memory: StackMemory,
  client: CloudFormationClient,
  subject: Subject,
  stackId: string,
  signal: AbortSignal,
): Promise<string | null> {
  if (subject.tokens.length === 0) return null;
  let shown = memory.operations.get(stackId);
  if (shown === undefined) {
    shown = (await lastOperation(client, stackId, signal)).token ?? null;
    memory.operations.set(stackId, shown);
  }
  return subject.tokens.find((token) => isOfStep(shown, token)) ?? null;
}

/** CloudFormation's status says that something failed; what failed stands in the events, and is fetched where our own step is waiting to know. */
async function statusOf(
  client: CloudFormationClient,
  subject: Subject,
  stack: Stack,
  type: Condition['type'],
  signal: AbortSignal,
): Promise<string> {
  const status =
    stack.StackStatusReason === undefined ? stack.StackStatus! : `${stack.StackStatus}: ${stack.StackStatusReason}`;
  if (subject.tokens.length === 0 || (type !== 'failed-creation' && type !== 'stuck')) return status;
  const { failure } = await lastOperation(client, stack.StackId!, signal);
  return failure === null ? status : `${stack.StackStatus}: ${failure}`;
}
