import { describe, expect, it } from 'vitest';
import { renderJson } from '../../../src/cli/render/json.js';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import type { Controller, IgnoreRule } from '../../../src/model/desired.js';
import type { Document } from '../../../src/model/document.js';
import { describeDrift, driftExitCode } from '../../../src/reconciler/describe-drift.js';
import type { DriftView } from '../../../src/reconciler/describe-drift.js';
import { GROUPINGS } from '../../../src/reconciler/describe-drift-groups.js';
import { narrowed } from '../../../src/reconciler/describe-drift-report.js';
import type { LedgerDrift } from '../../../src/reconciler/describe-drift-report.js';
import { controller, desired } from '../../support/builders.js';
import { alice, books, EVERYTHING, everywhere, finding, NOW, ofStack, pass, row, stack } from './drifts.js';
import { accountId } from './plans.js';

const NOTHING: LedgerDrift = { rows: [], books: [], pass: null };

function view(over: Partial<DriftView> = {}): DriftView {
  return { facts: NOTHING, desired: null, by: null, all: false, isWhole: true, now: NOW, diagnostics: [], ...over };
}

const rule = (over: Partial<IgnoreRule>): IgnoreRule => ({
  resource: 'Queue',
  path: '/VisibilityTimeout',
  reason: 'the owner tunes it',
  expires: '2026-11-20',
  place: { file: 'desired-state/log-bucket.yaml', line: 14, column: 9, length: 1, source: '' },
  ...over,
});

const manifests = [
  desired({ address: 'Stack/log-bucket', driftIgnore: [rule({}), rule({ path: '/DelaySeconds', expires: null })] }),
];
const scheduled: Controller = controller({ drift: { type: 'rate', every: 86_400_000 } });

/** The same queue at three hundred accounts, each changed by the automation of its own account, and one that is otherwise. */
const fleet = everywhere('Stack/log-bucket', 300);
const FLEET: LedgerDrift = {
  rows: fleet.map((address, index) =>
    row(address, [
      finding({
        actor: { ...alice, principal: `arn:aws:sts::${accountId(index + 1)}:assumed-role/Tuner/nightly` },
        differences: [
          { path: '/QueueName', expected: `q-${accountId(index + 1)}`, actual: null },
          { path: '/VisibilityTimeout', expected: '30', actual: index === 7 ? '60' : '45' },
        ],
      }),
    ]),
  ),
  books: books(fleet.map((address) => stack(address))),
  pass: { ...pass, deployments: 300 },
};

const DOCUMENTS: Readonly<Record<string, Document>> = {
  'drift of everything': describeDrift(view({ facts: EVERYTHING, desired: { controller: scheduled, manifests } })),
  'drift of three hundred accounts': describeDrift(view({ facts: FLEET })),
  'drift of an empty ledger': describeDrift(view()),
  'drift before the first check': describeDrift(
    view({
      facts: { ...NOTHING, pass },
      desired: { controller: controller(), manifests: [] },
    }),
  ),
  'no drift': describeDrift(
    view({
      facts: { rows: [], books: books(fleet.slice(0, 8).map((address) => stack(address))), pass },
      desired: { controller: scheduled, manifests: [] },
    }),
  ),
};
const GROUPED = Object.fromEntries(
  GROUPINGS.map((by) => [
    `drift by ${by}`,
    describeDrift(view({ facts: EVERYTHING, by, desired: { controller: scheduled, manifests } })),
  ]),
);

const text = (document: Document, width: number): string => renderTerminal(document, { colour: false, width });

describe.each(Object.entries({ ...DOCUMENTS, ...GROUPED }))('%s', (name, document) => {
  const file = name.replaceAll(' ', '-');

  it('reads on a terminal of eighty columns as it did', async () => {
    await expect(text(document, 80)).toMatchFileSnapshot(`./golden/${file}.80.txt`);
  });
});

describe.each(Object.entries(DOCUMENTS))('%s', (name, document) => {
  const file = name.replaceAll(' ', '-');

  it('fits the terminal, however wide it is', () => {
    for (const width of [60, 80, 120]) {
      const long = text(document, width)
        .split('\n')
        .filter((line) => line.length > width);
      expect(long, `at ${String(width)} columns`).toEqual([]);
    }
  });

  it('reads as Markdown as it did', async () => {
    await expect(renderMarkdown(document)).toMatchFileSnapshot(`./golden/${file}.md`);
  });
});

it('is complete for a machine', async () => {
  await expect(renderJson(DOCUMENTS['drift of everything']!)).toMatchFileSnapshot('./golden/drift-of-everything.json');
});

describe('three hundred accounts with the same drift', () => {
  it('are a few lines', () => {
    expect(text(DOCUMENTS['drift of three hundred accounts']!, 120).split('\n').length).toBeLessThan(40);
  });

  it('are a few lines by account, too', () => {
    const lines = text(describeDrift(view({ facts: FLEET, by: 'account' })), 120).split('\n');
    expect(lines).toContain('The same in 299 accounts');
    expect(lines.length).toBeLessThan(40);
  });

  it('are all named where that is asked for', () => {
    const all = text(describeDrift(view({ facts: FLEET, all: true })), 120);
    for (const account of [accountId(1), accountId(150), accountId(300)]) expect(all).toContain(account);
  });
});

describe('a hundred differences', () => {
  const addresses = everywhere('Stack/log-bucket', 100);
  const facts: LedgerDrift = {
    ...NOTHING,
    rows: addresses.map((address, index) => row(address, [finding({ subject: `Queue${String(index)}` })])),
  };

  it('are cut at fifty, and the reader is told', () => {
    expect(text(describeDrift(view({ facts })), 120)).toContain('and 50 more differences; --all shows them');
  });

  it('are all written where that is asked for', () => {
    const all = text(describeDrift(view({ facts, all: true })), 120);
    expect(all).not.toContain('--all shows them');
    expect(all).toContain('Queue99');
  });
});

describe('the exit code', () => {
  const accepted = row(fleet[0]!, [finding({ accepted: { reason: 'known', expires: null } })]);

  it.each([
    ['nothing is known', view(), 0],
    ['something drifted', view({ facts: EVERYTHING }), 2],
    ['all that drifted is accepted', view({ facts: { ...NOTHING, rows: [accepted] } }), 0],
    [
      'what could not be looked at is all there is',
      view({ facts: { ...NOTHING, rows: [row(fleet[0]!, [], { sync: 'UNKNOWN' })] } }),
      0,
    ],
    [
      'a row is DRIFTED and no finding says how',
      view({ facts: { ...NOTHING, rows: [row(fleet[0]!, [], { sync: 'DRIFTED' })] } }),
      2,
    ],
    ['a rule has expired', view({ desired: { controller: scheduled, manifests } }), 2],
  ])('where %s', (_, given, code) => {
    expect(driftExitCode(given)).toBe(code);
  });
});

describe('the states', () => {
  const statesOf = (facts: LedgerDrift, isWhole = true): unknown =>
    describeDrift(view({ facts, isWhole })).data['states'];

  it('tell the layers apart: a resource that drifted leaves the stack in sync', () => {
    const facts = { ...NOTHING, rows: [row(fleet[0]!, [finding()])], books: books([stack(fleet[0]!)]) };
    expect(statesOf(facts)).toMatchObject({ stack: { IN_SYNC: 1, DRIFTED: 0 }, resource: { IN_SYNC: 0, DRIFTED: 1 } });
  });

  it('count what was never detected as NOT_CHECKED, and never as good', () => {
    const facts = { ...NOTHING, rows: [row(fleet[0]!, [ofStack()])], books: [] };
    expect(statesOf(facts)).toMatchObject({ stack: { DRIFTED: 1 }, resource: { IN_SYNC: 0, NOT_CHECKED: 1 } });
  });

  it('take the worst of a stack and of those nested in it', () => {
    const parts = [stack(fleet[0]!), stack(fleet[0]!, { nested: 'Child', detection: null })];
    expect(statesOf({ ...NOTHING, books: books(parts) })).toMatchObject({ resource: { IN_SYNC: 0, NOT_CHECKED: 1 } });
  });

  it('count what the pass could not see among those that no index names', () => {
    const facts = { ...NOTHING, pass: { ...pass, deployments: 5, unknown: 2 } };
    expect(statesOf(facts)).toMatchObject({
      stack: { IN_SYNC: 3, UNKNOWN: 2 },
      resource: { IN_SYNC: 0, NOT_CHECKED: 5 },
    });
  });

  it('are those of what was asked for only', () => {
    const one = narrowed(FLEET, (address) => address === fleet[3]);
    expect(statesOf(one, false)).toMatchObject({ stack: { IN_SYNC: 1 }, resource: { DRIFTED: 1 } });
  });

  it('do not take a stack set for a deployment, whose instance is what drifted', () => {
    const facts = {
      ...NOTHING,
      rows: [
        row('StackSet/guardrails', [], { sync: 'DRIFTED' }),
        row('StackSet/guardrails@100000000001/us-east-1', [ofStack()]),
      ],
    };
    expect(describeDrift(view({ facts })).data).toMatchObject({ deployments: 1, unexplained: [] });
  });
});
