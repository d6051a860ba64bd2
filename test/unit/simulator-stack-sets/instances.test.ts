import {
  DeleteStackInstancesCommand,
  ListStackInstancesCommand,
  UpdateStackInstancesCommand,
  UpdateStackSetCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { ALPHA, BETA, EXECUTION, GAMMA, refusal, simulatedAws } from './aws.js';
import { operator, SET, states, TEMPLATE } from './operator.js';

const HERE = { Regions: ['us-east-1'] };

describe('a stack instance', () => {
  it("is a stack in the target account, with the set's parameters, its own overrides, and the tags", async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet({
      Tags: [{ Key: 'owner', Value: 'security' }],
      Parameters: [{ ParameterKey: 'Team', ParameterValue: 'blue' }],
    });
    await ops.create({
      Accounts: [ALPHA],
      Regions: ['eu-west-1'],
      ParameterOverrides: [{ ParameterKey: 'Level', ParameterValue: 'high' }],
    });
    const { StackId, ParameterOverrides } = await ops.instance(ALPHA, 'eu-west-1');
    expect(ParameterOverrides).toEqual([{ ParameterKey: 'Level', ParameterValue: 'high' }]);
    const stack = aws.world.stacks.find(ALPHA, 'eu-west-1', StackId!)!;
    expect(stack).toMatchObject({
      status: 'CREATE_COMPLETE',
      parameters: { Team: 'blue', Level: 'high' },
      tags: { owner: 'security' },
    });
    expect(stack.name).toMatch(/^StackSet-baseline-[0-9a-f-]{36}$/);
  });

  it('shows no overrides in a listing', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    await ops.create({
      Accounts: [ALPHA],
      ...HERE,
      ParameterOverrides: [{ ParameterKey: 'Level', ParameterValue: 'high' }],
    });
    expect((await ops.instances())[0]).not.toHaveProperty('ParameterOverrides');
  });

  it('keeps overrides that a call leaves out, sets those of a list, and resets what a list does not name', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    const override = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue });
    await ops.create({
      Accounts: [ALPHA],
      ...HERE,
      ParameterOverrides: [override('Level', 'high'), override('Team', 'red')],
    });
    const update = async (ParameterOverrides?: object[]) => {
      const { OperationId } = await ops.client.send(
        new UpdateStackInstancesCommand({ StackSetName: SET, Accounts: [ALPHA], ...HERE, ParameterOverrides }),
      );
      await ops.settle(OperationId);
      return (await ops.instance(ALPHA)).ParameterOverrides;
    };
    expect(await update()).toHaveLength(2);
    expect(await update([{ ParameterKey: 'Team', UsePreviousValue: true }])).toEqual([override('Team', 'red')]);
    const { OperationId } = await ops.client.send(
      new UpdateStackSetCommand({
        StackSetName: SET,
        UsePreviousTemplate: true,
        Parameters: [override('Level', 'medium')],
      }),
    );
    await ops.settle(OperationId);
    expect((await ops.instance(ALPHA)).ParameterOverrides).toEqual([override('Team', 'red')]);
    expect(await update([])).toEqual([]);
    expect(aws.world.stacks.find(ALPHA, 'us-east-1', (await ops.instance(ALPHA)).StackId!)!.parameters).toEqual({
      Team: 'platform',
      Level: 'medium',
    });
  });

  it('is updated in its parameters and never in its template by UpdateStackInstances', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    await ops.create({ Accounts: [ALPHA, BETA], ...HERE });
    const other = TEMPLATE.replace('platform', 'security');
    await ops.settle(
      (
        await ops.client.send(
          new UpdateStackSetCommand({ StackSetName: SET, TemplateBody: other, Accounts: [BETA], ...HERE }),
        )
      ).OperationId,
    );
    const parameters = [{ ParameterKey: 'Level', ParameterValue: 'high' }];
    await ops.settle(
      (
        await ops.client.send(
          new UpdateStackInstancesCommand({
            StackSetName: SET,
            Accounts: [ALPHA],
            ...HERE,
            ParameterOverrides: parameters,
          }),
        )
      ).OperationId,
    );
    const stack = aws.world.stacks.find(ALPHA, 'us-east-1', (await ops.instance(ALPHA)).StackId!)!;
    expect(stack).toMatchObject({ template: TEMPLATE, parameters: { Level: 'high' } });
    expect((await ops.instance(ALPHA)).Status).toBe('OUTDATED');
  });

  it('fails in the words of AWS where the execution role is missing, with the account gate skipped', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    aws.account(ALPHA).roles.delete(EXECUTION);
    await ops.createSet();
    const ended = await ops.create({ Accounts: [ALPHA], ...HERE });
    expect(ended).toMatchObject({ Status: 'FAILED', StatusDetails: { FailedStackInstancesCount: 1 } });
    expect(await ops.instance(ALPHA)).toMatchObject({
      Status: 'OUTDATED',
      StackInstanceStatus: { DetailedStatus: 'FAILED' },
      StatusReason: `Account ${ALPHA} should have '${EXECUTION}' role with trust relationship to Role 'AWSCloudFormationStackSetAdministrationRole'.`,
    });
    aws.account(ALPHA).roles.set(EXECUTION, null);
    await ops.settle(
      (await ops.client.send(new UpdateStackSetCommand({ StackSetName: SET, UsePreviousTemplate: true }))).OperationId,
    );
    expect(states(await ops.instances())).toEqual([`${ALPHA}/us-east-1 CURRENT SUCCEEDED`]);
  });

  it('of a suspended account is skipped', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    aws.account(ALPHA).state = 'SUSPENDED';
    expect((await ops.create({ Accounts: [ALPHA, BETA], ...HERE })).Status).toBe('SUCCEEDED');
    expect(states(await ops.instances())).toEqual([
      `${ALPHA}/us-east-1 OUTDATED SKIPPED_SUSPENDED_ACCOUNT`,
      `${BETA}/us-east-1 CURRENT SUCCEEDED`,
    ]);
  });

  it('takes its stack with it, unless that is to be retained', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    await ops.create({ Accounts: [ALPHA, BETA], ...HERE });
    const [alpha, beta] = [(await ops.instance(ALPHA)).StackId!, (await ops.instance(BETA)).StackId!];
    const remove = async (account: string, RetainStacks: boolean) =>
      ops.settle(
        (
          await ops.client.send(
            new DeleteStackInstancesCommand({ StackSetName: SET, Accounts: [account], ...HERE, RetainStacks }),
          )
        ).OperationId,
      );
    await remove(ALPHA, false);
    await remove(BETA, true);
    expect(await ops.instances()).toEqual([]);
    expect(aws.world.stacks.find(ALPHA, 'us-east-1', alpha)?.status).toBe('DELETE_COMPLETE');
    expect(aws.world.stacks.find(BETA, 'us-east-1', beta)!.status).toBe('CREATE_COMPLETE');
  });

  it('whose stack is protected becomes INOPERABLE, is left out of updates, and goes only with its stack retained', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    await ops.create({ Accounts: [ALPHA], ...HERE });
    const { StackId } = await ops.instance(ALPHA);
    await aws
      .cloudFormation(ALPHA)
      .send(new UpdateTerminationProtectionCommand({ StackName: StackId, EnableTerminationProtection: true }));
    const remove = async (RetainStacks: boolean) =>
      ops.settle(
        (
          await ops.client.send(
            new DeleteStackInstancesCommand({ StackSetName: SET, Accounts: [ALPHA], ...HERE, RetainStacks }),
          )
        ).OperationId,
      );
    expect((await remove(false)).Status).toBe('FAILED');
    expect(states(await ops.instances())).toEqual([`${ALPHA}/us-east-1 INOPERABLE INOPERABLE`]);
    const update = await ops.client.send(new UpdateStackSetCommand({ StackSetName: SET, UsePreviousTemplate: true }));
    await ops.settle(update.OperationId);
    expect(await ops.results(update.OperationId!)).toEqual([]);
    expect((await remove(true)).Status).toBe('SUCCEEDED');
    expect(await ops.instances()).toEqual([]);
  });

  it('that does not exist cannot be updated', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    const update = ops.client.send(new UpdateStackInstancesCommand({ StackSetName: SET, Accounts: [GAMMA], ...HERE }));
    expect((await refusal(update)).name).toBe('StackInstanceNotFoundException');
  });

  it('is listed in pages, and found by account, Region and state', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    await ops.create({ Accounts: [ALPHA, BETA, GAMMA], Regions: ['us-east-1', 'eu-west-1'] });
    const seen: string[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await ops.client.send(
        new ListStackInstancesCommand({ StackSetName: SET, MaxResults: 4, NextToken }),
      );
      seen.push(...page.Summaries!.map(({ Account, Region }) => `${Account}/${Region}`));
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken !== undefined);
    expect([pages, seen.length, new Set(seen).size]).toEqual([2, 6, 6]);
    const filtered = await ops.client.send(
      new ListStackInstancesCommand({
        StackSetName: SET,
        StackInstanceAccount: BETA,
        StackInstanceRegion: 'eu-west-1',
        Filters: [{ Name: 'DETAILED_STATUS', Values: 'SUCCEEDED' }],
      }),
    );
    expect(filtered.Summaries).toHaveLength(1);
    expect(
      (await refusal(ops.client.send(new ListStackInstancesCommand({ StackSetName: SET, MaxResults: 101 })))).name,
    ).toBe('ValidationError');
  });
});
