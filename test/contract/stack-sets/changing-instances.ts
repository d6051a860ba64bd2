import {
  DeleteStackInstancesCommand,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { strangers, trust } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';
import { twoTopics } from './templates.js';

/** A stack set with an instance in the first member account. */
async function deployed(aws: Aws): Promise<{ readonly sets: Desk; readonly member: string }> {
  const [member] = aws.members;
  const sets = desk(aws);
  await trust(aws, aws.members);
  await sets.create();
  await sets.deploy({ Accounts: [member] });
  return { sets, member };
}

async function protect(aws: Aws, sets: Desk, member: string): Promise<void> {
  const { StackId: StackName } = await sets.instance(member);
  await aws
    .cloudFormation(member)
    .send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true }));
}

const stackStatus = async (aws: Aws, member: string, StackName: string | undefined) =>
  (await aws.cloudFormation(member).send(new DescribeStacksCommand({ StackName }))).Stacks![0]!.StackStatus;

export const updateStackInstances: Chapter = {
  service: 'CloudFormation',
  operation: 'UpdateStackInstances',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'gives the stacks other parameter values',
      source: api('UpdateStackInstances'),
      differs: { moto: 'leaves the stacks of the instances as they are' },
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const ParameterOverrides = [{ ParameterKey: 'Level', ParameterValue: 'high' }];
        const ended = await sets.settled(await sets.updateInstances({ Accounts: [member], ParameterOverrides }));
        expect(ended).toMatchObject({ Action: 'UPDATE', Status: 'SUCCEEDED' });
        expect((await sets.stack(member)).Parameters).toContainEqual(ParameterOverrides[0]);
      },
    },
    {
      says: 'leaves the template of an OUTDATED instance as it is, and the instance OUTDATED',
      source: api('UpdateStackInstances'),
      differs: { moto: 'leaves the stacks of the instances as they are' },
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const [, other] = aws.members;
        await sets.deploy({ Accounts: [other] });
        const grown = twoTopics(sets.StackSetName);
        await sets.settled(await sets.update({ TemplateBody: grown, Accounts: [other], Regions: ['us-east-1'] }));
        const ParameterOverrides = [{ ParameterKey: 'Level', ParameterValue: 'high' }];
        await sets.settled(await sets.updateInstances({ Accounts: [member], ParameterOverrides }));
        expect((await sets.stack(member)).Parameters).toContainEqual(ParameterOverrides[0]);
        expect((await sets.instance(member)).Status).toBe('OUTDATED');
      },
    },
    {
      says: 'answers StackInstanceNotFoundException for an account and Region without an instance',
      source: shape('StackInstanceNotFoundException'),
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const call = sets.updateInstances({ Accounts: [member], Regions: ['eu-west-1'] });
        expect((await refusal(call)).name).toBe('StackInstanceNotFoundException');
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        const call = desk(aws).updateInstances({ Accounts: [aws.members[0]] });
        expect((await refusal(call)).name).toBe('StackSetNotFoundException');
      },
    },
  ],
};

export const deleteStackInstances: Chapter = {
  service: 'CloudFormation',
  operation: 'DeleteStackInstances',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'deletes the stack, and the instance when that is done',
      source: api('DeleteStackInstances'),
      differs: { moto: 'has no instance any more when the call returns' },
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const { StackId } = await sets.stack(member);
        const id = await sets.remove({ Accounts: [member] });
        expect(await sets.accounts()).toEqual([member]);
        expect(await sets.settled(id)).toMatchObject({ Action: 'DELETE', Status: 'SUCCEEDED' });
        expect(await sets.instances()).toEqual([]);
        expect(await stackStatus(aws, member, StackId)).toBe('DELETE_COMPLETE');
      },
    },
    {
      says: 'leaves the stack where it is with RetainStacks, and only forgets the instance',
      source: shape('DeleteStackInstancesInput'),
      differs: { moto: 'deletes the stack' },
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const { StackName } = await sets.stack(member);
        await sets.settled(await sets.remove({ Accounts: [member], RetainStacks: true }));
        expect(await sets.instances()).toEqual([]);
        expect(await stackStatus(aws, member, StackName)).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'demands RetainStacks',
      source: shape('DeleteStackInstancesInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const { StackSetName } = sets;
        const input = { StackSetName, Accounts: [member], Regions: ['us-east-1'], RetainStacks: undefined };
        expect((await refusal(sets.client.send(new DeleteStackInstancesCommand(input)))).name).toBe('ValidationError');
      },
    },
    {
      says: 'fails on a stack with termination protection, and leaves the instance INOPERABLE',
      source: shape('StackInstance'),
      differs: { moto: 'answers HTTP 500 to UpdateTerminationProtection' },
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        await protect(aws, sets, member);
        const ended = await sets.settled(await sets.remove({ Accounts: [member] }));
        expect(ended).toMatchObject({ Status: 'FAILED', StatusDetails: { FailedStackInstancesCount: 1 } });
        expect(await sets.instance(member)).toMatchObject({
          Status: 'INOPERABLE',
          StackInstanceStatus: { DetailedStatus: 'INOPERABLE' },
        });
        expect((await sets.stack(member)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'takes an INOPERABLE instance out of the stack set with RetainStacks',
      source: shape('StackInstance'),
      differs: { moto: 'answers HTTP 500 to UpdateTerminationProtection, so that no instance can become INOPERABLE' },
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        await protect(aws, sets, member);
        await sets.settled(await sets.remove({ Accounts: [member] }));
        expect((await sets.instance(member)).Status).toBe('INOPERABLE');
        await sets.settled(await sets.remove({ Accounts: [member], RetainStacks: true }));
        expect(await sets.instances()).toEqual([]);
      },
    },
    {
      says: 'forgets an instance with RetainStacks though its account lacks the execution role',
      source: assumption('nothing has to be done in the account'),
      differs: { moto: 'asks for no roles, so that the instance is CURRENT' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const Accounts = [...strangers(1)];
        await sets.deploy({ Accounts });
        expect((await sets.instances()).map(({ Status }) => Status)).toEqual(['OUTDATED']);
        const ended = await sets.settled(await sets.remove({ Accounts, RetainStacks: true }));
        expect(ended.Status).toBe('SUCCEEDED');
        expect(await sets.instances()).toEqual([]);
      },
    },
    {
      says: 'passes over accounts and Regions without an instance',
      source: assumption('the model has no StackInstanceNotFoundException for it'),
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const id = await sets.remove({ Accounts: [member], Regions: ['eu-west-1'] });
        expect((await sets.settled(id)).Status).toBe('SUCCEEDED');
        expect(await sets.accounts()).toEqual([member]);
      },
    },
    {
      says: 'removes an instance whose stack is gone already',
      source: guide('Delete stacks from CloudFormation StackSets'),
      alone: 'the deletion of the stack has to be waited for between two operations',
      test: async (aws) => {
        const { sets, member } = await deployed(aws);
        const { StackId } = await sets.instance(member);
        aws.simulator.world.stacks.delete(member, 'us-east-1', StackId!);
        await aws.until(
          () => stackStatus(aws, member, StackId),
          (status) => status === 'DELETE_COMPLETE',
        );
        expect((await sets.settled(await sets.remove({ Accounts: [member] }))).Status).toBe('SUCCEEDED');
        expect(await sets.instances()).toEqual([]);
      },
    },
  ],
};
