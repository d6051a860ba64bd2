import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  type DeleteStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, failing, invalid, queue, refusal, settle, show, update } from './fixtures.js';
import { api, guide, ON_DEMAND } from './sources.js';

const remove = (aws: Aws, stack: string, more: Partial<DeleteStackCommandInput> = {}): Promise<unknown> =>
  aws.cloudFormation().send(new DeleteStackCommand({ StackName: stack, ...more }));

export const deleteStack: Chapter = {
  service: 'CloudFormation',
  operation: 'DeleteStack',
  sentences: [
    {
      says: 'answers at once and deletes later: the stack is DELETE_IN_PROGRESS, then DELETE_COMPLETE',
      source: api('DeleteStack'),
      differs: { moto: 'is done by the time it answers', ministack: 'is done by the time it answers' },
      test: async (aws) => {
        const { id } = await build(aws, queue(aws.unique('queue')));
        await remove(aws, id);
        expect((await show(aws, id)).StackStatus).toBe('DELETE_IN_PROGRESS');
        expect((await settle(aws, id)).StackStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'succeeds for a stack that does not exist, and for one that was deleted already',
      source: assumption('what the service is known to do'),
      test: async (aws) => {
        await remove(aws, aws.unique('nobody'));
        const { name, id } = await build(aws, queue(aws.unique('queue')));
        await remove(aws, name);
        await settle(aws, id);
        await remove(aws, name);
        await remove(aws, id);
      },
    },
    {
      says: 'frees the name: a new stack of that name has another StackId',
      source: api('DeleteStack'),
      differs: { ministack: 'no longer finds the first stack by its StackId' },
      test: async (aws) => {
        const template = queue(aws.unique('queue'));
        const first = await build(aws, template);
        await remove(aws, first.name);
        await settle(aws, first.id);
        const second = await build(aws, template, { StackName: first.name });
        expect(second.id).not.toBe(first.id);
        expect((await show(aws, first.id)).StackStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'answers "Stack [NAME] cannot be deleted while TerminationProtection is enabled" and leaves the stack unchanged',
      source: guide('Protect CloudFormation stacks from being deleted'),
      differs: { moto: 'accepts it', ministack: 'puts the stack’s ARN where AWS has its name' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')), { EnableTerminationProtection: true });
        await invalid(remove(aws, name), `Stack [${name}] cannot be deleted while TerminationProtection is enabled`);
        expect((await show(aws, name)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'is refused while an update runs',
      source: guide('Troubleshooting CloudFormation'),
      differs: {
        moto: 'is done by the time it answers, so nothing is in the way',
        ministack: 'is done by the time it answers, so nothing is in the way',
      },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        await invalid(remove(aws, stack.name), /cannot be deleted while in status UPDATE_IN_PROGRESS/);
      },
    },
    {
      says: 'keeps resources of DeletionPolicy Retain and says DELETE_SKIPPED of them',
      source: guide('DeletionPolicy attribute'),
      differs: { moto: 'has no events of resources' },
      test: async (aws) => {
        const { id } = await build(aws, queue(aws.unique('queue'), {}, { DeletionPolicy: 'Retain' }));
        await remove(aws, id);
        await settle(aws, id);
        const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: id }));
        const ofQueue = StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === 'Queue');
        expect(ofQueue[0]?.ResourceStatus).toBe('DELETE_SKIPPED');
      },
    },
    {
      says: 'deletes resources of DeletionPolicy Snapshot, once their snapshot is taken',
      source: guide('DeletionPolicy attribute'),
      alone: 'emulators have few of the types that know snapshots',
      test: async (aws) => {
        const volume = {
          Type: 'AWS::EC2::Volume',
          DeletionPolicy: 'Snapshot',
          Properties: { AvailabilityZone: 'us-east-1a', Size: 1 },
        };
        const { id } = await build(aws, { Resources: { Volume: volume } });
        await remove(aws, id);
        expect((await settle(aws, id)).StackStatus).toBe('DELETE_COMPLETE');
        const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: id }));
        const ofVolume = StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === 'Volume');
        expect(ofVolume[0]?.ResourceStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'says DELETE_FAILED, and of which resources, where one cannot be deleted; the others are gone',
      source: guide('Troubleshooting CloudFormation'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const { Resources } = failing(aws.unique('queue'), ['delete']) as { Resources: object };
        const { id } = await build(aws, { Resources: { ...Resources, Topic: { Type: 'AWS::SNS::Topic' } } });
        await remove(aws, id);
        expect(await settle(aws, id)).toMatchObject({
          StackStatus: 'DELETE_FAILED',
          StackStatusReason: 'The following resource(s) failed to delete: [Queue]. ',
        });
        const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: id }));
        const ofTopic = StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === 'Topic');
        expect(ofTopic[0]?.ResourceStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'leaves the resources of RetainResources behind, for a stack that is DELETE_FAILED',
      source: api('DeleteStack'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const { id } = await deleteFailed(aws);
        await remove(aws, id, { RetainResources: ['Queue'] });
        expect((await settle(aws, id)).StackStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'leaves whatever cannot be deleted behind with DeletionMode FORCE_DELETE_STACK, for a stack that is DELETE_FAILED',
      source: api('DeleteStack'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const { id } = await deleteFailed(aws);
        await remove(aws, id, { DeletionMode: 'FORCE_DELETE_STACK' });
        expect((await settle(aws, id)).StackStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'refuses RetainResources and FORCE_DELETE_STACK for a stack that is not DELETE_FAILED',
      source: api('DeleteStack'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        for (const more of [{ RetainResources: ['Queue'] }, { DeletionMode: 'FORCE_DELETE_STACK' as const }])
          expect((await refusal(remove(aws, name, more))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers TokenAlreadyExistsException where another operation has used the ClientRequestToken',
      source: api('DeleteStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const token = { ClientRequestToken: aws.unique('token') };
        const { name } = await build(aws, queue(aws.unique('queue')), token);
        expect((await refusal(remove(aws, name, token))).name).toBe('TokenAlreadyExistsException');
      },
    },
    {
      says: 'may be sent again with the same ClientRequestToken while the deletion runs',
      source: api('DeleteStack'),
      test: async (aws) => {
        const token = { ClientRequestToken: aws.unique('token') };
        const { name, id } = await build(aws, queue(aws.unique('queue')));
        await remove(aws, name, token);
        await remove(aws, id, token);
        expect((await settle(aws, id)).StackStatus).toBe('DELETE_COMPLETE');
      },
    },
  ],
};

async function deleteFailed(aws: Aws): Promise<{ readonly id: string }> {
  const stack = await build(aws, failing(aws.unique('queue'), ['delete']));
  await remove(aws, stack.id);
  expect((await settle(aws, stack.id)).StackStatus).toBe('DELETE_FAILED');
  return stack;
}
