import {
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import {
  CreateCloudFormationChangeSetCommand,
  type CreateCloudFormationChangeSetCommandInput,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { document, model, type Aws } from '../specification.js';
import { templateOf } from './fixtures.js';

export const INPUT = model('serverlessrepo 2017-09-08, CreateCloudFormationChangeSetInput');
export const CAPABILITIES = document(
  'Serverless Application Repository Developer Guide, Application Capabilities: IAM Roles, Resource Policies, and Nested Applications',
);

/** Topics whose names come from parameters, one of them without a default. */
export const PARAMETERS = templateOf(
  {
    First: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'FirstName' } } },
    Second: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'SecondName' } } },
  },
  { FirstName: { Type: 'String' }, SecondName: { Type: 'String', Default: 'second' } },
);
export const firstNamed = (Value: string) => [{ Name: 'FirstName', Value }];

export type Asked = Omit<CreateCloudFormationChangeSetCommandInput, 'ApplicationId' | 'StackName'> & {
  readonly StackName?: string;
};

export const create = (aws: Aws, ApplicationId: string, asked: Asked = {}, account?: string) =>
  aws
    .serverlessRepository(account)
    .send(new CreateCloudFormationChangeSetCommand({ ApplicationId, StackName: aws.unique('app'), ...asked }));

/** The change set once CloudFormation has worked it out. */
export const finished = (aws: Aws, ChangeSetName: string) =>
  aws.until(
    () => aws.cloudFormation().send(new DescribeChangeSetCommand({ ChangeSetName })),
    ({ Status }) => Status === 'CREATE_COMPLETE' || Status === 'FAILED',
  );

/** Carries the change set out, and answers the stack when that has ended. */
export async function execute(aws: Aws, made: { ChangeSetId?: string; StackId?: string }): Promise<Stack> {
  expect(await finished(aws, made.ChangeSetId!)).toMatchObject({ Status: 'CREATE_COMPLETE' });
  await aws.cloudFormation().send(new ExecuteChangeSetCommand({ ChangeSetName: made.ChangeSetId }));
  const { Stacks } = await aws.until(
    () => aws.cloudFormation().send(new DescribeStacksCommand({ StackName: made.StackId })),
    ({ Stacks }) => !Stacks![0]!.StackStatus!.endsWith('_IN_PROGRESS'),
  );
  return Stacks![0]!;
}

export const refused = (aws: Aws, ApplicationId: string, asked: Asked, message: RegExp) =>
  expect(create(aws, ApplicationId, asked)).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringMatching(message),
  });
