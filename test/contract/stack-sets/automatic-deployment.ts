import {
  ListStackSetAutoDeploymentTargetsCommand,
  ListStackSetOperationsCommand,
  StopStackSetOperationCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { AUTOMATIC, MANAGED, move, rootOf, unitWith } from './organization.js';
import { guide, NO_STACK_SETS, shape } from './sources.js';

const value = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue });
const AT = { Regions: ['us-east-1'] };

const automatic = (more: object) => ({ ...AUTOMATIC, AutoDeployment: { ...AUTOMATIC.AutoDeployment, ...more } });

/** A stack set with automatic deployment that has a unit with the first member in it. */
async function watching(aws: Aws, more: object = {}): Promise<{ readonly sets: Desk; readonly unit: string }> {
  const sets = desk(aws);
  const unit = await unitWith(aws, [aws.members[0]]);
  await unitWith(aws, [aws.members[1]]);
  await sets.create(automatic(more));
  await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
  return { sets, unit };
}

const operations = async (sets: Desk) =>
  (await sets.client.send(new ListStackSetOperationsCommand({ StackSetName: sets.StackSetName }))).Summaries!;

/** Waits until the stack set has instances in these accounts, and nothing is under way. */
const settledAt = (aws: Aws, sets: Desk, accounts: readonly string[]) =>
  aws.until(
    async () => ({
      open: (await operations(sets)).filter(({ Status }) => Status === 'RUNNING' || Status === 'QUEUED').length,
      accounts: (await sets.accounts()).join(),
    }),
    (now) => now.open === 0 && now.accounts === [...accounts].sort().join(),
  );

const arnOf = async (sets: Desk): Promise<string> => (await sets.describe()).StackSetARN!;

/** Two stack sets that watch the same unit, the second after the first. */
async function inSequence(aws: Aws): Promise<{ readonly base: Desk; readonly app: Desk; readonly unit: string }> {
  const { sets: base, unit } = await watching(aws);
  const app = desk(aws);
  await app.create(automatic({ DependsOn: [await arnOf(base)] }));
  await app.deploy({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
  return { base, app, unit };
}

export const automaticDeployment: Chapter = {
  service: 'CloudFormation',
  operation: 'Automatic deployment',
  lacks: NO_STACK_SETS,
  sentences: [
    {
      says: 'gives an instance to an account that comes into a target unit',
      source: shape('AutoDeployment'),
      differs: { moto: 'leaves accounts alone, wherever they move' },
      test: async (aws) => {
        const { sets, unit } = await watching(aws);
        await move(aws, aws.members[1], unit);
        await settledAt(aws, sets, aws.members);
        expect(await sets.instance(aws.members[1])).toMatchObject({ Status: 'CURRENT', OrganizationalUnitId: unit });
        expect((await sets.stack(aws.members[1])).StackStatus).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'deletes instance and stack of an account that leaves its target unit',
      source: shape('AutoDeployment'),
      differs: { moto: 'leaves accounts alone, wherever they move' },
      test: async (aws) => {
        const { sets } = await watching(aws);
        const { StackId } = await sets.instance(aws.members[0]);
        await move(aws, aws.members[0], await rootOf(aws));
        await settledAt(aws, sets, []);
        expect((await operations(sets))[0]).toMatchObject({ Action: 'DELETE', Status: 'SUCCEEDED' });
        expect(StackId).toBeDefined();
      },
    },
    {
      says: 'leaves the stack in an account that leaves with RetainStacksOnAccountRemoval',
      source: shape('AutoDeployment'),
      alone: 'the stack is looked at behind the stack set’s back',
      test: async (aws) => {
        const { sets } = await watching(aws, { RetainStacksOnAccountRemoval: true });
        const [member] = aws.members;
        const { StackId } = await sets.instance(member);
        await move(aws, member, await rootOf(aws));
        await settledAt(aws, sets, []);
        expect(aws.simulator.world.stacks.find(member, 'us-east-1', StackId!)?.status).toBe('CREATE_COMPLETE');
      },
    },
    {
      says: 'does nothing where it is not enabled',
      source: shape('AutoDeployment'),
      test: async (aws) => {
        const sets = desk(aws);
        const unit = await unitWith(aws, [aws.members[0]]);
        await unitWith(aws, [aws.members[1]]);
        await sets.create(MANAGED);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
        await move(aws, aws.members[1], unit);
        expect(await sets.accounts()).toEqual([aws.members[0]]);
        expect(await operations(sets)).toHaveLength(1);
      },
    },
    {
      says: 'is a deletion and a creation after it for an account that goes from one target unit to another',
      source: guide('Enable or disable automatic deployments for StackSets in AWS Organizations'),
      differs: { moto: 'leaves accounts alone, wherever they move' },
      test: async (aws) => {
        const { sets } = await watching(aws);
        const other = await unitWith(aws, []);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [other] } });
        await move(aws, aws.members[0], other);
        const [creation, deletion] = await operations(sets);
        expect(creation).toMatchObject({ Action: 'CREATE', Status: 'QUEUED' });
        expect(deletion).toMatchObject({ Action: 'DELETE', Status: 'RUNNING' });
        await settledAt(aws, sets, [aws.members[0]]);
        expect((await sets.instance(aws.members[0])).OrganizationalUnitId).toBe(other);
      },
    },
    {
      says: 'changes nothing for an account that moves within a target unit',
      source: assumption('the account stays below the unit that was targeted'),
      test: async (aws) => {
        const { sets, unit } = await watching(aws);
        await unitWith(aws, [aws.members[0]], unit);
        expect(await operations(sets)).toHaveLength(1);
        expect((await sets.instance(aws.members[0])).Status).toBe('CURRENT');
      },
    },
    {
      says: 'forgets account filters: an account that was left out gets an instance when it comes in again',
      source: guide('Enable or disable automatic deployments for StackSets in AWS Organizations'),
      differs: { moto: 'ignores the filter to begin with' },
      test: async (aws) => {
        const sets = desk(aws);
        const unit = await unitWith(aws, aws.members);
        await sets.create(AUTOMATIC);
        const [left, kept] = aws.members;
        const OrganizationalUnitIds = [unit];
        await sets.deploy({
          DeploymentTargets: { OrganizationalUnitIds, Accounts: [left], AccountFilterType: 'DIFFERENCE' },
        });
        expect(await sets.accounts()).toEqual([kept]);
        await move(aws, left, await rootOf(aws));
        await move(aws, left, unit);
        await settledAt(aws, sets, aws.members);
      },
    },
    {
      says: 'gives the stack set’s own values, and none of the overrides of the unit’s other accounts',
      source: shape('UpdateStackInstancesInput'),
      differs: { moto: 'leaves accounts alone, wherever they move' },
      test: async (aws) => {
        const { sets, unit } = await watching(aws);
        const DeploymentTargets = { OrganizationalUnitIds: [unit] };
        await sets.settled(
          await sets.updateInstances({ DeploymentTargets, ParameterOverrides: [value('Level', 'high')] }),
        );
        await move(aws, aws.members[1], unit);
        await settledAt(aws, sets, aws.members);
        expect((await sets.instance(aws.members[1])).ParameterOverrides ?? []).toEqual([]);
      },
    },
    {
      says: 'waits in the queue for an operation that runs, also without managed execution, and is not refused',
      source: shape('StackSetOperation'),
      differs: { moto: 'leaves accounts alone, wherever they move' },
      test: async (aws) => {
        const { sets, unit } = await watching(aws);
        const running = await sets.update({ UsePreviousTemplate: true });
        await move(aws, aws.members[1], unit);
        expect((await operations(sets))[0]).toMatchObject({ Action: 'CREATE', Status: 'QUEUED' });
        await sets.settled(running);
        await settledAt(aws, sets, aws.members);
      },
    },
    {
      says: 'can be turned on later by UpdateStackSet',
      source: shape('UpdateStackSetInput'),
      differs: { moto: 'ignores AutoDeployment' },
      test: async (aws) => {
        const sets = desk(aws);
        const unit = await unitWith(aws, [aws.members[0]]);
        await unitWith(aws, [aws.members[1]]);
        await sets.create(MANAGED);
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds: [unit] } });
        const { AutoDeployment } = AUTOMATIC;
        await sets.settled(await sets.update({ UsePreviousTemplate: true, AutoDeployment }));
        expect((await sets.describe()).AutoDeployment).toEqual(AutoDeployment);
        await move(aws, aws.members[1], unit);
        await settledAt(aws, sets, aws.members);
      },
    },
    {
      says: 'holds an automatic operation in the queue until those of the stack sets in DependsOn have succeeded',
      source: shape('AutoDeployment'),
      differs: { moto: 'leaves accounts alone, wherever they move' },
      test: async (aws) => {
        const { base, app, unit } = await inSequence(aws);
        await move(aws, aws.members[1], unit);
        expect((await operations(base))[0]).toMatchObject({ Action: 'CREATE', Status: 'RUNNING' });
        expect((await operations(app))[0]).toMatchObject({ Action: 'CREATE', Status: 'QUEUED' });
        await aws.until(
          async () => (await operations(app))[0]!.Status,
          (status) => status === 'RUNNING',
        );
        expect((await operations(base))[0]!.Status).toBe('SUCCEEDED');
        await settledAt(aws, app, aws.members);
      },
    },
    {
      says: 'fails an automatic operation where one of a stack set in DependsOn was stopped',
      source: assumption('the dependencies have to succeed, so what waits for them never can'),
      differs: { moto: 'leaves accounts alone, wherever they move' },
      test: async (aws) => {
        const { base, app, unit } = await inSequence(aws);
        const running = await base.update({ UsePreviousTemplate: true });
        await move(aws, aws.members[1], unit);
        const waiting = (await operations(base)).find(({ Status }) => Status === 'QUEUED')!;
        await base.client.send(
          new StopStackSetOperationCommand({ StackSetName: base.StackSetName, OperationId: waiting.OperationId }),
        );
        await base.settled(running);
        expect((await operations(app))[0]).toMatchObject({ Action: 'CREATE', Status: 'FAILED' });
        expect(await app.accounts()).toEqual([aws.members[0]]);
      },
    },
    {
      says: 'shows DependsOn in DescribeStackSet',
      source: shape('AutoDeployment'),
      differs: { moto: 'ignores AutoDeployment' },
      test: async (aws) => {
        const [base, app] = [desk(aws), desk(aws)];
        await base.create(AUTOMATIC);
        const DependsOn = [await arnOf(base)];
        await app.create(automatic({ DependsOn }));
        expect((await app.describe()).AutoDeployment).toMatchObject({ Enabled: true, DependsOn });
      },
    },
    {
      says: 'refuses a DependsOn that leads back to the stack set',
      source: assumption('such a sequence has no beginning'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const [base, app] = [desk(aws), desk(aws)];
        await base.create(AUTOMATIC);
        await app.create(automatic({ DependsOn: [await arnOf(base)] }));
        const { AutoDeployment } = automatic({ DependsOn: [await arnOf(app)] });
        expect((await refusal(base.update({ UsePreviousTemplate: true, AutoDeployment }))).name).toBe(
          'ValidationError',
        );
      },
    },
    {
      says: 'refuses more than ten stack sets in DependsOn',
      source: guide('CloudFormation quotas'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const DependsOn: string[] = [];
        for (let count = 0; count < 11; count += 1) {
          const base = desk(aws);
          await base.create(AUTOMATIC);
          DependsOn.push(await arnOf(base));
        }
        await desk(aws).create(automatic({ DependsOn: DependsOn.slice(0, 10) }));
        expect((await refusal(desk(aws).create(automatic({ DependsOn })))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a stack set in DependsOn that does not exist',
      source: assumption('nothing could ever succeed before it'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const arn = `arn:aws:cloudformation:us-east-1:${aws.management}:stackset/none:00000000-0000-4000-8000-000000000000`;
        expect((await refusal(desk(aws).create(automatic({ DependsOn: [arn] })))).name).toBe('ValidationError');
      },
    },
  ],
};

export const listStackSetAutoDeploymentTargets: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStackSetAutoDeploymentTargets',
  lacks: { ...NO_STACK_SETS, moto: 'answers HTTP 500: it has no such operation' },
  sentences: [
    {
      says: 'lists the units that were targeted, each with its Regions, page by page',
      source: shape('StackSetAutoDeploymentTargetSummary'),
      test: async (aws) => {
        const { sets, unit } = await watching(aws);
        const other = await unitWith(aws, [aws.members[1]]);
        const OrganizationalUnitIds = [other];
        await sets.deploy({ DeploymentTargets: { OrganizationalUnitIds }, Regions: ['us-east-1', 'eu-west-1'] });
        const ask = (input: object) =>
          sets.client.send(new ListStackSetAutoDeploymentTargetsCommand({ StackSetName: sets.StackSetName, ...input }));
        const first = await ask({ MaxResults: 1 });
        const second = await ask({ MaxResults: 1, NextToken: first.NextToken });
        expect(second.NextToken).toBeUndefined();
        expect([...first.Summaries!, ...second.Summaries!]).toEqual(
          expect.arrayContaining([
            { OrganizationalUnitId: unit, Regions: ['us-east-1'] },
            { OrganizationalUnitId: other, Regions: ['eu-west-1', 'us-east-1'] },
          ]),
        );
      },
    },
    {
      says: 'forgets a unit whose instances were deleted',
      source: assumption('it is no target any more'),
      test: async (aws) => {
        const { sets, unit } = await watching(aws);
        await sets.settled(await sets.remove({ ...AT, DeploymentTargets: { OrganizationalUnitIds: [unit] } }));
        const input = { StackSetName: sets.StackSetName };
        expect((await sets.client.send(new ListStackSetAutoDeploymentTargetsCommand(input))).Summaries).toEqual([]);
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        const { client, StackSetName } = desk(aws);
        const call = client.send(new ListStackSetAutoDeploymentTargetsCommand({ StackSetName }));
        expect((await refusal(call)).name).toBe('StackSetNotFoundException');
      },
    },
  ],
};
