import {
  CreateStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourcesCommand,
  DetectStackDriftCommand,
  paginateListStacks,
  type StackSummary,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Chapter } from '../specification.js';
import { disturbedDetections } from './disturbed-detections.js';
import { detect, drifts, LACKS, tamper } from './drift.js';
import { describe, failing, parameter, queue, refusal, standing, text, topic } from './fixtures.js';
import { api, FAILURE, guide, HAND, shape, TIME } from './sources.js';

export const detectStackDrift: Chapter = {
  service: 'CloudFormation',
  operation: 'DetectStackDrift',
  lacks: LACKS,
  sentences: [
    {
      says: 'answers the id of a detection that is DETECTION_IN_PROGRESS',
      source: api('DetectStackDrift'),
      differs: { ministack: 'has it done at once' },
      test: async (aws) => {
        const { name, id } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const client = aws.cloudFormation();
        const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName: name }));
        const status = await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
        expect(status).toMatchObject({ StackId: id, StackDriftDetectionId, DetectionStatus: 'DETECTION_IN_PROGRESS' });
      },
    },
    {
      says: 'finds a stack that nobody has touched IN_SYNC',
      source: api('DetectStackDrift'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect(await detect(aws, name)).toMatchObject({
          DetectionStatus: 'DETECTION_COMPLETE',
          StackDriftStatus: 'IN_SYNC',
          DriftedStackResourceCount: 0,
        });
      },
    },
    {
      says: 'leaves its finding with the stack and with its resources, in every listing',
      source: shape('StackDriftInformation'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect((await describe(aws, name)).DriftInformation).toEqual({ StackDriftStatus: 'NOT_CHECKED' });
        await detect(aws, name);
        const client = aws.cloudFormation();
        const found = { StackDriftStatus: 'IN_SYNC', LastCheckTimestamp: expect.any(Date) as Date };
        expect((await describe(aws, name)).DriftInformation).toEqual(found);
        const listed: StackSummary[] = [];
        for await (const page of paginateListStacks({ client }, {})) listed.push(...(page.StackSummaries ?? []));
        expect(listed.find((stack) => stack.StackName === name)?.DriftInformation).toEqual(found);
        const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
        expect(StackResources).toMatchObject([{ DriftInformation: { StackResourceDriftStatus: 'IN_SYNC' } }]);
      },
    },
    {
      says: 'finds a stack DRIFTED where one resource differs, and counts those that do',
      source: api('DetectStackDrift'),
      alone: HAND,
      test: async (aws) => {
        const [one, two] = [topic(aws.unique('topic'), { DisplayName: 'a' }), topic(aws.unique('topic'))];
        const { name, id } = await standing(aws, text({ One: one, Two: two }));
        tamper(aws, id, 'One', { DisplayName: 'b' });
        expect(await detect(aws, name)).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 1 });
      },
    },
    {
      says: 'compares only the properties that the template sets',
      source: api('DetectStackDrift'),
      alone: HAND,
      test: async (aws) => {
        const { name, id } = await standing(aws, text({ Topic: topic(aws.unique('topic')) }));
        tamper(aws, id, 'Topic', { DisplayName: 'by hand' });
        expect((await detect(aws, name)).StackDriftStatus).toBe('IN_SYNC');
      },
    },
    {
      says: 'does not compare what a read of the resource does not give back, such as a function’s code',
      source: guide('Detect unmanaged configuration changes, considerations'),
      alone: HAND,
      test: async (aws) => {
        const code = {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { ZipFile: 'one' },
            Handler: 'index.handler',
            Role: `arn:aws:iam::${aws.members[0]}:role/r`,
            Runtime: 'nodejs22.x',
          },
        };
        const { name, id } = await standing(aws, text({ Function: code }));
        tamper(aws, id, 'Function', { Code: { ZipFile: 'two' } });
        expect((await detect(aws, name)).StackDriftStatus).toBe('IN_SYNC');
      },
    },
    {
      says: 'checks only the resources whose logical ids are given',
      source: shape('DetectStackDriftInput'),
      test: async (aws) => {
        const { name } = await standing(
          aws,
          text({ One: queue(aws.unique('queue')), Two: queue(aws.unique('queue')) }),
        );
        await detect(aws, name, ['One']);
        expect((await drifts(aws, name)).map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['One']);
      },
    },
    {
      says: 'refuses logical ids that the stack does not have',
      source: assumption('a filter that can find nothing is a mistake of the caller’s'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect((await refusal(detect(aws, name, ['Other']))).name).toBe('ValidationError');
      },
    },
    {
      says: 'refuses a second detection while one runs on the stack',
      source: assumption('tools that detect drift look for these words; the API reference does not have them'),
      differs: { ministack: 'has the first one done at once' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const ask = () => aws.cloudFormation().send(new DetectStackDriftCommand({ StackName: name }));
        await ask();
        const refused = await refusal(ask());
        expect(refused.name).toBe('ValidationError');
        expect(refused.message).toContain('Drift detection is already in progress for stack');
      },
    },
    {
      says: 'is refused for a stack that is being created',
      source: guide('Detect unmanaged configuration changes, considerations'),
      alone: TIME,
      test: async (aws) => {
        const StackName = aws.unique('stack');
        const TemplateBody = text({ Queue: queue(aws.unique('queue')) });
        await aws.cloudFormation().send(new CreateStackCommand({ StackName, TemplateBody }));
        const refused = await refusal(detect(aws, StackName));
        expect(refused.name).toBe('ValidationError');
        expect(refused.message).toContain('CREATE_IN_PROGRESS');
      },
    },
    {
      says: 'is refused for a stack whose creation was rolled back',
      source: guide('Detect unmanaged configuration changes, considerations'),
      alone: FAILURE,
      test: async (aws) => {
        const { name } = await standing(aws, text({ Topic: topic('a', {}, failing('create')) }));
        expect((await refusal(detect(aws, name))).message).toContain('ROLLBACK_COMPLETE');
      },
    },
    {
      says: 'ends DETECTION_FAILED with a reason where a resource cannot be read, and has the findings of the others all the same',
      source: shape('DescribeStackDriftDetectionStatusOutput'),
      alone: FAILURE,
      test: async (aws) => {
        const broken = topic(aws.unique('topic'), {}, failing('read'));
        const { name } = await standing(aws, text({ Fine: parameter(aws.unique('parameter')), Broken: broken }));
        const status = await detect(aws, name);
        expect(status).toMatchObject({ DetectionStatus: 'DETECTION_FAILED', StackDriftStatus: 'UNKNOWN' });
        expect(status.DetectionStatusReason).toContain('Broken');
        const found = await drifts(aws, name);
        expect(
          Object.fromEntries(found.map((drift) => [drift.LogicalResourceId, drift.StackResourceDriftStatus])),
        ).toEqual({ Fine: 'IN_SYNC', Broken: 'UNKNOWN' });
      },
    },
    {
      says: 'answers a ValidationError where there is no such stack',
      source: api('Common Error Types'),
      test: async (aws) => {
        expect((await refusal(detect(aws, aws.unique('stack')))).name).toBe('ValidationError');
      },
    },
    ...disturbedDetections,
  ],
};

export const describeStackDriftDetectionStatus: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackDriftDetectionStatus',
  lacks: LACKS,
  sentences: [
    {
      says: 'gives the time at which the detection began, and no count while it runs',
      source: shape('DescribeStackDriftDetectionStatusOutput'),
      differs: { ministack: 'has it done at once' },
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const client = aws.cloudFormation();
        const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName: name }));
        const status = await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
        expect(status.Timestamp).toBeInstanceOf(Date);
        expect(status.DriftedStackResourceCount).toBeUndefined();
      },
    },
    {
      says: 'keeps the findings of each detection apart, under ids of their own',
      source: shape('DescribeStackDriftDetectionStatusOutput'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const [first, second] = [await detect(aws, name), await detect(aws, name)];
        expect(first.StackDriftDetectionId).not.toBe(second.StackDriftDetectionId);
        const { StackDriftDetectionId } = first;
        const again = await aws
          .cloudFormation()
          .send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
        expect(again.Timestamp).toEqual(first.Timestamp);
      },
    },
    {
      says: 'answers a ValidationError for an id that is none',
      source: assumption('the operation declares no error of its own'),
      test: async (aws) => {
        const StackDriftDetectionId = '12345678-1234-1234-1234-123456789012';
        const asked = aws
          .cloudFormation()
          .send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
        expect((await refusal(asked)).name).toBe('ValidationError');
      },
    },
    {
      says: 'answers a ValidationError for another account’s detection',
      source: assumption('no call sees beyond its own account and Region'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const { StackDriftDetectionId } = await detect(aws, name);
        const asked = aws
          .cloudFormation(aws.members[1])
          .send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
        expect((await refusal(asked)).name).toBe('ValidationError');
      },
    },
  ],
};
