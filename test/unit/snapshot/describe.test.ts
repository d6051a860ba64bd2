import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/cli/render/markdown.js';
import { renderTerminal } from '../../../src/cli/render/terminal.js';
import type { AccountId, Region, Sha256 } from '../../../src/model/identifiers.js';
import type { Snapshot, SnapshotGap, SnapshotStack } from '../../../src/model/snapshot.js';
import { describeSnapshot, snapshotExitCode } from '../../../src/reconciler/describe-snapshot.js';
import type { SnapshotOutcome } from '../../../src/reconciler/describe-snapshot.js';

const [HUB, MANAGEMENT, PAYMENTS, ORDERS] = ['100000000004', '100000000001', '100000000011', '100000000012'].map(
  (id) => id as AccountId,
) as [AccountId, AccountId, AccountId, AccountId];
const [EAST, WEST] = ['us-east-1' as Region, 'us-west-2' as Region];
const TEMPLATE = 'a'.repeat(64) as Sha256;
const DENIED = { code: 'AccessDenied', message: 'with an explicit deny in a service control policy' };

const stack = (account: string, region: string, name: string, over: Partial<SnapshotStack> = {}): SnapshotStack => ({
  id: `arn:aws:cloudformation:${region}:${account}:stack/${name}/1`,
  status: 'CREATE_COMPLETE',
  createdAt: '2026-01-01T00:00:00.000Z',
  template: TEMPLATE,
  ...over,
});

const SNAPSHOT: Snapshot = {
  formatVersion: 1,
  takenAt: '2026-11-22T16:00:00.000Z',
  partition: 'aws',
  organizationId: 'o-exampleorgid',
  rootId: 'r-root',
  controller: HUB,
  managementAccount: { id: MANAGEMENT, name: 'management', unit: '/' },
  units: [{ path: '/Workloads', id: 'ou-root-00000001' }],
  accounts: [
    { id: HUB, name: 'security-tooling', unit: '/' },
    { id: PAYMENTS, name: 'payments-prod', unit: '/Workloads' },
    { id: ORDERS, name: 'orders-prod', unit: '/Workloads' },
  ],
  trustedServices: [],
  delegatedAdministrators: [],
  buckets: [],
  templates: { [TEMPLATE]: '{"Resources":{}}' },
  places: [
    { account: HUB, region: EAST, stacks: [] },
    { account: HUB, region: WEST, stacks: [] },
    {
      account: PAYMENTS,
      region: EAST,
      stacks: [
        stack(PAYMENTS, EAST, 'shop', { status: 'UPDATE_IN_PROGRESS' }),
        stack(PAYMENTS, EAST, 'shop-Database-1', { parentId: 'shop' }),
      ],
    },
    { account: PAYMENTS, region: WEST, unread: DENIED },
    { account: ORDERS, region: EAST, stacks: [stack(ORDERS, EAST, 'orders', { template: DENIED })] },
    { account: ORDERS, region: WEST, stacks: [] },
    { account: MANAGEMENT, region: EAST, unread: DENIED },
    { account: MANAGEMENT, region: WEST, unread: DENIED },
  ],
  stackSets: [
    {
      account: HUB,
      region: EAST,
      callAs: 'SELF',
      stackSets: [
        {
          name: 'evenkeel-baseline',
          id: 'evenkeel-baseline:1',
          arn: 'arn:aws:cloudformation:us-east-1:100000000004:stackset/evenkeel-baseline:1',
          template: TEMPLATE,
          permissionModel: 'SELF_MANAGED',
          managedExecution: true,
          instances: [
            { account: PAYMENTS, region: EAST, status: 'CURRENT', overrides: { Keep: '60' } },
            { account: ORDERS, region: EAST, status: 'OUTDATED' },
          ],
        },
        { name: 'somebody-elses', unread: DENIED },
      ],
    },
  ],
};

const unreachable = (account: AccountId, region: Region): SnapshotGap => ({
  target: { account, region },
  cause: 'unreachable',
  wanted: false,
  diagnostic: {
    code: 'EK6011',
    severity: 'warning',
    message: `the role evenkeel-plan in account ${account} could not be assumed: AccessDenied`,
    remedy: `create the role in account ${account}`,
  },
});

const GAPS: readonly SnapshotGap[] = [
  unreachable(MANAGEMENT, EAST),
  unreachable(MANAGEMENT, WEST),
  {
    target: { account: PAYMENTS, region: WEST },
    cause: 'region-disabled',
    wanted: true,
    diagnostic: {
      code: 'EK6018',
      severity: 'error',
      message: `CloudFormation in ${PAYMENTS}/us-west-2 refuses the plan role: AccessDenied: ${DENIED.message}`,
      remedy: `enable us-west-2 in account ${PAYMENTS}, lift the policy that denies it, or leave the Region out of the targets`,
    },
  },
  {
    target: null,
    cause: 'listing-failed',
    wanted: false,
    diagnostic: {
      code: 'EK6011',
      severity: 'warning',
      message: `the stack set somebody-elses could not be read as SELF in ${HUB}/us-east-1: AccessDenied: ${DENIED.message}`,
      remedy: 'allow the controller cloudformation:DescribeStackSet',
    },
  },
];

const OUTCOMES: Readonly<Record<string, SnapshotOutcome>> = {
  'a snapshot with gaps': { snapshot: SNAPSHOT, gaps: GAPS, diagnostics: [] },
  'no snapshot': {
    snapshot: null,
    gaps: [],
    diagnostics: [
      {
        code: 'EK6023',
        severity: 'error',
        message: 'AWS could not be asked who this is (CredentialsProviderError: Could not load credentials)',
        remedy:
          'sign in (such as with "aws sso login"), or export credentials of the controller\'s account; then run again',
      },
    ],
  },
};

describe.each(Object.entries(OUTCOMES))('%s', (name, outcome) => {
  const file = name.replaceAll(' ', '-');

  it('is told on a terminal', async () => {
    const text = renderTerminal(describeSnapshot(outcome), { colour: false, width: 100 });
    await expect(text).toMatchFileSnapshot(`golden/${file}.100.txt`);
  });

  it('is told in Markdown', async () => {
    await expect(renderMarkdown(describeSnapshot(outcome))).toMatchFileSnapshot(`golden/${file}.md`);
  });
});

describe('the exit code of a snapshot', () => {
  const code = (...gaps: readonly SnapshotGap[]) => snapshotExitCode({ snapshot: SNAPSHOT, gaps, diagnostics: [] });
  const wanted = (gap: SnapshotGap): SnapshotGap => ({ ...gap, wanted: true });

  it('is 0 where everything was read that the desired state deploys to', () => {
    expect(code()).toBe(0);
    expect(code(...GAPS.filter((gap) => !gap.wanted))).toBe(0);
  });

  it('is that of a plan where something was not', () => {
    expect(code(wanted(GAPS[0]!))).toBe(9);
    expect(code(GAPS[2]!)).toBe(1);
    expect(code(GAPS[2]!, wanted(GAPS[0]!))).toBe(9);
    expect(code(wanted(GAPS[3]!))).toBe(1);
  });

  it('is that of its diagnostics where there is no snapshot', () => {
    expect(snapshotExitCode(OUTCOMES['no snapshot']!)).toBe(9);
  });
});
