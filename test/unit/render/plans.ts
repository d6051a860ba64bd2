import { deploymentAddress } from '../../../src/model/address.js';
import type { Address, ManifestAddress } from '../../../src/model/address.js';
import { digestOf } from '../../../src/model/canonical.js';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { AccountId, LogicalId, Region, Revision } from '../../../src/model/identifiers.js';
import type { Change, MemberChange, Plan } from '../../../src/model/plan.js';
import type { Planned } from '../../../src/reconciler/outcome.js';

export const accountId = (number: number): AccountId => String(100_000_000_000 + number) as AccountId;

export function at(manifest: ManifestAddress, account: number, region = 'us-east-1'): Address {
  return deploymentAddress(manifest, { account: accountId(account), region: region as Region });
}

export function change(address: Address, parts: Partial<Change> = {}): Change {
  return {
    address,
    action: 'create',
    reason: 'new',
    fields: [],
    members: [],
    replaces: [],
    removes: [],
    artifactSha256: digestOf('artifact'),
    observedSha256: null,
    dependsOn: [],
    wave: 0,
    ...parts,
  };
}

export function member(address: Address, parts: Partial<MemberChange> = {}): MemberChange {
  return { address, action: 'create', reason: 'new', fields: [], ...parts };
}

export const logicalIds = (...names: readonly string[]): readonly LogicalId[] => names as readonly LogicalId[];

export function planOf(parts: Partial<Omit<Plan, 'digest'>> = {}): Plan {
  const body: Omit<Plan, 'digest'> = {
    schemaVersion: 1,
    evenkeelVersion: '0.0.0',
    installation: 'evenkeel',
    revision: '4f2c1d9be0a75c1f0d3b8a6e2c9f7d5b1a3e8c60' as Revision,
    lockSha256: digestOf(''),
    scope: { type: 'all' },
    targetsSha256: digestOf([]),
    changes: [],
    rollouts: [],
    drift: [],
    refusals: [],
    unknowns: [],
    excluded: [],
    unchanged: 0,
    ...parts,
  };
  return { ...body, digest: digestOf(body) };
}

export function planned(parts: Partial<Omit<Plan, 'digest'>> = {}, rest: Partial<Planned> = {}): Planned {
  return { plan: planOf(parts), diagnostics: [], verdict: { blocks: [], budgets: [] }, accountNames: {}, ...rest };
}

export const unquotedAccount: Diagnostic = {
  code: 'EK2003',
  severity: 'error',
  address: 'ServerlessApplication/lambda-janitor',
  place: {
    file: 'desired-state/security/lambda-janitor.yaml',
    line: 21,
    column: 18,
    length: 12,
    source: '      accounts: [012345678901]',
  },
  message: 'account 012345678901 is not quoted, so YAML reads it as the number 12345678901',
  remedy: 'write "012345678901"',
};

const bucketIn = (account: number): Change['fields'] => [
  { path: 'parameters.Bucket', before: null, after: `logs-${accountId(account)}-us-east-1` },
  { path: 'parameters.Days', before: null, after: '30' },
];

/** Plans by name, for every renderer. */
export const PLANS: Readonly<Record<string, Planned>> = {
  empty: planned({ unchanged: 40 }),
  'one create': planned({
    changes: [change(at('Stack/log-bucket', 1), { fields: bucketIn(1) })],
    unchanged: 3,
  }),
  'same creates and an outlier': planned({
    changes: [
      ...Array.from({ length: 40 }, (_, index) => change(at('Stack/log-bucket', index), { fields: bucketIn(index) })),
      change(at('Stack/log-bucket', 77), {
        fields: [{ path: 'parameters.Bucket', before: null, after: 'the-one-that-is-different' }],
      }),
    ],
  }),
  'waves and references': planned({
    changes: [
      change(at('Stack/alarms', 1)),
      ...[1, 2, 3].map((account) =>
        change(at('Stack/watch', account), {
          fields: [
            {
              path: 'parameters.TopicArn',
              before: null,
              after: `(known after ${at('Stack/alarms', account)})`,
            },
          ],
          dependsOn: [at('Stack/alarms', account)],
          wave: account === 1 ? 0 : 1,
        }),
      ),
      change(at('Stack/roster', 9), {
        action: 'update',
        reason: 'manifest-changed',
        fields: [{ path: 'parameters.Members', before: 'a,b', after: '(known after Stack/watch)' }],
        dependsOn: ['Stack/watch'],
      }),
    ],
    rollouts: [
      {
        manifest: 'Stack/watch',
        waves: [
          { wave: 0, deployments: 1, accounts: 1, atOnce: 1, tolerated: 0 },
          { wave: 1, deployments: 2, accounts: 2, atOnce: 1, tolerated: 1 },
        ],
      },
      { manifest: 'StackSet/guardrails', waves: [{ wave: 0, deployments: 8, accounts: 4, atOnce: 1, tolerated: 0 }] },
    ],
    refusals: [
      {
        code: 'EK6030',
        address: 'StackSet/trail',
        message:
          'update is held back: the rollout of StackSet/trail stopped in run-20261122T160000Z-0a1b2c3d when StackSet/trail failed: the queue cannot be made',
        remedy:
          'release another version or template; or, where this one was not to blame, evenkeel resume StackSet/trail --reason "…"',
      },
    ],
  }),
  'deletes within a budget': planned(
    {
      changes: [
        change(at('Stack/old-alarms', 1), { action: 'delete', reason: 'removed' }),
        change(at('Stack/old-alarms', 2), { action: 'delete', reason: 'removed' }),
        change('StackSet/guardrails', {
          action: 'update',
          reason: 'manifest-changed',
          fields: [{ path: 'template', before: '0f'.repeat(32), after: 'a1'.repeat(32) }],
          replaces: logicalIds('TrailBucket'),
          removes: logicalIds('OldTopic', 'OldQueue'),
          members: [
            ...[1, 2, 3].map((account) =>
              member(at('StackSet/guardrails', account), { action: 'delete', reason: 'target-left' }),
            ),
            ...[4, 5].flatMap((account) =>
              ['us-east-1', 'us-west-2'].map((region) => member(at('StackSet/guardrails', account, region))),
            ),
          ],
        }),
        change(at('Stack/janitor', 3), {
          action: 'update',
          reason: 'drifted',
          fields: [{ path: 'parameters.VersionsToKeep', before: '1', after: '10' }],
        }),
        change(at('Stack/broken', 4), { action: 'replace', reason: 'failed-creation' }),
        change(at('Stack/left-alone', 5), { action: 'forget', reason: 'removed' }),
        change(at('Stack/found', 6), { action: 'adopt', reason: 'adopted' }),
      ],
      unchanged: 12,
    },
    {
      verdict: {
        blocks: [],
        budgets: [
          { name: 'delete', planned: 5, spent: 0, limit: 5 },
          { name: 'replace', planned: 2, spent: 1, limit: 10 },
          { name: 'accounts', planned: 4, spent: 0, limit: 6 },
        ],
      },
    },
  ),
  'unknown accounts': planned({
    scope: { type: 'account', account: accountId(9) },
    changes: [change(at('Stack/log-bucket', 1), { fields: bucketIn(1) })],
    unknowns: ['us-east-1', 'us-west-2'].map((region) => ({
      address: at('Stack/log-bucket', 9, region),
      cause: 'unreachable' as const,
      diagnostic: {
        code: 'EK6011' as const,
        severity: 'error' as const,
        address: at('Stack/log-bucket', 9, region),
        message: 'the role evenkeel-plan in account 100000000009 could not be assumed: AccessDenied',
        remedy: 'check that the role exists there and trusts the controller',
      },
    })),
    excluded: [
      { id: accountId(50), name: 'former-team', state: 'SUSPENDED' },
      { id: accountId(51), name: 'closing', state: 'PENDING_CLOSURE' },
    ],
    drift: [
      {
        address: at('Stack/janitor', 3),
        fields: [
          { path: 'parameters.VersionsToKeep', before: '1', after: '10' },
          { path: 'tags.owner', before: null, after: null },
        ],
      },
    ],
    unchanged: 7,
  }),
  'blocked and refused': planned(
    {
      changes: [1, 2, 3, 4, 5, 6].map((account) =>
        change(at('Stack/old-alarms', account), { action: 'delete', reason: 'removed' }),
      ),
      refusals: [
        {
          code: 'EK6006',
          address: at('Stack/log-bucket', 8),
          message: 'a stack named evenkeel-log-bucket exists and its tags are not ours',
          remedy: 'whoever owns it can rename or delete it; or set adopt: true and stackName in Stack/log-bucket',
        },
      ],
    },
    {
      verdict: {
        blocks: [
          {
            code: 'EK6001',
            address: null,
            message: 'the plan deletes 6 deployments; the budget is 5 in 24 hours',
            remedy: 'whoever may change Controller/evenkeel can raise budgets.delete to 6 or more',
          },
        ],
        budgets: [{ name: 'delete', planned: 6, spent: 0, limit: 5 }],
      },
    },
  ),
  invalid: { plan: null, diagnostics: [unquotedAccount], verdict: { blocks: [], budgets: [] }, accountNames: {} },
};
