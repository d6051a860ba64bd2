import {
  DeleteStackSetCommand,
  UpdateStackSetCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { desk, refusal } from './desk.js';
import { AUTOMATIC, MANAGED, strangers, trust, unitWith } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';
import { twoTopics } from './templates.js';

const SAME = { UsePreviousTemplate: true } as const;

export const updateStackSet: Chapter = {
  service: 'CloudFormation',
  operation: 'UpdateStackSet',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'brings every instance to the new template, and leaves it CURRENT',
      source: api('UpdateStackSet'),
      differs: { moto: 'leaves the stacks of the instances as they are' },
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        await trust(aws, aws.members);
        await sets.create();
        await sets.deploy({ Accounts: [first, second] });
        const ended = await sets.settled(await sets.update({ TemplateBody: twoTopics(sets.StackSetName) }));
        expect(ended).toMatchObject({ Action: 'UPDATE', Status: 'SUCCEEDED' });
        expect((await sets.instances()).map(({ Status }) => Status)).toEqual(['CURRENT', 'CURRENT']);
        expect((await sets.stack(second)).StackStatus).toBe('UPDATE_COMPLETE');
      },
    },
    {
      says: 'takes effect on the stack set though its operation fails, and the instances stay OUTDATED',
      source: api('UpdateStackSet'),
      differs: { moto: 'asks for no roles, and ends every operation at once as SUCCEEDED' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.deploy({ Accounts: [...strangers(2)] });
        const grown = twoTopics(sets.StackSetName);
        const ended = await sets.settled(await sets.update({ TemplateBody: grown }));
        expect(ended.Status).toBe('FAILED');
        expect((await sets.describe()).TemplateBody).toBe(grown);
        expect((await sets.instances()).map(({ Status }) => Status)).toEqual(['OUTDATED', 'OUTDATED']);
      },
    },
    {
      says: 'makes all instances OUTDATED where template or parameters change, also those that it does not target',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'leaves every instance CURRENT' },
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        await trust(aws, aws.members);
        await sets.create();
        await sets.deploy({ Accounts: [first, second] });
        const Parameters = [{ ParameterKey: 'Level', ParameterValue: 'high' }];
        await sets.settled(await sets.update({ ...SAME, Parameters, Accounts: [first], Regions: ['us-east-1'] }));
        expect((await sets.instance(first)).Status).toBe('CURRENT');
        expect((await sets.instance(second)).Status).toBe('OUTDATED');
      },
    },
    {
      says: 'leaves the status of instances that it does not target where neither template nor parameters change',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'leaves the stacks of the instances as they are' },
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        await trust(aws, aws.members);
        await sets.create();
        await sets.deploy({ Accounts: [first, second] });
        const Tags = [{ Key: 'owner', Value: 'security' }];
        await sets.settled(await sets.update({ ...SAME, Tags, Accounts: [first], Regions: ['us-east-1'] }));
        expect((await sets.instance(second)).Status).toBe('CURRENT');
        expect((await sets.stack(first)).Tags).toContainEqual(Tags[0]);
        expect((await sets.stack(second)).Tags ?? []).not.toContainEqual(Tags[0]);
      },
    },
    {
      says: 'brings OUTDATED instances up again where a new operation changes nothing',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'asks for no roles, so that no instance is ever OUTDATED' },
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await sets.create();
        await sets.deploy({ Accounts: [member] });
        expect((await sets.instance(member)).Status).toBe('OUTDATED');
        await trust(aws, [member]);
        await sets.settled(await sets.update(SAME));
        expect((await sets.instance(member)).Status).toBe('CURRENT');
        expect((await sets.stack(member)).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'gives its template to instances that are created later',
      source: api('UpdateStackSet'),
      test: async (aws) => {
        const sets = desk(aws);
        const [member] = aws.members;
        await trust(aws, [member]);
        await sets.create();
        await sets.settled(
          await sets.update({ ...SAME, Parameters: [{ ParameterKey: 'Level', ParameterValue: 'high' }] }),
        );
        await sets.deploy({ Accounts: [member] });
        expect((await sets.stack(member)).Parameters).toContainEqual({ ParameterKey: 'Level', ParameterValue: 'high' });
      },
    },
    {
      says: 'keeps the tags where none are sent, replaces them by those sent, and removes them by an empty list',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'keeps the tags where an empty list is sent' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create({ Tags: [{ Key: 'owner', Value: 'security' }] });
        await sets.settled(await sets.update({ ...SAME, Description: 'again' }));
        expect((await sets.describe()).Tags).toEqual([{ Key: 'owner', Value: 'security' }]);
        await sets.settled(await sets.update({ ...SAME, Tags: [{ Key: 'stage', Value: 'one' }] }));
        expect((await sets.describe()).Tags).toEqual([{ Key: 'stage', Value: 'one' }]);
        await sets.settled(await sets.update({ ...SAME, Tags: [] }));
        expect((await sets.describe()).Tags ?? []).toEqual([]);
      },
    },
    {
      says: 'falls back to the default of a parameter that is not sent, and keeps one that says UsePreviousValue',
      source: assumption('UpdateStack does so with parameters'),
      test: async (aws) => {
        const sets = desk(aws);
        const both = ['Team', 'Level'].map((ParameterKey) => ({ ParameterKey, ParameterValue: 'own' }));
        await sets.create({ Parameters: both });
        await sets.settled(
          await sets.update({ ...SAME, Parameters: [{ ParameterKey: 'Team', UsePreviousValue: true }] }),
        );
        expect((await sets.describe()).Parameters).toEqual([{ ParameterKey: 'Team', ParameterValue: 'own' }]);
      },
    },
    {
      says: 'refuses UsePreviousValue for a parameter that the previous template did not have',
      source: assumption('UpdateStack refuses it in these words'),
      differs: { moto: 'answers HTTP 500' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const call = sets.update({ ...SAME, Parameters: [{ ParameterKey: 'Nope', UsePreviousValue: true }] });
        expect(await refusal(call)).toMatchObject({
          name: 'ValidationError',
          message: expect.stringContaining('parameter key not in the previous template') as string,
        });
      },
    },
    {
      says: 'refuses to do without a template and without UsePreviousTemplate',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.update({ Description: 'again' }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a template beside UsePreviousTemplate',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.update({ ...SAME, TemplateBody: sets.template }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses to go on without AdministrationRoleARN where the stack set has one of its own',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        const AdministrationRoleARN = `arn:aws:iam::${aws.management}:role/own`;
        await sets.create({ AdministrationRoleARN });
        expect((await refusal(sets.update(SAME))).name).toBe('ValidationError');
        await sets.update({ ...SAME, AdministrationRoleARN });
      },
    },
    {
      says: 'keeps the ExecutionRoleName where none is sent',
      source: shape('UpdateStackSetInput'),
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create({ ExecutionRoleName: 'own' });
        await sets.settled(await sets.update(SAME));
        expect((await sets.describe()).ExecutionRoleName).toBe('own');
      },
    },
    {
      says: 'refuses Regions without accounts, and accounts without Regions',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        expect((await refusal(sets.update({ ...SAME, Regions: ['us-east-1'] }))).name).toBe('ValidationError');
        expect((await refusal(sets.update({ ...SAME, Accounts: [aws.members[0]] }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers StackInstanceNotFoundException where it targets an account without an instance',
      source: api('UpdateStackSet'),
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        const call = sets.update({ ...SAME, Accounts: [aws.members[0]], Regions: ['us-east-1'] });
        expect((await refusal(call)).name).toBe('StackInstanceNotFoundException');
      },
    },
    {
      says: 'refuses AutoDeployment together with DeploymentTargets and Regions',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create(MANAGED);
        const OrganizationalUnitIds = [await unitWith(aws, [])];
        const { AutoDeployment } = AUTOMATIC;
        const call = sets.update({
          ...SAME,
          AutoDeployment,
          DeploymentTargets: { OrganizationalUnitIds },
          Regions: ['us-east-1'],
        });
        expect((await refusal(call)).name).toBe('ValidationError');
      },
    },
    {
      says: 'changes the PermissionModel of a stack set without instances',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'keeps the PermissionModel' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.settled(await sets.update({ ...SAME, ...MANAGED }));
        expect((await sets.describe()).PermissionModel).toBe('SERVICE_MANAGED');
      },
    },
    {
      says: 'refuses to change the PermissionModel while the stack set has instances',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.deploy({ Accounts: [aws.members[0]] });
        expect((await refusal(sets.update({ ...SAME, ...MANAGED }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'leaves INOPERABLE instances out',
      source: shape('StackInstance'),
      differs: { moto: 'answers HTTP 500 to UpdateTerminationProtection, so that no instance can become INOPERABLE' },
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        await trust(aws, aws.members);
        await sets.create();
        await sets.deploy({ Accounts: [first, second] });
        const { StackId: StackName } = await sets.instance(first);
        await aws
          .cloudFormation(first)
          .send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true }));
        await sets.settled(await sets.remove({ Accounts: [first] }));
        const id = await sets.update(SAME);
        await sets.settled(id);
        expect((await sets.results(id)).map(({ Account }) => Account)).toEqual([second]);
        expect((await sets.instance(first)).Status).toBe('INOPERABLE');
      },
    },
    {
      says: 'answers OperationInProgressException while another operation runs, and changes nothing',
      source: shape('OperationInProgressException'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.begin({ Accounts: [aws.members[0]] });
        expect(await refusal(sets.update({ ...SAME, Description: 'again' }))).toMatchObject({
          name: 'OperationInProgressException',
          message: expect.stringMatching(/^Another Operation on StackSet arn:.+ is in progress/) as string,
        });
        expect((await sets.describe()).Description).toBeUndefined();
      },
    },
    {
      says: 'answers OperationIdAlreadyExistsException where the OperationId was used on the stack set before',
      source: shape('OperationIdAlreadyExistsException'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create();
        await sets.settled(await sets.update({ ...SAME, OperationId: 'once' }));
        const again = sets.update({ ...SAME, OperationId: 'once' });
        expect((await refusal(again)).name).toBe('OperationIdAlreadyExistsException');
      },
    },
    {
      says: 'answers StaleRequestException to a call that was overtaken by another one sent at the same moment',
      source: assumption('the model says that another operation was performed since; that can only be a race'),
      differs: { moto: 'accepts both' },
      test: async (aws) => {
        const sets = desk(aws);
        await sets.create({ ManagedExecution: { Active: true } });
        const calls = await Promise.allSettled([sets.update(SAME), sets.update(SAME)]);
        const refused = calls.flatMap((call) => (call.status === 'rejected' ? [call.reason as Error] : []));
        expect(refused.map(({ name }) => name)).toEqual(['StaleRequestException']);
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist or is deleted',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        const sets = desk(aws);
        expect((await refusal(sets.update(SAME))).name).toBe('StackSetNotFoundException');
        const StackSetName = await sets.create();
        await sets.client.send(new DeleteStackSetCommand({ StackSetName }));
        const call = sets.client.send(new UpdateStackSetCommand({ StackSetName, ...SAME }));
        expect((await refusal(call)).name).toBe('StackSetNotFoundException');
      },
    },
    {
      says: 'updates the instances in the units that it targets and no others',
      source: guide('Update CloudFormation StackSets'),
      differs: { moto: 'leaves the instances of units alone' },
      test: async (aws) => {
        const sets = desk(aws);
        const [first, second] = aws.members;
        const units = [await unitWith(aws, [first]), await unitWith(aws, [second])];
        await sets.create(MANAGED);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: units } });
        const id = await sets.update({
          TemplateBody: twoTopics(sets.StackSetName),
          DeploymentTargets: { OrganizationalUnitIds: [units[0]!] },
          Regions: ['us-east-1'],
        });
        await sets.settled(id);
        expect((await sets.results(id)).map(({ Account }) => Account)).toEqual([first]);
      },
    },
  ],
};
