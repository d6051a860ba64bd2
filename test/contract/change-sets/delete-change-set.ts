import { DeleteChangeSetCommand, DeleteStackCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import type { Aws, Chapter } from '../specification.js';
import { describe, desk, queue, refusal, settled, standing, text } from './fixtures.js';
import { api, recorded, shape, TIME } from './sources.js';

const drop = (aws: Aws, StackName: string | undefined, ChangeSetName = 'plan') =>
  aws
    .cloudFormation()
    .send(new DeleteChangeSetCommand({ ChangeSetName, ...(StackName === undefined ? {} : { StackName }) }));

const list = async (aws: Aws, StackName: string) =>
  (await aws.cloudFormation().send(new ListChangeSetsCommand({ StackName }))).Summaries ?? [];

export const deleteChangeSet: Chapter = {
  service: 'CloudFormation',
  operation: 'DeleteChangeSet',
  sentences: [
    {
      says: 'makes a change set one that does not exist, by its ARN too',
      source: recorded('test_deleted_changeset'),
      differs: { moto: 'still shows one of that name' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, show } = desk(aws, name);
        const { ChangeSetId } = await made(text({ Queue: queue(aws.unique('queue')) }));
        await drop(aws, name);
        expect(await refusal(show(ChangeSetId))).toEqual({
          name: 'ChangeSetNotFoundException',
          message: `ChangeSet [${ChangeSetId}] does not exist`,
        });
      },
    },
    {
      says: 'frees the name',
      source: api('DeleteChangeSet'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made } = desk(aws, name);
        const body = text({ Queue: queue(aws.unique('queue')) });
        const first = await made(body);
        await drop(aws, name);
        expect((await made(body)).ChangeSetId).not.toBe(first.ChangeSetId);
      },
    },
    {
      says: 'succeeds where the stack has no such change set',
      source: shape('DeleteChangeSet, which declares no such error'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        await drop(aws, name, 'other');
      },
    },
    {
      says: 'answers a ValidationError where there is no such stack',
      source: recorded('test_delete_change_set_exception'),
      differs: { moto: 'looks for the name in the change sets of all stacks' },
      test: async (aws) => {
        const name = aws.unique('stack');
        expect(await refusal(drop(aws, name))).toEqual({
          name: 'ValidationError',
          message: `Stack [${name}] does not exist`,
        });
      },
    },
    {
      says: 'refuses the name of a change set without that of its stack',
      source: recorded('test_delete_change_set_exception'),
      differs: { moto: 'answers HTTP status 500', ministack: 'accepts it' },
      test: async (aws) => {
        expect(await refusal(drop(aws, undefined, aws.unique('plan')))).toEqual({
          name: 'ValidationError',
          message: 'StackName must be specified if ChangeSetName is not specified as an ARN.',
        });
      },
    },
    {
      says: 'leaves a stack in review standing, which DeleteStack removes',
      source: shape('CreateChangeSetInput'),
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made } = desk(aws, name);
        const { StackId } = await made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetType: 'CREATE' });
        await drop(aws, name);
        expect((await describe(aws, name)).StackStatus).toBe('REVIEW_IN_PROGRESS');
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
        await aws.until(
          () => describe(aws, StackId!),
          ({ StackStatus }) => StackStatus === 'DELETE_COMPLETE',
        );
      },
    },
    {
      says: 'answers InvalidChangeSetStatusException while the change set is being executed',
      source: shape('DeleteChangeSet'),
      alone: TIME,
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(aws.unique('queue')) }));
        await execute();
        expect((await refusal(drop(aws, name))).name).toBe('InvalidChangeSetStatusException');
      },
    },
  ],
};

export const listChangeSets: Chapter = {
  service: 'CloudFormation',
  operation: 'ListChangeSets',
  sentences: [
    {
      says: 'shows id, name, status, execution status and time of each change set, those that FAILED included',
      source: shape('ChangeSetSummary'),
      differs: { moto: 'lists the change sets of all stacks' },
      test: async (aws) => {
        const body = text({ Queue: queue(aws.unique('queue')) });
        const { name, id } = await standing(aws, body);
        const { made } = desk(aws, name);
        const { ChangeSetId } = await made(body);
        expect(await list(aws, name)).toMatchObject([
          {
            StackId: id,
            StackName: name,
            ChangeSetId,
            ChangeSetName: 'plan',
            Status: 'FAILED',
            ExecutionStatus: 'UNAVAILABLE',
            CreationTime: expect.any(Date) as Date,
          },
        ]);
      },
    },
    {
      says: 'does not show a change set that was executed',
      source: api('ListChangeSets, “each active change set”'),
      differs: { moto: 'lists the change sets of all stacks, executed ones included', ministack: 'shows it' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(aws.unique('queue')) }));
        await execute();
        await settled(aws, name);
        expect(await list(aws, name)).toEqual([]);
      },
    },
    {
      says: 'answers a ValidationError where there is no such stack',
      source: api('Common Error Types'),
      differs: { moto: 'answers an empty list or those of other stacks', ministack: 'answers an empty list' },
      test: async (aws) => {
        expect((await refusal(list(aws, aws.unique('stack')))).name).toBe('ValidationError');
      },
    },
  ],
};
