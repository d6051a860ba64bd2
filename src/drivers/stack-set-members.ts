import { DescribeStackInstanceCommand, ListStackInstancesCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient, Stack, StackInstanceSummary } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../aws/contract.js';
import { allPages } from '../aws/paging.js';
import { canonicalJson, digestOf } from '../model/canonical.js';
import type { AccountId, Region, Sha256 } from '../model/identifiers.js';
import type { MemberCondition, ObservedMember, Unknown } from '../model/observed.js';
import type { RecordedMember } from '../model/recorded.js';
import type { MemberSettings, ParameterValue, Settings } from '../model/settings.js';
import type { Target } from '../model/target.js';
import { templateSha256 } from '../model/template.js';
import { stackCondition } from './stack-condition.js';
import { originalTemplate } from './stack-observation.js';
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
};

/** An instance with what its own stack shows: a change made on the stack itself is invisible to the stack set. */
export async function observeMember(
  aws: Aws,
  templates: Map<Sha256, Sha256>,
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
  return {
    ...member,
    condition,
    status,
    strayed: await strayedOf(aws, templates, { ...parts, stack, sha256: member.sha256 }, signal),
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

type Straying = MemberParts & { readonly stack: Stack; readonly sha256: Sha256 };

async function strayedOf(
  aws: Aws,
  templates: Map<Sha256, Sha256>,
  { instance, settings, definition, recorded, stack, sha256 }: Straying,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const expected = { ...definition.parameters, ...settings.parameters };
  const observed = observedParameters(stack.Parameters);
  const paths = [
    ...(stackCondition(stack.StackStatus) === 'settled' ? [] : ['status']),
    ...Object.keys({ ...expected, ...observed })
      .filter((name) => !isSame(expected[name], observed[name]))
      .sort()
      .map((name) => `parameters.${name}`),
    ...(canonicalJson(definition.tags) === canonicalJson(observedTags(stack.Tags)) ? [] : ['tags']),
  ];
  // A stack that was never updated has the template that its stack set gave it; one that is as it was recorded has the one that was verified.
  if (stack.LastUpdatedTime === undefined || recorded?.sha256 === sha256) return paths;
  const fingerprint = stackFingerprint(stack);
  let template = templates.get(fingerprint);
  if (template === undefined) {
    const target = instanceTarget(instance);
    const client = aws.cloudFormation({ type: 'role', account: target.account, role: 'plan' }, target.region);
    template = templateSha256(await originalTemplate(client, stack.StackId!, signal));
    templates.set(fingerprint, template);
  }
  return template === definition.template ? paths : ['template', ...paths];
}

/** NoEcho values cannot be observed on either side, and so are never seen to differ. */
function isSame(expected: ParameterValue | undefined, observed: ParameterValue | undefined): boolean {
  if (expected?.type === 'noecho' || observed?.type === 'noecho') return true;
  return canonicalJson(expected ?? null) === canonicalJson(observed ?? null);
}
