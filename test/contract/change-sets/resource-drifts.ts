import { DescribeStackResourceDriftsCommand, DetectStackResourceDriftCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Aws, type Chapter } from '../specification.js';
import { detect, drifts, LACKS, tamper } from './drift.js';
import { describe, parameter, queue, refusal, standing, text, topic } from './fixtures.js';
import { api, guide, HAND, recorded, shape } from './sources.js';

const detectOne = (aws: Aws, StackName: string, LogicalResourceId: string) =>
  aws.cloudFormation().send(new DetectStackResourceDriftCommand({ StackName, LogicalResourceId }));

const waitHandle = { Type: 'AWS::CloudFormation::WaitConditionHandle' };

export const describeStackResourceDrifts: Chapter = {
  service: 'CloudFormation',
  operation: 'DescribeStackResourceDrifts',
  lacks: LACKS,
  sentences: [
    {
      says: 'shows nothing of resources that were never checked',
      source: api('DescribeStackResourceDrifts'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect(await drifts(aws, name)).toEqual([]);
      },
    },
    {
      says: 'shows nothing of resources that CloudFormation cannot check, such as its own',
      source: api('DescribeStackResourceDrifts'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')), Handle: waitHandle }));
        await detect(aws, name);
        expect((await drifts(aws, name)).map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Queue']);
      },
    },
    {
      says: 'shows a resource IN_SYNC with its expected and actual properties, and without differences',
      source: shape('StackResourceDrift'),
      test: async (aws) => {
        const named = aws.unique('queue');
        const { name, id } = await standing(aws, text({ Queue: queue(named) }));
        await detect(aws, name);
        const [drift] = await drifts(aws, name);
        expect(drift).toMatchObject({
          StackId: id,
          LogicalResourceId: 'Queue',
          ResourceType: 'AWS::SQS::Queue',
          StackResourceDriftStatus: 'IN_SYNC',
        });
        expect(JSON.parse(drift?.ExpectedProperties ?? '{}')).toEqual({ QueueName: named });
        expect(JSON.parse(drift?.ActualProperties ?? '{}')).toMatchObject({ QueueName: named });
        expect(drift?.PropertyDifferences ?? []).toEqual([]);
      },
    },
    {
      says: 'shows a changed property as NOT_EQUAL, by its JSON pointer, with the value expected and the value found',
      source: recorded('test_drift_detection_on_lambda'),
      alone: HAND,
      test: async (aws) => {
        const { name, id } = await standing(
          aws,
          text({ Queue: queue(aws.unique('queue'), { RedrivePolicy: { maxReceiveCount: 10 } }) }),
        );
        tamper(aws, id, 'Queue', { RedrivePolicy: { maxReceiveCount: 12 } });
        await detect(aws, name);
        expect(await drifts(aws, name)).toMatchObject([
          {
            StackResourceDriftStatus: 'MODIFIED',
            PropertyDifferences: [
              {
                PropertyPath: '/RedrivePolicy/maxReceiveCount',
                ExpectedValue: '10',
                ActualValue: '12',
                DifferenceType: 'NOT_EQUAL',
              },
            ],
          },
        ]);
      },
    },
    {
      says: 'shows a property that is gone as REMOVE, and an element too many in a list as ADD',
      source: shape('PropertyDifference'),
      alone: HAND,
      test: async (aws) => {
        const tags = [{ Key: 'a', Value: 'b' }];
        const { name, id } = await standing(
          aws,
          text({ Topic: topic(aws.unique('topic'), { DisplayName: 'a', Tags: tags }) }),
        );
        tamper(aws, id, 'Topic', { DisplayName: null, Tags: [...tags, { Key: 'c', Value: 'd' }] });
        await detect(aws, name);
        const [drift] = await drifts(aws, name);
        expect(drift?.PropertyDifferences).toMatchObject([
          { PropertyPath: '/DisplayName', DifferenceType: 'REMOVE' },
          { PropertyPath: '/Tags/1', DifferenceType: 'ADD' },
        ]);
      },
    },
    {
      says: 'shows a deleted resource as DELETED, without properties',
      source: shape('StackResourceDrift'),
      alone: HAND,
      test: async (aws) => {
        const { name, id } = await standing(aws, text({ Topic: topic(aws.unique('topic')) }));
        tamper(aws, id, 'Topic', null);
        await detect(aws, name);
        const [drift] = await drifts(aws, name);
        expect(drift?.StackResourceDriftStatus).toBe('DELETED');
        expect(drift?.ExpectedProperties).toBeUndefined();
        expect(drift?.ActualProperties).toBeUndefined();
      },
    },
    {
      says: 'shows only those with the wanted statuses',
      source: shape('DescribeStackResourceDriftsInput'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        await detect(aws, name);
        expect(await drifts(aws, name, { StackResourceDriftStatusFilters: ['IN_SYNC'] })).toHaveLength(1);
        expect(await drifts(aws, name, { StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'] })).toEqual([]);
      },
    },
    {
      says: 'gives pages of MaxResults',
      source: shape('DescribeStackResourceDriftsInput'),
      test: async (aws) => {
        const { name: StackName } = await standing(
          aws,
          text({ One: queue(aws.unique('queue')), Two: queue(aws.unique('queue')) }),
        );
        await detect(aws, StackName);
        const client = aws.cloudFormation();
        const first = await client.send(new DescribeStackResourceDriftsCommand({ StackName, MaxResults: 1 }));
        const { NextToken } = first;
        const second = await client.send(
          new DescribeStackResourceDriftsCommand({ StackName, MaxResults: 1, NextToken: NextToken ?? '' }),
        );
        expect(second.NextToken).toBeUndefined();
        const ids = [...(first.StackResourceDrifts ?? []), ...(second.StackResourceDrifts ?? [])].map(
          ({ LogicalResourceId }) => LogicalResourceId,
        );
        expect(ids.sort()).toEqual(['One', 'Two']);
      },
    },
    {
      says: 'refuses MaxResults above 100',
      source: shape('BoxedMaxResults'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect((await refusal(drifts(aws, name, { MaxResults: 101 }))).name).toBe('ValidationError');
      },
    },
  ],
};

export const detectStackResourceDrift: Chapter = {
  service: 'CloudFormation',
  operation: 'DetectStackResourceDrift',
  lacks: LACKS,
  sentences: [
    {
      says: 'checks one resource and answers the finding at once',
      source: api('DetectStackResourceDrift'),
      test: async (aws) => {
        const { name, id } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        expect((await detectOne(aws, name, 'Queue')).StackResourceDrift).toMatchObject({
          StackId: id,
          LogicalResourceId: 'Queue',
          StackResourceDriftStatus: 'IN_SYNC',
        });
      },
    },
    {
      says: 'leaves the other resources unchecked',
      source: api('DetectStackResourceDrift'),
      test: async (aws) => {
        const { name } = await standing(
          aws,
          text({ One: queue(aws.unique('queue')), Two: queue(aws.unique('queue')) }),
        );
        await detectOne(aws, name, 'One');
        expect((await drifts(aws, name)).map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['One']);
      },
    },
    {
      says: 'makes its finding the stack’s, with the time of the check',
      source: shape('StackDriftInformation'),
      alone: HAND,
      test: async (aws) => {
        const { name, id } = await standing(aws, text({ Topic: topic(aws.unique('topic'), { DisplayName: 'a' }) }));
        tamper(aws, id, 'Topic', { DisplayName: 'b' });
        const { StackResourceDrift } = await detectOne(aws, name, 'Topic');
        expect(StackResourceDrift?.StackResourceDriftStatus).toBe('MODIFIED');
        expect((await describe(aws, name)).DriftInformation).toMatchObject({
          StackDriftStatus: 'DRIFTED',
          LastCheckTimestamp: expect.any(Date) as Date,
        });
      },
    },
    {
      says: 'refuses a resource that the stack does not have',
      source: assumption('the words are those of DescribeStackResource'),
      test: async (aws) => {
        const { name } = await standing(aws, text({ Queue: queue(aws.unique('queue')) }));
        const refused = await refusal(detectOne(aws, name, 'Other'));
        expect(refused.name).toBe('ValidationError');
        expect(refused.message).toContain('Other');
      },
    },
    {
      says: 'refuses a resource that cannot be checked',
      source: guide('Detect drift on individual stack resources'),
      test: async (aws) => {
        const { name } = await standing(
          aws,
          text({ Parameter: parameter(aws.unique('parameter')), Handle: waitHandle }),
        );
        expect((await refusal(detectOne(aws, name, 'Handle'))).name).toBe('ValidationError');
      },
    },
  ],
};
