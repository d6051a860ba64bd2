import {
  CreateStackInstancesCommand,
  ListStackSetOperationsCommand,
  StopStackSetOperationCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { ALPHA, BETA, EXECUTION, GAMMA, refusal, simulatedAws } from './aws.js';
import { operator, SET, states } from './operator.js';

const HERE = { Regions: ['us-east-1'] };
const ALL = { Accounts: [ALPHA, BETA, GAMMA], ...HERE };

/** The instances that are at work at one moment. */
const atWork = async (ops: ReturnType<typeof operator>): Promise<readonly string[]> =>
  (await ops.instances())
    .filter(({ StackInstanceStatus }) => StackInstanceStatus!.DetailedStatus === 'RUNNING')
    .map(({ Account, Region }) => `${Account}/${Region}`);

describe('an operation', () => {
  it('keeps a second one out, and a repeated id finds its own', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    await ops.begin({ Accounts: [ALPHA], ...HERE, OperationId: 'first' });
    expect((await refusal(ops.begin({ Accounts: [BETA], ...HERE, OperationId: 'second' }))).name).toBe(
      'OperationInProgressException',
    );
    expect((await refusal(ops.begin({ Accounts: [ALPHA], ...HERE, OperationId: 'first' }))).name).toBe(
      'OperationIdAlreadyExistsException',
    );
    expect((await ops.settle('first')).Status).toBe('SUCCEEDED');
    expect((await refusal(ops.begin({ Accounts: [ALPHA], ...HERE, OperationId: 'first' }))).name).toBe(
      'OperationIdAlreadyExistsException',
    );
    expect((await refusal(ops.operation('second'))).name).toBe('OperationNotFoundException');
  });

  it('with managed execution runs beside those that touch other instances and waits for those that touch its own', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet({ ManagedExecution: { Active: true } });
    const first = await ops.begin({ Accounts: [ALPHA], ...HERE });
    const beside = await ops.begin({ Accounts: [BETA], ...HERE });
    const behind = (await ops.client.send(new UpdateStackSetCommand({ StackSetName: SET, UsePreviousTemplate: true })))
      .OperationId!;
    const now = async () => Promise.all([first, beside, behind].map(async (id) => (await ops.operation(id)).Status));
    expect(await now()).toEqual(['RUNNING', 'QUEUED', 'QUEUED']);
    aws.clock.advance(1);
    expect(await now()).toEqual(['RUNNING', 'RUNNING', 'QUEUED']);
    await ops.settle(behind);
    expect(await now()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    const { Summaries } = await ops.client.send(
      new ListStackSetOperationsCommand({ StackSetName: SET, MaxResults: 2 }),
    );
    expect(Summaries!.map(({ OperationId }) => OperationId)).toEqual([behind, beside]);
  });

  it('works on one account of a Region at a time, Region after Region, unless it is told otherwise', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    await ops.begin({
      Accounts: [ALPHA, BETA],
      Regions: ['us-east-1', 'eu-west-1'],
      OperationPreferences: { RegionOrder: ['eu-west-1', 'us-east-1'] },
    });
    expect(await atWork(ops)).toEqual([`${ALPHA}/eu-west-1`]);

    const parallel = operator(simulatedAws());
    await parallel.createSet();
    await parallel.begin({
      Accounts: [ALPHA, BETA, GAMMA],
      Regions: ['us-east-1', 'eu-west-1'],
      OperationPreferences: {
        RegionConcurrencyType: 'PARALLEL',
        MaxConcurrentPercentage: 70,
        FailureToleranceCount: 0,
        ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      },
    });
    expect(await atWork(parallel)).toHaveLength(4);
  });

  it('under strict tolerance never risks more accounts than it may lose, plus one', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    await ops.begin({ ...ALL, OperationPreferences: { MaxConcurrentCount: 3, FailureToleranceCount: 1 } });
    expect(await atWork(ops)).toHaveLength(2);
  });

  it('stops at the failure that exceeds its tolerance and cancels the rest, later Regions too', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    for (const account of [ALPHA, BETA]) aws.account(account).roles.delete(EXECUTION);
    await ops.createSet();
    const OperationId = await ops.begin({
      ...ALL,
      Regions: ['us-east-1', 'eu-west-1'],
      OperationPreferences: { FailureToleranceCount: 1 },
    });
    expect((await ops.settle(OperationId)).Status).toBe('FAILED');
    expect(await ops.results(OperationId)).toEqual([
      `${ALPHA}/eu-west-1 CANCELLED`,
      `${ALPHA}/us-east-1 FAILED`,
      `${BETA}/eu-west-1 CANCELLED`,
      `${BETA}/us-east-1 FAILED`,
      `${GAMMA}/eu-west-1 CANCELLED`,
      `${GAMMA}/us-east-1 CANCELLED`,
    ]);
  });

  it('succeeds with failures inside its tolerance, and counts them', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    aws.account(BETA).roles.delete(EXECUTION);
    await ops.createSet();
    const ended = await ops.create({ ...ALL, OperationPreferences: { FailureTolerancePercentage: 34 } });
    expect(ended).toMatchObject({ Status: 'SUCCEEDED', StatusDetails: { FailedStackInstancesCount: 1 } });
    expect(states(await ops.instances())[1]).toBe(`${BETA}/us-east-1 OUTDATED FAILED`);
  });

  it('that is stopped finishes what is under way and cancels what is not', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    const OperationId = await ops.begin(ALL);
    await ops.client.send(new StopStackSetOperationCommand({ StackSetName: SET, OperationId }));
    expect((await ops.operation(OperationId)).Status).toBe('STOPPING');
    expect((await ops.settle(OperationId)).Status).toBe('STOPPED');
    expect(await ops.results(OperationId)).toEqual([
      `${ALPHA}/us-east-1 SUCCEEDED`,
      `${BETA}/us-east-1 CANCELLED`,
      `${GAMMA}/us-east-1 CANCELLED`,
    ]);
    const again = ops.client.send(new StopStackSetOperationCommand({ StackSetName: SET, OperationId }));
    expect((await refusal(again)).name).toBe('InvalidOperationException');
  });

  it('needs accounts and Regions', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    const call = (input: object) =>
      refusal(
        ops.client.send(new CreateStackInstancesCommand({ StackSetName: SET, Regions: ['us-east-1'], ...input })),
      );
    expect((await call({})).message).toContain('Accounts must be specified');
    expect((await call({ Accounts: [ALPHA], Regions: [] })).message).toContain('Regions must be specified');
    expect((await call({ DeploymentTargets: { OrganizationalUnitIds: ['ou-aaaa-bbbbbbbb'] } })).message).toContain(
      'SERVICE_MANAGED',
    );
  });
});
