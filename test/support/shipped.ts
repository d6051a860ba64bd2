import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIMULATED_POLL_INTERVAL, simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { open } from '../../src/installation/installation.js';
import type { Session, SessionWatch } from '../../src/installation/session.js';
import type { LockOutcome } from '../../src/reconciler/describe-lock.js';
import type { Planned, Report } from '../../src/reconciler/outcome.js';
import { createSimulator, type StorySimulator } from '../../src/simulator/simulator.js';
import { ALL } from './world.js';

const SHIPPED = fileURLToPath(new URL('../../desired-state', import.meta.url));

/** The account that the controller of the demo organization runs in. */
export const TOOLING = '100000000004';

/** The desired state as it is shipped, in a copy, and the demo organization in the simulator. */
export type ShippedWorld = {
  readonly simulator: StorySimulator;
  lock(): Promise<LockOutcome>;
  plan(): Promise<Planned>;
  reconcile(): Promise<Report>;
  close(): Promise<void>;
};

export async function shippedWorld(): Promise<ShippedWorld> {
  const root = await mkdtemp(join(tmpdir(), 'evenkeel-shipped-'));
  const folder = join(root, 'desired-state');
  await cp(SHIPPED, folder, { recursive: true });
  const simulator = createSimulator({ organization: 'demo', seed: 7 });
  const watch: SessionWatch = { signal: new AbortController().signal, progress: () => undefined };

  const inSession = async <Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> => {
    const { session, diagnostics } = await open({
      source: { type: 'folder', path: folder },
      installation: null,
      ledger: { type: 'folder', path: join(root, 'ledger') },
      env: {},
      clock: simulatedClock(simulator),
      aws: simulatedAws(simulator, TOOLING),
      pollInterval: SIMULATED_POLL_INTERVAL,
    });
    if (session === null) throw new Error(`the desired state is not valid: ${JSON.stringify(diagnostics, null, 2)}`);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };

  return {
    simulator,
    lock: () => inSession((session) => session.lock({ check: false, all: false }, watch)),
    plan: () => inSession((session) => session.plan(ALL, watch)),
    reconcile: () => inSession(async (session) => session.apply(await session.plan(ALL, watch), 'reconcile', watch)),
    async close() {
      await simulator.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
