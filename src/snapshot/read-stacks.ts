import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../aws/contract.js';
import { allPages } from '../aws/paging.js';
import { originalTemplate } from '../drivers/live-template.js';
import { unknownOf } from '../drivers/stack-walk.js';
import type { Sha256 } from '../model/identifiers.js';
import type { Unknown } from '../model/observed.js';
import type { SnapshotPlace, SnapshotStack, Unread } from '../model/snapshot.js';
import type { Target } from '../model/target.js';
import { byText, stackRecord, unreadBecause } from './records.js';
import type { TemplateShelf } from './template-shelf.js';

/** A call that waits for its turn among all calls. */
export type Turn = <Value>(call: () => Promise<Value>) => Promise<Value>;

export type StackReading = {
  readonly aws: Aws;
  readonly shelf: TemplateShelf;
  readonly turn: Turn;
  /** The templates of stacks that need not be asked for, by StackId. */
  readonly known: ReadonlyMap<string, Sha256>;
  readonly signal: AbortSignal;
};

/** A place as the file has it, and why it could not be read where it could not. */
export type ReadPlace = { readonly place: SnapshotPlace; readonly unknown: Unknown | null };

/** One account in one Region: one walk, and one GetTemplate for each stack whose template does not follow from its stack set. */
export async function readPlace(reading: StackReading, target: Target): Promise<ReadPlace> {
  const { aws, turn, signal } = reading;
  const client = aws.cloudFormation({ type: 'role', account: target.account, role: 'plan' }, target.region);
  let stacks: readonly Stack[];
  try {
    stacks = await turn(() => livingStacks(client, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    return { place: { ...target, unread: unreadBecause(error) }, unknown: unknownOf(error, target) };
  }
  const records = await Promise.all(stacks.map((stack) => readStack(reading, client, stack)));
  return { place: { ...target, stacks: records.sort(oldestFirst) }, unknown: null };
}

async function livingStacks(client: CloudFormationClient, abortSignal: AbortSignal): Promise<readonly Stack[]> {
  const stacks = await allPages<Stack>(async (NextToken) => {
    const page = await client.send(new DescribeStacksCommand({ NextToken }), { abortSignal });
    return { items: page.Stacks, next: page.NextToken };
  });
  return stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
}

async function readStack(
  { shelf, turn, known, signal }: StackReading,
  client: CloudFormationClient,
  stack: Stack,
): Promise<SnapshotStack> {
  const isUntouched = stack.LastUpdatedTime === undefined;
  const follows = isUntouched ? known.get(stack.StackId!) : undefined;
  return stackRecord(stack, follows ?? (await turn(() => readTemplate(shelf, client, stack.StackId!, signal))));
}

/** One template that cannot be read does not hide the other stacks. */
async function readTemplate(
  shelf: TemplateShelf,
  client: CloudFormationClient,
  stackId: string,
  signal: AbortSignal,
): Promise<Sha256 | Unread> {
  try {
    return shelf.keepAnswered(await originalTemplate(client, stackId, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    return unreadBecause(error);
  }
}

function oldestFirst(one: SnapshotStack, other: SnapshotStack): number {
  return byText(one.createdAt, other.createdAt) || byText(one.id, other.id);
}
