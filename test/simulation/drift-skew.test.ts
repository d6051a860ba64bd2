import { afterEach, describe, expect, it } from 'vitest';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { open } from '../../src/installation/installation.js';
import type { Session } from '../../src/installation/session.js';
import {
  accountId,
  ALL,
  CONTROLLER,
  createWorld,
  HUB,
  queueTemplate,
  smallOrganization,
  stackManifest,
} from '../support/world.js';
import type { World } from '../support/world.js';

const A1 = accountId(1);
const YEARS = 3 * 365 * 24 * 3600 * 1000;
const quiet = { signal: new AbortController().signal, progress: () => undefined };

let world: World;
afterEach(() => world.close());

/** A controller whose own clock is apart from AWS's. */
async function apart<T>(skew: number, use: (session: Session) => Promise<T>): Promise<T> {
  const clock = simulatedClock(world.simulator);
  const { session } = await open({
    source: { type: 'folder', path: world.folder },
    installation: null,
    ledger: { type: 'folder', path: world.ledgerFolder },
    env: {},
    clock: { now: () => new Date(clock.now().getTime() + skew), sleep: (time, signal) => clock.sleep(time, signal) },
    aws: simulatedAws(world.simulator, HUB),
  });
  try {
    return await use(session!);
  } finally {
    await session!.close();
  }
}

describe("a controller whose clock is not AWS's", () => {
  it.each([
    ['years behind', -YEARS],
    ['years ahead', YEARS],
  ])('%s looks once in a period, finds what differs, and does not wait for ever', async (_, skew) => {
    world = await createWorld({
      organization: smallOrganization(2),
      files: {
        'controller.yaml': `${CONTROLLER}  schedule: { drift: rate(1 day) }\n`,
        'templates/queue.yaml': queueTemplate(),
        'janitor.yaml': stackManifest('janitor', `targets: [{ accounts: ["${A1}"], regions: [us-east-1] }]`),
      },
    });
    const pass = (seconds: number) => {
      world.simulator.world.clock.advance(seconds);
      return apart(skew, async (session) => session.apply(await session.plan(ALL, quiet), 'reconcile', quiet));
    };
    await pass(0);
    await pass(900);
    const begun = world.calls('cloudformation:DetectStackDrift');
    for (let count = 0; count < 8; count += 1) await pass(900);
    expect(world.calls('cloudformation:DetectStackDrift') - begun).toBeLessThanOrEqual(1);
    world.simulator.hands.change(
      { accountId: A1, region: 'us-east-1', stack: 'evenkeel-janitor', resource: 'Queue' },
      { VisibilityTimeout: 600 },
      { accountId: A1, role: 'AdministratorAccess', session: 'j.doe' },
    );
    world.simulator.world.clock.advance(900);
    const before = world.calls('cloudformation:DetectStackDrift');
    const outcome = await apart(skew, (session) => session.detectDrift(ALL, { wait: true }, quiet));
    expect(outcome).toMatchObject({ begun: 1, looked: 1 });
    expect(world.calls('cloudformation:DetectStackDrift') - before).toBe(1);
    const entry = await apart(skew, (session) => session.entry(`Stack/janitor@${A1}/us-east-1`));
    expect(entry!.drift.findings).toMatchObject([{ subject: 'Queue' }]);
  });
});
