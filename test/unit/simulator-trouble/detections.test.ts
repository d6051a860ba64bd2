import {
  CreateStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import type { Deed, Trouble } from '../../../src/simulator/kernel/trouble.js';
import { clientsOf, MEMBER, OTHER, TEMPLATE, troubled } from './world.js';

const HOUR = 3600;
const names = Array.from({ length: 12 }, (_, n) => `stack-${n}`);

async function world(trouble: Trouble, seed = 4711) {
  const deeds: Deed[] = [];
  const simulator = troubled({ seed, trouble, onDeed: (deed) => deeds.push(deed) });
  const { cloudFormation } = clientsOf(simulator, { account: MEMBER });
  for (const StackName of names)
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: TEMPLATE }));
  const clock = simulator.world.clock;
  while (clock.advanceToNext());
  /** One detection of each stack, and what each is, in the stack's own words too, a minute later. */
  const round = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (const StackName of names) {
      const answer = await cloudFormation
        .send(new DetectStackDriftCommand({ StackName }))
        .catch((error: Error) => error);
      ids.push(answer instanceof Error ? '' : answer.StackDriftDetectionId!);
    }
    clock.advance(60);
    return Promise.all(
      ids.map(async (StackDriftDetectionId, index) => {
        if (StackDriftDetectionId === '') return 'refused';
        const asked = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId });
        const { DetectionStatus } = await cloudFormation.send(asked);
        const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: names[index]! }));
        return `${DetectionStatus} ${Stacks![0]!.DriftInformation!.StackDriftStatus}`;
      }),
    );
  };
  return { simulator, clock, cloudFormation, deeds, round };
}

describe('detections that go wrong by themselves', () => {
  it('fail half-way, hang, or are shown late, the same ones with the same seed', async () => {
    const [first, again, other] = [
      await (await world({ detections: 1 }, 1)).round(),
      await (await world({ detections: 1 }, 1)).round(),
      await (await world({ detections: 1 }, 2)).round(),
    ];
    expect([...new Set(first)].sort()).toEqual([
      'DETECTION_COMPLETE NOT_CHECKED',
      'DETECTION_FAILED UNKNOWN',
      'DETECTION_IN_PROGRESS NOT_CHECKED',
    ]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('go well at another time: what hangs is over after six hours, and none fails more than twice in a row', async () => {
    const { clock, round } = await world({ detections: 0.9 });
    const rounds: (readonly string[])[] = [];
    for (let n = 0; n < 3; n += 1) {
      rounds.push(await round());
      clock.advance(7 * HOUR);
    }
    for (const [index] of names.entries())
      expect(rounds.map((each) => each[index])).toContain('DETECTION_COMPLETE IN_SYNC');
  });

  it('strike where they were asked for, and nowhere once it is calm', async () => {
    const elsewhere = await world({ detections: { rate: 1, accounts: [OTHER] } });
    expect(new Set(await elsewhere.round())).toEqual(new Set(['DETECTION_COMPLETE IN_SYNC']));
    const calm = await world({ detections: 1 });
    calm.simulator.calm();
    expect(new Set(await calm.round())).toEqual(new Set(['DETECTION_COMPLETE IN_SYNC']));
  });
});

describe('somebody else’s detections', () => {
  it('are begun where that is asked for by name', async () => {
    const operations = ['cloudformation:DetectStackDrift'];
    const { clock, deeds } = await world({ people: { rate: 12, operations } });
    clock.advance(2 * HOUR);
    expect(deeds.length).toBeGreaterThan(20);
    expect(new Set(deeds.map(({ operation, outcome }) => `${operation} ${outcome}`))).toEqual(
      new Set(['cloudformation:DetectStackDrift ok']),
    );
  });
});

describe('what people do by chance', () => {
  it('is told by CloudTrail with their names', async () => {
    const { simulator, clock, deeds } = await world({ people: { rate: 6, operations: ['hand:*'] } });
    clock.advance(3 * HOUR);
    const { cloudTrail } = clientsOf(simulator, { account: MEMBER });
    const told = deeds
      .filter(({ account, outcome }) => account === MEMBER && outcome === 'ok')
      .map(({ person }) => person);
    const LookupAttributes = [{ AttributeKey: 'Username' as const, AttributeValue: told[0]! }];
    const { Events } = await cloudTrail.send(new LookupEventsCommand({ LookupAttributes }));
    expect(Events!.length).toBeGreaterThan(0);
    expect(Events!.length).toBeLessThanOrEqual(told.filter((person) => person === told[0]).length);
  });
});
