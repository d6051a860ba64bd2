import {
  DeleteStackSetCommand,
  DescribeStackSetCommand,
  ListStackSetsCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { ALPHA, BETA, refusal, simulatedAws, STACK_SETS } from './aws.js';
import { GROWN, operator, SET, states, TEMPLATE } from './operator.js';

describe('a stack set', () => {
  it('is made once for a token, found by name and by id, and refused to a second caller', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    const { StackSetId } = await ops.createSet({ ClientRequestToken: 'one', Description: 'first' });
    expect((await ops.createSet({ ClientRequestToken: 'one', Description: 'first' })).StackSetId).toBe(StackSetId);
    expect((await refusal(ops.createSet({ ClientRequestToken: 'two' }))).name).toBe('NameAlreadyExistsException');
    expect((await refusal(ops.createSet({ ClientRequestToken: 'one', Description: 'second' }))).name).toBe(
      'CreatedButModifiedException',
    );
    const byId = await ops.client.send(new DescribeStackSetCommand({ StackSetName: StackSetId }));
    expect(byId.StackSet).toMatchObject({
      StackSetName: SET,
      Status: 'ACTIVE',
      PermissionModel: 'SELF_MANAGED',
      TemplateBody: TEMPLATE,
    });
  });

  it('can only be deleted when it is empty, and its name is free afterwards', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    await ops.create({ Accounts: [ALPHA], Regions: ['us-east-1'] });
    expect((await refusal(ops.client.send(new DeleteStackSetCommand({ StackSetName: SET })))).name).toBe(
      'StackSetNotEmptyException',
    );

    const empty = simulatedAws();
    const other = operator(empty);
    const first = await other.createSet();
    await other.client.send(new DeleteStackSetCommand({ StackSetName: SET }));
    expect((await refusal(other.client.send(new DescribeStackSetCommand({ StackSetName: SET })))).name).toBe(
      'StackSetNotFoundException',
    );
    expect(
      (await other.client.send(new DescribeStackSetCommand({ StackSetName: first.StackSetId }))).StackSet!.Status,
    ).toBe('DELETED');
    expect((await other.createSet()).StackSetId).not.toBe(first.StackSetId);
    const { Summaries } = await other.client.send(new ListStackSetsCommand({ Status: 'ACTIVE' }));
    expect(Summaries!.map(({ StackSetName }) => StackSetName)).toEqual([SET]);
  });

  it('checks its parameters and capabilities before anything is stored', async () => {
    const ops = operator(simulatedAws());
    expect(
      (await refusal(ops.createSet({ Parameters: [{ ParameterKey: 'Nope', ParameterValue: '1' }] }))).message,
    ).toContain('Parameters: [Nope] do not exist in the template');
    const needy = JSON.stringify({
      Parameters: { Must: { Type: 'String' } },
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    });
    expect((await refusal(ops.createSet({ TemplateBody: needy }))).message).toContain(
      'Parameters: [Must] must have values',
    );
    const role = JSON.stringify({
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } } },
    });
    expect((await refusal(ops.createSet({ TemplateBody: role }))).name).toBe('InsufficientCapabilitiesException');
  });

  it('keeps an update whose operation fails, and every instance is OUTDATED', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    await ops.create({ Accounts: [ALPHA, BETA], Regions: ['us-east-1'] });
    aws.account(ALPHA).roles.clear();
    const { OperationId } = await ops.client.send(
      new UpdateStackSetCommand({ StackSetName: SET, TemplateBody: GROWN }),
    );
    expect((await ops.settle(OperationId)).Status).toBe('FAILED');
    expect((await ops.client.send(new DescribeStackSetCommand({ StackSetName: SET }))).StackSet!.TemplateBody).toBe(
      GROWN,
    );
    expect(states(await ops.instances())).toEqual([
      `${ALPHA}/us-east-1 OUTDATED FAILED`,
      `${BETA}/us-east-1 OUTDATED CANCELLED`,
    ]);
  });

  it('turns instances that an update does not name OUTDATED, and a new operation with nothing changed brings them up', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    await ops.createSet();
    await ops.create({ Accounts: [ALPHA, BETA], Regions: ['us-east-1'] });
    const first = await ops.client.send(
      new UpdateStackSetCommand({ StackSetName: SET, TemplateBody: GROWN, Accounts: [ALPHA], Regions: ['us-east-1'] }),
    );
    expect((await ops.settle(first.OperationId)).Status).toBe('SUCCEEDED');
    expect(states(await ops.instances())).toEqual([
      `${ALPHA}/us-east-1 CURRENT SUCCEEDED`,
      `${BETA}/us-east-1 OUTDATED SUCCEEDED`,
    ]);
    const again = await ops.client.send(new UpdateStackSetCommand({ StackSetName: SET, UsePreviousTemplate: true }));
    await ops.settle(again.OperationId);
    expect(states(await ops.instances())).toEqual([
      `${ALPHA}/us-east-1 CURRENT SUCCEEDED`,
      `${BETA}/us-east-1 CURRENT SUCCEEDED`,
    ]);
    const { StackId } = await ops.instance(BETA);
    expect(aws.world.stacks.find(BETA, 'us-east-1', StackId!)!.template).toBe(GROWN);
  });

  it('changes managed execution only by itself', async () => {
    const ops = operator(simulatedAws());
    await ops.createSet();
    const both = ops.client.send(
      new UpdateStackSetCommand({ StackSetName: SET, TemplateBody: GROWN, ManagedExecution: { Active: true } }),
    );
    expect((await refusal(both)).message).toBe(
      'Cannot update ManagedExecution while updating StackSet Template or Parameters',
    );
    await ops.client.send(
      new UpdateStackSetCommand({ StackSetName: SET, UsePreviousTemplate: true, ManagedExecution: { Active: true } }),
    );
    expect(
      (await ops.client.send(new DescribeStackSetCommand({ StackSetName: SET }))).StackSet!.ManagedExecution,
    ).toEqual({ Active: true });
  });

  it('with service-managed permissions takes neither transforms nor nested stacks, and needs trusted access', async () => {
    const aws = simulatedAws();
    const ops = operator(aws);
    const managed = { PermissionModel: 'SERVICE_MANAGED' as const, AutoDeployment: { Enabled: false } };
    const sam = JSON.stringify({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: { T: { Type: 'AWS::Serverless::SimpleTable' } },
    });
    expect((await refusal(ops.createSet({ ...managed, TemplateBody: sam }))).message).toBe(
      'Transform is not supported in SERVICE_MANAGED permission model',
    );
    const nested = JSON.stringify({
      Resources: {
        N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://b.s3.amazonaws.com/k' } },
      },
    });
    expect((await refusal(ops.createSet({ ...managed, TemplateBody: nested }))).message).toContain(
      'Nested stacks are not supported',
    );
    aws.organization.trustedServices.delete(STACK_SETS);
    expect((await refusal(ops.createSet(managed))).message).toBe(
      'You must enable organizations access to operate a service managed stack set',
    );
  });
});
