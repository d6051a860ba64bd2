import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, settle, show, update } from './fixtures.js';
import { guide } from './sources.js';

const PAGE = guide('AWS::CloudFormation::CustomResource');
const TYPES = ['Custom::Thing', 'AWS::CloudFormation::CustomResource'];
const CODE = 'an emulator would have to run a function that is not there';

export const customResources: Chapter = {
  service: 'CloudFormation',
  operation: 'Custom resources',
  sentences: [
    {
      says: 'fail without a ServiceToken, and the stack is rolled back',
      source: PAGE,
      alone: CODE,
      test: async (aws) => {
        for (const Type of TYPES) expect(await failureOf(aws, Type, undefined)).toMatch(/ServiceToken/);
      },
    },
    {
      says: 'fail with a ServiceToken that is the ARN of neither a Lambda function nor an SNS topic, or is of another Region',
      source: PAGE,
      alone: CODE,
      test: async (aws) => {
        const [account] = aws.members;
        const tokens = [
          'function',
          `arn:aws:sqs:us-east-1:${account}:queue`,
          `arn:aws:lambda:us-east-1:${account}:layer:f`,
          `arn:aws:lambda:eu-west-1:${account}:function:f`,
        ];
        for (const token of tokens) expect(await failureOf(aws, 'Custom::Thing', token)).toMatch(/service token/);
      },
    },
    {
      says: 'fail in the simulator with a ServiceToken of an account that is not in the organization',
      source: assumption('nobody in the simulator could have made the function; AWS would ask an account of anybody'),
      alone: CODE,
      test: async (aws) => {
        const foreign = 'arn:aws:lambda:us-east-1:999999999999:function:f';
        for (const Type of TYPES) expect(await failureOf(aws, Type, foreign)).toMatch(/999999999999/);
      },
    },
    {
      says: 'are answered SUCCESS in the simulator by any function or topic of the organization, whether it stands in a stack or not: none of them is run',
      source: assumption('functions may stand outside of all stacks, and what their code does cannot be known'),
      alone: CODE,
      test: async (aws) => {
        const [account, other] = aws.members;
        const tokens = [
          `arn:aws:lambda:us-east-1:${account}:function:f`,
          `arn:aws:lambda:us-east-1:${other}:function:f:live`,
          `arn:aws:sns:us-east-1:${account}:requests`,
          { Ref: 'Topic' },
        ];
        for (const token of tokens) {
          const { name } = await build(aws, custom(aws, 'Custom::Thing', token));
          expect((await show(aws, name)).StackStatus).toBe('CREATE_COMPLETE');
        }
      },
    },
    {
      says: 'cannot be given another ServiceToken: "Modifying service token is not allowed."',
      source: assumption('what the service is known to say'),
      alone: CODE,
      test: async (aws) => {
        const token = (name: string) => `arn:aws:lambda:us-east-1:${aws.members[0]}:function:${name}`;
        const { name } = await build(aws, custom(aws, 'Custom::Thing', token('f')));
        await update(aws, name, custom(aws, 'Custom::Thing', token('g')));
        expect((await settle(aws, name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(await reasonOf(aws, name, 'UPDATE_FAILED')).toBe('Modifying service token is not allowed.');
      },
    },
  ],
};

const custom = (aws: Aws, Type: string, ServiceToken: unknown): object => ({
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: aws.unique('topic') } },
    Thing: { Type, Properties: ServiceToken === undefined ? {} : { ServiceToken } },
  },
});

async function failureOf(aws: Aws, type: string, token: unknown): Promise<string | undefined> {
  const { name } = await build(aws, custom(aws, type, token));
  expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
  return reasonOf(aws, name, 'CREATE_FAILED');
}

async function reasonOf(aws: Aws, StackName: string, status: string): Promise<string | undefined> {
  const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.find(
    ({ LogicalResourceId, ResourceStatus }) => LogicalResourceId === 'Thing' && ResourceStatus === status,
  )?.ResourceStatusReason;
}
