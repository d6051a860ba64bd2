import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  DescribeStackResourceCommand,
  RollbackStackCommand,
  type ContinueUpdateRollbackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { build, contradictory, failing, invalid, queue, refusal, settle, show, update } from './fixtures.js';
import { api, ON_DEMAND } from './sources.js';

const cancel = (aws: Aws, StackName: string, token: object = {}): Promise<unknown> =>
  aws.cloudFormation().send(new CancelUpdateStackCommand({ StackName, ...token }));
const goOn = (aws: Aws, StackName: string, more: Partial<ContinueUpdateRollbackCommandInput> = {}): Promise<unknown> =>
  aws.cloudFormation().send(new ContinueUpdateRollbackCommand({ StackName, ...more }));
const rollBack = (aws: Aws, StackName: string): Promise<unknown> =>
  aws.cloudFormation().send(new RollbackStackCommand({ StackName }));

export const cancelUpdateStack: Chapter = {
  service: 'CloudFormation',
  operation: 'CancelUpdateStack',
  lacks: { moto: 'answers HTTP 500' },
  sentences: [
    {
      says: 'takes a stack that is UPDATE_IN_PROGRESS back to what it was, as UPDATE_ROLLBACK_COMPLETE',
      source: api('CancelUpdateStack'),
      differs: { ministack: 'is done updating before it can be asked, and refuses' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        await cancel(aws, stack.name);
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'refuses a stack that is in any other status',
      source: api('CancelUpdateStack'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        await invalid(cancel(aws, name), 'CancelUpdateStack cannot be called from current stack status');
      },
    },
    {
      says: 'answers "Stack [NAME] does not exist"',
      source: assumption('what the service is known to say of operations that change a stack'),
      test: async (aws) => {
        const name = aws.unique('nobody');
        await invalid(cancel(aws, name), `Stack [${name}] does not exist`);
      },
    },
    {
      says: 'may be sent again with the same ClientRequestToken',
      source: api('CancelUpdateStack'),
      differs: { ministack: 'is done updating before it can be asked, and refuses' },
      test: async (aws) => {
        const name = aws.unique('queue');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, queue(name, { VisibilityTimeout: 60 }));
        const token = { ClientRequestToken: aws.unique('token') };
        await cancel(aws, stack.name, token);
        await cancel(aws, stack.name, token);
      },
    },
  ],
};

export const continueUpdateRollback: Chapter = {
  service: 'CloudFormation',
  operation: 'ContinueUpdateRollback',
  lacks: { moto: 'answers HTTP 500' },
  sentences: [
    {
      says: 'tries the rollback again, and is UPDATE_ROLLBACK_FAILED again where nothing has changed',
      source: api('ContinueUpdateRollback'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const id = await stuck(aws);
        await goOn(aws, id);
        expect((await show(aws, id)).StackStatus).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
        expect((await settle(aws, id)).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
      },
    },
    {
      says: 'ends as UPDATE_ROLLBACK_COMPLETE with ResourcesToSkip, and says UPDATE_COMPLETE of what was skipped',
      source: api('ContinueUpdateRollback'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const id = await stuck(aws);
        await goOn(aws, id, { ResourcesToSkip: ['Queue'] });
        expect((await settle(aws, id)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
        const asked = new DescribeStackResourceCommand({ StackName: id, LogicalResourceId: 'Queue' });
        const { StackResourceDetail } = await aws.cloudFormation().send(asked);
        expect(StackResourceDetail?.ResourceStatus).toBe('UPDATE_COMPLETE');
      },
    },
    {
      says: 'refuses to skip a resource that is not UPDATE_FAILED',
      source: api('ContinueUpdateRollback'),
      alone: ON_DEMAND,
      test: async (aws) => {
        const id = await stuck(aws);
        expect((await refusal(goOn(aws, id, { ResourcesToSkip: ['Nobody'] }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a stack that is not UPDATE_ROLLBACK_FAILED',
      source: api('ContinueUpdateRollback'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        expect((await refusal(goOn(aws, name))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers TokenAlreadyExistsException where another operation has used the ClientRequestToken',
      source: api('ContinueUpdateRollback'),
      differs: { ministack: 'answers ValidationError for the stack’s status' },
      test: async (aws) => {
        const token = { ClientRequestToken: aws.unique('token') };
        const { name } = await build(aws, queue(aws.unique('queue')), token);
        expect((await refusal(goOn(aws, name, token))).name).toBe('TokenAlreadyExistsException');
      },
    },
  ],
};

export const rollbackStack: Chapter = {
  service: 'CloudFormation',
  operation: 'RollbackStack',
  lacks: { moto: 'answers HTTP 500' },
  sentences: [
    {
      says: 'takes a stack that is UPDATE_FAILED back to its last stable state, as UPDATE_ROLLBACK_COMPLETE',
      source: api('RollbackStack'),
      test: async (aws) => {
        const name = aws.unique('names');
        const stack = await build(aws, queue(name));
        await update(aws, stack.name, contradictory(name), { DisableRollback: true });
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_FAILED');
        await rollBack(aws, stack.name);
        expect((await settle(aws, stack.name)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'deletes the resources of a stack that is CREATE_FAILED and leaves it as ROLLBACK_COMPLETE',
      source: assumption(
        'the API Reference says that the stack is deleted; a stack that stays is the less convenient reading',
      ),
      test: async (aws) => {
        const { name } = await build(aws, contradictory(aws.unique('names')), { OnFailure: 'DO_NOTHING' });
        expect((await show(aws, name)).StackStatus).toBe('CREATE_FAILED');
        await rollBack(aws, name);
        expect((await settle(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'refuses a stack that is neither CREATE_FAILED nor UPDATE_FAILED',
      source: api('RollbackStack'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        expect((await refusal(rollBack(aws, name))).name).toBe('ValidationError');
      },
    },
    {
      says: 'is written down as an operation of the type ROLLBACK',
      source: api('OperationEntry'),
      differs: { ministack: 'answers no LastOperations' },
      test: async (aws) => {
        const { name } = await build(aws, contradictory(aws.unique('names')), { OnFailure: 'DO_NOTHING' });
        await rollBack(aws, name);
        expect((await settle(aws, name)).LastOperations?.[0]?.OperationType).toBe('ROLLBACK');
      },
    },
  ],
};

/** A stack that is UPDATE_ROLLBACK_FAILED. */
async function stuck(aws: Aws): Promise<string> {
  const name = aws.unique('queue');
  const { id } = await build(aws, failing(name, ['update']));
  await update(aws, id, failing(name, ['update'], { VisibilityTimeout: 60 }));
  expect((await settle(aws, id)).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  return id;
}
