import {
  DescribeStackDriftDetectionStatusCommand,
  DetectStackDriftCommand,
  DetectStackSetDriftCommand,
  ListStackInstanceResourceDriftsCommand,
  ListStackSetsCommand,
  StopStackSetOperationCommand,
  UpdateStackCommand,
  type DetectStackSetDriftCommandInput,
  type ListStackInstanceResourceDriftsCommandInput,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter, type SimulatedAws } from '../specification.js';
import { desk, refusal, type Desk } from './desk.js';
import { strangers, trust } from './organization.js';
import { api, guide, NO_STACK_SETS, shape } from './sources.js';
import { twoTopics } from './templates.js';

const NO_DRIFT = { ...NO_STACK_SETS, moto: 'answers HTTP 500: it has no such operation' };
const BEHIND = 'a resource is changed behind CloudFormation’s back';

/** Instances in both member accounts. */
async function deployed(aws: Aws, more: object = {}): Promise<Desk> {
  const sets = desk(aws);
  await trust(aws, aws.members);
  await sets.create(more);
  await sets.deploy({ Accounts: [...aws.members] });
  return sets;
}

const detect = async (sets: Desk, more: Partial<DetectStackSetDriftCommandInput> = {}): Promise<string> =>
  (await sets.client.send(new DetectStackSetDriftCommand({ StackSetName: sets.StackSetName, ...more }))).OperationId!;

const drifts = (sets: Desk, account: string, OperationId: string, more: object = {}) =>
  sets.client.send(
    new ListStackInstanceResourceDriftsCommand({
      StackSetName: sets.StackSetName,
      StackInstanceAccount: account,
      StackInstanceRegion: 'us-east-1',
      OperationId,
      ...(more as Partial<ListStackInstanceResourceDriftsCommandInput>),
    }),
  );

/** Somebody renames the topic of an instance by hand. */
async function tamper(aws: SimulatedAws, sets: Desk, account: string): Promise<void> {
  const { StackId } = await sets.instance(account);
  aws.simulator.stacks.changeResource(account, 'us-east-1', StackId!, 'Topic', { DisplayName: 'by hand' });
}

export const detectStackSetDrift: Chapter = {
  service: 'CloudFormation',
  operation: 'DetectStackSetDrift',
  lacks: NO_DRIFT,
  sentences: [
    {
      says: 'is an operation with the action DETECT_DRIFT, which tells how far it has come',
      source: shape('StackSetOperation'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const id = await detect(sets);
        expect(await sets.operation(id)).toMatchObject({
          Action: 'DETECT_DRIFT',
          Status: 'RUNNING',
          StackSetDriftDetectionDetails: {
            DriftDetectionStatus: 'IN_PROGRESS',
            TotalStackInstancesCount: 2,
            InProgressStackInstancesCount: 2,
          },
        });
        expect((await sets.settled(id)).StackSetDriftDetectionDetails).toMatchObject({
          DriftStatus: 'IN_SYNC',
          DriftDetectionStatus: 'COMPLETED',
          InSyncStackInstancesCount: 2,
          InProgressStackInstancesCount: 0,
        });
      },
    },
    {
      says: 'leaves the stack set NOT_CHECKED until it has ended, then IN_SYNC, in DescribeStackSet and ListStackSets alike',
      source: shape('StackSetDriftDetectionDetails'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const drift = async () => (await sets.describe()).StackSetDriftDetectionDetails;
        const id = await detect(sets);
        expect(await drift()).toMatchObject({ DriftStatus: 'NOT_CHECKED' });
        await sets.settled(id);
        expect(await drift()).toMatchObject({ DriftStatus: 'IN_SYNC', TotalStackInstancesCount: 2 });
        expect((await drift())!.LastDriftCheckTimestamp).toBeDefined();
        const { Summaries } = await sets.client.send(new ListStackSetsCommand({}));
        expect(Summaries!.find(({ StackSetName }) => StackSetName === sets.StackSetName)!.DriftStatus).toBe('IN_SYNC');
      },
    },
    {
      says: 'finds the instances with changed resources DRIFTED, and with one of them the stack set',
      source: guide('Performing drift detection on CloudFormation StackSets'),
      alone: BEHIND,
      test: async (aws) => {
        const sets = await deployed(aws);
        const [first, second] = aws.members;
        await tamper(aws, sets, first);
        const { StackSetDriftDetectionDetails } = await sets.settled(await detect(sets));
        expect(StackSetDriftDetectionDetails).toMatchObject({
          DriftStatus: 'DRIFTED',
          DriftedStackInstancesCount: 1,
          InSyncStackInstancesCount: 1,
          FailedStackInstancesCount: 0,
        });
        expect((await sets.describe()).StackSetDriftDetectionDetails).toMatchObject({ DriftStatus: 'DRIFTED' });
        expect((await sets.instance(first)).DriftStatus).toBe('DRIFTED');
        expect((await sets.instance(second)).DriftStatus).toBe('IN_SYNC');
        const filtered = await sets.instances({ Filters: [{ Name: 'DRIFT_STATUS', Values: 'DRIFTED' }] });
        expect(filtered.map(({ Account }) => Account)).toEqual([first]);
      },
    },
    {
      says: 'does not see a stack that was updated through CloudFormation, past the stack set',
      source: guide('Performing drift detection on CloudFormation StackSets'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const [member] = aws.members;
        const { StackId: StackName } = await sets.instance(member);
        const TemplateBody = twoTopics(sets.StackSetName);
        await aws.cloudFormation(member).send(new UpdateStackCommand({ StackName, TemplateBody }));
        await aws.until(
          async () => (await sets.stack(member)).StackStatus,
          (status) => status === 'UPDATE_COMPLETE',
        );
        const { StackSetDriftDetectionDetails } = await sets.settled(await detect(sets));
        expect(StackSetDriftDetectionDetails).toMatchObject({ DriftStatus: 'IN_SYNC', InSyncStackInstancesCount: 2 });
        expect((await sets.instance(member)).Status).toBe('CURRENT');
      },
    },
    {
      says: 'does not show what was found by DetectStackDrift on the stack of an instance',
      source: guide('Performing drift detection on CloudFormation StackSets'),
      alone: BEHIND,
      test: async (aws) => {
        const sets = await deployed(aws);
        const [member] = aws.members;
        await tamper(aws, sets, member);
        const client = aws.cloudFormation(member);
        const { StackId: StackName } = await sets.instance(member);
        const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName }));
        const status = await aws.until(
          () => client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId })),
          ({ DetectionStatus }) => DetectionStatus === 'DETECTION_COMPLETE',
        );
        expect(status.StackDriftStatus).toBe('DRIFTED');
        expect((await sets.instance(member)).DriftStatus).toBe('NOT_CHECKED');
        expect((await sets.describe()).StackSetDriftDetectionDetails).toMatchObject({ DriftStatus: 'NOT_CHECKED' });
      },
    },
    {
      says: 'is PARTIAL_SUCCESS where instances could not be checked within the tolerance, and FAILED beyond it',
      source: shape('StackSetDriftDetectionDetails'),
      test: async (aws) => {
        const sets = await deployed(aws);
        await sets.deploy({ Accounts: [...strangers(1)] });
        const within = await sets.settled(await detect(sets, { OperationPreferences: { FailureToleranceCount: 1 } }));
        expect(within).toMatchObject({
          Status: 'SUCCEEDED',
          StackSetDriftDetectionDetails: {
            DriftStatus: 'NOT_CHECKED',
            DriftDetectionStatus: 'PARTIAL_SUCCESS',
            TotalStackInstancesCount: 3,
            InSyncStackInstancesCount: 2,
            FailedStackInstancesCount: 1,
          },
        });
        const beyond = await sets.settled(await detect(sets));
        expect(beyond).toMatchObject({
          Status: 'FAILED',
          StackSetDriftDetectionDetails: { DriftDetectionStatus: 'FAILED' },
        });
      },
    },
    {
      says: 'leaves status and detailed status of the instances as they were',
      source: assumption('it looks at stacks and changes nothing'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const id = await detect(sets);
        expect((await sets.instances()).map(({ Status }) => Status)).toEqual(['CURRENT', 'CURRENT']);
        await sets.settled(id);
        expect(await sets.states()).toEqual(aws.members.map((member) => `${member} CURRENT SUCCEEDED`));
        expect((await sets.instance(aws.members[0])).LastOperationId).toBe(id);
      },
    },
    {
      says: 'answers OperationInProgressException while another detection runs, also with managed execution',
      source: api('DetectStackSetDrift'),
      test: async (aws) => {
        const sets = await deployed(aws, { ManagedExecution: { Active: true } });
        await detect(sets);
        expect((await refusal(detect(sets))).name).toBe('OperationInProgressException');
      },
    },
    {
      says: 'can be stopped, and is STOPPED then',
      source: api('DetectStackSetDrift'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const id = await detect(sets);
        const input = { StackSetName: sets.StackSetName, OperationId: id };
        await sets.client.send(new StopStackSetOperationCommand(input));
        expect(await sets.settled(id)).toMatchObject({
          Status: 'STOPPED',
          StackSetDriftDetectionDetails: { DriftDetectionStatus: 'STOPPED' },
        });
      },
    },
    {
      says: 'answers StackSetNotFoundException for a stack set that does not exist',
      source: shape('StackSetNotFoundException'),
      test: async (aws) => {
        expect((await refusal(detect(desk(aws)))).name).toBe('StackSetNotFoundException');
      },
    },
  ],
};

export const listStackInstanceResourceDrifts: Chapter = {
  service: 'CloudFormation',
  operation: 'ListStackInstanceResourceDrifts',
  lacks: NO_DRIFT,
  sentences: [
    {
      says: 'shows the resources of the instance as the detection found them',
      source: shape('StackInstanceResourceDriftsSummary'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const [member] = aws.members;
        const id = await detect(sets);
        await sets.settled(id);
        const { StackId } = await sets.instance(member);
        expect((await drifts(sets, member, id)).Summaries).toMatchObject([
          { StackId, LogicalResourceId: 'Topic', ResourceType: 'AWS::SNS::Topic', StackResourceDriftStatus: 'IN_SYNC' },
        ]);
      },
    },
    {
      says: 'shows what differs in a resource that was changed by hand',
      source: shape('StackInstanceResourceDriftsSummary'),
      alone: BEHIND,
      test: async (aws) => {
        const sets = await deployed(aws);
        const [member] = aws.members;
        await tamper(aws, sets, member);
        const id = await detect(sets);
        await sets.settled(id);
        expect((await drifts(sets, member, id)).Summaries).toMatchObject([
          {
            LogicalResourceId: 'Topic',
            StackResourceDriftStatus: 'MODIFIED',
            PropertyDifferences: [
              { PropertyPath: '/DisplayName', ActualValue: 'by hand', DifferenceType: 'NOT_EQUAL' },
            ],
          },
        ]);
        const StackInstanceResourceDriftStatuses = ['IN_SYNC'];
        expect((await drifts(sets, member, id, { StackInstanceResourceDriftStatuses })).Summaries).toEqual([]);
      },
    },
    {
      says: 'has nothing to show before the detection has come to the instance',
      source: api('ListStackInstanceResourceDrifts'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const id = await detect(sets);
        expect((await drifts(sets, aws.members[1], id)).Summaries).toEqual([]);
      },
    },
    {
      says: 'answers OperationNotFoundException for an operation that is no drift detection of the stack set',
      source: shape('OperationNotFoundException'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const { LastOperationId } = await sets.instance(aws.members[0]);
        for (const id of ['never', LastOperationId!])
          expect((await refusal(drifts(sets, aws.members[0], id))).name).toBe('OperationNotFoundException');
      },
    },
    {
      says: 'answers StackInstanceNotFoundException for an account without an instance',
      source: shape('StackInstanceNotFoundException'),
      test: async (aws) => {
        const sets = await deployed(aws);
        const id = await detect(sets);
        expect((await refusal(drifts(sets, aws.management, id))).name).toBe('StackInstanceNotFoundException');
      },
    },
  ],
};
