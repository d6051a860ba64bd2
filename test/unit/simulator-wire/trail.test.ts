import { LookupEventsCommand, CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import { SeededIdentifiers } from '../../../src/simulator/kernel/seeded-identifiers.js';
import type { TrailEntry } from '../../../src/simulator/kernel/trail.js';
import { HeapClock } from '../../../src/simulator/kernel/virtual-clock.js';
import { KEPT_EVENTS, Trail } from '../../../src/simulator/services/cloudtrail/trail.js';
import { createSimulator } from '../../../src/simulator/simulator.js';

const entry = (account: string, name = 'SetQueueAttributes'): TrailEntry => ({
  account,
  region: 'us-east-1',
  source: 'sqs.amazonaws.com',
  name,
  principal: { accountId: account, arn: `arn:aws:iam::${account}:user/diego`, userId: 'AIDA' },
  accessKeyId: '',
  userAgent: '',
  invokedBy: null,
  resources: [],
  readOnly: false,
  requestId: null,
  request: null,
  response: null,
  error: null,
});

describe('the books of CloudTrail', () => {
  it('hold the newest hundred thousand events, of whatever accounts', () => {
    const trail = new Trail(new HeapClock(new Date()), new SeededIdentifiers(1, 'trail'), { delay: 0 });
    for (let n = 0; n < 2 * KEPT_EVENTS; n += 1) trail.record(entry(n % 4 === 0 ? '1' : '2', `Event${n}`));
    const kept = ['1', '2'].map((account) => trail.shown(account, 'us-east-1'));
    const total = kept[0]!.length + kept[1]!.length;
    expect(total).toBeGreaterThanOrEqual(KEPT_EVENTS);
    expect(total).toBeLessThanOrEqual(KEPT_EVENTS * 1.25);
    expect(kept[1]![0]!.name).toBe(`Event${2 * KEPT_EVENTS - 1}`);
  });

  it('are in the order of their times also where the clock was set back', () => {
    const clock = new HeapClock(new Date('2030-01-01T12:00:00Z'));
    const trail = new Trail(clock, new SeededIdentifiers(1, 'trail'), { delay: 0 });
    trail.record(entry('1', 'First'));
    clock.jump(-3600);
    trail.record(entry('1', 'Second'));
    clock.jump(7200);
    trail.record(entry('1', 'Third'));
    expect(trail.shown('1', 'us-east-1').map(({ name }) => name)).toEqual(['Third', 'First', 'Second']);
  });

  it('are read page by page, each event once, whatever comes in between', async () => {
    const simulator = createSimulator({
      trail: { delay: 0 },
      organization: {
        managementAccount: { id: '111111111111', name: 'management' },
        units: [],
        accounts: [],
        foreignStacks: { regions: ['us-east-1'], count: 1 },
      },
    });
    const accountId = '111111111111';
    const stack = simulator.stacks.standing()[0]!.name;
    const [resource = ''] = simulator.stacks.resources(accountId, 'us-east-1', stack).keys();
    const place = { accountId, region: 'us-east-1', stack, resource };
    const tamper = (): void => simulator.hands.change(place, { Description: 'by hand' }, { accountId, user: 'diego' });
    for (let n = 0; n < 120; n += 1) tamper();
    const client = new CloudTrailClient({
      region: 'us-east-1',
      requestHandler: simulator.requestHandler,
      credentials: simulator.hands.signIn({ accountId, user: 'robin' }),
    });
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new LookupEventsCommand({ NextToken }));
      seen.push(...page.Events!.map(({ EventId }) => EventId!));
      NextToken = page.NextToken;
      tamper();
      simulator.world.clock.advance(1);
    } while (NextToken !== undefined);
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
    await simulator.close();
  });
});
