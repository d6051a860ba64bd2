import { cp } from 'node:fs/promises';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { OrganizationsClient, TagResourceCommand } from '@aws-sdk/client-organizations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { open } from '../../src/installation/installation.js';
import { snapshotText } from '../../src/model/snapshot-text.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { SnapshotOutcome } from '../../src/reconciler/describe-snapshot.js';
import type { Planned, Report } from '../../src/reconciler/outcome.js';
import type { Session } from '../../src/installation/session.js';
import { readOrganizationFile } from '../../src/simulator/organizations/organization-file.js';
import { createSimulator, type StorySimulator } from '../../src/simulator/simulator.js';
import { createMotoOrganization, HOME, REGIONS } from './moto-organization.js';
import type { MotoOrganization } from './moto-organization.js';
import { createMotoWorld } from './moto-world.js';
import type { MotoWorld } from './moto-world.js';

/**
 * A snapshot taken of an AWS that somebody else wrote, and the simulator started from it: what is planned there is what is planned here.
 * moto's management account is the controller, so that there is no delegated administrator. Tests tell one story, in order.
 */
const MOTO = process.env['EVENKEEL_MOTO'];

const CONTROLLER = `apiVersion: evenkeel/v1
kind: Controller
metadata: { name: evenkeel }
spec:
  partition: aws
  homeRegion: us-east-1
  table: evenkeel
  artifactBucket: evenkeel-artifacts-\${account.id}-\${region}
  roles: { plan: evenkeel-plan, apply: evenkeel-apply, cloudformation: evenkeel-cloudformation }
  budgets: { delete: 50, replace: 2, accounts: 100%, window: 24h }
`;

const QUEUE = `apiVersion: evenkeel/v1
kind: Stack
metadata: { name: queue }
spec:
  template: templates/queue.yaml
  targets: [{ organizationalUnits: [/Workloads/**], tags: { team: [red] }, regions: [us-east-1, us-west-2] }]
  overrides: [{ where: { organizationalUnits: [/Workloads/Dev] }, parameters: { Delay: "5" } }]
`;

const BASELINE = `apiVersion: evenkeel/v1
kind: StackSet
metadata: { name: baseline }
spec:
  template: templates/baseline.yaml
  permissionModel: self-managed
  targets: [{ organizationalUnits: [/Workloads/Prod, /Sandbox], regions: [us-east-1, us-west-2] }]
  overrides: [{ where: { organizationalUnits: [/Sandbox] }, parameters: { Keep: "60" } }]
`;

const queueTemplate = (seconds: number): string => `Parameters:
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: ${seconds}, DelaySeconds: !Ref Delay }
Outputs:
  Url: { Value: !Ref Queue }
`;

const BASELINE_TEMPLATE = `Parameters:
  Keep: { Type: Number, Default: 345600 }
Resources:
  Findings:
    Type: AWS::SQS::Queue
    Properties: { QueueName: baseline-findings, MessageRetentionPeriod: !Ref Keep }
`;

const FOREIGN = `Parameters:
  Password: { Type: String, NoEcho: true }
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { TopicName: foreign-topic, DisplayName: !Ref Password }
`;

const watch = { signal: new AbortController().signal, progress: () => undefined };
const READS = /^(Describe|List|Get|AssumeRole)/;

let organization: MotoOrganization;
let world: MotoWorld;
let outcome: SnapshotOutcome;
let copy: StorySimulator;

/** The same desired state and ledger, on the copy. */
async function onTheCopy<Value>(use: (session: Session) => Promise<Value>): Promise<Value> {
  const { session, diagnostics } = await open({
    source: { type: 'folder', path: world.folder },
    installation: null,
    ledger: { type: 'folder', path: `${world.ledgerFolder}-of-the-copy` },
    env: {},
    clock: simulatedClock(copy),
    aws: simulatedAws(copy, organization.management),
  });
  if (session === null) throw new Error(JSON.stringify(diagnostics, null, 2));
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

const taken = (): Snapshot => outcome.snapshot!;
const changesOf = ({ plan }: Planned) => plan!.changes;

describe.skipIf(MOTO === undefined)('a snapshot of moto', () => {
  beforeAll(async () => {
    organization = await createMotoOrganization(MOTO!);
    const organizations = new OrganizationsClient({
      endpoint: MOTO!,
      region: HOME,
      credentials: organization.credentials,
    });
    for (const [n, member] of organization.members.entries())
      await organizations.send(
        new TagResourceCommand({ ResourceId: member.id, Tags: [{ Key: 'team', Value: n % 2 === 0 ? 'red' : 'blue' }] }),
      );
    organizations.destroy();
    world = await createMotoWorld(organization);
    await world.write({
      'controller.yaml': CONTROLLER,
      'queue.yaml': QUEUE,
      'baseline.yaml': BASELINE,
      'templates/queue.yaml': queueTemplate(30),
      'templates/baseline.yaml': BASELINE_TEMPLATE,
    });
    await world.reconcile();
    const client = await organization.cloudFormation(organization.members[1]!.id, 'us-west-2');
    await client.send(
      new CreateStackCommand({
        StackName: 'foreign',
        TemplateBody: FOREIGN,
        Parameters: [{ ParameterKey: 'Password', ParameterValue: 'correct horse battery' }],
        Tags: [{ Key: 'team', Value: 'somebody-else' }],
      }),
    );
    // The next commit, not yet applied.
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
  });
  afterAll(async () => {
    await copy?.close();
    await world?.close();
    organization?.close();
  });

  test('only reads, once for each place, stack and instance', async () => {
    const session = await world.session();
    try {
      outcome = await session.snapshot([], watch);
    } finally {
      await session.close();
    }
    expect(outcome.diagnostics).toEqual([]);
    expect(outcome.gaps).toEqual([]);
    expect(world.mutations()).toEqual([]);
    expect(Object.keys(world.calls()).filter((operation) => !READS.test(operation))).toEqual([]);
    const stacks = taken().places.flatMap((place) => ('stacks' in place ? place.stacks : []));
    expect(stacks.length).toBeGreaterThan(10);
    const places = (organization.members.length + 1) * REGIONS.length;
    expect(world.calls()).toMatchObject({
      ListStackSets: 1,
      DescribeStackSet: 1,
      ListStackInstances: 1,
      DescribeStackInstance: 14,
      DescribeStacks: places,
      // moto gives an instance another StackId with every listing, so that no stack is known to be one: each template is read.
      GetTemplate: stacks.length,
      ListTagsForResource: organization.members.length + 1,
    });
  });

  test('holds the tree with ids and tags, and stacks with theirs', () => {
    const { accounts, units } = taken();
    expect(units.map(({ path }) => path)).toEqual(['/Sandbox', '/Workloads', '/Workloads/Dev', '/Workloads/Prod']);
    expect(accounts.map(({ id, unit }) => [id, unit]).sort()).toEqual(
      organization.members.map(({ id, unit }) => [id, unit]).sort(),
    );
    expect(accounts.filter(({ tags }) => tags?.['team'] === 'red')).toHaveLength(5);
    const foreign = taken().places.flatMap((place) => ('stacks' in place ? place.stacks : []));
    // moto looks for the value among the names of NoEcho parameters, and so shows it: on AWS it is ****.
    expect(foreign.find(({ id }) => id.includes('/foreign/'))).toMatchObject({
      tags: { team: 'somebody-else' },
      parameters: { Password: 'correct horse battery' },
    });
  });

  test('starts a simulator on which the same is planned', async () => {
    copy = createSimulator({ organization: readOrganizationFile([...snapshotText(taken())].join('')) });
    await cp(world.ledgerFolder, `${world.ledgerFolder}-of-the-copy`, { recursive: true });
    const there = await world.plan();
    const here = await onTheCopy((session) => session.plan({ type: 'all' }, watch));
    expect(changesOf(there).length).toBeGreaterThan(5);
    expect(changesOf(here)).toEqual(changesOf(there));
    // moto makes up another StackId for an instance with every listing: the message names it, and nothing else differs.
    const rest = ({ plan }: Planned) => ({
      ...plan,
      digest: null,
      unknowns: plan!.unknowns.map(({ address, cause }) => [address, cause]),
    });
    expect(rest(here)).toEqual(rest(there));
    expect(there.plan!.unknowns.map(({ diagnostic }) => diagnostic.code)).toEqual(Array(14).fill('EK6021'));
  });

  test('and on which it can be rehearsed', async () => {
    const report: Report = await onTheCopy(async (session) =>
      session.apply(await session.plan({ type: 'all' }, watch), 'reconcile', watch),
    );
    expect((report.run?.changes ?? []).filter(({ result }) => result !== 'done')).toEqual([]);
    expect(report.run!.changes.length).toBeGreaterThan(5);
  });
});
