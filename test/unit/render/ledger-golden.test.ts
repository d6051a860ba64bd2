import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import { digestOf } from '../../../src/model/canonical.js';
import type { Document } from '../../../src/model/document.js';
import { STACK_SUBJECT, type FindingEvent } from '../../../src/model/drift.js';
import type { Revision, RunId } from '../../../src/model/identifiers.js';
import type { HistoryEvent } from '../../../src/model/recorded.js';
import { describeHistory } from '../../../src/reconciler/describe-ledger.js';
import { describeVerification } from '../../../src/reconciler/describe-verification.js';
import type { Verification } from '../../../src/reconciler/ports.js';
import { at } from './plans.js';

const address = at('Stack/queue', 1);
const run = 'run-20261122T160000Z-0a1b2c3d' as RunId;

const onQueue: FindingEvent = {
  key: 'resource:Queue',
  layer: 'resource',
  subject: 'Queue',
  resourceType: 'AWS::SQS::Queue',
  kind: 'changed',
  methods: ['detection'],
  firstSeen: '2026-11-22T16:00:00.000Z',
  lastSeen: '2026-11-22T16:00:00.000Z',
  notBefore: '2026-11-21T16:00:00.000Z',
  actor: null,
};

const actor = {
  principal: 'arn:aws:sts::100000000001:assumed-role/Admin/j.doe',
  event: 'sqs.amazonaws.com:SetQueueAttributes',
  at: '2026-11-22T14:31:07.000Z',
  sourceIpAddress: '192.0.2.17',
  eventId: '1f0c3f1e-6f0c-4a8e-9d0c-2b6f2d1c0a11',
};

function event(sequence: number, parts: Partial<HistoryEvent>): HistoryEvent {
  return {
    address,
    sequence,
    previousSha256: sequence === 1 ? null : digestOf(sequence),
    at: `2026-11-22T16:0${String(sequence)}:00.000Z`,
    run,
    revision: '4f2c1d9be0a75c1f0d3b8a6e2c9f7d5b1a3e8c60' as Revision,
    event: 'updated',
    summary: '',
    fields: [],
    ...parts,
  };
}

const drift: readonly HistoryEvent[] = [
  event(1, { event: 'created', summary: 'created by the manifest' }),
  event(2, {
    event: 'appeared',
    summary: 'Queue was changed',
    fields: [{ path: '/VisibilityTimeout', before: '30', after: '60' }],
    finding: onQueue,
  }),
  event(3, {
    event: 'changed',
    summary: 'Queue was changed again',
    fields: [{ path: '/VisibilityTimeout', before: '30', after: '90' }],
    finding: { ...onQueue, lastSeen: '2026-11-22T18:00:00.000Z', methods: ['detection', 'template'], actor },
  }),
  event(4, { event: 'reverted', summary: 'Queue was put right', finding: { ...onQueue, actor } }),
  event(5, {
    event: 'gone',
    summary: 'the stack was put right by somebody',
    finding: {
      ...onQueue,
      key: `stack:${STACK_SUBJECT}`,
      layer: 'stack',
      subject: STACK_SUBJECT,
      resourceType: null,
      methods: ['walk'],
      notBefore: null,
    },
  }),
  event(6, {
    event: 'appeared',
    summary: 'the stack is missing',
    finding: {
      ...onQueue,
      key: `instance:${STACK_SUBJECT}`,
      layer: 'instance',
      subject: STACK_SUBJECT,
      resourceType: null,
      kind: 'missing',
      methods: ['walk'],
    },
  }),
];

const whole: Verification = {
  addresses: 1,
  events: 42,
  runs: 7,
  breaks: [],
  heads: { [address]: { sequence: 42, sha256: digestOf('head') } },
  root: digestOf('root'),
};

const remedy = 'restore the table as it was before, and compare';
const broken: Verification = {
  ...whole,
  breaks: [
    { address, run: null, sequence: 3, message: 'it is missing', remedy },
    { address: 'StackSet/guardrails', run: null, sequence: null, message: 'its entry is missing', remedy },
    { address: null, run, sequence: null, message: 'its summary is not what was written: somebody edited it', remedy },
    {
      address: null,
      run: null,
      sequence: null,
      message: 'the anchor is not as it was taken: its root is not the one over its heads',
      remedy: 'take another copy of the anchor',
    },
  ],
};

const anchor = { at: '2026-11-20T00:00:00.000Z', root: digestOf('then') };

const DOCUMENTS: Readonly<Record<string, Document>> = {
  'history of drift': describeHistory(address, drift.toReversed(), []),
  'a whole ledger': describeVerification(whole, anchor),
  'a broken ledger': describeVerification(broken, anchor),
};

describe.each(Object.entries(DOCUMENTS))('%s', (name, document) => {
  const file = (ending: string): string => `golden/${name.replaceAll(' ', '-')}.${ending}`;

  it('reads the same as ever on a terminal', async () => {
    await expect(renderTerminal(document, { colour: false, width: 100 })).toMatchFileSnapshot(file('100.txt'));
  });

  it('reads the same as ever in a pull request', async () => {
    await expect(renderMarkdown(document)).toMatchFileSnapshot(file('md'));
  });
});

it('the data of a history has everything of each finding, and that of a verification each break', () => {
  const events = DOCUMENTS['history of drift']!.data['events'] as readonly HistoryEvent[];
  expect(events[2]!.finding).toEqual(drift[2]!.finding);
  expect(DOCUMENTS['a broken ledger']!.data).toMatchObject({ result: 'broken', anchor, breaks: broken.breaks });
  expect(DOCUMENTS['a broken ledger']!.data).not.toHaveProperty('heads');
});

it('of many breaks the first fifty are shown, and how many there are', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ ...broken.breaks[0]!, sequence: index + 1 }));
  const text = renderTerminal(describeVerification({ ...broken, breaks: many }, null), { colour: false, width: 100 });
  expect(text).toContain('broken in 60 places');
  expect(text).toContain('and 10 more');
});
