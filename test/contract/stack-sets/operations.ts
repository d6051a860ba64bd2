import {
  ListStackSetOperationResultsCommand,
  ListStackSetOperationsCommand,
  StopStackSetOperationCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { MANAGED, strangers, trust, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';

const SAME = { UsePreviousTemplate: true } as const;

const stop = (sets: Desk, OperationId: string) =>
  sets.client.send(new StopStackSetOperationCommand({ StackSetName: sets.StackSetName, OperationId }));

/** Two accounts, the second without an execution role, with room for one failure. */
async function halfDone(aws: Aws): Promise<{ readonly sets: Desk; readonly id: string }> {
  const sets = desk(aws);
  await trust(aws, [aws.members[0]]);
  await sets.create();
  const Accounts = [aws.members[0], ...strangers(1)];
  const id = await sets.begin({ Accounts, OperationPreferences: { FailureToleranceCount: 1 } });
  await sets.settled(id);
  return { sets, id };
}

export const describeStackSetOperation: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackSetOperation',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'shows action, preferences and roles of an operation, and EndTimestamp only when it has ended',
      source: shape('StackSetOperation'),
      differs: { moto: 'ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = desk(aws);
        await trust(aws, [aws.members[0]]);
        const StackSetId = await sets.create();
        const OperationPreferences = { FailureToleranceCount: 3, MaxConcurrentCount: 2 };
        const id = await sets.begin({ Accounts: [aws.members[0]], OperationPreferences });
        const running = await sets.operation(id);
        expect(running).toMatchObject({
          OperationId: id,
          StackSetId,
          Action: 'CREATE',
          Status: 'RUNNING',
          OperationPreferences,
          ExecutionRoleName: 'AWSCloudFormationStackSetExecutionRole',
        });
        expect(running.EndTimestamp).toBeUndefined();
        const ended = await sets.settled(id);
        expect(ended.EndTimestamp!.getTime()).toBeGreaterThan(ended.CreationTimestamp!.getTime());
      },
    },
    {
      says: 'counts in StatusDetails the instances that failed, also where the operation SUCCEEDED within its tolerance',
      source: shape('StackSetOperationStatusDetails'),
      differs: { moto: 'shows no StatusDetails' },
      test: async (aws) => {
        const { sets, id } = await halfDone(aws);
        expect(await sets.operation(id)).toMatchObject({
          Status: 'SUCCEEDED',
          StatusDetails: { FailedStackInstancesCount: 1 },
        });
      },
    },
    {
      says: 'shows RetainStacks of a deletion',
      source: shape('StackSetOperation'),
      differs: { moto: 'shows no RetainStacks' },
      test: async (aws) => {
        const { sets } = await halfDone(aws);
        const id = await sets.remove({ Accounts: [aws.members[0]], RetainStacks: true });
        expect(await sets.operation(id)).toMatchObject({ Action: 'DELETE', RetainStacks: true });
      },
    },
    {
      says: 'shows the DeploymentTargets as they were sent',
      source: shape('StackSetOperation'),
      differs: { moto: 'shows no DeploymentTargets' },
      test: async (aws) => {
        const sets = desk(aws);
        const DeploymentTargets = { OrganizationalUnitIds: [await unitWith(aws, [aws.members[0]])] };
        await sets.create(MANAGED);
        const id = await sets.begin({ DeploymentTargets });
        expect((await sets.operation(id)).DeploymentTargets).toMatchObject(DeploymentTargets);
      },
    },
    {
      says: 'answers OperationNotFoundException for an operation that the stack set does not know',
      source: shape('OperationNotFoundException'),
      differs: { moto: 'answers ValidationError' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.operation('never'))).name).toBe('OperationNotFoundException');
      },
    },
  ],
};

export const listStackSetOperations: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStackSetOperations',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'lists the newest operation first, page by page',
      source: assumption('the console lists them so; the model says nothing of their order'),
      differs: { moto: 'gives everything in one page, the oldest first' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        for (const OperationId of ['one', 'two', 'three'])
          await sets.settled(await sets.update({ ...SAME, OperationId }));
        const found: string[] = [];
        let NextToken: string | undefined;
        do {
          const input = { StackSetName: sets.StackSetName, MaxResults: 2, NextToken };
          const page = await sets.client.send(new ListStackSetOperationsCommand(input));
          expect(page.Summaries!.length).toBeLessThanOrEqual(2);
          found.push(...page.Summaries!.map(({ OperationId }) => OperationId!));
          NextToken = page.NextToken;
        } while (NextToken !== undefined);
        expect(found).toEqual(['three', 'two', 'one']);
      },
    },
    {
      says: 'shows action, status, preferences and the count of failures',
      source: shape('StackSetOperationSummary'),
      differs: { moto: 'shows neither preferences nor the count of failures' },
      test: async (aws) => {
        const { sets, id } = await halfDone(aws);
        const { Summaries } = await sets.client.send(
          new ListStackSetOperationsCommand({ StackSetName: sets.StackSetName }),
        );
        expect(Summaries!.find(({ OperationId }) => OperationId === id)).toMatchObject({
          Action: 'CREATE',
          Status: 'SUCCEEDED',
          OperationPreferences: { FailureToleranceCount: 1 },
          StatusDetails: { FailedStackInstancesCount: 1 },
        });
      },
    },
    {
      says: 'refuses a NextToken that it never gave',
      source: assumption('every listing of CloudFormation does'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const input = { StackSetName: sets.StackSetName, NextToken: 'never-given' };
        expect((await refusal(sets.client.send(new ListStackSetOperationsCommand(input)))).name).toBe(
          'ValidationError',
        );
      },
    },
  ],
};

export const listStackSetOperationResults: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStackSetOperationResults',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'shows how each account and Region ended, with the reason of a failure',
      source: shape('StackSetOperationResultSummary'),
      differs: { moto: 'asks for no roles, and every account SUCCEEDED' },
      test: async (aws) => {
        const { sets, id } = await halfDone(aws);
        const results = await sets.results(id);
        expect(results).toHaveLength(2);
        expect(results).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ Account: aws.members[0], Region: 'us-east-1', Status: 'SUCCEEDED' }),
            expect.objectContaining({
              Account: strangers(1)[0],
              Status: 'FAILED',
              StatusReason: expect.stringContaining(strangers(1)[0]!) as string,
            }),
          ]),
        );
      },
    },
    {
      says: 'filters by OPERATION_RESULT_STATUS',
      source: shape('OperationResultFilter'),
      differs: { moto: 'ignores the filter' },
      test: async (aws) => {
        const { sets, id } = await halfDone(aws);
        const { Summaries } = await sets.client.send(
          new ListStackSetOperationResultsCommand({
            StackSetName: sets.StackSetName,
            OperationId: id,
            Filters: [{ Name: 'OPERATION_RESULT_STATUS', Values: 'FAILED' }],
          }),
        );
        expect(Summaries!.map(({ Account }) => Account)).toEqual([...strangers(1)]);
      },
    },
    {
      says: 'gives at most MaxResults at a time, and refuses a NextToken that it never gave',
      source: shape('ListStackSetOperationResultsInput'),
      differs: { moto: 'gives everything in one page' },
      test: async (aws) => {
        const { sets, id } = await halfDone(aws);
        const ask = (input: object) =>
          sets.client.send(
            new ListStackSetOperationResultsCommand({ StackSetName: sets.StackSetName, OperationId: id, ...input }),
          );
        const first = await ask({ MaxResults: 1 });
        const second = await ask({ MaxResults: 1, NextToken: first.NextToken });
        expect([...first.Summaries!, ...second.Summaries!].map(({ Account }) => Account)).toEqual([
          aws.members[0],
          ...strangers(1),
        ]);
        expect(second.NextToken).toBeUndefined();
        expect((await refusal(ask({ NextToken: 'never-given' }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers OperationNotFoundException for an operation that the stack set does not know',
      source: shape('OperationNotFoundException'),
      differs: { moto: 'answers ValidationError' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.results('never'))).name).toBe('OperationNotFoundException');
      },
    },
  ],
};

export const stopStackSetOperation: Chapter = {
  service: 'CloudFormation',
  operation: 'StopStackSetOperation',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'makes a running operation STOPPING, lets what is under way end, cancels the rest, and leaves it STOPPED',
      source: api('StopStackSetOperation'),
      differs: { moto: 'is STOPPED at once, when everything is done' },
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        await trust(aws, aws.members);
        await sets.create();
        const id = await sets.begin({ Accounts: [first, second] });
        await stop(sets, id);
        expect((await sets.operation(id)).Status).toBe('STOPPING');
        expect((await sets.settled(id)).Status).toBe('STOPPED');
        expect((await sets.results(id)).map(({ Status }) => Status)).toEqual(['SUCCEEDED', 'CANCELLED']);
        expect(await sets.states()).toEqual([`${first} CURRENT SUCCEEDED`, `${second} OUTDATED CANCELLED`]);
      },
    },
    {
      says: 'answers InvalidOperationException where the operation has ended',
      source: shape('InvalidOperationException'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets, id } = await halfDone(aws);
        expect((await refusal(stop(sets, id))).name).toBe('InvalidOperationException');
      },
    },
    {
      says: 'answers OperationNotFoundException for an operation that the stack set does not know',
      source: shape('OperationNotFoundException'),
      differs: { moto: 'answers ValidationError' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(stop(sets, 'never'))).name).toBe('OperationNotFoundException');
      },
    },
    {
      says: 'stops a queued operation before it begins',
      source: guide('StackSets concepts'),
      differs: { moto: 'queues nothing, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = desk(aws);
        await trust(aws, [aws.members[0]]);
        await sets.create({ ManagedExecution: { Active: true } });
        const first = await sets.begin({ Accounts: [aws.members[0]] });
        const second = await sets.update(SAME);
        expect((await sets.operation(second)).Status).toBe('QUEUED');
        await stop(sets, second);
        await sets.settled(first);
        expect((await sets.settled(second)).Status).toBe('STOPPED');
      },
    },
  ],
};
