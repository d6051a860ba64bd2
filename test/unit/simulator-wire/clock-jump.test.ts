import { describe, expect, it } from 'vitest';
import { HeapClock } from '../../../src/simulator/kernel/virtual-clock.js';
import { createSimulator } from '../../../src/simulator/simulator.js';

const clockAt = (): HeapClock => new HeapClock(new Date('2030-01-01T12:00:00Z'));

describe('the clock on the wall', () => {
  it.each([
    ['forward', 3600, '2030-01-01T13:00:00.000Z'],
    ['back', -3600, '2030-01-01T11:00:00.000Z'],
  ])('jumps %s, and nothing falls due by it', (_, seconds, shown) => {
    const clock = clockAt();
    const heard: string[] = [];
    clock.after(60, () => heard.push(clock.now().toISOString()));
    clock.jump(seconds);
    expect(clock.now().toISOString()).toBe(shown);
    expect(heard).toEqual([]);
    clock.advance(59);
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual([shown.replace(':00:00', ':01:00')]);
  });

  it('is jumped over in a world where people come by, and they come by all the same', async () => {
    let deeds = 0;
    const simulator = createSimulator({
      organization: {
        managementAccount: { id: '111111111111', name: 'management' },
        units: [{ path: '/Workloads' }],
        accounts: [{ id: '222222222222', name: 'member', unit: '/Workloads' }],
        foreignStacks: { regions: ['us-east-1'], count: 3 },
      },
      trouble: { people: 6 },
      onDeed: () => (deeds += 1),
    });
    const { clock } = simulator.world;
    for (const seconds of [7200, -10_800, 86_400]) {
      clock.jump(seconds);
      const before = clock.now().getTime();
      clock.advance(3600);
      expect(clock.now().getTime() - before).toBe(3_600_000);
    }
    expect(deeds).toBeGreaterThan(10);
    await simulator.close();
  });
});
