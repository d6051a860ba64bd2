import {
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DescribeStackInstanceCommand,
  DescribeStackSetCommand,
  DescribeStackSetOperationCommand,
  DescribeStacksCommand,
  ListStackInstancesCommand,
  ListStackSetOperationResultsCommand,
  UpdateStackInstancesCommand,
  UpdateStackSetCommand,
  type CloudFormationClient,
  type CreateStackInstancesCommandInput,
  type CreateStackSetCommandInput,
  type DeleteStackInstancesCommandInput,
  type ListStackInstancesCommandInput,
  type Stack,
  type StackSetOperation,
  type UpdateStackInstancesCommandInput,
  type UpdateStackSetCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { Aws } from '../specification.js';
import { topic } from './templates.js';

type Rest<Input> = Partial<Omit<Input, 'StackSetName'>>;

const OPEN: readonly (string | undefined)[] = ['RUNNING', 'QUEUED', 'STOPPING'];

/** One stack set as its administrator works with it; whoever says nothing is the management account, in us-east-1. */
export function desk(aws: Aws, account: string = aws.management, callAs?: 'DELEGATED_ADMIN') {
  const client = aws.cloudFormation(account);
  const StackSetName = aws.unique('set');
  const template = topic(StackSetName);
  const named = { StackSetName, CallAs: callAs };
  const operation = async (OperationId: string): Promise<StackSetOperation> =>
    (await client.send(new DescribeStackSetOperationCommand({ ...named, OperationId }))).StackSetOperation!;
  const results = async (OperationId: string) =>
    (await client.send(new ListStackSetOperationResultsCommand({ ...named, OperationId }))).Summaries!;
  const settled = (OperationId: string): Promise<StackSetOperation> =>
    aws.until(
      () => operation(OperationId),
      ({ Status }) => !OPEN.includes(Status),
    );
  const create = async (input: Rest<CreateStackSetCommandInput> = {}): Promise<string> => {
    const body = input.TemplateURL === undefined && input.StackId === undefined ? { TemplateBody: template } : {};
    return (await client.send(new CreateStackSetCommand({ ...named, ...body, ...input }))).StackSetId!;
  };
  const begin = async (input: Rest<CreateStackInstancesCommandInput>): Promise<string> =>
    (await client.send(new CreateStackInstancesCommand({ ...named, Regions: ['us-east-1'], ...input }))).OperationId!;
  const update = async (input: Rest<UpdateStackSetCommandInput>): Promise<string> =>
    (await client.send(new UpdateStackSetCommand({ ...named, ...input }))).OperationId!;
  const updateInstances = async (input: Rest<UpdateStackInstancesCommandInput>): Promise<string> =>
    (await client.send(new UpdateStackInstancesCommand({ ...named, Regions: ['us-east-1'], ...input }))).OperationId!;
  const remove = async (input: Rest<DeleteStackInstancesCommandInput>): Promise<string> =>
    (
      await client.send(
        new DeleteStackInstancesCommand({ ...named, Regions: ['us-east-1'], RetainStacks: false, ...input }),
      )
    ).OperationId!;
  const instance = async (StackInstanceAccount: string, StackInstanceRegion = 'us-east-1') =>
    (await client.send(new DescribeStackInstanceCommand({ ...named, StackInstanceAccount, StackInstanceRegion })))
      .StackInstance!;
  const instances = async (input: Rest<ListStackInstancesCommandInput> = {}) =>
    (await client.send(new ListStackInstancesCommand({ ...named, ...input }))).Summaries!;
  return {
    client,
    StackSetName,
    template,
    operation,
    results,
    settled,
    create,
    begin,
    update,
    updateInstances,
    remove,
    instance,
    instances,
    /** Creates instances and waits for the end of that. */
    deploy: async (input: Rest<CreateStackInstancesCommandInput>) => settled(await begin(input)),
    describe: async () => (await client.send(new DescribeStackSetCommand(named))).StackSet!,
    /** Accounts that have an instance. */
    accounts: async () => [...new Set((await instances()).map(({ Account }) => Account!))].sort(),
    /** Account, status and detailed status of each instance. */
    states: async () =>
      (await instances()).map(
        ({ Account, Status, StackInstanceStatus }) => `${Account} ${Status} ${StackInstanceStatus?.DetailedStatus}`,
      ),
    /** The stack of an instance, as its own account sees it: by its id, or else by the name of the stack set in its own. */
    stack: async (of: string, region = 'us-east-1') => {
      const { StackId } = await instance(of, region);
      const stacks = await allStacks(aws.cloudFormation(of, region));
      const ofTheSet = new RegExp(`^StackSet[-:]${StackSetName}(-|$)`);
      const found =
        stacks.find((stack) => stack.StackId === StackId) ?? stacks.find((stack) => ofTheSet.test(stack.StackName!));
      if (found === undefined) throw new Error(`${of} has no stack of ${StackSetName}`);
      return found;
    },
  };
}

async function allStacks(client: CloudFormationClient): Promise<readonly Stack[]> {
  const found: Stack[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new DescribeStacksCommand({ NextToken }));
    found.push(...page.Stacks!);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

export type Desk = ReturnType<typeof desk>;

/** How a call was refused, by the name under which the SDK throws it. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> {
  const outcome = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return outcome.error;
  throw new Error('the call was expected to be refused, and was not');
}
