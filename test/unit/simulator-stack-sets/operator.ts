import {
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DescribeStackInstanceCommand,
  DescribeStackSetOperationCommand,
  ListStackInstancesCommand,
  ListStackSetOperationResultsCommand,
} from '@aws-sdk/client-cloudformation';
import type {
  CloudFormationClient,
  CreateStackInstancesCommandInput,
  CreateStackSetCommandInput,
  StackInstanceSummary,
} from '@aws-sdk/client-cloudformation';
import type { SimulatedAws } from './aws.js';

export const SET = 'baseline';

/** One topic, and two parameters that its name is made of. */
export const TEMPLATE = JSON.stringify({
  Parameters: { Team: { Type: 'String', Default: 'platform' }, Level: { Type: 'String', Default: 'low' } },
  Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': '${Team} ${Level}' } } } },
});

/** The same with a further resource. */
export const GROWN = JSON.stringify({
  ...(JSON.parse(TEMPLATE) as object),
  Resources: { Topic: { Type: 'AWS::SNS::Topic' }, Queue: { Type: 'AWS::SQS::Queue' } },
});

/** Stack sets as an operator works with them: each step waits for its operation to end. */
export function operator(aws: SimulatedAws, client: CloudFormationClient = aws.cloudFormation()) {
  const operation = async (OperationId: string, CallAs?: 'DELEGATED_ADMIN') =>
    (await client.send(new DescribeStackSetOperationCommand({ StackSetName: SET, OperationId, CallAs })))
      .StackSetOperation!;
  const settle = async (OperationId: string | undefined, CallAs?: 'DELEGATED_ADMIN') => {
    for (;;) {
      const { Status, ...rest } = await operation(OperationId!, CallAs);
      if (Status !== 'RUNNING' && Status !== 'QUEUED' && Status !== 'STOPPING') return { Status, ...rest };
      if (!aws.clock.advanceToNext()) throw new Error(`the operation is ${Status} and nothing is under way`);
    }
  };
  return {
    client,
    operation,
    settle,
    createSet: (input: Partial<CreateStackSetCommandInput> = {}) =>
      client.send(new CreateStackSetCommand({ StackSetName: SET, TemplateBody: TEMPLATE, ...input })),
    begin: async (input: Omit<CreateStackInstancesCommandInput, 'StackSetName'>) =>
      (await client.send(new CreateStackInstancesCommand({ StackSetName: SET, ...input }))).OperationId!,
    async create(input: Omit<CreateStackInstancesCommandInput, 'StackSetName'>) {
      return settle(await this.begin(input), input.CallAs as 'DELEGATED_ADMIN' | undefined);
    },
    instances: async (): Promise<readonly StackInstanceSummary[]> =>
      (await client.send(new ListStackInstancesCommand({ StackSetName: SET }))).Summaries!,
    instance: async (account: string, region = 'us-east-1') =>
      (
        await client.send(
          new DescribeStackInstanceCommand({
            StackSetName: SET,
            StackInstanceAccount: account,
            StackInstanceRegion: region,
          }),
        )
      ).StackInstance!,
    results: async (OperationId: string) =>
      (await client.send(new ListStackSetOperationResultsCommand({ StackSetName: SET, OperationId }))).Summaries!.map(
        ({ Account, Region, Status }) => `${Account}/${Region} ${Status}`,
      ),
  };
}

/** account/Region and both states of each instance. */
export const states = (instances: readonly StackInstanceSummary[]): readonly string[] =>
  instances.map(
    ({ Account, Region, Status, StackInstanceStatus }) =>
      `${Account}/${Region} ${Status} ${StackInstanceStatus!.DetailedStatus}`,
  );
