import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDrivenWorld, EAST, ONE, SIGNAL, WEST } from './driven-world.js';
import type { DrivenWorld } from './driven-world.js';

let world: DrivenWorld;
const target = { account: ONE, region: EAST };
const walks = () => world.calls('cloudformation:DescribeStacks');

beforeEach(() => {
  world = createDrivenWorld();
});
afterEach(() => world.simulator.close());

test('who asks again in the same reconcile gets what was read', async () => {
  const first = await world.walk.read(target, 'reuse', SIGNAL);
  expect(await world.walk.read(target, 'reuse', SIGNAL)).toBe(first);
  expect(walks()).toBe(1);
  await world.walk.read({ account: ONE, region: WEST }, 'reuse', SIGNAL);
  expect(walks()).toBe(2);
  world.walk.forget();
  await world.walk.read(target, 'reuse', SIGNAL);
  expect(walks()).toBe(3);
});

test('all who poll at one moment are served by one walk, and the next moment by another', async () => {
  await Promise.all([
    world.walk.read(target, 'poll', SIGNAL),
    world.walk.read(target, 'poll', SIGNAL),
    world.walk.read(target, 'poll', SIGNAL),
  ]);
  expect(walks()).toBe(1);
  await world.walk.read(target, 'poll', SIGNAL);
  expect(walks()).toBe(2);
});

test('a poll never joins a walk that began before it', async () => {
  const early = world.walk.read(target, 'poll', SIGNAL);
  while (walks() === 0) await new Promise((resolve) => setImmediate(resolve));
  const late = world.walk.read(target, 'poll', SIGNAL);
  await Promise.all([early, late]);
  expect(walks()).toBe(2);
});

test('an interrupted walk is not remembered', async () => {
  const interruption = new AbortController();
  const reading = world.walk.read(target, 'reuse', interruption.signal);
  interruption.abort();
  await expect(reading).rejects.toThrow();
  expect(await world.walk.read(target, 'reuse', SIGNAL)).toMatchObject({ type: 'stacks' });
});
