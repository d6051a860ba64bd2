import { DescribeStackInstanceCommand, ListStackInstancesCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient, Stack, StackInstanceSummary } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../aws/contract.js';
import { allPages } from '../aws/paging.js';
import { canonicalJson, digestOf } from '../model/canonical.js';
import type { AccountId, Region, Sha256 } from '../model/identifiers.js';
import type { Known, MemberCondition, ObservedMember, Unknown } from '../model/observed.js';
import type { RecordedMember } from '../model/recorded.js';
import type { MemberSettings, ParameterValue, Settings } from '../model/settings.js';
import type { Target } from '../model/target.js';
import { standingTemplate } from './live-template.js';
import type { TemplateMemory } from './live-template.js';
import { observeNested } from './nested-observation.js';
import { nestedIn, seenStacks } from './seen-stacks.js';
import type { NestedStackSeen } from './seen-stacks.js';
import { stackCondition } from './stack-condition.js';
import { observedOutputs, observedParameters, stackFingerprint } from './stack-settings.js';
import type { Stacks } from './stack-walk.js';
import { observedTags } from './tags.js';

export type Caller = {
  readonly client: CloudFormationClient;
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
  readonly signal: AbortSignal;
};

export function listInstances({ client, callAs, signal }: Caller, stackSet: string): Promise<StackInstanceSummary[]> {
  return allPages(async (NextToken) => {
    const page = await client.send(
      new ListStackInstancesCommand({ StackSetName: stackSet, CallAs: callAs, MaxResults: 100, NextToken }),
      { abortSignal: signal },
    );
    return { items: page.Summaries, next: page.NextToken };
  });
}

/** The overrides of one instance: no listing shows them. */
export async function readOverrides(
  { client, callAs, signal }: Caller,
  stackSet: string,
  target: Target,
): Promise<MemberSettings> {
  const answer = await client.send(
    new DescribeStackInstanceCommand({
      StackSetName: stackSet,
      StackInstanceAccount: target.account,
      StackInstanceRegion: target.region,
      CallAs: callAs,
    }),
    { abortSignal: signal },
  );
  return { parameters: observedParameters(answer.StackInstance?.ParameterOverrides) };
}

export function instanceTarget(instance: StackInstanceSummary): Target {
  return { account: instance.Account as AccountId, region: instance.Region as Region };
}

/** OUTDATED also covers an instance whose last operation failed or was cancelled. */
export function instanceCondition(instance: StackInstanceSummary): Exclude<MemberCondition, 'unresolved'> {
  const detailed = instance.StackInstanceStatus?.DetailedStatus;
  switch (detailed) {
    case 'PENDING':
    case 'RUNNING':
      return 'busy';
    case 'SKIPPED_SUSPENDED_ACCOUNT':
      return 'suspended';
    case 'INOPERABLE':
    case 'FAILED_IMPORT':
      return 'inoperable';
    case 'FAILED':
    case 'CANCELLED':
      return instance.Status === 'INOPERABLE' ? 'inoperable' : 'outdated';
    case 'SUCCEEDED':
    case undefined:
      if (instance.Status === 'INOPERABLE') return 'inoperable';
      return instance.Status === 'CURRENT' ? 'settled' : 'outdated';
  }
}

/** The stack layer of one member: its stack in the target's walk, or why nothing is known of it. */
export type StackLayer = { readonly type: 'not-looked-at' } | Unknown | Stacks;

/** The whole of what an instance's stack should be, as its stack set says it. */
export type Definition = Pick<Settings, 'template' | 'parameters' | 'tags'>;

export type MemberParts = {
  readonly instance: StackInstanceSummary;
  readonly settings: MemberSettings;
  readonly layer: StackLayer;
  readonly definition: Definition;
  readonly recorded: RecordedMember | undefined;
  /** The stack set's. */
  readonly ownership: Known['ownership'];
};

/** An instance with what its own stack shows: a change made on the stack itself is invisible to the stack set. */
export async function observeMember(
  aws: Aws,
  templates: TemplateMemory,
  parts: MemberParts,
  signal: AbortSignal,
): Promise<ObservedMember> {
  const { instance, settings, layer } = parts;
  const condition = instanceCondition(instance);
  const stack = layer.type === 'stacks' ? layer.stacks.get(instance.StackId ?? '') : undefined;
  const isUnresolved = condition === 'settled' && layer.type === 'stacks' && stack === undefined;
  const member = {
    settings,
    identity: instance.StackId ?? null,
    outputs: stack === undefined ? null : observedOutputs(stack.Outputs),
    operation: instance.LastOperationId ?? null,
    // Nothing is known of what an unresolved id means: that it is another one next time is no news.
    sha256: memberDigest(instance, isUnresolved ? null : (instance.StackId ?? null), stack),
    strayed: [],
    layer: 'seen' as const,
    stacks: [],
    nested: {},
  };
  const status = statusText(instance);
  if (condition !== 'settled' || layer.type === 'not-looked-at') return { ...member, condition, status };
  if (layer.type === 'unknown')
    return { ...member, condition, layer: 'unknown', status: `${status}; stack layer not checkable: ${layer.cause}` };
  if (stack === undefined)
    return { ...member, condition: 'unresolved', status: `${status}; its account does not show the stack` };
  const nested = nestedIn(stack, layer);
  const settled = { ...parts, stack, nested, sha256: member.sha256 };
  return {
    ...member,
    condition,
    status,
    strayed: await strayedOf(aws, templates, settled, signal),
    stacks: seenStacks(stack, nested),
    nested: await nestedOf(aws, templates, settled, signal),
  };
}

function statusText(instance: StackInstanceSummary): string {
  const detailed = instance.StackInstanceStatus?.DetailedStatus;
  const words =
    detailed === undefined ? `${instance.Status ?? 'UNKNOWN'}` : `${instance.Status ?? 'UNKNOWN'}/${detailed}`;
  return instance.StatusReason === undefined ? words : `${words}: ${instance.StatusReason}`;
}

function memberDigest(instance: StackInstanceSummary, stackId: string | null, stack: Stack | undefined): Sha256 {
  return digestOf({
    stackId,
    status: instance.Status ?? null,
    detailed: instance.StackInstanceStatus?.DetailedStatus ?? null,
    operation: instance.LastOperationId ?? null,
    stack: stack === undefined ? null : stackFingerprint(stack),
  });
}

type Settled = MemberParts & {
  readonly stack: Stack;
  readonly nested: readonly NestedStackSeen[];
  readonly sha256: Sha256;
};

/** Nothing where nobody touched it since it was verified and nothing is recorded of what is nested in it. */
async function nestedOf(
  aws: Aws,
  templates: TemplateMemory,
  { instance, ownership, nested, recorded, sha256 }: Settled,
  signal: AbortSignal,
): Promise<ObservedMember['nested']> {
  const isUnrecorded = recorded?.sha256 === sha256 && recorded.nested === undefined;
  if (ownership === 'theirs' || nested.length === 0 || isUnrecorded) return {};
  return observeNested({ client: readerOf(aws, instance), templates, signal }, nested, recorded?.nested);
}

function readerOf(aws: Aws, instance: StackInstanceSummary): CloudFormationClient {
  const { account, region } = instanceTarget(instance);
  return aws.cloudFormation({ type: 'role', account, role: 'plan' }, region);
}

async function strayedOf(
  aws: Aws,
  templates: TemplateMemory,
  { instance, settings, definition, recorded, stack, sha256 }: Settled,
  signal: AbortSignal,
): Promise<ObservedMember['strayed']> {
  const expected = { ...definition.parameters, ...settings.parameters };
  const observed = observedParameters(stack.Parameters);
  const tags = observedTags(stack.Tags);
  const paths: ObservedMember['strayed'] = [
    ...(stackCondition(stack.StackStatus) === 'settled'
      ? []
      : [{ path: 'status', before: stack.StackStatus ?? null, after: null }]),
    ...Object.keys({ ...expected, ...observed })
      .filter((name) => !isSame(expected[name], observed[name]))
      .sort()
      .map((name) => ({ path: `parameters.${name}`, before: shown(observed[name]), after: shown(expected[name]) })),
    ...Object.keys({ ...definition.tags, ...tags })
      .filter((key) => definition.tags[key] !== tags[key])
      .sort()
      .map((key) => ({ path: `tags.${key}`, before: tags[key] ?? null, after: definition.tags[key] ?? null })),
  ];
  // A stack that was never updated has the template that its stack set gave it; one that is as it was recorded has the one that was verified.
  if (stack.LastUpdatedTime === undefined || recorded?.sha256 === sha256) return paths;
  const template = await standingTemplate(templates, readerOf(aws, instance), stack, signal);
  if (template === definition.template) return paths;
  return [{ path: 'template', before: template.slice(0, 12), after: definition.template.slice(0, 12) }, ...paths];
}

/** A secret on either side is never seen to differ, so that what is shown is none. */
function shown(value: ParameterValue | undefined): string | null {
  return value?.type === 'plain' ? value.value : null;
}

/** NoEcho values cannot be observed on either side, and so are never seen to differ. */
function isSame(expected: ParameterValue | undefined, observed: ParameterValue | undefined): boolean {
  if (expected?.type === 'noecho' || observed?.type === 'noecho') return true;
  return canonicalJson(expected ?? null) === canonicalJson(observed ?? null);
}
