import {
  DeleteStackCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, invalid, queue, refusal, settle } from './fixtures.js';
import { api } from './sources.js';

export const describeStackResource: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackResource',
  sentences: [
    {
      says: 'answers one resource with its physical id, status and Metadata',
      source: api('StackResourceDetail'),
      differs: { moto: 'answers no Metadata' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name, {}, { Metadata: { owner: 'me' } }));
        const detail = await resource(aws, stack.name, 'Queue');
        expect(detail).toMatchObject({
          StackId: stack.id,
          ResourceType: 'AWS::SQS::Queue',
          ResourceStatus: 'CREATE_COMPLETE',
          PhysicalResourceId: expect.stringContaining(name),
        });
        expect(JSON.parse(detail.Metadata!)).toEqual({ owner: 'me' });
      },
    },
    {
      says: 'answers "Resource ID does not exist for stack NAME"',
      source: assumption('what the service is known to say'),
      differs: { ministack: 'refuses it in other words' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        await invalid(resource(aws, name, 'Nobody'), `Resource Nobody does not exist for stack ${name}`);
      },
    },
    {
      says: 'answers "Stack \'NAME\' does not exist"',
      source: assumption('what the service is known to say'),
      differs: { moto: 'refuses it in other words', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const name = aws.unique('nobody');
        await invalid(resource(aws, name, 'Queue'), `Stack '${name}' does not exist`);
      },
    },
  ],
};

export const describeStackResources: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackResources',
  sentences: [
    {
      says: 'answers all resources of a stack, or the one of the LogicalResourceId',
      source: api('DescribeStackResources'),
      test: async (aws) => {
        const { name } = await build(aws, twoQueues(aws));
        expect((await resources(aws, { StackName: name })).map(({ LogicalResourceId }) => LogicalResourceId)).toEqual([
          'First',
          'Second',
        ]);
        const asked = await resources(aws, { StackName: name, LogicalResourceId: 'Second' });
        expect(asked.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Second']);
      },
    },
    {
      says: 'finds the stack that a physical resource belongs to',
      source: api('DescribeStackResources'),
      differs: { moto: 'finds no stack', ministack: 'finds no stack' },
      test: async (aws) => {
        const { name } = await build(aws, twoQueues(aws));
        const [first] = await resources(aws, { StackName: name });
        const found = await resources(aws, { PhysicalResourceId: first!.PhysicalResourceId! });
        expect(found.map(({ StackName }) => StackName)).toEqual([name, name]);
      },
    },
    {
      says: 'refuses StackName and PhysicalResourceId together',
      source: api('DescribeStackResources'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        expect((await refusal(resources(aws, { StackName: name, PhysicalResourceId: 'any' }))).name).toBe(
          'ValidationError',
        );
      },
    },
  ],
};

export const listStackResources: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStackResources',
  sentences: [
    {
      says: 'answers each resource with logical and physical id, type, status and when that changed',
      source: api('StackResourceSummary'),
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        expect(await list(aws, stack.name)).toEqual([
          expect.objectContaining({
            LogicalResourceId: 'Queue',
            PhysicalResourceId: expect.stringContaining(name),
            ResourceType: 'AWS::SQS::Queue',
            ResourceStatus: 'CREATE_COMPLETE',
            LastUpdatedTimestamp: expect.any(Date),
          }),
        ]);
      },
    },
    {
      says: 'answers the resources of a deleted stack too, by its StackId',
      source: api('ListStackResources'),
      differs: { moto: 'answers them as they were before the deletion', ministack: 'answers none' },
      test: async (aws) => {
        const { id } = await build(aws, queue(aws.unique('queue')));
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: id }));
        await settle(aws, id);
        expect(await list(aws, id)).toEqual([
          expect.objectContaining({ LogicalResourceId: 'Queue', ResourceStatus: 'DELETE_COMPLETE' }),
        ]);
      },
    },
    {
      says: 'answers "Stack with id NAME does not exist"',
      source: assumption('what the service is known to say'),
      differs: { ministack: 'refuses it in other words' },
      test: async (aws) => {
        const name = aws.unique('nobody');
        await invalid(list(aws, name), `Stack with id ${name} does not exist`);
      },
    },
  ],
};

function twoQueues(aws: Aws): object {
  const one = () => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: aws.unique('queue') } });
  return { Resources: { First: one(), Second: one() } };
}

const resource = async (aws: Aws, StackName: string, LogicalResourceId: string) =>
  (await aws.cloudFormation().send(new DescribeStackResourceCommand({ StackName, LogicalResourceId })))
    .StackResourceDetail!;

const resources = async (
  aws: Aws,
  asked: { readonly StackName?: string; readonly LogicalResourceId?: string; readonly PhysicalResourceId?: string },
) => (await aws.cloudFormation().send(new DescribeStackResourcesCommand(asked))).StackResources!;

const list = async (aws: Aws, StackName: string) =>
  (await aws.cloudFormation().send(new ListStackResourcesCommand({ StackName }))).StackResourceSummaries!;
