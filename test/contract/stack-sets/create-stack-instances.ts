import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { desk, refusal } from './desk.js';
import { ADMINISTRATION, EXECUTION, MANAGED, strangers, trust, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';

const SAME = { UsePreviousTemplate: true } as const;

export const createStackInstances: Chapter = {
  service: 'CloudFormation',
  operation: 'CreateStackInstances',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'answers an OperationId while the operation is RUNNING, and lists the instance as OUTDATED before it has a stack',
      source: guide('StackSets concepts'),
      differs: { moto: 'ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, [member]);
        await sets.create();
        const id = await sets.begin({ Accounts: [member] });
        expect(await sets.operation(id)).toMatchObject({ Action: 'CREATE', Status: 'RUNNING' });
        const instance = await sets.instance(member);
        expect(instance).toMatchObject({ Status: 'OUTDATED', LastOperationId: id });
        expect(['PENDING', 'RUNNING']).toContain(instance.StackInstanceStatus!.DetailedStatus);
        expect(instance.StackId).toBeUndefined();
      },
    },
    {
      says: 'makes a stack in the target account and Region, named after the stack set, with its parameters and tags',
      source: guide('StackSets concepts'),
      differs: { moto: 'names the stack after the stack set alone, with a colon' },
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, [member]);
        const Parameters = [{ ParameterKey: 'Team', ParameterValue: 'blue' }];
        const Tags = [{ Key: 'owner', Value: 'security' }];
        await sets.create({ Parameters, Tags });
        await sets.deploy({ Accounts: [member], Regions: ['eu-west-1'] });
        expect(await sets.instance(member, 'eu-west-1')).toMatchObject({
          Status: 'CURRENT',
          StackInstanceStatus: { DetailedStatus: 'SUCCEEDED' },
        });
        const stack = await sets.stack(member, 'eu-west-1');
        expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
        expect(stack.StackName).toMatch(new RegExp(`^StackSet-${sets.StackSetName}-[0-9a-f-]{36}$`));
        expect(stack.Parameters).toEqual(expect.arrayContaining(Parameters));
        expect(stack.Tags).toEqual(expect.arrayContaining(Tags));
      },
    },
    {
      says: 'takes the OperationId of the caller, and answers OperationIdAlreadyExistsException to a second call with it',
      source: shape('OperationIdAlreadyExistsException'),
      differs: { moto: 'makes an OperationId of its own' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect(await sets.begin({ Accounts: [aws.members[0]], OperationId: 'once' })).toBe('once');
        const again = sets.begin({ Accounts: [aws.members[0]], OperationId: 'once' });
        expect((await refusal(again)).name).toBe('OperationIdAlreadyExistsException');
      },
    },
    {
      says: 'fails on an account without the execution role, in these words, with the account gate SKIPPED',
      source: guide('Troubleshooting CloudFormation StackSets'),
      differs: { moto: 'asks for no roles' },
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, []);
        await sets.create();
        const id = await sets.begin({ Accounts: [member] });
        expect((await sets.settled(id)).Status).toBe('FAILED');
        const reason = `Account ${member} should have '${EXECUTION}' role with trust relationship to Role '${ADMINISTRATION}'.`;
        expect(await sets.results(id)).toMatchObject([
          { Account: member, Status: 'FAILED', StatusReason: reason, AccountGateResult: { Status: 'SKIPPED' } },
        ]);
        expect(await sets.instance(member)).toMatchObject({
          Status: 'OUTDATED',
          StackInstanceStatus: { DetailedStatus: 'FAILED' },
          StatusReason: reason,
        });
      },
    },
    {
      says: 'fails where the administrator account itself lacks the administration role',
      source: guide('Grant self-managed permissions'),
      differs: { moto: 'asks for no roles' },
      test: async (aws) => {
        const [administrator, target] = aws.members;
        const sets = desk(aws, administrator);
        await sets.create();
        const ended = await sets.deploy({ Accounts: [target] });
        expect(ended.Status).toBe('FAILED');
        expect((await sets.instance(target)).StatusReason).toContain(ADMINISTRATION);
      },
    },
    {
      says: 'reports an account gate that does not exist as SKIPPED, and goes on',
      source: shape('AccountGateResult'),
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, [member]);
        await sets.create();
        const id = await sets.begin({ Accounts: [member] });
        await sets.settled(id);
        const [result] = await sets.results(id);
        expect(result).toMatchObject({ Status: 'SUCCEEDED', AccountGateResult: { Status: 'SKIPPED' } });
        expect(result!.AccountGateResult!.StatusReason).toContain('AWSCloudFormationStackSetAccountGate');
      },
    },
    {
      says: 'uses the ExecutionRoleName of the stack set',
      source: shape('CreateStackSetInput'),
      differs: { moto: 'asks for no roles' },
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, [member]);
        await sets.create({ ExecutionRoleName: 'own' });
        await sets.deploy({ Accounts: [member] });
        expect((await sets.instance(member)).StatusReason).toContain(`'own'`);
      },
    },
    {
      says: 'deploys a self-managed stack set to the administrator account too',
      source: guide('Grant self-managed permissions'),
      test: async (aws) => {
        const sets = desk(aws);
        await trust(aws, [aws.management]);
        await sets.create();
        await sets.deploy({ Accounts: [aws.management] });
        expect((await sets.instance(aws.management)).Status).toBe('CURRENT');
      },
    },
    {
      says: 'leaves an instance FAILED whose stack was rolled back, and makes the stack anew in the next operation',
      source: guide('Troubleshooting CloudFormation StackSets'),
      alone: 'the template tells the simulator to fail',
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, [member]);
        const Topic = { Type: 'AWS::SNS::Topic', Metadata: { Simulator: { Fail: 'create' } } };
        await sets.create({ TemplateBody: JSON.stringify({ Resources: { Topic } }) });
        expect((await sets.deploy({ Accounts: [member] })).Status).toBe('FAILED');
        const failed = await sets.stack(member);
        expect(failed.StackStatus).toBe('ROLLBACK_COMPLETE');
        await sets.settled(await sets.update({ TemplateBody: sets.template }));
        const stack = await sets.stack(member);
        expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
        expect(stack.StackId).not.toBe(failed.StackId);
      },
    },
    {
      says: 'brings an OUTDATED instance up that it finds, where it is repeated under a new OperationId',
      source: shape('CreateStackInstancesInput'),
      differs: { moto: 'asks for no roles, so that no instance is ever OUTDATED' },
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await sets.create();
        await sets.deploy({ Accounts: [member] });
        expect((await sets.instance(member)).Status).toBe('OUTDATED');
        await trust(aws, [member]);
        await sets.deploy({ Accounts: [member] });
        expect((await sets.instance(member)).Status).toBe('CURRENT');
      },
    },
    {
      says: 'passes a suspended account over: its instance is SKIPPED_SUSPENDED_ACCOUNT, and the operation SUCCEEDED',
      source: shape('StackInstanceComprehensiveStatus'),
      alone: 'the account is suspended by hand',
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        const unit = await unitWith(aws, [first, second]);
        aws.simulator.world.organization.accounts.get(first)!.state = 'SUSPENDED';
        await sets.create(MANAGED);
        const ended = await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
        expect(ended.Status).toBe('SUCCEEDED');
        expect(await sets.states()).toEqual([
          `${first} OUTDATED SKIPPED_SUSPENDED_ACCOUNT`,
          `${second} CURRENT SUCCEEDED`,
        ]);
      },
    },
    {
      says: 'refuses to do without accounts, and without Regions',
      source: api('CreateStackInstances'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.begin({}))).name).toBe('ValidationError');
        expect((await refusal(sets.begin({ Accounts: [aws.members[0]], Regions: [] }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses Accounts beside DeploymentTargets',
      source: shape('CreateStackInstancesInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const Accounts = [aws.members[0]];
        expect((await refusal(sets.begin({ Accounts, DeploymentTargets: { Accounts } }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses an account that is not twelve digits',
      source: shape('Account'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.begin({ Accounts: ['1234'] }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses units for a self-managed stack set, and Accounts for a service-managed one',
      source: shape('CreateStackInstancesInput'),
      test: async (aws) => {
        const [own, managed] = [desk(aws), desk(aws)];
        const unit = await unitWith(aws, []);
        await own.create();
        const byUnit = own.begin({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
        expect((await refusal(byUnit)).name).toBe('ValidationError');
        await managed.create(MANAGED);
        expect((await refusal(managed.begin({ Accounts: [aws.members[0]] }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers OperationInProgressException while another operation runs',
      source: shape('OperationInProgressException'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.begin({ Accounts: [aws.members[0]] });
        const second = sets.begin({ Accounts: [aws.members[1]] });
        expect((await refusal(second)).name).toBe('OperationInProgressException');
        expect(await sets.accounts()).toEqual([aws.members[0]]);
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        expect((await refusal(desk(aws).begin({ Accounts: [aws.members[0]] }))).name).toBe('StackSetNotFoundException');
      },
    },
    {
      says: 'answers LimitExceededException where a stack set would have more than 100,000 instances',
      source: guide('CloudFormation quotas'),
      alone: 'a hundred thousand account ids are not for an emulator to work off',
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'];
        const call = sets.begin({ Accounts: [...strangers(25_001)], Regions: regions });
        expect((await refusal(call)).name).toBe('LimitExceededException');
        expect(await sets.instances()).toEqual([]);
      },
    },
    {
      says: 'makes no instance where the unit has no account, and its operation SUCCEEDED',
      source: assumption('the units are valid targets, and there is nothing that could fail'),
      differs: { moto: 'shows no StatusDetails' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create(MANAGED);
        const ended = await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [await unitWith(aws, [])] } });
        expect(ended).toMatchObject({ Status: 'SUCCEEDED', StatusDetails: { FailedStackInstancesCount: 0 } });
        expect(await sets.instances()).toEqual([]);
      },
    },
    {
      says: 'fails where the stack of its instance was deleted by hand, until the instance is removed',
      source: assumption('a stack instance keeps its StackId, and nothing says that a lost stack is made again'),
      alone: 'the deletion of the stack has to be waited for between two operations',
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, [member]);
        await sets.create();
        await sets.deploy({ Accounts: [member] });
        const { StackId } = await sets.instance(member);
        const { world } = aws.simulator;
        world.stacks.delete(member, 'us-east-1', StackId!);
        await aws.until(
          async () => world.stacks.find(member, 'us-east-1', StackId!)?.status,
          (status) => status === 'DELETE_COMPLETE',
        );
        expect((await sets.settled(await sets.update(SAME))).Status).toBe('FAILED');
        await sets.settled(await sets.remove({ Accounts: [member] }));
        await sets.deploy({ Accounts: [member] });
        expect((await sets.instance(member)).Status).toBe('CURRENT');
      },
    },
  ],
};
