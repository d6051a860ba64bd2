import { DeleteStackCommand, DescribeEventsCommand, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, contradictory, invalid, queue, settle, show } from './fixtures.js';
import { api } from './sources.js';

const events = async (aws: Aws, stack: string) =>
  (await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: stack }))).StackEvents!;

export const describeStackEvents: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackEvents',
  sentences: [
    {
      says: 'answers events in reverse chronological order, of the stack and of each resource',
      source: api('DescribeStackEvents'),
      differs: { moto: 'has events of the stack alone' },
      test: async (aws) => {
        const { id } = await build(aws, queue(aws.unique('queue')));
        const told = (await events(aws, id)).map((event) => [event.LogicalResourceId, event.ResourceStatus]);
        const { StackName } = await show(aws, id);
        expect(told).toEqual([
          [StackName, 'CREATE_COMPLETE'],
          ['Queue', 'CREATE_COMPLETE'],
          ['Queue', 'CREATE_IN_PROGRESS'],
          [StackName, 'CREATE_IN_PROGRESS'],
        ]);
      },
    },
    {
      says: 'says "User Initiated" of the event that began the operation',
      source: assumption('what the service is known to say'),
      test: async (aws) => {
        const { id } = await build(aws, queue(aws.unique('queue')));
        expect((await events(aws, id)).at(-1)).toMatchObject({
          ResourceType: 'AWS::CloudFormation::Stack',
          PhysicalResourceId: id,
          ResourceStatusReason: 'User Initiated',
        });
      },
    },
    {
      says: 'gives every event an EventId of its own, and those of one operation the same OperationId',
      source: api('StackEvent'),
      differs: { moto: 'has no OperationId', ministack: 'has no OperationId' },
      test: async (aws) => {
        const { id } = await build(aws, queue(aws.unique('queue')));
        const all = await events(aws, id);
        expect(new Set(all.map(({ EventId }) => EventId)).size).toBe(all.length);
        expect(new Set(all.map(({ OperationId }) => OperationId)).size).toBe(1);
        expect(all[0]?.OperationId).toBeTypeOf('string');
      },
    },
    {
      says: 'tells why a resource failed',
      source: api('StackEvent'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const { id } = await build(aws, contradictory(aws.unique('names')));
        const failure = (await events(aws, id)).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
        expect(failure?.ResourceStatusReason).toMatch(/already exists/);
      },
    },
    {
      says: 'answers for a deleted stack by its StackId, and "Stack [NAME] does not exist" by its name',
      source: api('DescribeStackEvents'),
      differs: { moto: 'refuses it in other words', ministack: 'answers by the name too' },
      test: async (aws) => {
        const { name, id } = await build(aws, queue(aws.unique('queue')));
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
        await settle(aws, id);
        expect((await events(aws, id))[0]?.ResourceStatus).toBe('DELETE_COMPLETE');
        await invalid(events(aws, name), `Stack [${name}] does not exist`);
      },
    },
  ],
};

export const describeEvents: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeEvents',
  lacks: { moto: 'answers HTTP 500', ministack: 'answers InvalidAction' },
  sentences: [
    {
      says: 'answers the events of one operation, each with the operation’s id and type',
      source: api('DescribeEvents'),
      test: async (aws) => {
        const { id } = await build(aws, queue(aws.unique('queue')));
        const { LastOperations } = await show(aws, id);
        const { OperationId } = LastOperations![0]!;
        const { OperationEvents = [] } = await aws.cloudFormation().send(new DescribeEventsCommand({ OperationId }));
        expect(OperationEvents).toHaveLength(4);
        for (const event of OperationEvents)
          expect(event).toMatchObject({ OperationId, OperationType: 'CREATE_STACK' });
      },
    },
    {
      says: 'answers what failed alone with the filter FailedEvents, as PROVISIONING_ERROR',
      source: api('DescribeEvents'),
      test: async (aws) => {
        const { id } = await build(aws, contradictory(aws.unique('names')));
        const asked = new DescribeEventsCommand({ StackName: id, Filters: { FailedEvents: true } });
        const { OperationEvents = [] } = await aws.cloudFormation().send(asked);
        expect(OperationEvents).toEqual([
          expect.objectContaining({ LogicalResourceId: 'Second', EventType: 'PROVISIONING_ERROR' }),
        ]);
      },
    },
    {
      says: 'demands a stack, a change set or an operation',
      source: api('DescribeEvents'),
      test: async (aws) => {
        await invalid(
          aws.cloudFormation().send(new DescribeEventsCommand({})),
          'One of ChangeSetName, OperationId or StackName must be specified',
        );
      },
    },
  ],
};
