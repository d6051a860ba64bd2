import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import { digestOf } from '../../../src/model/canonical.js';
import type { Document } from '../../../src/model/document.js';
import type { Revision, RunId, StackName } from '../../../src/model/identifiers.js';
import type { HistoryEvent } from '../../../src/model/recorded.js';
import type { Run } from '../../../src/model/run.js';
import { placesIn } from '../../../src/reconciler/describe-drift-places.js';
import { driftReport } from '../../../src/reconciler/describe-drift-report.js';
import { describeExplanation } from '../../../src/reconciler/describe-explain.js';
import type { Explanation } from '../../../src/reconciler/describe-explain.js';
import { describeStatus } from '../../../src/reconciler/describe-ledger.js';
import { desired, entry, recorded } from '../../support/builders.js';
import { alice, books, EVERYTHING, finding, NOW, pass, row, stack } from './drifts.js';
import { at } from './plans.js';

const ADDRESS = at('Stack/log-bucket', 1);
const REVISION = '4f2c1d9be0a75c1f0d3b8a6e2c9f7d5b1a3e8c60' as Revision;
const RUN = 'run-20261122T160000Z-0a1b2c3d' as RunId;

const standing = recorded({
  stackName: 'evenkeel-log-bucket' as StackName,
  identity:
    'arn:aws:cloudformation:us-east-1:100000000001:stack/evenkeel-log-bucket/6f1c1d9b-e0a7-4c1f-8d3b-8a6e2c9f7d5b',
  revision: REVISION,
  run: RUN,
  at: '2026-11-22T16:01:00.000Z',
});

const run: Run = {
  id: RUN,
  door: 'reconcile',
  scope: { type: 'all' },
  revision: REVISION,
  planDigest: digestOf('plan'),
  startedAt: '2026-11-22T16:00:00.000Z',
  finishedAt: '2026-11-22T16:05:00.000Z',
  outcome: 'succeeded',
  changes: [{ address: ADDRESS, action: 'update', result: 'done', detail: '' }],
  historyRoot: null,
};

const place = { file: 'desired-state/storage/log-bucket.yaml', line: 4, column: 9, length: 1, source: '' };
const manifest = desired({
  address: 'Stack/log-bucket',
  block: { type: 'template', path: 'templates/log-bucket.yaml' },
  at: () => place,
  driftIgnore: [
    {
      resource: 'Queue',
      path: '/DelaySeconds',
      reason: 'set by the owner',
      expires: '2027-01-31',
      place: { ...place, line: 21 },
    },
    { resource: 'Topic', path: '/', reason: 'incident 4711', expires: '2026-11-01', place: { ...place, line: 22 } },
  ],
});

const event: HistoryEvent = {
  address: ADDRESS,
  sequence: 3,
  previousSha256: digestOf('second'),
  at: '2026-11-22T16:01:00.000Z',
  run: RUN,
  revision: REVISION,
  event: 'updated',
  summary: 'updated, because the manifest changed',
  fields: [],
};

const found = [row(ADDRESS, [finding({ actor: alice })])];
const places = placesIn(books([stack(ADDRESS)]));
const report = driftReport({ rows: found, books: books([stack(ADDRESS)]), pass }, false);

function explained(over: Partial<Explanation> = {}): Explanation {
  return {
    address: ADDRESS,
    entry: entry(ADDRESS, { recorded: standing, sync: 'DRIFTED' }),
    below: [],
    events: [event],
    run,
    findings: report.findings,
    checks: report,
    places,
    git: {
      desired: manifest,
      commit: {
        id: REVISION,
        author: 'Ana Example',
        at: '2026-11-20T10:00:00.000Z',
        subject: 'Keep three versions (#123)',
        pullRequest: 123,
      },
    },
    now: NOW,
    ...over,
  };
}

const member = { settings: { parameters: {} }, identity: null, operation: null, sha256: digestOf('member') };
const INSTANCE = at('StackSet/guardrails', 2);
const set = entry('StackSet/guardrails', {
  recorded: recorded({
    driver: 'stack-set',
    stackName: 'evenkeel-guardrails' as StackName,
    identity: 'evenkeel-guardrails:4f2c1d9b-e0a7-4c1f-8d3b-8a6e2c9f7d5b',
    members: {
      '100000000001/us-east-1': {
        ...member,
        identity: 'arn:aws:cloudformation:us-east-1:100000000001:stack/StackSet-x/1',
      },
      '100000000002/us-east-1': member,
    },
    revision: REVISION,
    run: RUN,
  }),
});
const WITHOUT = { events: [], run: null, findings: [], git: null, places: placesIn([]) } as const;

const DOCUMENTS: Readonly<Record<string, Document>> = {
  'explanation of a stack': describeExplanation(explained()),
  'explanation from the ledger alone': describeExplanation(
    explained({ ...WITHOUT, entry: entry(ADDRESS, { recorded: standing, sync: 'NOT_CHECKED' }) }),
  ),
  'explanation of an instance': describeExplanation(
    explained({
      ...WITHOUT,
      address: INSTANCE,
      entry: set,
      places,
      git: { desired: null, commit: null },
    }),
  ),
  'explanation of a stack set': describeExplanation(
    explained({ ...WITHOUT, address: 'StackSet/guardrails', entry: set }),
  ),
  'explanation of a manifest': describeExplanation(
    explained({
      address: 'Stack/log-bucket',
      entry: null,
      below: [1, 2].map((account) => entry(at('Stack/log-bucket', account), { recorded: standing })),
      events: [],
      run: null,
      findings: [],
    }),
  ),
  'explanation of what was applied from a folder': describeExplanation(
    explained({
      entry: entry(ADDRESS, { recorded: { ...standing, revision: 'content-0123456789abcdef' as Revision } }),
      findings: [],
      git: { desired: manifest, commit: null },
    }),
  ),
  'explanation of what failed': describeExplanation(
    explained({
      ...WITHOUT,
      entry: entry(ADDRESS, {
        recorded: null,
        sync: 'NOT_CHECKED',
        step: {
          type: 'failed',
          action: 'create',
          attempt: 2,
          intentSha256: digestOf('intent'),
          reason: 'ROLLBACK_COMPLETE: bucket already exists',
          announced: { replaces: [], removes: [] },
          reach: {
            driver: 'stack',
            stackName: 'evenkeel-x' as StackName,
            options: {},
            targets: [],
            deletion: 'delete',
          },
          run: RUN,
          at: '2026-11-22T16:02:00.000Z',
        },
      }),
    }),
  ),
  'status with checks': describeStatus(
    [entry(ADDRESS, { recorded: standing, sync: 'DRIFTED', drift: found[0]!.drift }), set],
    [run],
    [],
    {
      books: EVERYTHING.books,
      pass: { ...pass, unknown: 1 },
      outgoing: [
        {
          notice: { id: 'n', kind: 'drift', address: ADDRESS, title: 't', lines: [], at: '2026-11-22T23:00:00.000Z' },
          deliveries: {
            'webhook:https://hooks.example.com/x': {
              type: 'waiting',
              attempts: 3,
              notBefore: '2026-11-23T03:00:00.000Z',
              error: 'the receiver answered 503',
            },
          },
          version: 1,
        },
      ],
      now: NOW,
    },
  ),
};

describe.each(Object.entries(DOCUMENTS))('%s', (name, document) => {
  const file = name.replaceAll(' ', '-');
  const text = (width: number): string => renderTerminal(document, { colour: false, width });

  it('reads on a terminal of eighty columns as it did', async () => {
    await expect(text(80)).toMatchFileSnapshot(`./golden/${file}.80.txt`);
  });

  it('fits the terminal, however wide it is', () => {
    for (const width of [60, 80, 120])
      expect(
        text(width)
          .split('\n')
          .filter((line) => line.length > width),
      ).toEqual([]);
  });

  it('reads as Markdown as it did', async () => {
    await expect(renderMarkdown(document)).toMatchFileSnapshot(`./golden/${file}.md`);
  });
});

it('says less, and never that all is well, where the ledger has not looked', () => {
  const text = renderTerminal(DOCUMENTS['explanation from the ledger alone']!, { colour: false, width: 120 });
  expect(text).toContain('No finding is open, and that says little: it is NOT_CHECKED.');
});
