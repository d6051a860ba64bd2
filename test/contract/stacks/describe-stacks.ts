import { DeleteStackCommand, DescribeStacksCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, elsewhere, invalid, output, queue, settle, show, update, type Built } from './fixtures.js';
import { api, guide } from './sources.js';

export const describeStacks: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStacks',
  sentences: [
    {
      says: 'answers what the stack was made with: parameters, tags, capabilities, protection, and its outputs',
      source: api('Stack'),
      differs: { moto: 'answers no Capabilities' },
      test: async (aws) => {
        const template = output(
          aws.unique('queue'),
          { Ref: 'Stage' },
          { Parameters: { Stage: { Type: 'String' } }, Description: 'words' },
        );
        const { name, id } = await build(aws, template, {
          Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'prod' }],
          Tags: [{ Key: 'owner', Value: 'me' }],
          Capabilities: ['CAPABILITY_IAM'],
          EnableTerminationProtection: true,
        });
        expect(await show(aws, name)).toMatchObject({
          StackId: id,
          StackName: name,
          Description: 'words',
          Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'prod' }],
          Tags: [{ Key: 'owner', Value: 'me' }],
          Capabilities: ['CAPABILITY_IAM'],
          EnableTerminationProtection: true,
          Outputs: [{ OutputKey: 'Out', OutputValue: 'prod' }],
          DisableRollback: false,
        });
      },
    },
    {
      says: 'answers CreationTime, and LastUpdatedTime only once the stack was updated',
      source: api('Stack'),
      differs: { moto: 'never answers LastUpdatedTime', ministack: 'answers LastUpdatedTime from the start' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        const before = await show(aws, stack.name);
        expect(before.CreationTime).toBeInstanceOf(Date);
        expect(before.LastUpdatedTime).toBeUndefined();
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        expect((await settle(aws, stack.name)).LastUpdatedTime).toBeInstanceOf(Date);
      },
    },
    {
      says: 'answers StackDriftStatus NOT_CHECKED for a stack that nobody has looked at',
      source: api('StackDriftInformation'),
      differs: { moto: 'answers no DriftInformation' },
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        expect((await show(aws, name)).DriftInformation).toMatchObject({ StackDriftStatus: 'NOT_CHECKED' });
      },
    },
    {
      says: 'answers LastOperations with type and id of what was done last, newest first',
      source: assumption('the API Reference names the member and does not say in which order it is'),
      differs: { moto: 'answers none', ministack: 'answers none' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        const { LastOperations = [] } = await settle(aws, stack.name);
        expect(LastOperations.map(({ OperationType }) => OperationType)).toEqual(['UPDATE_STACK', 'CREATE_STACK']);
      },
    },
    {
      says: 'finds a deleted stack by its StackId and not by its name',
      source: api('DescribeStacks'),
      differs: { moto: 'answers no DeletionTime', ministack: 'answers no DeletionTime' },
      test: async (aws) => {
        const { name, id } = await deleted(aws);
        expect(await show(aws, id)).toMatchObject({ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) });
        await invalid(show(aws, name), `Stack with id ${name} does not exist`);
      },
    },
    {
      says: 'answers "Stack with id NAME does not exist" for a stack that never was',
      source: assumption('what the service is known to say'),
      test: async (aws) => {
        const name = aws.unique('nobody');
        await invalid(show(aws, name), `Stack with id ${name} does not exist`);
      },
    },
    {
      says: 'lists the stacks of account and Region without a name, deleted ones left out',
      source: api('DescribeStacks'),
      test: async (aws) => {
        const there = elsewhere(aws, 'eu-central-1');
        const living = await build(there, queue(aws.unique('queue')));
        const gone = await deleted(there);
        const { Stacks = [] } = await there.cloudFormation().send(new DescribeStacksCommand({}));
        const ids = Stacks.map(({ StackId }) => StackId);
        expect(ids).toContain(living.id);
        expect(ids).not.toContain(gone.id);
      },
    },
    {
      says: 'forgets a deleted stack after 90 days',
      source: api('ListStacks'),
      alone: 'ninety days have to pass',
      test: async (aws) => {
        const { id } = await deleted(aws);
        aws.simulator.world.clock.advance(91 * 24 * 3600);
        await invalid(show(aws, id), `Stack with id ${id} does not exist`);
      },
    },
  ],
};

export const listStacks: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStacks',
  sentences: [
    {
      says: 'lists deleted stacks too, with their DeletionTime',
      source: api('ListStacks'),
      differs: { moto: 'answers no DeletionTime', ministack: 'answers no DeletionTime' },
      test: async (aws) => {
        const there = elsewhere(aws, 'eu-central-1');
        const { id } = await deleted(there);
        const { StackSummaries = [] } = await there.cloudFormation().send(new ListStacksCommand({}));
        expect(StackSummaries.find(({ StackId }) => StackId === id)).toMatchObject({
          StackStatus: 'DELETE_COMPLETE',
          DeletionTime: expect.any(Date),
        });
      },
    },
    {
      says: 'lists those of the given statuses alone with StackStatusFilter',
      source: api('ListStacks'),
      test: async (aws) => {
        const there = elsewhere(aws, 'eu-central-1');
        const living = await build(there, queue(aws.unique('queue')));
        const gone = await deleted(there);
        const filter = async (StackStatusFilter: ('CREATE_COMPLETE' | 'DELETE_COMPLETE')[]) =>
          (await there.cloudFormation().send(new ListStacksCommand({ StackStatusFilter }))).StackSummaries?.map(
            ({ StackId }) => StackId,
          );
        const standing = await filter(['CREATE_COMPLETE']);
        expect(standing).toContain(living.id);
        expect(standing).not.toContain(gone.id);
        expect(await filter(['CREATE_COMPLETE', 'DELETE_COMPLETE'])).toEqual(
          expect.arrayContaining([living.id, gone.id]),
        );
      },
    },
    {
      says: 'says the template’s Description and the drift status of each, and neither its tags nor its parameters',
      source: api('StackSummary'),
      differs: { moto: 'says no drift status', ministack: 'says no description' },
      test: async (aws) => {
        const there = elsewhere(aws, 'eu-central-1');
        const { id } = await build(there, { ...queue(aws.unique('queue')), Description: 'words' });
        const { StackSummaries = [] } = await there.cloudFormation().send(new ListStacksCommand({}));
        const found = StackSummaries.find(({ StackId }) => StackId === id);
        expect(found).toMatchObject({
          TemplateDescription: 'words',
          DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
        });
        expect(found).not.toHaveProperty('Tags');
      },
    },
    {
      says: 'keeps a deleted stack for 90 days',
      source: api('ListStacks'),
      alone: 'ninety days have to pass',
      test: async (aws) => {
        const { id } = await deleted(aws);
        const listed = async (): Promise<readonly (string | undefined)[]> =>
          (await aws.cloudFormation().send(new ListStacksCommand({}))).StackSummaries!.map(({ StackId }) => StackId);
        aws.simulator.world.clock.advance(89 * 24 * 3600);
        expect(await listed()).toContain(id);
        aws.simulator.world.clock.advance(2 * 24 * 3600);
        expect(await listed()).not.toContain(id);
      },
    },
    {
      says: 'refuses a status that does not exist',
      source: guide('Stack status codes'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const StackStatusFilter = ['GONE' as never];
        await invalid(aws.cloudFormation().send(new ListStacksCommand({ StackStatusFilter })), /GONE/);
      },
    },
  ],
};

async function deleted(aws: Aws): Promise<Built> {
  const stack = await build(aws, queue(aws.unique('queue')));
  await aws.cloudFormation().send(new DeleteStackCommand({ StackName: stack.name }));
  await settle(aws, stack.id);
  return stack;
}
