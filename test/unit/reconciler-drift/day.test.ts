import { expect, it } from 'vitest';
import { accountId, queueTemplate, stackManifest } from '../../support/world.js';
import { checkedDaily, createChecked } from './checked-world.js';

const QUARTER = 900;
const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]';
const BLOCKS = Array.from({ length: 25 }, (_, n) => `block-${String(n)}`);
const ACCOUNTS = [1, 2, 3, 4].map(accountId);
const STACKS = BLOCKS.length * ACCOUNTS.length * 2;

it(
  'a day of passes looks at each of two hundred stacks once with each method, and finds the five that have drifted',
  { timeout: 240_000 },
  async () => {
    const world = await createChecked({
      files: {
        'templates/queue.yaml': queueTemplate(),
        ...Object.fromEntries(BLOCKS.map((name) => [`${name}.yaml`, stackManifest(name, TARGETS)])),
      },
    });
    try {
      expect((await world.reconcile()).run?.outcome).toBe('succeeded');
      await world.write({ 'controller.yaml': checkedDaily().replace(/cron\([^)]*\)/, 'rate(1 day)') });
      const { clock } = world.simulator.world;
      // Nothing is new any more, and what stands is entered into the books.
      clock.advance(2 * 24 * 3600);
      expect((await world.round()).begun).toEqual({ detections: 0, sweeps: 0 });
      for (const [n, name] of BLOCKS.slice(0, 5).entries()) {
        const accountId = ACCOUNTS[n % ACCOUNTS.length]!;
        const place = { accountId, region: 'us-west-2', stack: `evenkeel-${name}`, resource: 'Queue' };
        world.simulator.hands.change(
          place,
          { VisibilityTimeout: 99 },
          { accountId, role: 'AdministratorAccess', session: 'j.doe' },
        );
      }
      world.simulator.calls.reset();

      let detections = 0;
      let sweeps = 0;
      const drifted = new Set<string>();
      for (let pass = 1; pass <= 97; pass += 1) {
        clock.advance(QUARTER);
        const { begun, looks, waiting } = await world.round();
        expect(waiting).toBe(0);
        for (const { address, sightings } of looks) if (sightings.length > 0) drifted.add(address);
        // The last pass takes in what the day's last one began.
        if (pass > 96) break;
        detections += begun.detections;
        sweeps += begun.sweeps;
      }

      expect({ detections, sweeps, drifted: drifted.size }).toEqual({ detections: STACKS, sweeps: STACKS, drifted: 5 });
      const calls = [
        'DetectStackDrift',
        'DescribeStackDriftDetectionStatus',
        'DescribeStackResourceDrifts',
        'GetTemplate',
        'ListStackResources',
      ].map((operation) => world.calls(`cloudformation:${operation}`));
      expect(calls[1]).toBe(0);
      expect(calls.reduce((sum, times) => sum + times, 0) / STACKS).toBeLessThanOrEqual(2.2);
      const statuses = Object.values(await world.checks()).map(({ detection }) => detection!.status);
      expect(statuses.filter((status) => status === 'DRIFTED')).toHaveLength(5);
      expect(statuses.filter((status) => status === 'IN_SYNC')).toHaveLength(STACKS - 5);
    } finally {
      await world.close();
    }
  },
);
