import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { bench, MEMBER, REGION, topic, type Bench } from './world.js';

async function detect({ client, clock }: Bench) {
  const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName: 'topics' }));
  const status = () => client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
  expect((await status()).DetectionStatus).toBe('DETECTION_IN_PROGRESS');
  clock.advance(31);
  return status();
}

describe('drift detection', () => {
  it('finds nothing where nobody touched anything', async () => {
    const world = bench();
    await world.create('topics', topic({ DisplayName: 'a' }));
    world.settle();
    expect(await detect(world)).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
  });

  it('shows what was changed by hand, and only in properties that the template sets', async () => {
    const world = bench();
    const id = await world.create('topics', topic({ DisplayName: 'a' }));
    world.settle();
    world.engine.changeResource(MEMBER, REGION, id, 'Topic', { FifoTopic: false });
    expect(await detect(world)).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
    world.engine.changeResource(MEMBER, REGION, id, 'Topic', { DisplayName: 'b' });
    expect(await detect(world)).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 1 });
    const { StackResourceDrifts } = await world.client.send(
      new DescribeStackResourceDriftsCommand({ StackName: 'topics' }),
    );
    expect(StackResourceDrifts).toMatchObject([
      {
        LogicalResourceId: 'Topic',
        StackResourceDriftStatus: 'MODIFIED',
        PropertyDifferences: [
          { PropertyPath: '/DisplayName', ExpectedValue: 'a', ActualValue: 'b', DifferenceType: 'NOT_EQUAL' },
        ],
      },
    ]);
    expect((await world.describe('topics')).DriftInformation?.StackDriftStatus).toBe('DRIFTED');
  });

  it('shows a resource that was deleted by hand', async () => {
    const world = bench();
    const id = await world.create('topics', topic());
    world.settle();
    world.engine.changeResource(MEMBER, REGION, id, 'Topic', null);
    expect((await detect(world)).StackDriftStatus).toBe('DRIFTED');
    const { StackResourceDrifts } = await world.client.send(
      new DescribeStackResourceDriftsCommand({ StackName: 'topics', StackResourceDriftStatusFilters: ['DELETED'] }),
    );
    expect(StackResourceDrifts?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Topic']);
  });

  it('refuses stacks in states that cannot be checked', async () => {
    const world = bench();
    await world.create('topics', topic());
    await expect(world.client.send(new DetectStackDriftCommand({ StackName: 'topics' }))).rejects.toThrow(
      'CREATE_IN_PROGRESS',
    );
  });
});
