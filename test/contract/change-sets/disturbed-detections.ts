import {
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Sentence, type SimulatedAws } from '../specification.js';
import { detect, drifts, tamper } from './drift.js';
import { describe, queue, refusal, settled, standing, text } from './fixtures.js';
import { api, FAILURE, shape, TIME } from './sources.js';

const SOMEBODY = 'somebody else has to begin one';

const twoQueues = (aws: SimulatedAws) =>
  standing(aws, text({ One: queue(aws.unique('one')), Two: queue(aws.unique('two')) }));

const begin = async (aws: SimulatedAws, StackName: string): Promise<string> =>
  (await aws.cloudFormation().send(new DetectStackDriftCommand({ StackName }))).StackDriftDetectionId!;

const status = (aws: SimulatedAws, StackDriftDetectionId: string) =>
  aws.cloudFormation().send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));

/** What goes wrong with detections. */
export const disturbedDetections: readonly Sentence[] = [
  {
    says: 'that fails half-way is DETECTION_FAILED and names the resources that it did not come to; the results of the others are there',
    source: shape('StackDriftDetectionStatus'),
    alone: FAILURE,
    test: async (aws) => {
      const { id } = await twoQueues(aws);
      tamper(aws, id, 'One', { QueueName: 'another' });
      aws.simulator.stacks.disturbDetection(aws.members[0], 'us-east-1', id, { type: 'fails-half-way' });
      expect(await detect(aws, id)).toMatchObject({
        DetectionStatus: 'DETECTION_FAILED',
        DetectionStatusReason: 'Failed to detect drift on resource [Two]',
      });
      const found = await drifts(aws, id);
      expect(found.map((drift) => [drift.LogicalResourceId, drift.StackResourceDriftStatus])).toEqual([
        ['One', 'MODIFIED'],
        ['Two', 'UNKNOWN'],
      ]);
      aws.simulator.stacks.disturbDetection(aws.members[0], 'us-east-1', id, null);
      expect(await detect(aws, id)).toMatchObject({ DetectionStatus: 'DETECTION_COMPLETE' });
    },
  },
  {
    says: 'may stay in progress for ever, and no other begins on the stack meanwhile',
    source: assumption('AWS sets no limit to how long a detection takes'),
    alone: FAILURE,
    test: async (aws) => {
      const { id } = await twoQueues(aws);
      const place = [aws.members[0], 'us-east-1', id] as const;
      aws.simulator.stacks.disturbDetection(...place, { type: 'hangs', seconds: null });
      const detection = await begin(aws, id);
      aws.simulator.world.clock.advance(7 * 24 * 3600);
      expect((await status(aws, detection)).DetectionStatus).toBe('DETECTION_IN_PROGRESS');
      expect((await refusal(begin(aws, id))).message).toContain('already in progress');
      expect((await describe(aws, id)).DriftInformation!.StackDriftStatus).toBe('NOT_CHECKED');
      aws.simulator.stacks.disturbDetection(...place, null);
      expect((await status(aws, detection)).DetectionStatus).toBe('DETECTION_FAILED');
      expect(await detect(aws, id)).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
    },
  },
  {
    says: 'answers ValidationError while somebody else’s detection runs, and its finding is the stack’s',
    source: api('DetectStackDrift'),
    alone: SOMEBODY,
    test: async (aws) => {
      const { id } = await twoQueues(aws);
      const theirs = aws.simulator.stacks.beginDetection(aws.members[0], 'us-east-1', id);
      expect(await refusal(begin(aws, id))).toMatchObject({ name: 'ValidationError' });
      aws.simulator.world.clock.advance(60);
      expect((await status(aws, theirs)).DetectionStatus).toBe('DETECTION_COMPLETE');
      expect((await describe(aws, id)).DriftInformation!.StackDriftStatus).toBe('IN_SYNC');
    },
  },
  {
    says: 'fails where the stack disappears meanwhile, and is still there to be asked',
    source: assumption('AWS does not say; what is gone cannot be compared'),
    alone: TIME,
    test: async (aws) => {
      const first = await twoQueues(aws);
      aws.simulator.stacks.disturbDetection(aws.members[0], 'us-east-1', first.id, { type: 'stack-disappears' });
      expect(await detect(aws, first.id)).toMatchObject({ DetectionStatus: 'DETECTION_FAILED' });
      expect((await describe(aws, first.id)).StackStatus).toBe('DELETE_COMPLETE');
      const second = await twoQueues(aws);
      const detection = await begin(aws, second.id);
      await aws.cloudFormation().send(new DeleteStackCommand({ StackName: second.id }));
      await settled(aws, second.id);
      expect((await status(aws, detection)).DetectionStatus).toBe('DETECTION_FAILED');
    },
  },
  {
    says: 'may be over before the DriftInformation of the stack says so',
    source: assumption('listings of CloudFormation are eventually consistent'),
    alone: TIME,
    test: async (aws) => {
      const { id } = await twoQueues(aws);
      tamper(aws, id, 'One', { QueueName: 'another' });
      const late = { type: 'shown-late', seconds: 300 } as const;
      aws.simulator.stacks.disturbDetection(aws.members[0], 'us-east-1', id, late);
      expect(await detect(aws, id)).toMatchObject({
        DetectionStatus: 'DETECTION_COMPLETE',
        StackDriftStatus: 'DRIFTED',
      });
      expect((await describe(aws, id)).DriftInformation!.StackDriftStatus).toBe('NOT_CHECKED');
      aws.simulator.world.clock.advance(300);
      expect((await describe(aws, id)).DriftInformation!.StackDriftStatus).toBe('DRIFTED');
    },
  },
];
