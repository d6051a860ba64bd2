import { DeleteStackCommand, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import type { Chapter } from '../specification.js';
import { describe, desk, failing, queue, refusal, settled, standing, text, topic, update } from './fixtures.js';
import { api, FAILURE, recorded, shape, TIME } from './sources.js';

export const executeChangeSet: Chapter = {
  service: 'CloudFormation',
  operation: 'ExecuteChangeSet',
  sentences: [
    {
      says: 'creates the stack that was in review, under the StackId that it had',
      source: shape('CreateChangeSetInput'),
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        const { StackId } = await made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetType: 'CREATE' });
        await execute();
        expect(await settled(aws, name)).toMatchObject({ StackId, StackStatus: 'CREATE_COMPLETE' });
      },
    },
    {
      says: 'updates the stack to what the change set says',
      source: api('ExecuteChangeSet'),
      test: async (aws) => {
        const one = queue(aws.unique('queue'));
        const { name } = await standing(aws, text({ One: one }));
        const { made, execute } = desk(aws, name);
        await made(text({ One: one, Two: queue(aws.unique('queue')) }));
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_COMPLETE');
        const { StackResources = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackResourcesCommand({ StackName: name }));
        expect(StackResources.map(({ LogicalResourceId }) => LogicalResourceId).sort()).toEqual(['One', 'Two']);
      },
    },
    {
      says: 'answers while the stack is UPDATE_IN_PROGRESS and the change set EXECUTE_IN_PROGRESS',
      source: api('ExecuteChangeSet'),
      alone: TIME,
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, execute, show } = desk(aws, name);
        const { ChangeSetId } = await made(text({ Queue: queue(aws.unique('queue')) }));
        await execute();
        expect((await describe(aws, name)).StackStatus).toBe('UPDATE_IN_PROGRESS');
        expect((await show(ChangeSetId)).ExecutionStatus).toBe('EXECUTE_IN_PROGRESS');
      },
    },
    {
      says: 'leaves the change set EXECUTE_COMPLETE',
      source: recorded('test_name_conflicts'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, execute, show } = desk(aws, name);
        const { ChangeSetId } = await made(text({ Queue: queue(aws.unique('queue')) }));
        await execute();
        await settled(aws, name);
        expect((await show(ChangeSetId)).ExecutionStatus).toBe('EXECUTE_COMPLETE');
      },
    },
    {
      says: 'leaves the change set EXECUTE_FAILED where the stack is rolled back, which it is unless told otherwise',
      source: shape('ExecutionStatus'),
      alone: FAILURE,
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made, execute, show } = desk(aws, name);
        const body = text({ Topic: topic(aws.unique('topic'), {}, failing('create')) });
        const { ChangeSetId } = await made(body, { ChangeSetType: 'CREATE' });
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
        expect((await show(ChangeSetId)).ExecutionStatus).toBe('EXECUTE_FAILED');
      },
    },
    {
      says: 'deletes the stack’s other change sets',
      source: api('ExecuteChangeSet'),
      differs: { moto: 'leaves them' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, execute, show } = desk(aws, name);
        await made(text({ Queue: queue(aws.unique('queue')) }));
        await made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetName: 'other' });
        await execute();
        await settled(aws, name);
        expect((await refusal(show('other'))).name).toBe('ChangeSetNotFoundException');
      },
    },
    {
      says: 'frees the name of the change set for the next one',
      source: recorded('TestCaptureUpdateProcess'),
      differs: { ministack: 'answers AlreadyExistsException' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named) }));
        const { made, execute } = desk(aws, name);
        const first = await made(text({ Queue: queue(named, { DelaySeconds: 1 }) }));
        await execute();
        await settled(aws, name);
        const second = await made(text({ Queue: queue(named, { DelaySeconds: 2 }) }));
        expect(second.ChangeSetId).not.toBe(first.ChangeSetId);
        expect(second.Status).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'answers InvalidChangeSetStatusException for a change set that FAILED',
      source: recorded('test_empty_changeset'),
      differs: { moto: 'executes it', ministack: 'names the change set by its name and the execution status' },
      test: async (aws) => {
        const body = text({ Queue: queue(aws.unique('queue')) });
        const { name } = await standing(aws, body);
        const { made, execute } = desk(aws, name);
        const { ChangeSetId } = await made(body);
        expect(await refusal(execute())).toEqual({
          name: 'InvalidChangeSetStatusException',
          message: `ChangeSet [${ChangeSetId}] cannot be executed in its current status of [FAILED]`,
        });
      },
    },
    {
      says: 'answers InvalidChangeSetStatusException for a change set that is not worked out yet',
      source: shape('InvalidChangeSetStatusException'),
      differs: { moto: 'has it worked out at once', ministack: 'has it worked out at once' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { make, execute } = desk(aws, name);
        await make(text({ Queue: queue(aws.unique('queue')) }));
        expect((await refusal(execute())).name).toBe('InvalidChangeSetStatusException');
      },
    },
    {
      says: 'answers InvalidChangeSetStatusException for a change set that is OBSOLETE because the stack was updated otherwise',
      source: shape('DescribeChangeSetOutput'),
      differs: { moto: 'executes it', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named) }));
        const { made, execute } = desk(aws, name);
        const { ChangeSetId } = await made(text({ Queue: queue(named, { DelaySeconds: 1 }) }));
        await update(aws, name, text({ Queue: queue(named, { DelaySeconds: 2 }) }));
        expect(await refusal(execute(ChangeSetId))).toEqual({
          name: 'InvalidChangeSetStatusException',
          message: `ChangeSet [${ChangeSetId}] cannot be executed in its current execution status of [OBSOLETE]`,
        });
      },
    },
    {
      says: 'answers InvalidChangeSetStatusException while another operation runs on the stack',
      source: shape('InvalidChangeSetStatusException'),
      alone: TIME,
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name } = await standing(aws, text({ Queue: queue(named) }));
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(named, { DelaySeconds: 1 }) }));
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
        expect((await refusal(execute())).name).toBe('InvalidChangeSetStatusException');
      },
    },
    {
      says: 'answers ChangeSetNotFoundException where there is no such change set',
      source: api('ExecuteChangeSet'),
      differs: { moto: 'looks for the name in the change sets of all stacks' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect((await refusal(desk(aws, name).execute('other'))).name).toBe('ChangeSetNotFoundException');
      },
    },
    {
      says: 'refuses DisableRollback where the change set was made with OnStackFailure',
      source: shape('ExecuteChangeSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(aws.unique('queue')) }), {
          ChangeSetType: 'CREATE',
          OnStackFailure: 'ROLLBACK',
        });
        expect((await refusal(execute('plan', { DisableRollback: true }))).name).toBe('ValidationError');
        expect((await describe(aws, name)).StackStatus).toBe('REVIEW_IN_PROGRESS');
      },
    },
    {
      says: 'leaves a stack that fails as it is, CREATE_FAILED, under OnStackFailure DO_NOTHING',
      source: shape('CreateChangeSetInput'),
      alone: FAILURE,
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        const body = text({ Topic: topic(aws.unique('topic'), {}, failing('create')) });
        await made(body, { ChangeSetType: 'CREATE', OnStackFailure: 'DO_NOTHING' });
        await execute();
        expect((await settled(aws, name)).StackStatus).toBe('CREATE_FAILED');
      },
    },
    {
      says: 'deletes a stack that fails under OnStackFailure DELETE',
      source: shape('CreateChangeSetInput'),
      alone: FAILURE,
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        const body = text({ Topic: topic(aws.unique('topic'), {}, failing('create')) });
        const { StackId } = await made(body, { ChangeSetType: 'CREATE', OnStackFailure: 'DELETE' });
        await execute();
        expect((await settled(aws, StackId!)).StackStatus).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'leaves an update that fails as it is, UPDATE_FAILED, under DisableRollback',
      source: shape('ExecuteChangeSetInput'),
      alone: FAILURE,
      test: async (aws) => {
        const named = aws.unique('topic');
        const { name } = await standing(aws, text({ Topic: topic(named) }));
        const { made, execute } = desk(aws, name);
        await made(text({ Topic: topic(named, { DisplayName: 'x' }, failing('update')) }));
        await execute('plan', { DisableRollback: true });
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_FAILED');
      },
    },
    {
      says: 'does nothing more when it is repeated with the same ClientRequestToken',
      source: shape('ExecuteChangeSetInput'),
      differs: { ministack: 'answers InvalidChangeSetStatusException' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, execute } = desk(aws, name);
        const { ChangeSetId } = await made(text({ Queue: queue(aws.unique('queue')) }));
        const ClientRequestToken = aws.unique('token');
        await execute(ChangeSetId, { ClientRequestToken });
        await execute(ChangeSetId, { ClientRequestToken });
        expect((await settled(aws, name)).StackStatus).toBe('UPDATE_COMPLETE');
      },
    },
    {
      says: 'answers TokenAlreadyExistsException where another operation has used the ClientRequestToken',
      source: api('ExecuteChangeSet'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const ClientRequestToken = aws.unique('token');
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }), { ClientRequestToken });
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(aws.unique('queue')) }));
        expect((await refusal(execute('plan', { ClientRequestToken }))).name).toBe('TokenAlreadyExistsException');
      },
    },
    {
      says: 'leaves its service role with the stack, for all that follows',
      source: shape('CreateChangeSetInput'),
      differs: { moto: 'shows the stack without it', ministack: 'shows the stack without it' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { made, execute } = desk(aws, name);
        const RoleARN = `arn:aws:iam::${aws.members[0]}:role/OrganizationAccountAccessRole`;
        await made(text({ Queue: queue(aws.unique('queue')) }), { RoleARN });
        await execute();
        expect((await settled(aws, name)).RoleARN).toBe(RoleARN);
      },
    },
    {
      says: 'shows a stack that was in review a LastUpdatedTime, although it was only created',
      source: recorded('TestCaptureUpdateProcess'),
      differs: { moto: 'shows none' },
      test: async (aws) => {
        const name = aws.unique('stack');
        const { made, execute } = desk(aws, name);
        await made(text({ Queue: queue(aws.unique('queue')) }), { ChangeSetType: 'CREATE' });
        await execute();
        expect((await settled(aws, name)).LastUpdatedTime).toBeInstanceOf(Date);
      },
    },
  ],
};
