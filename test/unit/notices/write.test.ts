import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address, DeploymentAddress } from '../../../src/model/address.js';
import type { CheckBook, StackChecks } from '../../../src/model/checks.js';
import { NO_DRIFT, STACK_SUBJECT } from '../../../src/model/drift.js';
import type { DriftState, Finding } from '../../../src/model/drift.js';
import { digestOf } from '../../../src/model/canonical.js';
import type { Revision, RunId } from '../../../src/model/identifiers.js';
import type { Notice } from '../../../src/model/notice.js';
import type { Run } from '../../../src/model/run.js';
import type { TargetKey } from '../../../src/model/target.js';
import { MOST_OF_A_KIND, noticesOf } from '../../../src/reconciler/notices/write.js';
import type { Found } from '../../../src/reconciler/notices/write.js';
import { DEPLOYMENT, entry, recorded, SET } from '../../support/builders.js';
import { HOSTILE } from './receiver.js';

const NOW = new Date('2026-11-22T16:00:00.000Z');
const ago = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

function finding(over: Partial<Finding> = {}): Finding {
  return {
    layer: 'resource',
    subject: 'Queue',
    resourceType: 'AWS::SQS::Queue',
    physicalId: 'https://sqs.us-east-1.amazonaws.com/111111111111/janitor',
    kind: 'changed',
    differences: [{ path: '/VisibilityTimeout', expected: '30', actual: '60' }],
    seenBy: { detection: ago(0.1) },
    firstSeen: ago(0.1),
    changedAt: ago(0.1),
    notBefore: ago(24),
    actor: null,
    accepted: null,
    contestedSince: null,
    unrevertable: null,
    ...over,
  };
}

const alice = {
  principal: 'arn:aws:sts::111111111111:assumed-role/Admin/alice',
  event: 'sqs.amazonaws.com:SetQueueAttributes',
  at: ago(3),
  sourceIpAddress: '198.51.100.7',
  eventId: '6e1b5b2e-1f0a-4b7e-9b0e-0c8f5a4e2d11',
};

const drifted = (...findings: readonly Finding[]): DriftState => ({ findings, reverted: {} });
const kept = (address: Address, drift: DriftState) => ({ address, drift, memberDrift: {} });

function found(over: Partial<Found> = {}): Found {
  return {
    controller: { name: 'evenkeel', drift: { type: 'rate', every: 24 * 3_600_000 } },
    before: [],
    after: [],
    since: null,
    entries: [],
    books: [],
    runs: [],
    run: null,
    now: NOW,
    ...over,
  };
}

const textOf = (notices: readonly Notice[]): string =>
  notices
    .map(({ kind, address, title, lines }) => [`[${kind}] ${address ?? '-'}`, title, '', ...lines].join('\n'))
    .join('\n\n----\n\n') + '\n';
const ids = (notices: readonly Notice[]): readonly string[] => notices.map(({ id }) => id);

describe('drift that is told', () => {
  it('says where, what, expected and actual, how it was seen, and who did it', async () => {
    const nested = finding({
      subject: 'Child.Topic',
      resourceType: 'AWS::SNS::Topic',
      kind: 'deleted',
      differences: [],
    });
    const stack = finding({
      layer: 'stack',
      subject: STACK_SUBJECT,
      resourceType: null,
      seenBy: { walk: ago(0.2), template: ago(0.1) },
      firstSeen: ago(30),
      differences: [
        { path: '/Parameters/Password', expected: '(NoEcho)', actual: '(NoEcho)' },
        { path: '/Tags/owner', expected: 'platform', actual: null },
        { path: '/Template', expected: null, actual: null },
      ],
      unrevertable: 'CloudFormation computed a drift-aware change set for it and found nothing to change',
    });
    const state = drifted(finding({ actor: alice }), nested, stack);
    await expect(textOf(noticesOf(found({ after: [kept(DEPLOYMENT, state)] })))).toMatchFileSnapshot(
      'golden/drift.txt',
    );
  });

  it('says of each other kind what is the matter', async () => {
    const kinds = ['missing', 'outdated', 'inoperable', 'suspended', 'unexpected'] as const;
    const memberDrift = Object.fromEntries(
      kinds.map((kind, index) => [
        `11111111111${index}/us-east-1`,
        drifted(
          finding({
            layer: 'instance',
            subject: STACK_SUBJECT,
            resourceType: null,
            kind,
            differences: [],
            seenBy: { walk: ago(1) },
          }),
        ),
      ]),
    );
    const notices = noticesOf(found({ after: [{ address: SET, drift: NO_DRIFT, memberDrift }] }));
    await expect(textOf(notices)).toMatchFileSnapshot('golden/instances.txt');
  });

  it('is told once: in the next pass it is as it was, and through another controller it has the same id', () => {
    const after = [kept(DEPLOYMENT, drifted(finding()))];
    const first = noticesOf(found({ after }));
    expect(first).toHaveLength(1);
    expect(noticesOf(found({ before: after, after, since: ago(0) }))).toEqual([]);
    expect(ids(noticesOf(found({ after, now: new Date(NOW.getTime() + 60_000) })))).toEqual(ids(first));
  });

  it('is told again when it comes to be something else, and when it comes back', () => {
    const one = [kept(DEPLOYMENT, drifted(finding({ firstSeen: ago(5), changedAt: ago(5) })))];
    const changed = [kept(DEPLOYMENT, drifted(finding({ firstSeen: ago(5), changedAt: ago(1) })))];
    const back = [kept(DEPLOYMENT, drifted(finding({ firstSeen: ago(0.5), changedAt: ago(0.5) })))];
    const told = [found({ after: one }), found({ before: one, after: changed }), found({ after: back })].flatMap(
      noticesOf,
    );
    expect(new Set(ids(told)).size).toBe(3);
  });

  it('is not told again because somebody is known to have done it, or another method sees it too', () => {
    const before = [kept(DEPLOYMENT, drifted(finding()))];
    const after = [kept(DEPLOYMENT, drifted(finding({ actor: alice, seenBy: { detection: ago(0.1), walk: ago(0) } })))];
    expect(noticesOf(found({ before, after }))).toEqual([]);
  });

  it('is not told where it is accepted, and is told when that is over', () => {
    const accepted = [kept(DEPLOYMENT, drifted(finding({ accepted: { reason: 'agreed', expires: '2026-11-21' } })))];
    const open = [kept(DEPLOYMENT, drifted(finding()))];
    expect(noticesOf(found({ after: accepted }))).toEqual([]);
    expect(noticesOf(found({ before: accepted, after: open }))).toHaveLength(1);
    expect(noticesOf(found({ before: open, after: accepted }))).toEqual([]);
  });

  it('is told by the next pass where the one that found it died before it told anybody', () => {
    const after = [kept(DEPLOYMENT, drifted(finding({ firstSeen: ago(0.5), changedAt: ago(0.5) })))];
    expect(noticesOf(found({ before: after, after, since: ago(1) }))).toHaveLength(1);
    expect(noticesOf(found({ before: after, after, since: ago(0.4) }))).toEqual([]);
  });

  it('that is contested is told as that, with who changes it back', async () => {
    const contested = finding({ contestedSince: ago(0.1), actor: alice });
    const state: DriftState = { findings: [contested], reverted: { 'resource:Queue': [ago(6), ago(4), ago(2)] } };
    const notices = noticesOf(found({ after: [kept(DEPLOYMENT, state)] }));
    expect(notices.map(({ kind }) => kind)).toEqual(['contested']);
    await expect(textOf(notices)).toMatchFileSnapshot('golden/contested.txt');
    expect(noticesOf(found({ before: [kept(DEPLOYMENT, state)], after: [kept(DEPLOYMENT, state)] }))).toEqual([]);
    const again: DriftState = { ...state, findings: [{ ...contested, contestedSince: ago(0) }] };
    const next = noticesOf(found({ before: [kept(DEPLOYMENT, state)], after: [kept(DEPLOYMENT, again)] }));
    expect(next).toHaveLength(1);
    expect(ids(next)).not.toEqual(ids(notices));
  });

  it('in hundreds of places at once is fifty notices and one that sums up the rest, the same whoever counts', async () => {
    const places = Array.from({ length: 300 }, (_, index) =>
      kept(`Stack/janitor@${String(200_000_000_000 + index)}/us-east-1` as DeploymentAddress, drifted(finding())),
    );
    const notices = noticesOf(found({ after: places }));
    expect(notices).toHaveLength(MOST_OF_A_KIND + 1);
    await expect(textOf(notices.slice(-1))).toMatchFileSnapshot('golden/and-more.txt');
    expect(ids(noticesOf(found({ after: [...places].reverse() })))).toEqual(ids(notices));
    const fewer = noticesOf(found({ after: places.slice(1) }));
    expect(ids(fewer).at(-1)).not.toBe(ids(notices).at(-1));
  });

  it('is one line of bounded length each, whatever stands in a resource', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.constant(HOSTILE));
    fc.assert(
      fc.property(text, text, text, (path, actual, principal) => {
        const differences = Array.from({ length: 30 }, () => ({ path, expected: actual, actual }));
        const [notice] = noticesOf(
          found({ after: [kept(DEPLOYMENT, drifted(finding({ differences, actor: { ...alice, principal } })))] }),
        );
        for (const line of [notice!.title, ...notice!.lines]) {
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
          expect(line.length).toBeLessThanOrEqual(501);
        }
        expect(notice!.lines.length).toBeLessThan(40);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a run that is told to have stalled', () => {
  const run = (over: Partial<Run> = {}): Run => ({
    id: 'run-20261122T120000Z-0a1b2c3d' as RunId,
    door: 'reconcile',
    scope: { type: 'all' },
    revision: '4f2c1d9be0a75c1f0d3b8a6e2c9f7d5b1a3e8c60' as Revision,
    planDigest: digestOf('plan'),
    startedAt: ago(4),
    finishedAt: null,
    outcome: null,
    changes: [],
    historyRoot: null,
    ...over,
  });

  it('began more than two hours ago and has no end', async () => {
    const notices = noticesOf(found({ runs: [run()] }));
    await expect(textOf(notices)).toMatchFileSnapshot('golden/stalled.txt');
    expect(ids(noticesOf(found({ runs: [run()], now: new Date(NOW.getTime() + 1) })))).toEqual(ids(notices));
  });

  it('is not one that ended, is young, is the pass itself, or began in the future', () => {
    const runs = [
      run({ finishedAt: ago(3), outcome: 'succeeded' }),
      run({ startedAt: ago(1.9) }),
      run({ startedAt: ago(-9) }),
    ];
    expect(noticesOf(found({ runs }))).toEqual([]);
    expect(noticesOf(found({ runs: [run()], run: run().id }))).toEqual([]);
  });
});

describe('a check that is overdue', () => {
  const check = (hours: number) => ({ at: ago(hours), status: 'IN_SYNC' as const, error: null, notCheckable: [] });
  const stack = (over: Partial<StackChecks> = {}): StackChecks => ({
    address: DEPLOYMENT,
    nested: null,
    detection: check(10),
    template: check(10),
    pending: null,
    ...over,
  });
  const book = (target: TargetKey, stacks: CheckBook['stacks']): CheckBook => ({
    target,
    accountName: 'workload-1',
    unitPath: '/Workloads',
    stacks,
    spent: { since: ago(0), calls: 0 },
    version: 1,
  });

  it('is told once for each account and day, with the oldest first', async () => {
    const books = [
      book('111111111111/us-east-1', {
        a: stack(),
        b: stack({ detection: check(60) }),
        c: stack({ nested: 'Child', template: check(80) }),
      }),
      book('111111111111/us-west-2', { d: stack({ detection: null, template: null }) }),
      book('222222222222/us-east-1', { e: stack() }),
    ];
    const entries = [entry(DEPLOYMENT, { recorded: recorded({ at: ago(70) }) })];
    const notices = noticesOf(found({ books, entries }));
    await expect(textOf(notices)).toMatchFileSnapshot('golden/overdue.txt');
    const later = (hours: number) =>
      ids(noticesOf(found({ books, entries, now: new Date(NOW.getTime() + hours * 3_600_000) })));
    expect(later(1)).toEqual(ids(notices));
    expect(later(9)).not.toEqual(ids(notices));
  });

  it('is none where nothing is scheduled, where it was deployed not long ago, and where nobody knows since when it stands', () => {
    const books = [book('111111111111/us-east-1', { a: stack({ detection: null, template: null }) })];
    const entries = [entry(DEPLOYMENT, { recorded: recorded({ at: ago(30) }) })];
    expect(noticesOf(found({ books, entries }))).toEqual([]);
    expect(noticesOf(found({ books }))).toEqual([]);
    const late = [book('111111111111/us-east-1', { a: stack({ detection: check(500) }) })];
    expect(noticesOf(found({ books: late, controller: { name: 'evenkeel', drift: null } }))).toEqual([]);
  });

  it('in more accounts than anybody reads is summed up once a day, however many more they become', () => {
    const late = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        book(`${String(300_000_000_000 + index)}/us-east-1`, { a: stack({ detection: check(100) }) }),
      );
    const notices = noticesOf(found({ books: late(60) }));
    expect(notices).toHaveLength(MOST_OF_A_KIND + 1);
    expect(ids(noticesOf(found({ books: late(90) }))).at(-1)).toBe(ids(notices).at(-1));
  });
});
