import type { Context } from '../../../src/cli/context.js';
import { runProgram } from '../../../src/cli/program.js';
import type { Session, Targets } from '../../../src/installation/session.js';
import type { OpenOptions } from '../../../src/installation/session.js';
import type { Address } from '../../../src/model/address.js';
import type { Controller } from '../../../src/model/desired.js';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { Region, Revision, RunId } from '../../../src/model/identifiers.js';
import type { Plan, Scope } from '../../../src/model/plan.js';
import type { Run } from '../../../src/model/run.js';
import type { DetectOutcome } from '../../../src/reconciler/describe-detection.js';
import type { LedgerDrift } from '../../../src/reconciler/describe-drift-report.js';
import type { LockOutcome } from '../../../src/reconciler/describe-lock.js';
import type { UpgradeOutcome } from '../../../src/reconciler/describe-upgrade.js';
import type { OutdatedOutcome } from '../../../src/reconciler/describe-versions.js';
import type { SnapshotOutcome } from '../../../src/reconciler/describe-snapshot.js';
import type { ExitCode, Planned, Report } from '../../../src/reconciler/outcome.js';

const place = { file: 'controller.yaml', line: 1, column: 1, length: 1, source: '' };

const controller: Controller = {
  name: 'evenkeel',
  partition: 'aws',
  homeRegion: 'us-east-1' as Region,
  table: 'evenkeel',
  artifactBucket: 'artifacts',
  roles: { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null },
  budgets: { delete: 5, replace: 2, accounts: '50%', window: 86_400_000, checks: 240 },
  freeze: [],
  permissionsBoundary: null,
  reconcile: { type: 'rate', every: 900_000 },
  drift: null,
  notify: [],
  heartbeat: null,
  at: () => place,
};

const UPGRADE: UpgradeOutcome = {
  address: 'Stack/none',
  from: '1.0.0',
  to: '1.1.0',
  result: 'upgraded',
  isDowngrade: false,
  held: { type: 'nothing' },
  diff: null,
  facts: [],
  written: [],
  removed: [],
  diagnostics: [],
};

/** What the session in memory is to find, and what a person would type. */
export type Setting = {
  readonly plans?: readonly Planned[];
  readonly report?: Partial<Report>;
  readonly unopened?: readonly Diagnostic[];
  readonly findings?: readonly Diagnostic[];
  readonly targets?: Targets;
  readonly lock?: LockOutcome;
  readonly outdated?: OutdatedOutcome;
  readonly upgrade?: Partial<UpgradeOutcome>;
  readonly snapshot?: SnapshotOutcome;
  readonly drift?: Partial<LedgerDrift>;
  readonly detect?: Partial<DetectOutcome>;
  readonly terminal?: boolean;
  readonly answer?: string | null;
  readonly passes?: number;
  readonly cwd?: string;
  readonly fails?: Error;
};

/** What was written, what was called, and the exit code. */
export type Ended = {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly string[];
  readonly calls: readonly string[];
  readonly opened: readonly OpenOptions[];
  readonly applied: readonly Plan[];
};

export function runOf(planned: Planned, parts: Partial<Run> = {}): Run {
  return {
    id: 'run-1' as RunId,
    door: 'reconcile',
    scope: { type: 'all' },
    revision: '4f2c1d9be0a75c1f0d3b8a6e2c9f7d5b1a3e8c60' as Revision,
    planDigest: planned.plan!.digest,
    startedAt: '2026-11-22T16:00:00.000Z',
    finishedAt: '2026-11-22T16:01:00.000Z',
    outcome: 'succeeded',
    changes: planned.plan!.changes.map(({ address, action }) => ({ address, action, result: 'done', detail: '' })),
    historyRoot: null,
    ...parts,
  };
}

/** Runs the command line against a session in memory, as a shell would. */
export async function evenkeel(line: readonly string[], setting: Setting = {}): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const asked: string[] = [];
  const calls: string[] = [];
  const opened: OpenOptions[] = [];
  const applied: Plan[] = [];
  const abort = new AbortController();
  const plans = [...(setting.plans ?? [])];
  let sleeps = 0;

  const report = (planned: Planned): Report => ({
    planned,
    run: planned.plan!.changes.length === 0 ? null : runOf(planned),
    refusals: [],
    warnings: [],
    exitCode: 0,
    ...setting.report,
  });
  const session: Session = {
    controller,
    desired: [],
    files: { revision: 'content-0' as Revision, origin: 'folder', files: new Map(), diagnostics: [] },
    diagnostics: [],
    plan: async (scope: Scope) => {
      calls.push(`plan ${scope.type === 'all' ? 'all' : scope.account}`);
      if (setting.fails !== undefined) throw setting.fails;
      return plans.length > 1 ? plans.shift()! : plans[0]!;
    },
    apply: async (planned, door) => {
      calls.push(`apply as ${door}`);
      applied.push(planned.plan!);
      return report(planned);
    },
    record: async () => {
      calls.push('record');
      return [];
    },
    applyFile: async (plan) => {
      calls.push('applyFile');
      applied.push(plan);
      return report({ plan, diagnostics: [], verdict: { blocks: [], budgets: [] }, accountNames: {} });
    },
    targets: async () => setting.targets ?? { deployments: new Map(), excluded: [], diagnostics: [] },
    createLedger: async () => 'created',
    snapshot: async (regions) => {
      calls.push(['snapshot', ...regions].join(' '));
      if (setting.fails !== undefined) throw setting.fails;
      return setting.snapshot ?? { snapshot: null, gaps: [], diagnostics: [] };
    },
    outdated: async () => {
      calls.push('outdated');
      return setting.outdated ?? { lines: [], diagnostics: [] };
    },
    upgrade: async ({ address, to, dryRun }) => {
      calls.push(`upgrade ${address} to ${to ?? 'the newest'}${dryRun ? ', dry' : ''}`);
      return { ...UPGRADE, address, ...setting.upgrade };
    },
    accept: async ({ address, resource, property, expires, check }) => {
      calls.push(`accept ${[address, resource, property, expires, check ? 'checked' : null].filter(Boolean).join(' ')}`);
      return { type: 'refused', diagnostics: [] };
    },
    lock: async (mode) => {
      calls.push(`lock ${mode.check ? 'check' : 'write'}${mode.all ? ' all' : ''}`);
      return setting.lock ?? { lines: [], diagnostics: [] };
    },
    status: async () => ({ entries: [], runs: [], holds: [] }),
    drift: async () => ({ rows: [], books: [], pass: null, ...setting.drift }),
    checks: async () => ({ books: [], pass: null, ...setting.drift }),
    outgoing: async () => [],
    eventsOf: async (day) => {
      calls.push(`eventsOf ${day}`);
      return [];
    },
    entry: async () => null,
    run: async () => null,
    spent: async () => ({ deletes: 0, replaces: 0, accounts: [] }),
    commitOf: async () => null,
    detectDrift: async (scope, { wait }) => {
      calls.push(`detectDrift ${scope.type === 'all' ? 'all' : scope.account}${wait ? ' wait' : ''}`);
      return { pass: null, begun: 0, looked: 0, diagnostics: [], ...setting.detect };
    },
    resume: async (manifest, reason) => {
      calls.push(`resume ${manifest} ${reason}`);
      return { type: 'nothing', held: [] };
    },
    history: async (address: Address) => {
      calls.push(`history ${address}`);
      return [];
    },
    holds: async () => [],
    verify: async (anchor) => {
      calls.push(`verify ${anchor?.at ?? 'without an anchor'}`);
      return { addresses: 0, events: 0, runs: 0, breaks: [], heads: {}, root: null };
    },
    close: async () => {
      calls.push('close');
    },
  };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    columns: 100,
    write: (text: string) => (written[name] += text),
  });
  const context: Context = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: {
      isTTY: setting.terminal ?? false,
      readLine: async (question) => {
        asked.push(question);
        return setting.answer ?? null;
      },
    },
    env: {},
    cwd: setting.cwd ?? '/work',
    clock: {
      now: () => new Date('2026-11-22T16:00:00Z'),
      sleep: async (milliseconds) => {
        calls.push(`sleep ${String(milliseconds)}`);
        sleeps += 1;
        if (sleeps >= (setting.passes ?? 1)) abort.abort();
      },
    },
    signal: abort.signal,
    installations: {
      open: async (options) => {
        opened.push(options);
        return setting.unopened === undefined
          ? { session, diagnostics: [] }
          : { session: null, diagnostics: setting.unopened };
      },
      validate: async () => setting.findings ?? [],
      openLedgerOnly: async (folder) => {
        calls.push(`openLedgerOnly ${folder}`);
        return session;
      },
      card: () => Promise.reject(new Error('no card is asked for here')),
      add: () => Promise.reject(new Error('no manifest is written here')),
      manifestSchema: async () => ({ title: 'A manifest' }),
    },
  };
  const code = await runProgram(line, context);
  return { code, ...written, asked, calls, opened, applied };
}
