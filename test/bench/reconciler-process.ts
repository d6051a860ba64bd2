// The process that is measured: one installation, opened as the command line opens it, and one reconcile. Its ledger is in the other process.
import { open } from '../../src/installation/installation.js';
import type { Session, SessionWatch } from '../../src/installation/session.js';
import type { Progress } from '../../src/reconciler/ports.js';
import { openDesk } from './desk.js';
import { HUB } from './input.js';
import { ownPace, waitedTime } from './time.js';

export type Task = {
  /** `prepare` locks and creates the table; `first` moves simulated time by waiting, `settled` runs at the machine's own pace. */
  readonly type: 'prepare' | 'first' | 'settled';
  readonly folder: string;
  readonly endpoint: string;
  readonly desk: string;
};

export type Outcome = {
  readonly exitCode: number;
  /** Changes that the plan had, and those that did not end well: `address: detail`. */
  readonly changes: number;
  readonly failures: readonly string[];
  readonly unchanged: number;
  /** How often a change was found still waiting for its operation: the DescribeStacks that polling alone would cost each. */
  readonly looksAlone: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
};

/** So that a look is not taken more often than operations of minutes need; simulated milliseconds. */
const POLL = { first: 15_000, longest: 60_000 };

const task = JSON.parse(process.argv[2]!) as Task;
const desk = openDesk(task.desk);
const { now } = await desk.standing();
const clock = task.type === 'settled' ? ownPace(now) : waitedTime(desk, now);
let looksAlone = 0;
const watch: SessionWatch = {
  signal: new AbortController().signal,
  progress: (event: Progress) => {
    if (event.type === 'step-running') looksAlone += 1;
  },
};

const { session, diagnostics } = await open({
  source: { type: 'folder', path: task.folder },
  installation: null,
  ledger: { type: 'table' },
  env: { AWS_ENDPOINT_URL: task.endpoint, EVENKEEL_TEMPLATE_RULES: 'off' },
  clock,
  pollInterval: POLL,
  aws: { endpoint: task.endpoint, credentials: { accessKeyId: HUB, secretAccessKey: 'simulator' } },
});
if (session === null) throw new Error(JSON.stringify(diagnostics, null, 2));
const outcome = task.type === 'prepare' ? await prepare(session) : await reconcile(session);
await session.close();
process.send!(outcome, () => process.exit(0));

async function prepare(opened: Session): Promise<Outcome> {
  await opened.createLedger();
  const { diagnostics: found } = await opened.lock({ check: false, all: true }, watch);
  return {
    ...measured(),
    exitCode: found.length,
    changes: 0,
    failures: found.map((each) => each.message),
    unchanged: 0,
  };
}

async function reconcile(opened: Session): Promise<Outcome> {
  const report = await opened.apply(await opened.plan({ type: 'all' }, watch), 'reconcile', watch);
  const { plan, diagnostics: found } = report.planned;
  return {
    ...measured(),
    exitCode: report.exitCode,
    changes: plan?.changes.length ?? 0,
    failures: [
      ...found.map((each) => each.message),
      ...[...(plan?.refusals ?? []), ...report.refusals].map((each) => `${each.address ?? ''}: ${each.message}`),
      ...(plan?.unknowns ?? []).map((each) => `${each.address}: ${each.diagnostic.message}`),
      ...(report.run?.changes ?? [])
        .filter((each) => each.result !== 'done')
        .map((each) => `${each.address}: ${each.result}: ${each.detail}`),
    ],
    unchanged: plan?.unchanged ?? 0,
  };
}

function measured(): Pick<Outcome, 'looksAlone' | 'seconds' | 'cpuSeconds' | 'peakRssMiB'> {
  const { user, system } = process.cpuUsage();
  return {
    looksAlone,
    // Since the process began: modules that had to be loaded included.
    seconds: performance.now() / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
  };
}
