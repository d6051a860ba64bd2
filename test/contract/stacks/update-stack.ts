import {
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import {
  build,
  contradictory,
  create,
  failing,
  invalid,
  namedRole,
  output,
  queue,
  refusal,
  settle,
  show,
  update,
} from './fixtures.js';
import { updateLimits } from './limits.js';
import { api, guide, ON_DEMAND } from './sources.js';

export const updateStack: Chapter = {
  service: 'CloudFormation',
  operation: 'UpdateStack',
  sentences: [
    {
      says: 'goes from UPDATE_IN_PROGRESS through UPDATE_COMPLETE_CLEANUP_IN_PROGRESS to UPDATE_COMPLETE',
      source: guide('Stack status codes'),
      differs: { moto: 'has no cleanup', ministack: 'has no cleanup' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        await settle(aws, stack.name);
        expect((await stackStatuses(aws, stack.id)).slice(0, 3)).toEqual([
          'UPDATE_COMPLETE',
          'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
          'UPDATE_IN_PROGRESS',
        ]);
      },
    },
    {
      says: 'answers before the update is done: the stack is UPDATE_IN_PROGRESS',
      source: api('UpdateStack'),
      differs: { moto: 'is done by the time it answers', ministack: 'is done by the time it answers' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        expect((await show(aws, stack.name)).StackStatus).toBe('UPDATE_IN_PROGRESS');
      },
    },
    {
      says: 'answers "No updates are to be performed." where template, parameters and tags stay the same',
      source: guide('Troubleshooting CloudFormation'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const template = queue(aws.unique('queue'));
        const { name } = await build(aws, template);
        await invalid(update(aws, name, template), 'No updates are to be performed.');
        await invalid(update(aws, name, undefined, { UsePreviousTemplate: true }), 'No updates are to be performed.');
      },
    },
    {
      says: 'answers "No updates are to be performed." with parameters too',
      source: guide('Troubleshooting CloudFormation'),
      test: async (aws) => {
        const template = { ...queue(aws.unique('queue')), Parameters: { Stage: { Type: 'String' } } };
        const { name } = await build(aws, template, {
          Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'prod' }],
        });
        for (const given of [{ ParameterValue: 'prod' }, { UsePreviousValue: true }])
          await invalid(
            update(aws, name, template, { Parameters: [{ ParameterKey: 'Stage', ...given }] }),
            'No updates are to be performed.',
          );
      },
    },
    {
      says: 'performs no update for a change of words alone, such as the Description',
      source: guide('Update behaviors of stack resources'),
      differs: { moto: 'updates', ministack: 'updates' },
      test: async (aws) => {
        const template = queue(aws.unique('queue'));
        const { name } = await build(aws, template);
        await invalid(update(aws, name, { ...template, Description: 'other' }), 'No updates are to be performed.');
      },
    },
    {
      says: 'updates a stack whose tags alone change',
      source: api('UpdateStack'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        await update(aws, name, undefined, { UsePreviousTemplate: true, Tags: [{ Key: 'owner', Value: 'me' }] });
        expect(await settle(aws, name)).toMatchObject({
          StackStatus: 'UPDATE_COMPLETE',
          Tags: [{ Key: 'owner', Value: 'me' }],
        });
      },
    },
    {
      says: 'leaves tags alone where Tags is absent, and removes them all where it is empty',
      source: api('UpdateStack'),
      differs: { moto: 'removes none' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name), { Tags: [{ Key: 'owner', Value: 'me' }] });
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        expect((await settle(aws, stack.name)).Tags).toEqual([{ Key: 'owner', Value: 'me' }]);
        await update(aws, stack.name, undefined, { UsePreviousTemplate: true, Tags: [] });
        expect((await settle(aws, stack.name)).Tags ?? []).toEqual([]);
      },
    },
    {
      says: 'answers "Stack [NAME] does not exist" for a stack that is not there or was deleted',
      source: assumption('what the service is known to say'),
      differs: { moto: 'refuses it in other words' },
      test: async (aws) => {
        const name = aws.unique('nobody');
        await invalid(update(aws, name, queue('any')), `Stack [${name}] does not exist`);
      },
    },
    {
      says: 'answers "Stack:ARN is in CREATE_IN_PROGRESS state and can not be updated." while something runs on the stack',
      source: assumption('what the service is known to say'),
      differs: { moto: 'has nothing running, and updates', ministack: 'has nothing running, and updates' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const { id } = await create(aws, queue(name));
        await invalid(
          update(aws, id, queue(name, { VisibilityTimeout: 60 })),
          `Stack:${id} is in CREATE_IN_PROGRESS state and can not be updated.`,
        );
      },
    },
    {
      says: 'refuses a stack that is ROLLBACK_COMPLETE in the same words: it can only be deleted',
      source: guide('Troubleshooting CloudFormation'),
      differs: {
        moto: 'fails the call itself where a resource fails, and leaves no stack',
        ministack: 'refuses it in other words',
      },
      test: async (aws) => {
        const { id } = await build(aws, contradictory(aws.unique('names')));
        await invalid(
          update(aws, id, queue(aws.unique('queue'))),
          `Stack:${id} is in ROLLBACK_COMPLETE state and can not be updated.`,
        );
      },
    },
    {
      says: 'answers the same for the same ClientRequestToken and inputs, and TokenAlreadyExistsException for others',
      source: api('UpdateStack'),
      differs: { moto: 'accepts another', ministack: 'answers “No updates are to be performed.”' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        const token = { ClientRequestToken: aws.unique('token') };
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }), token);
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }), token);
        const other = await refusal(update(aws, stack.name, queue(name, { VisibilityTimeout: 90 }), token));
        expect(other.name).toBe('TokenAlreadyExistsException');
      },
    },
    {
      says: 'takes the template that the stack has with UsePreviousTemplate',
      source: api('UpdateStack'),
      test: async (aws) => {
        const template = staged(aws.unique('queue'));
        const { name } = await build(aws, template, stage('first'));
        await update(aws, name, undefined, { UsePreviousTemplate: true, ...stage('second') });
        expect((await settle(aws, name)).Outputs?.[0]?.OutputValue).toBe('second');
        const { TemplateBody } = await aws.cloudFormation().send(new GetTemplateCommand({ StackName: name }));
        expect(JSON.parse(TemplateBody!)).toEqual(template);
      },
    },
    {
      says: 'refuses UsePreviousTemplate beside a template, and neither of both',
      source: api('UpdateStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        const both = update(aws, name, queue(aws.unique('queue')), { UsePreviousTemplate: true });
        expect((await refusal(both)).name).toBe('ValidationError');
        await invalid(update(aws, name, undefined), 'Either Template URL or Template Body must be specified.');
      },
    },
    {
      says: 'gives a replaced resource a new physical id and deletes the old one after the new one stands',
      source: guide('Update behaviors of stack resources'),
      differs: { moto: 'goes on naming the old queue', ministack: 'has no event of the deletion' },
      test: async (aws) => {
        const [before, after] = [aws.unique('queue'), aws.unique('queue')];
        const { name } = await build(aws, queue(before));
        const first = await physicalId(aws, name);
        await update(aws, name, queue(after));
        await settle(aws, name);
        expect(await physicalId(aws, name)).toMatch(new RegExp(`${after}$`));
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: name }));
        const deleted = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'DELETE_COMPLETE');
        expect(deleted?.PhysicalResourceId).toBe(first);
      },
    },
    {
      says: 'keeps what it replaces with UpdateReplacePolicy Retain',
      source: guide('UpdateReplacePolicy attribute'),
      differs: { moto: 'has no event of it' },
      test: async (aws) => {
        const kept = { UpdateReplacePolicy: 'Retain' };
        const { name } = await build(aws, queue(aws.unique('queue'), {}, kept));
        await update(aws, name, queue(aws.unique('queue'), {}, kept));
        await settle(aws, name);
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: name }));
        expect(StackEvents.map(({ ResourceStatus }) => ResourceStatus)).toContain('DELETE_SKIPPED');
      },
    },
    {
      says: 'goes back to what was where a resource fails: the stack is UPDATE_ROLLBACK_COMPLETE with its old template',
      source: guide('Stack status codes'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const name = aws.unique('names');
        const before = queue(name);
        const stack = await build(aws, before);
        await update(aws, stack.name, contradictory(name));
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        const { TemplateBody } = await aws.cloudFormation().send(new GetTemplateCommand({ StackName: stack.name }));
        expect(JSON.parse(TemplateBody!)).toEqual(before);
        expect(await stackStatuses(aws, stack.id)).toContain('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
      },
    },
    {
      says: 'stays UPDATE_FAILED where a resource fails with DisableRollback',
      source: api('UpdateStack'),
      differs: { moto: 'fails the call itself where a resource fails, and leaves no stack' },
      test: async (aws) => {
        const name = aws.unique('names');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, contradictory(name), { DisableRollback: true });
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_FAILED');
      },
    },
    {
      says: 'goes on from UPDATE_FAILED with the next update',
      source: guide('Choose how to handle failures when provisioning resources'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, failing(name, ['update'], { VisibilityTimeout: 60 }), { DisableRollback: true });
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_FAILED');
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }), { DisableRollback: true });
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_COMPLETE');
      },
    },
    {
      says: 'stops as UPDATE_ROLLBACK_FAILED where a resource will not go back, and takes no update then',
      source: guide('Troubleshooting CloudFormation'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const name = aws.unique('queue');
        const { id } = await build(aws, failing(name, ['update']));
        await update(aws, id, failing(name, ['update'], { VisibilityTimeout: 60 }));
        expect((await settle(aws, id)).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
        await invalid(
          update(aws, id, queue(name)),
          `Stack:${id} is in UPDATE_ROLLBACK_FAILED state and can not be updated.`,
        );
      },
    },
    ...updateLimits,
    {
      says: 'demands capabilities again, whatever was acknowledged before',
      source: api('UpdateStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const stack = await build(aws, queue(aws.unique('queue')), { Capabilities: ['CAPABILITY_NAMED_IAM'] });
        const refused = await refusal(update(aws, stack.name, namedRole(aws.unique('role'))));
        expect(refused.name).toBe('InsufficientCapabilitiesException');
      },
    },
  ],
};

async function stackStatuses(aws: Aws, id: string): Promise<readonly (string | undefined)[]> {
  const { StackEvents = [] } = await aws.cloudFormation().send(new DescribeStackEventsCommand({ StackName: id }));
  return StackEvents.filter(({ PhysicalResourceId }) => PhysicalResourceId === id).map(
    ({ ResourceStatus }) => ResourceStatus,
  );
}

async function physicalId(aws: Aws, stack: string): Promise<string | undefined> {
  const asked = new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: 'Queue' });
  return (await aws.cloudFormation().send(asked)).StackResourceDetail?.PhysicalResourceId;
}

const staged = (name: string): object => output(name, { Ref: 'Stage' }, { Parameters: { Stage: { Type: 'String' } } });
const stage = (value: string) => ({ Parameters: [{ ParameterKey: 'Stage', ParameterValue: value }] });
