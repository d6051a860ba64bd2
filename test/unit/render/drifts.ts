import type { Address } from '../../../src/model/address.js';
import type { Check, CheckBook, Pass, StackChecks } from '../../../src/model/checks.js';
import { STACK_SUBJECT } from '../../../src/model/drift.js';
import type { Finding } from '../../../src/model/drift.js';
import { parseTargetKey, targetKey } from '../../../src/model/target.js';
import type { TargetKey } from '../../../src/model/target.js';
import { targetOf } from '../../../src/model/address.js';
import type { LedgerDrift } from '../../../src/reconciler/describe-drift-report.js';
import type { LedgerRow } from '../../../src/reconciler/ports.js';
import { at } from './plans.js';

/** Facts of drift for tests, each with a default for everything. */
export const NOW = new Date('2026-11-23T02:00:00.000Z');

export const alice = {
  principal: 'arn:aws:sts::100000000001:assumed-role/Admin/alice',
  event: 'sqs.amazonaws.com:SetQueueAttributes',
  at: '2026-11-22T22:41:07.000Z',
  sourceIpAddress: '203.0.113.7',
  eventId: 'e-1',
};

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    layer: 'resource',
    subject: 'Queue',
    resourceType: 'AWS::SQS::Queue',
    physicalId: 'https://sqs.us-east-1.amazonaws.com/100000000001/q',
    kind: 'changed',
    differences: [{ path: '/VisibilityTimeout', expected: '30', actual: '45' }],
    seenBy: { detection: '2026-11-22T23:00:00.000Z' },
    firstSeen: '2026-11-22T23:00:00.000Z',
    changedAt: '2026-11-22T23:00:00.000Z',
    notBefore: '2026-11-21T23:00:00.000Z',
    actor: null,
    accepted: null,
    contestedSince: null,
    unrevertable: null,
    ...over,
  };
}

/** A change through CloudFormation, as the walk sees it. */
export function ofStack(over: Partial<Finding> = {}): Finding {
  return finding({
    layer: 'stack',
    subject: STACK_SUBJECT,
    resourceType: null,
    differences: [{ path: '/Parameters/Keep', expected: '3', actual: '10' }],
    seenBy: { walk: '2026-11-23T01:45:00.000Z' },
    firstSeen: '2026-11-23T01:45:00.000Z',
    changedAt: '2026-11-23T01:45:00.000Z',
    notBefore: '2026-11-23T01:30:00.000Z',
    ...over,
  });
}

export function row(address: Address, findings: readonly Finding[], over: Partial<LedgerRow> = {}): LedgerRow {
  const isDrifted = findings.some(({ accepted }) => accepted === null);
  return {
    address,
    role: address.includes('@') ? 'member' : 'unit',
    sync: isDrifted ? 'DRIFTED' : 'IN_SYNC',
    status: 'deployed',
    at: '2026-11-20T00:00:00.000Z',
    drift: { findings, reverted: {} },
    ...over,
  };
}

export function check(over: Partial<Check> = {}): Check {
  return { at: '2026-11-23T00:30:00.000Z', status: 'IN_SYNC', error: null, notCheckable: [], ...over };
}

export function stack(address: Address, over: Partial<StackChecks> = {}): StackChecks {
  return {
    address,
    nested: null,
    detection: check(),
    template: check({ at: '2026-11-20T08:00:00.000Z' }),
    pending: null,
    ...over,
  };
}

/** A book for each account and Region that the stacks stand in. */
export function books(stacks: readonly StackChecks[], over: Partial<CheckBook> = {}): readonly CheckBook[] {
  const keys = [...new Set(stacks.map(({ address }) => targetKey(targetOf(address)!)))];
  return keys.map((target) => {
    const those = stacks.filter(({ address }) => targetKey(targetOf(address)!) === target);
    return {
      target,
      accountName: `account-${String(Number(parseTargetKey(target).account) - 100_000_000_000)}`,
      unitPath: isProduction(target) ? '/Workloads/Prod' : '/Workloads/Dev',
      stacks: Object.fromEntries(those.map((each, index) => [`${each.address}#${String(index)}`, each])),
      spent: { since: '2026-11-23T01:30:00.000Z', calls: 12 },
      version: 1,
      ...over,
    };
  });
}

const isProduction = (target: TargetKey): boolean => Number(parseTargetKey(target).account) % 2 === 0;

export const pass: Pass = {
  at: '2026-11-23T01:45:00.000Z',
  run: null,
  door: 'watch',
  durationMs: 12_345,
  calls: { 'cloudformation:DescribeStacks': 24, 'sts:AssumeRole': 4 },
  deployments: 8,
  unknown: 0,
  begun: { detections: 2, sweeps: 1 },
  waiting: 0,
};

/** Every account from 1 to `count`, each with a stack of the manifest. */
export function everywhere(manifest: Parameters<typeof at>[0], count: number): readonly Address[] {
  return Array.from({ length: count }, (_, index) => at(manifest, index + 1));
}

const queue = 'Stack/log-bucket';
const withNested = at('Stack/nested', 4);

/** One of everything that can be the matter. */
export const EVERYTHING: LedgerDrift = {
  rows: [
    row(at(queue, 1), [finding({ actor: alice }), ofStack()]),
    row(at(queue, 2), [
      finding({
        accepted: { reason: 'the owner tunes it', expires: '2027-01-31' },
      }),
    ]),
    row(at('Stack/keys', 3), [
      finding({
        subject: 'Key',
        resourceType: 'AWS::KMS::Key',
        kind: 'deleted',
        differences: [],
        unrevertable: 'CloudFormation cannot make again what was deleted behind it',
      }),
    ]),
    row(withNested, [
      ofStack({
        subject: `Child.${STACK_SUBJECT}`,
        seenBy: { walk: '2026-11-23T01:45:00.000Z', template: '2026-11-23T00:30:00.000Z' },
        firstSeen: '2026-11-23T00:30:00.000Z',
        contestedSince: '2026-11-23T01:45:00.000Z',
        actor: { ...alice, event: 'cloudformation.amazonaws.com:UpdateStack', sourceIpAddress: null },
        differences: [
          { path: '/Template', expected: '4f2c1d9be0a7', actual: '0a1b2c3d4e5f' },
          { path: '/Parameters/Password', expected: null, actual: null },
        ],
      }),
    ]),
    row(at('StackSet/guardrails', 1), [ofStack({ layer: 'instance', kind: 'missing', differences: [] })]),
    row(at('StackSet/guardrails', 2), [ofStack({ layer: 'instance', kind: 'outdated', differences: [] })]),
    row('StackSet/guardrails', [ofStack({ differences: [{ path: '/Tags/owner', expected: null, actual: 'me' }] })]),
    row(at('Stack/far', 5), [], { sync: 'UNKNOWN', role: 'unit' }),
  ],
  books: books([
    stack(at(queue, 1), { detection: check({ status: 'DRIFTED' }) }),
    stack(at(queue, 2)),
    stack(at('Stack/keys', 3), { detection: check({ notCheckable: ['AWS::KMS::Grant', 'Custom::Thing'] }) }),
    stack(withNested, { detection: check({ status: 'UNKNOWN', error: 'Access denied for ListTags' }) }),
    stack(withNested, { nested: 'Child', template: check({ notCheckable: ['Parameters/Password (NoEcho)'] }) }),
    stack(at('StackSet/guardrails', 1), { detection: null, template: null }),
    stack(at('StackSet/guardrails', 2), {
      detection: null,
      template: null,
      pending: { id: 'd-1', since: '2026-11-23T01:15:00.000Z' },
    }),
    stack(at('Stack/far', 5), { detection: check({ status: 'NOT_CHECKABLE', notCheckable: ['Custom::Thing'] }) }),
  ]),
  pass: { ...pass, unknown: 1, waiting: 3 },
};
