import { DescribeStackSetCommand, ListStackSetOperationsCommand } from '@aws-sdk/client-cloudformation';
import type { StackInstanceSummary, StackSet, StackSetOperationSummary } from '@aws-sdk/client-cloudformation';
import pLimit from 'p-limit';
import type { Aws } from '../aws/contract.js';
import { classify } from '../aws/errors.js';
import { manifestOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import { digestOf } from '../model/canonical.js';
import type { Condition, Known, Observation, ObservedMember, Unknown } from '../model/observed.js';
import type { MemberSettings, ParameterValue } from '../model/settings.js';
import type { Subject } from '../model/step.js';
import { targetKey } from '../model/target.js';
import type { TargetKey } from '../model/target.js';
import { parseTemplate, templateSha256 } from '../model/template.js';
import type { Watch } from '../reconciler/ports.js';
import type { TemplateMemory } from './live-template.js';
import { isOfStep } from './outcomes.js';
import { callAsOf, observedOptions } from './stack-set-options.js';
import { instanceCondition, instanceTarget, listInstances, observeMember, readOverrides } from './stack-set-members.js';
import type { Caller, Definition, StackLayer } from './stack-set-members.js';
import { observedParameters } from './stack-settings.js';
import type { StackWalk } from './stack-walk.js';
import { isOurs, observedTags } from './tags.js';

const CONCURRENT_READS = 16;

export type StackSetMemory = {
  /** Of the instances' stacks, and of those nested in them. */
  readonly templates: TemplateMemory;
  /** Which members a step that was begun here wants overrides of; absent where no step was. */
  readonly overridden: Map<Address, ReadonlySet<TargetKey>>;
};

export type StackSetReader = {
  readonly aws: Aws;
  readonly installation: string;
  readonly walk: StackWalk;
  readonly memory: StackSetMemory;
  readonly caller: (callAs: Caller['callAs'], signal: AbortSignal) => Caller;
};

/** One stack set with all its instances, and what their own stacks show. */
export async function observeStackSet(reader: StackSetReader, subject: Subject, watch: Watch): Promise<Observation> {
  try {
    const found = await findSet((callAs) => reader.caller(callAs, watch.signal), subject);
    if (found === null) return { type: 'absent' };
    const { set, caller } = found;
    const instances = await listInstances(caller, set.StackSetName!);
    const condition = await conditionOf(caller, subject, set, instances);
    return await known(reader, caller, subject, { set, instances, condition }, watch);
  } catch (error) {
    if (watch.signal.aborted) throw error;
    return unknownSet(error, subject);
  }
}

export type FoundSet = { readonly set: StackSet; readonly caller: Caller };

/**
 * As it is recorded, else as it is wanted: an active stack set's name is unique for each caller. One that is recorded and renamed is
 * still the one that stands.
 */
export async function findSet(
  callerAs: (callAs: Caller['callAs']) => Caller,
  { recorded, stackName, options }: Subject,
): Promise<FoundSet | null> {
  const wanted = { name: stackName, callAs: callAsOf(options) };
  const standing =
    recorded === null ? wanted : { name: recorded.stackName, callAs: callAsOf(recorded.settings.options) };
  const isSame = standing.name === wanted.name && standing.callAs === wanted.callAs;
  for (const { name, callAs } of isSame ? [wanted] : [standing, wanted]) {
    const caller = callerAs(callAs);
    const set = await describeSet(caller, name);
    if (set !== null) return { set, caller };
  }
  return null;
}

export async function describeSet({ client, callAs, signal }: Caller, name: string): Promise<StackSet | null> {
  try {
    const { StackSet: set } = await client.send(new DescribeStackSetCommand({ StackSetName: name, CallAs: callAs }), {
      abortSignal: signal,
    });
    return set === undefined || set.Status === 'DELETED' ? null : set;
  } catch (error) {
    if (classify(error).kind === 'not-found') return null;
    throw error;
  }
}

/** Operations are listed only where one of ours may be running, or an instance shows that one is. */
async function conditionOf(
  caller: Caller,
  subject: Subject,
  set: StackSet,
  instances: readonly StackInstanceSummary[],
): Promise<Condition> {
  const instanceBusy = instances.some((instance) => instanceCondition(instance) === 'busy');
  if (!instanceBusy && subject.tokens.length === 0) return { type: 'settled' };
  const open = await openOperation(caller, set.StackSetName!);
  if (open === null) return instanceBusy ? { type: 'busy', operation: null } : { type: 'settled' };
  return { type: 'busy', operation: subject.tokens.find((token) => isOfStep(open.OperationId, token)) ?? null };
}

/** The operation that is running or queued; AWS lists the newest first, so one page shows it. */
export async function openOperation(
  { client, callAs, signal }: Caller,
  stackSet: string,
): Promise<StackSetOperationSummary | null> {
  const page = await client.send(
    new ListStackSetOperationsCommand({ StackSetName: stackSet, CallAs: callAs, MaxResults: 20 }),
    { abortSignal: signal },
  );
  return (
    (page.Summaries ?? []).find(
      (operation) => operation.Status === 'RUNNING' || operation.Status === 'QUEUED' || operation.Status === 'STOPPING',
    ) ?? null
  );
}

type Seen = {
  readonly set: StackSet;
  readonly instances: readonly StackInstanceSummary[];
  readonly condition: Condition;
};

async function known(
  reader: StackSetReader,
  caller: Caller,
  subject: Subject,
  { set, instances, condition }: Seen,
  watch: Watch,
): Promise<Observation> {
  const tags = observedTags(set.Tags);
  const definition: Definition = {
    template: templateSha256(set.TemplateBody ?? ''),
    parameters: setParameters(set),
    tags,
  };
  const ownership: Known['ownership'] = isOurs(tags, reader.installation, manifestOf(subject.address))
    ? 'ours'
    : 'theirs';
  const options = observedOptions(set, caller.callAs);
  const limit = pLimit(CONCURRENT_READS);
  const isBusy = condition.type === 'busy';
  const members = await Promise.all(
    instances.map(async (instance): Promise<readonly [TargetKey, ObservedMember]> => {
      const target = instanceTarget(instance);
      const key = targetKey(target);
      const recorded = subject.recorded?.members[key];
      // While an operation runs, what stands below it is not at rest and is not looked at.
      const rests = !isBusy && instanceCondition(instance) === 'settled';
      const layer: StackLayer = rests
        ? await reader.walk.read(target, watch.freshness, watch.signal)
        : { type: 'not-looked-at' };
      const settings = isBusy
        ? (recorded?.settings ?? NO_OVERRIDES)
        : await limit(() => overridesOf(reader, caller, subject, instance, set.StackSetName!));
      return [
        key,
        await observeMember(
          reader.aws,
          reader.memory.templates,
          { instance, settings, layer, definition, recorded, ownership },
          watch.signal,
        ),
      ];
    }),
  );
  const settings = {
    ...definition,
    options,
    members: Object.fromEntries(members.map(([key, member]) => [key, member.settings])) as Record<
      TargetKey,
      MemberSettings
    >,
  };
  return {
    type: 'known',
    ownership,
    condition,
    status: isBusy ? `${set.Status ?? 'ACTIVE'}, with an operation running` : (set.Status ?? 'ACTIVE'),
    identity: set.StackSetId!,
    settings,
    members: Object.fromEntries(members),
    outputs: {},
    stacks: [],
    nested: {},
    sha256: digestOf({
      id: set.StackSetId ?? null,
      status: set.Status ?? null,
      ...definition,
      options,
      members: Object.fromEntries(members.map(([key, member]) => [key, member.sha256])),
    }),
  };
}

const NO_OVERRIDES: MemberSettings = { parameters: {} };

/** Asked of AWS only where the answer may be another than the recorded one, and overrides are recorded or wanted. */
async function overridesOf(
  reader: StackSetReader,
  caller: Caller,
  subject: Subject,
  instance: StackInstanceSummary,
  stackSet: string,
): Promise<MemberSettings> {
  const target = instanceTarget(instance);
  const key = targetKey(target);
  const recorded = subject.recorded?.members[key];
  if (recorded !== undefined && recorded.operation === (instance.LastOperationId ?? null)) return recorded.settings;
  const wanted = reader.memory.overridden.get(subject.address);
  const inQuestion =
    Object.keys(recorded?.settings.parameters ?? {}).length > 0 ||
    (wanted === undefined ? subject.recorded === null : wanted.has(key));
  return inQuestion ? readOverrides(caller, stackSet, target) : NO_OVERRIDES;
}

/** What the stack set was given, and the template's defaults for what it was not. */
function setParameters(set: StackSet): Readonly<Record<string, ParameterValue>> {
  const given = observedParameters(set.Parameters);
  const parsed = parseTemplate(set.TemplateBody ?? '');
  if (parsed.type !== 'template') return given;
  const declared = (parsed.document['Parameters'] ?? {}) as Readonly<
    Record<string, { readonly Default?: unknown; readonly NoEcho?: unknown }>
  >;
  const defaults = Object.entries(declared)
    .filter(([name, definition]) => given[name] === undefined && definition?.Default !== undefined)
    .map(([name, definition]): [string, ParameterValue] => [
      name,
      String(definition.NoEcho) === 'true'
        ? { type: 'noecho', sha256: null }
        : { type: 'plain', value: String(definition.Default) },
    ]);
  return { ...given, ...Object.fromEntries(defaults) };
}

function unknownSet(error: unknown, subject: Subject): Unknown {
  const failure = classify(error);
  const remedy =
    failure.kind === 'access-denied'
      ? "allow the controller to describe stack sets, or register its account as CloudFormation StackSets' delegated administrator and write callAs: DELEGATED_ADMIN"
      : 'run again; nothing is assumed about what was not read';
  return {
    type: 'unknown',
    cause: 'listing-failed',
    diagnostic: {
      code: 'EK6011',
      severity: 'error',
      address: subject.address,
      message: `the stack set ${subject.recorded?.stackName ?? subject.stackName} could not be read: ${failure.name}: ${failure.message}`,
      remedy,
    },
  };
}
