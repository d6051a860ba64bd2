import { NO_DRIFT } from '../../../src/model/drift.js';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import { digestOf } from '../../../src/model/canonical.js';
import type { Deployment } from '../../../src/model/desired.js';
import type { Document } from '../../../src/model/document.js';
import type { DeploymentAddress } from '../../../src/model/address.js';
import type { OrganizationalUnitId, Region, Revision, RunId, StackName } from '../../../src/model/identifiers.js';
import type { Entry, HistoryEvent, Recorded } from '../../../src/model/recorded.js';
import type { Run } from '../../../src/model/run.js';
import { describeDiagnostics } from '../../../src/reconciler/describe-diagnostics.js';
import { describeHistory, describeStatus } from '../../../src/reconciler/describe-ledger.js';
import { describeLock } from '../../../src/reconciler/describe-lock.js';
import { describeRun } from '../../../src/reconciler/describe-run.js';
import { describeTargets } from '../../../src/reconciler/describe-targets.js';
import { accountId, at, PLANS, unquotedAccount } from './plans.js';

const revision = '4f2c1d9be0a75c1f0d3b8a6e2c9f7d5b1a3e8c60' as Revision;
const runId = 'run-20261122T160000Z-0a1b2c3d' as RunId;

const run: Run = {
  id: runId,
  door: 'reconcile',
  scope: { type: 'all' },
  revision,
  planDigest: digestOf('plan'),
  startedAt: '2026-11-22T16:00:00.000Z',
  finishedAt: '2026-11-22T16:05:00.000Z',
  outcome: 'partly-applied',
  changes: [
    { address: at('Stack/log-bucket', 1), action: 'create', result: 'done', detail: '' },
    {
      address: at('Stack/log-bucket', 2),
      action: 'create',
      result: 'failed',
      detail: 'ROLLBACK_COMPLETE: bucket already exists',
    },
    { address: at('Stack/log-bucket', 3), action: 'create', result: 'in-doubt', detail: 'the answer was lost' },
    { address: at('Stack/log-bucket', 4), action: 'create', result: 'skipped', detail: 'an earlier change failed' },
  ],
  historyRoot: null,
};

const recorded: Recorded = {
  driver: 'stack',
  stackName: 'evenkeel-log-bucket' as StackName,
  identity: 'arn:aws:cloudformation:us-east-1:100000000001:stack/evenkeel-log-bucket/1',
  settings: { template: digestOf('template'), parameters: {}, tags: {}, options: {}, members: {} },
  members: {},
  artifactSha256: digestOf('artifact'),
  observedSha256: digestOf('observed'),
  deletion: 'delete',
  revision,
  run: runId,
  at: '2026-11-22T16:01:00.000Z',
};

function entry(account: number, parts: Partial<Entry> = {}): Entry {
  return {
    address: at('Stack/log-bucket', account),
    recorded,
    step: { type: 'idle' },
    sync: 'IN_SYNC',
    generation: 1,
    version: 1,
    drift: NO_DRIFT,
    memberDrift: {},
    historyHead: null,
    ...parts,
  };
}

const member = { settings: { parameters: {} }, identity: null, operation: null, sha256: digestOf('member') };

const entries: readonly Entry[] = [
  entry(1),
  entry(2, { sync: 'DRIFTED' }),
  entry(3, {
    recorded: null,
    sync: 'NOT_CHECKED',
    step: {
      type: 'failed',
      action: 'create',
      attempt: 2,
      intentSha256: digestOf('intent'),
      reason: 'ROLLBACK_COMPLETE: bucket already exists',
      run: runId,
      at: '2026-11-22T16:02:00.000Z',
      announced: { replaces: [], removes: [] },
      reach: {
        driver: 'stack',
        stackName: 'evenkeel-log-bucket' as StackName,
        options: {},
        targets: ['100000000003/us-east-1'],
        deletion: 'delete',
      },
    },
  }),
  entry(4, {
    address: 'StackSet/guardrails',
    recorded: {
      ...recorded,
      driver: 'stack-set',
      members: { '100000000001/us-east-1': member, '100000000002/us-east-1': member },
    },
  }),
];

const events: readonly HistoryEvent[] = [
  {
    address: at('Stack/log-bucket', 1),
    sequence: 2,
    previousSha256: digestOf('first'),
    at: '2026-11-22T16:01:00.000Z',
    run: runId,
    revision,
    event: 'created',
    summary: 'created by the manifest',
    fields: [{ path: 'parameters.Days', before: null, after: '30' }],
  },
  {
    address: at('Stack/log-bucket', 1),
    sequence: 1,
    previousSha256: null,
    at: '2026-11-22T16:00:00.000Z',
    run: runId,
    revision,
    event: 'begun',
    summary: '',
    fields: [],
  },
];

function deployment(account: number, region: string): Deployment {
  return {
    address: at('Stack/log-bucket', account, region) as DeploymentAddress,
    manifest: 'Stack/log-bucket',
    target: { account: accountId(account), region: region as Region },
    account: {
      id: accountId(account),
      name: `account-${String(account)}`,
      state: 'ACTIVE',
      parentId: 'ou-root-1' as OrganizationalUnitId,
      joinedAt: null,
      tags: null,
    },
    parameters: { Days: '30' },
    references: {},
    overridden: [],
    tags: {},
    wave: 0,
  };
}

const DOCUMENTS: Readonly<Record<string, Document>> = {
  'a run partly applied': describeRun({
    planned: PLANS['one create']!,
    run,
    refusals: [
      {
        code: 'EK6014',
        address: at('Stack/log-bucket', 5),
        message: 'create has failed 3 times',
        remedy: 'mend it, then run "evenkeel apply"',
      },
    ],
    warnings: [],
    exitCode: 7,
  }),
  'a run with nothing to do': describeRun({
    planned: PLANS['empty']!,
    run: null,
    refusals: [],
    warnings: [],
    exitCode: 0,
  }),
  status: describeStatus(entries, [run]),
  'status of an empty ledger': describeStatus([], []),
  'status with a stopped rollout': describeStatus(
    [],
    [],
    [
      {
        manifest: 'Stack/watch',
        artifactSha256: digestOf('artifact'),
        wave: 0,
        failed: [at('Stack/watch', 1), at('Stack/watch', 2)],
        reason: 'ROLLBACK_COMPLETE: the topic exists already',
        run: runId,
        at: '2026-11-22T16:02:00.000Z',
        resumed: null,
      },
      {
        manifest: 'StackSet/trail',
        artifactSha256: digestOf('artifact'),
        wave: null,
        failed: ['StackSet/trail'],
        reason: 'the quota of trails was used up',
        run: runId,
        at: '2026-11-22T16:02:00.000Z',
        resumed: { reason: 'quota raised', at: '2026-11-22T17:00:00.000Z' },
      },
    ],
  ),
  history: describeHistory(at('Stack/log-bucket', 1), events, []),
  'no history': describeHistory('StackSet/guardrails', [], ['StackSet/guardrail']),
  targets: describeTargets({
    deployments: new Map([
      [
        'Stack/log-bucket',
        [
          deployment(1, 'us-east-1'),
          deployment(1, 'us-west-2'),
          deployment(2, 'us-east-1'),
          deployment(2, 'us-west-2'),
          deployment(3, 'us-east-1'),
        ],
      ],
      ['Stack/nowhere', []],
    ]),
    excluded: [{ id: accountId(50), name: 'former-team', state: 'SUSPENDED' }],
    diagnostics: [],
  }),
  diagnostics: describeDiagnostics([
    {
      code: 'EK2006',
      severity: 'warning',
      message: 'drift.ignore expires soon',
      remedy: 'renew it, or mend what drifts',
    },
    unquotedAccount,
  ]),
  'no diagnostics': describeDiagnostics([]),
  lock: describeLock({
    lines: [
      { address: 'ServerlessApplication/janitor', result: 'locked', detail: '1.7.0, template 0a1b2c3d4e5f' },
      { address: 'ServerlessApplication/cleaner', result: 'unchanged', detail: '' },
      { address: 'ServerlessApplication/withdrawn', result: 'differs', detail: 'AWS no longer serves 2.0.0' },
    ],
    diagnostics: [],
  }),
};

describe.each(Object.entries(DOCUMENTS))('%s', (name, document) => {
  const file = (ending: string): string => `golden/${name.replaceAll(' ', '-')}.${ending}`;

  it('reads the same as ever on a terminal', async () => {
    await expect(renderTerminal(document, { colour: false, width: 100 })).toMatchFileSnapshot(file('100.txt'));
  });

  it('reads the same as ever in a pull request', async () => {
    await expect(renderMarkdown(document)).toMatchFileSnapshot(file('md'));
  });

  it('carries its schema version for machines', () => {
    expect(document.data.schemaVersion).toBe(1);
  });
});

it('targets leave no deployment out of their data', () => {
  expect(DOCUMENTS['targets']!.data['deployments']).toHaveLength(5);
});
