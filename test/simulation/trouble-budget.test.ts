import { afterEach, expect, it } from 'vitest';
import { EXIT } from '../../src/reconciler/outcome.js';
import { createTroubled, setManifest } from '../support/trouble.js';
import type { Troubled } from '../support/trouble.js';
import { queueTemplate, smallOrganization } from '../support/world.js';

let world: Troubled;
afterEach(() => world.close());

it('targets that go back and forth spend the budget each time', async () => {
  const at = (account: string) => ({
    'set.yaml': setManifest('baseline', `targets: [{ accounts: [${account}], regions: [us-east-1, us-west-2] }]`),
  });
  world = await createTroubled({
    organization: smallOrganization(2),
    files: { 'templates/queue.yaml': queueTemplate(), ...at('a1') },
  });
  expect((await world.run()).exitCode).toBe(EXIT.done);
  for (const account of ['a2', 'a1']) {
    await world.write(at(account));
    expect((await world.run()).exitCode).toBe(EXIT.done);
  }
  // Twice two of five are spent; two more are too many, although just this was done, and paid for, before.
  await world.write(at('a2'));
  expect(await world.run()).toMatchObject({ exitCode: EXIT.blocked, refusals: [{ code: 'EK6001' }] });
  world.pass(25 * 3600);
  expect((await world.run()).exitCode).toBe(EXIT.done);
});
