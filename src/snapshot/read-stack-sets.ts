import { DescribeStackInstanceCommand, ListStackSetsCommand } from '@aws-sdk/client-cloudformation';
import type { Parameter, StackInstanceSummary, StackSet } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../aws/contract.js';
import { allPages } from '../aws/paging.js';
import { describeSet } from '../drivers/stack-set-observation.js';
import { listInstances } from '../drivers/stack-set-members.js';
import type { Caller } from '../drivers/stack-set-members.js';
import type { AccountId, Sha256 } from '../model/identifiers.js';
import type { SnapshotStackSet, SnapshotStackSets } from '../model/snapshot.js';
import { parseTemplate } from '../model/template.js';
import { byText, instanceRecord, stackSetRecord, unreadBecause } from './records.js';
import type { Turn } from './read-stacks.js';
import type { TemplateShelf } from './template-shelf.js';

export type StackSetReading = {
  readonly aws: Aws;
  readonly account: AccountId;
  readonly shelf: TemplateShelf;
  readonly turn: Turn;
  readonly signal: AbortSignal;
};

/** Which template an instance's stack has that was never updated by itself, by StackId. */
export type InstanceTemplates = Map<string, Sha256>;

/** All stack sets that the controller sees in its home Region when it calls so. */
export async function readStackSets(
  { aws, account, shelf, turn, signal }: StackSetReading,
  callAs: Caller['callAs'],
  templates: InstanceTemplates,
): Promise<SnapshotStackSets> {
  const caller = { client: aws.cloudFormation({ type: 'controller' }, aws.homeRegion), callAs, signal };
  const shelfOf = { account, region: aws.homeRegion, callAs };
  let names: readonly string[];
  try {
    names = await turn(() => activeSets(caller));
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...shelfOf, unread: unreadBecause(error) };
  }
  const sets = await Promise.all(names.map((name) => readSet({ caller, shelf, turn, templates }, name)));
  return {
    ...shelfOf,
    stackSets: sets.filter((set) => set !== null).sort((one, other) => byText(one.name, other.name)),
  };
}

/** An emulator may list a name twice, and AWS a set that was deleted meanwhile. */
async function activeSets({ client, callAs, signal }: Caller): Promise<readonly string[]> {
  const found = await allPages(async (NextToken) => {
    const page = await client.send(
      new ListStackSetsCommand({ Status: 'ACTIVE', CallAs: callAs, MaxResults: 100, NextToken }),
      { abortSignal: signal },
    );
    return { items: page.Summaries, next: page.NextToken };
  });
  return [...new Set(found.flatMap(({ StackSetName }) => StackSetName ?? []))];
}

type SetReading = {
  readonly caller: Caller;
  readonly shelf: TemplateShelf;
  readonly turn: Turn;
  readonly templates: InstanceTemplates;
};

async function readSet(reading: SetReading, name: string): Promise<SnapshotStackSet | null> {
  const { caller, shelf, turn, templates } = reading;
  try {
    const set = await turn(() => describeSet(caller, name));
    if (set === null) return null;
    const text = set.TemplateBody ?? '';
    const template = shelf.keep(text);
    const instances = await turn(() => listInstances(caller, name));
    for (const { StackId, Status } of instances)
      if (StackId !== undefined && Status === 'CURRENT') templates.set(StackId, template);
    const overridable = mayBeOverridden(set, text);
    const records = await Promise.all(
      instances.map(async (instance) =>
        instanceRecord(instance, overridable ? await turn(() => overridesOf(caller, name, instance)) : undefined),
      ),
    );
    return stackSetRecord(set, template, records);
  } catch (error) {
    if (caller.signal.aborted) throw error;
    return { name, unread: unreadBecause(error) };
  }
}

/** A set without parameters has nothing to override, and its instances need not be asked one by one. */
function mayBeOverridden(set: StackSet, text: string): boolean {
  if ((set.Parameters ?? []).length > 0) return true;
  const parsed = parseTemplate(text);
  return parsed.type !== 'template' || Object.keys(parsed.document['Parameters'] ?? {}).length > 0;
}

async function overridesOf(
  { client, callAs, signal }: Caller,
  name: string,
  { Account, Region }: StackInstanceSummary,
): Promise<readonly Parameter[] | undefined> {
  const answer = await client.send(
    new DescribeStackInstanceCommand({
      StackSetName: name,
      StackInstanceAccount: Account,
      StackInstanceRegion: Region,
      CallAs: callAs,
    }),
    { abortSignal: signal },
  );
  return answer.StackInstance?.ParameterOverrides;
}
