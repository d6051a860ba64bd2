import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackInstancesCommand,
  ListStackSetsCommand,
} from '@aws-sdk/client-cloudformation';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/model/recorded.js';
import type { Report } from '../../src/reconciler/outcome.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import { createMotoOrganization, HOME, REGIONS } from './moto-organization.js';
import type { Member, MotoOrganization } from './moto-organization.js';
import { createMotoWorld } from './moto-world.js';
import type { MotoWorld } from './moto-world.js';

/**
 * The same reconcile, unchanged, against somebody else's idea of AWS. Tests tell one story, in order. Where moto is not like AWS the
 * assertion says so, and who is right.
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

const QUEUE_MANIFEST = `apiVersion: evenkeel/v1
kind: Stack
metadata: { name: queue }
spec:
  template: templates/queue.yaml
  targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]
  overrides: [{ where: { organizationalUnits: [/Workloads/Dev] }, parameters: { Delay: "5" } }]
`;

const BASELINE_MANIFEST = `apiVersion: evenkeel/v1
kind: StackSet
metadata: { name: baseline }
spec:
  template: templates/baseline.yaml
  permissionModel: self-managed
  targets: [{ organizationalUnits: [/Workloads/Prod, /Sandbox], regions: [us-east-1, us-west-2] }]
  overrides: [{ where: { organizationalUnits: [/Sandbox] }, parameters: { Keep: "60" } }]
`;

/** What stays when all else goes: a desired state without any manifest is refused. It stands where no test looks, in the management account. */
const LAST_MANIFEST = (account: string): string => `apiVersion: evenkeel/v1
kind: Stack
metadata: { name: last }
spec:
  template: templates/queue.yaml
  targets: [{ accounts: ["${account}"], regions: [us-east-1] }]
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

/** moto calls an instance's stack \`StackSet:<name>\`, and derives from it names that SQS refuses: so every resource is named. */
const baselineTemplate = (seconds: number): string => `Parameters:
  Keep: { Type: Number, Default: 345600 }
Resources:
  Findings:
    Type: AWS::SQS::Queue
    Properties: { QueueName: baseline-findings, VisibilityTimeout: ${seconds}, MessageRetentionPeriod: !Ref Keep }
`;

const INSTANCE_STACK = 'StackSet:evenkeel-baseline';

let organization: MotoOrganization;
let world: MotoWorld;

const inUnits = (...units: readonly string[]): Member[] =>
  organization.members.filter((member) => units.some((unit) => member.unit.startsWith(unit)));
const workloads = () => inUnits('/Workloads');
const baselined = () => inUnits('/Workloads/Prod', '/Sandbox');

async function stacksAt(account: string, region: string): Promise<Stack[]> {
  const client = await organization.cloudFormation(account, region);
  const { Stacks } = await client.send(new DescribeStacksCommand({}));
  return (Stacks ?? []).filter((stack) => stack.StackStatus !== 'DELETE_COMPLETE');
}

async function forEachTarget(
  members: readonly Member[],
  look: (member: Member, region: string) => Promise<void>,
): Promise<void> {
  for (const member of members) for (const region of REGIONS) await look(member, region);
}

async function inventory(): Promise<readonly Entry[]> {
  const session = await world.session();
  try {
    return (await session.status()).entries;
  } finally {
    await session.close();
  }
}

const failures = (report: Report) => (report.run?.changes ?? []).filter((change) => change.result !== 'done');

describe.skipIf(MOTO === undefined)('against moto', () => {
  beforeAll(async () => {
    organization = await createMotoOrganization(MOTO!);
    world = await createMotoWorld(organization);
    await world.write({
      'controller.yaml': CONTROLLER,
      'queue.yaml': QUEUE_MANIFEST,
      'baseline.yaml': BASELINE_MANIFEST,
      'templates/queue.yaml': queueTemplate(30),
      'templates/baseline.yaml': baselineTemplate(30),
    });
  });
  afterAll(async () => {
    await world?.close();
    organization?.close();
  });

  test('ten accounts in nested units are discovered, and the management account is no target of theirs', async () => {
    const planned = await world.plan();
    expect(planned.diagnostics).toEqual([]);
    const created = planned.plan!.changes.flatMap((change) => [
      change.address,
      ...change.members.map((member) => member.address),
    ]);
    const at = (manifest: string, members: readonly Member[]) =>
      members.flatMap(({ id }) => REGIONS.map((region) => `${manifest}@${id}/${region}`));
    expect([...created].sort()).toEqual(
      [...at('Stack/queue', workloads()), 'StackSet/baseline', ...at('StackSet/baseline', baselined())].sort(),
    );
    expect(world.mutations()).toEqual([]);
    // Two listings for each of five units, whatever stands in them; no account is asked for by itself.
    expect(world.calls()).toMatchObject({
      DescribeOrganization: 1,
      ListRoots: 1,
      ListOrganizationalUnitsForParent: 5,
      ListAccountsForParent: 5,
    });
    expect(world.calls()).not.toHaveProperty('ListTagsForResource');
  });

  test('the first reconcile creates every stack in its own account, and every instance', async () => {
    const report = await world.reconcile();
    expect(failures(report)).toEqual([]);
    expect(report.run!.outcome).toBe('succeeded');
    expect(world.calls()).toMatchObject({
      CreateStack: workloads().length * REGIONS.length,
      CreateStackSet: 1,
      // Those whose parameters are their own are created apart.
      CreateStackInstances: 2,
    });

    await forEachTarget(organization.members, async (member, region) => {
      const expected = [
        ...(workloads().includes(member) ? ['evenkeel-queue'] : []),
        ...(baselined().includes(member) ? [INSTANCE_STACK] : []),
      ];
      const stacks = await stacksAt(member.id, region);
      expect(stacks.map((stack) => stack.StackName).sort()).toEqual(expected.sort());
    });
    expect(await stacksAt(organization.management, HOME)).toEqual([]);
  });

  test('what stands there is what was wanted: parameters, tags, role and template, byte for byte', async () => {
    await forEachTarget(workloads(), async (member, region) => {
      const stack = (await stacksAt(member.id, region)).find((each) => each.StackName === 'evenkeel-queue')!;
      expect(stack.StackId).toContain(`:${region}:${member.id}:stack/`);
      expect(stack.RoleARN).toBe(`arn:aws:iam::${member.id}:role/evenkeel-cloudformation`);
      expect(stack.Parameters).toEqual([
        { ParameterKey: 'Delay', ParameterValue: member.unit === '/Workloads/Dev' ? '5' : '0' },
      ]);
      expect(Object.fromEntries((stack.Tags ?? []).map((tag) => [tag.Key, tag.Value]))).toEqual({
        'evenkeel:installation': 'evenkeel',
        'evenkeel:address': 'Stack/queue',
      });
      expect(stack.Outputs?.[0]?.OutputValue).toContain(`/${member.id}/`);
    });
    const { id } = workloads()[0]!;
    const { TemplateBody } = await (
      await organization.cloudFormation(id, HOME)
    ).send(new GetTemplateCommand({ StackName: 'evenkeel-queue', TemplateStage: 'Original' }));
    expect(TemplateBody).toBe(queueTemplate(30));

    const instances = await Promise.all(
      baselined().map(async (member) =>
        (await stacksAt(member.id, HOME)).find((each) => each.StackName === INSTANCE_STACK)!,
      ),
    );
    expect(instances.map((stack) => stack.Parameters?.[0]?.ParameterValue)).toEqual(
      baselined().map((member) => (member.unit === '/Sandbox' ? '60' : '345600')),
    );
  });

  test('a second reconcile changes nothing, in moto or in the ledger', async () => {
    const before = await inventory();
    const report = await world.reconcile();
    expect(report.planned.plan!.changes).toEqual([]);
    expect(report.run).toBeNull();
    expect(world.mutations()).toEqual([]);
    // One role for each of ten accounts, one walk for each account and Region, one description and one listing for the stack set.
    expect(world.calls()).toEqual({
      GetCallerIdentity: 1,
      DescribeOrganization: 1,
      ListRoots: 1,
      ListOrganizationalUnitsForParent: 5,
      ListAccountsForParent: 5,
      AssumeRole: 10,
      DescribeStacks: 20,
      DescribeStackSet: 1,
      ListStackInstances: 1,
    });
    expect(await inventory()).toEqual(before);
  });

  test('an instance whose StackId cannot be resolved is UNKNOWN, and nothing is done about it', async () => {
    // moto makes up another StackId at every listing, and none of them exists; AWS names the instance's real stack.
    const client = await organization.cloudFormation(organization.management, HOME);
    const ids = async () =>
      (await client.send(new ListStackInstancesCommand({ StackSetName: 'evenkeel-baseline' }))).Summaries!.map(
        (each) => each.StackId,
      );
    expect(await ids()).not.toEqual(await ids());

    const { plan } = await world.plan();
    expect(plan!.unknowns.map((unknown) => [unknown.address, unknown.cause, unknown.diagnostic.code]).sort()).toEqual(
      baselined()
        .flatMap(({ id }) => REGIONS.map((region) => [`StackSet/baseline@${id}/${region}`, 'listing-failed', 'EK6021']))
        .sort(),
    );
    expect(plan!.unchanged).toBe(workloads().length * REGIONS.length);
    const entry = (await inventory()).find((each) => each.address === 'StackSet/baseline')!;
    expect(entry.sync).toBe('UNKNOWN');
    expect(new Set(Object.values(entry.recorded!.members).map((member) => member.identity))).toEqual(new Set([null]));
    const report = await world.reconcile();
    expect(report.exitCode).toBe(EXIT.partlyApplied);
  });

  test('an update goes by change set, which moto refuses for a stack that is named by its id', async () => {
    // AWS takes a stack's name or its unique id; moto compares with names alone. AWS is right: the id is what keeps an update from a
    // stack that somebody has put in the place of the one that was looked at. So the update fails here, it says why, and nothing is done.
    const { id } = workloads()[0]!;
    const client = await organization.cloudFormation(id, HOME);
    const stack = (await stacksAt(id, HOME)).find((each) => each.StackName === 'evenkeel-queue')!;
    const changeSet = { ChangeSetName: 'by-hand', ChangeSetType: 'UPDATE', TemplateBody: queueTemplate(45) } as const;
    await expect(client.send(new CreateChangeSetCommand({ ...changeSet, StackName: stack.StackId }))).rejects.toThrow(
      'does not exist',
    );
    await client.send(new CreateChangeSetCommand({ ...changeSet, StackName: stack.StackName }));
    await client.send(new DeleteChangeSetCommand({ ...changeSet, StackName: stack.StackName }));

    await world.write({ 'templates/queue.yaml': queueTemplate(45) });
    const report = await world.reconcile();
    expect(report.planned.plan!.changes.map((change) => [change.action, change.reason])).toEqual(
      workloads().flatMap(() => REGIONS.map(() => ['update', 'manifest-changed'])),
    );
    expect(failures(report).map((change) => change.result)).toEqual(
      workloads().flatMap(() => REGIONS.map(() => 'failed')),
    );
    expect(failures(report)[0]!.detail).toContain('the creation of a change set failed: ValidationError');
    expect(world.mutations()).toEqual(['CreateChangeSet']);
    expect((await stacksAt(id, HOME)).map((each) => each.StackStatus)).toContain('CREATE_COMPLETE');
    await world.write({ 'templates/queue.yaml': queueTemplate(30) });
  });

  test('a change that was taken back leaves nothing to do, and the failure out of the ledger', async () => {
    const report = await world.reconcile();
    expect(report.planned.plan!.changes).toEqual([]);
    expect(world.mutations()).toEqual([]);
    expect(new Set((await inventory()).map((entry) => entry.step.type))).toEqual(new Set(['idle']));
  });

  test('a stack set is updated by one operation, whose effect on its instances stays UNKNOWN', async () => {
    await world.write({ 'templates/baseline.yaml': baselineTemplate(45) });
    const report = await world.reconcile();
    expect(failures(report)).toEqual([]);
    expect(report.planned.plan!.changes.map((change) => [change.address, change.action])).toEqual([
      ['StackSet/baseline', 'update'],
    ]);
    const { id } = baselined()[0]!;
    // AWS brings every instance along; moto leaves their stacks as they were. Evenkeel, which cannot see them here, claims neither.
    const { TemplateBody } = await (
      await organization.cloudFormation(id, HOME)
    ).send(new GetTemplateCommand({ StackName: INSTANCE_STACK }));
    expect(TemplateBody).toBe(baselineTemplate(30));
    expect((await inventory()).find((entry) => entry.address === 'StackSet/baseline')!.sync).toBe('UNKNOWN');
  });

  test('manifests that are gone from Git take their stacks and instances along', async () => {
    await world.write({
      'queue.yaml': null,
      'baseline.yaml': null,
      'last.yaml': LAST_MANIFEST(organization.management),
    });
    const report = await world.reconcile();
    expect(failures(report)).toEqual([]);
    expect(world.calls()).toMatchObject({ DeleteStack: workloads().length * REGIONS.length, DeleteStackSet: 1 });
    await forEachTarget(organization.members, async (member, region) => {
      expect(await stacksAt(member.id, region)).toEqual([]);
    });
    const client = await organization.cloudFormation(organization.management, HOME);
    const { Summaries } = await client.send(new ListStackSetsCommand({ Status: 'ACTIVE' }));
    expect((Summaries ?? []).filter((set) => set.Status === 'ACTIVE')).toEqual([]);
    expect((await inventory()).filter((entry) => entry.recorded !== null).map((entry) => entry.address)).toEqual([
      `Stack/last@${organization.management}/us-east-1`,
    ]);

    const after = await world.reconcile();
    expect(after.planned.plan!.changes).toEqual([]);
    expect(after.exitCode).toBe(EXIT.done);
  });
});
