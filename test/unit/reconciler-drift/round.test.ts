import {
  DeleteStackCommand,
  DetectStackDriftCommand,
  UpdateStackCommand,
  CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../src/model/address.js';
import type { Scope } from '../../../src/model/plan.js';
import { accountId, queueTemplate, stackManifest } from '../../support/world.js';
import { createAsking } from '../../../src/reconciler/drift/asking.js';
import { beginDetections } from '../../../src/reconciler/drift/begin.js';
import { watchedOf } from '../../../src/reconciler/drift/watched.js';
import { checkedDaily, createChecked } from './checked-world.js';
import type { CheckedWorld } from './checked-world.js';

const DAY = 24 * 3600;
const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const [A1, A2] = [accountId(1), accountId(2)] as [string, string];
const NAME = 'evenkeel-queue';
const OURS = Object.entries({ 'evenkeel:installation': 'evenkeel', 'evenkeel:address': 'Stack/queue', cost: '1' }).map(
  ([Key, Value]) => ({ Key, Value }),
);
const stack = (account: string) => `${NAME}@${account}/us-east-1`;

let world: CheckedWorld;
afterEach(() => world.close());

type Files = Readonly<Record<string, string>>;

/** Deployed before anybody asked for checks: nothing has been looked at. */
async function deployed(files: Files = {}, controller: string | null = checkedDaily()): Promise<void> {
  world = await createChecked({
    files: { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', TARGETS), ...files },
  });
  const { run } = await world.reconcile();
  expect(run?.outcome).toBe('succeeded');
  if (controller !== null) await world.write({ 'controller.yaml': controller });
  pass(60);
}

/** Simulated seconds go by; then calls are counted from 0. */
function pass(seconds: number): void {
  world.simulator.world.clock.advance(seconds);
  world.simulator.calls.reset();
}

function asked(): Readonly<Record<string, number>> {
  const checks =
    /:(DetectStackDrift|DescribeStackDriftDetectionStatus|DescribeStackResourceDrifts|GetTemplate|ListStackResources)$/;
  return Object.fromEntries(
    Object.entries(world.simulator.calls.byOperation())
      .filter(([operation]) => checks.test(operation))
      .map(([operation, times]) => [operation.replace('cloudformation:', ''), times]),
  );
}

function byHand(account: string, resource: string, properties: Readonly<Record<string, unknown>>): void {
  const place = { accountId: account, region: 'us-east-1', stack: NAME, resource };
  world.simulator.hands.change(place, properties, {
    accountId: account,
    role: 'AdministratorAccess',
    session: 'j.doe',
  });
}

function cloudFormation(account: string): CloudFormationClient {
  const { requestHandler } = world.simulator;
  return new CloudFormationClient({
    region: 'us-east-1',
    credentials: world.simulator.credentials(account),
    requestHandler,
  });
}

const disturb = (account: string, trouble: Parameters<CheckedWorld['simulator']['stacks']['disturbDetection']>[3]) =>
  world.simulator.stacks.disturbDetection(account, 'us-east-1', world.stackId(account, 'us-east-1', NAME), trouble);

describe('a detection', () => {
  it('begins at once for what was just deployed, and costs one call when nothing has drifted', async () => {
    await deployed();
    expect(await world.round()).toMatchObject({ begun: { detections: 4, sweeps: 0 }, waiting: 0, looks: [] });
    expect(asked()).toEqual({ DetectStackDrift: 4 });

    pass(900);
    const { looks, begun } = await world.round();
    // One stack says for all of them what its artifact is made of.
    expect(asked()).toEqual({ ListStackResources: 1 });
    expect(begun).toEqual({ detections: 0, sweeps: 0 });
    expect(looks.map(({ address, layer, method, sightings }) => ({ address, layer, method, sightings }))).toEqual(
      [1, 2, 3, 4].map((n) => ({
        address: `Stack/queue@${accountId(n)}/us-east-1`,
        layer: 'resource',
        method: 'detection',
        sightings: [],
      })),
    );
    expect((await world.checks())[stack(A1)]).toMatchObject({
      address: `Stack/queue@${A1}/us-east-1`,
      detection: { status: 'IN_SYNC', error: null, notCheckable: [] },
      pending: null,
    });
    const book = (await world.books())[0]!;
    expect([book.accountName, book.unitPath]).toEqual(['a1', '/Workloads/Prod']);

    pass(900);
    expect(await world.round()).toMatchObject({ begun: { detections: 0, sweeps: 0 }, looks: [] });
    expect(asked()).toEqual({});
  });

  it('shows what was changed by hand, once: reading it is not repeated', async () => {
    await deployed();
    byHand(A2, 'Queue', { VisibilityTimeout: 99 });
    await world.round();
    pass(900);
    const { looks } = await world.round();
    const [drifted, ...others] = looks.filter(({ sightings }) => sightings.length > 0);
    expect(others).toEqual([]);
    expect(drifted).toMatchObject({
      address: `Stack/queue@${A2}/us-east-1`,
      before: null,
      sightings: [
        {
          subject: 'Queue',
          kind: 'changed',
          differences: [{ path: '/VisibilityTimeout', expected: '30', actual: '99' }],
        },
      ],
    });
    expect((await world.checks())[stack(A2)]!.detection!.status).toBe('DRIFTED');
    pass(900);
    expect((await world.round()).looks).toEqual([]);
    expect(asked()).toEqual({});
    // A day later it is looked at again, and put right by then.
    byHand(A2, 'Queue', { VisibilityTimeout: 30 });
    pass(DAY);
    await world.round();
    pass(900);
    const again = (await world.round()).looks.find(
      ({ address, layer }) => layer === 'resource' && address.includes(A2),
    )!;
    expect(again).toMatchObject({ before: drifted!.at, sightings: [] });
  });

  it('says which types it cannot check, and that it could check none of them', async () => {
    const handle = 'Resources:\n  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }\n';
    await deployed({
      'templates/queue.yaml': `${queueTemplate()}`.replace(
        'Outputs:',
        '  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }\nOutputs:',
      ),
      'templates/handle.yaml': handle,
      'handle.yaml': stackManifest('handle', TARGETS).replace('queue.yaml', 'handle.yaml'),
    });
    await world.round();
    for (const times of [1, 2]) {
      pass(900);
      await world.round();
      expect(asked()).toEqual(times === 1 ? { ListStackResources: 2 } : {});
    }
    const checks = await world.checks();
    const types = ['AWS::CloudFormation::WaitConditionHandle'];
    expect(checks[stack(A1)]!.detection).toMatchObject({ status: 'IN_SYNC', notCheckable: types });
    for (const account of [A1, A2])
      expect(checks[`evenkeel-handle@${account}/us-east-1`]!.detection).toMatchObject({
        status: 'NOT_CHECKABLE',
        notCheckable: types,
      });
  });

  it('that fails half-way counts for what it found, and is UNKNOWN for the rest with the reason', async () => {
    await deployed({
      'templates/queue.yaml': queueTemplate().replace(
        'Outputs:',
        '  Spare: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 1 } }\nOutputs:',
      ),
    });
    disturb(A1, { type: 'fails-half-way' });
    byHand(A1, 'Queue', { VisibilityTimeout: 99 });
    byHand(A1, 'Spare', { DelaySeconds: 9 });
    disturb(A2, { type: 'fails-half-way' });
    await world.round();
    pass(900);
    const { looks } = await world.round();
    const of = (account: string) => looks.find(({ address }) => address.includes(account))!;
    expect(of(A1).sightings.map(({ subject }) => subject)).toEqual(['Queue']);
    expect(of(A1).unread).toEqual(['Spare']);
    expect(of(A2)).toMatchObject({ sightings: [], unread: ['Spare'] });
    const checks = await world.checks();
    expect(checks[stack(A1)]!.detection).toMatchObject({ status: 'DRIFTED', error: expect.stringContaining('Spare') });
    expect(checks[stack(A2)]!.detection).toMatchObject({ status: 'UNKNOWN', error: expect.stringContaining('Spare') });
    pass(900);
    await world.round();
    expect(asked()).toEqual({});
  });

  it('that never finishes is asked after, given up after an hour, and begun again', async () => {
    await deployed();
    disturb(A1, { type: 'hangs', seconds: null });
    await world.round();
    pass(300);
    expect((await world.round()).looks).toHaveLength(3);
    expect(asked()['DescribeStackDriftDetectionStatus']).toBeUndefined();
    pass(600);
    expect((await world.round()).begun.detections).toBe(0);
    expect(asked()).toEqual({ DescribeStackDriftDetectionStatus: 1 });
    expect((await world.checks())[stack(A1)]!.detection!.status).toBe('NOT_CHECKED');
    pass(3000);
    await world.round();
    expect((await world.checks())[stack(A1)]).toMatchObject({
      detection: { status: 'UNKNOWN', error: 'the detection did not finish within an hour' },
      pending: null,
    });
    disturb(A1, null);
    pass(DAY);
    await world.round();
    pass(900);
    await world.round();
    expect((await world.checks())[stack(A1)]!.detection!.status).toBe('IN_SYNC');
  });

  it('that AWS shows late is taken from its own status', async () => {
    await deployed();
    disturb(A1, { type: 'shown-late', seconds: 7200 });
    byHand(A1, 'Queue', { VisibilityTimeout: 99 });
    await world.round();
    pass(900);
    const { looks } = await world.round();
    expect(looks.find(({ address }) => address.includes(A1))!.sightings).toHaveLength(1);
    expect((await world.checks())[stack(A1)]).toMatchObject({ detection: { status: 'DRIFTED' }, pending: null });
  });

  it('whose stack disappears says nothing, and the book forgets the stack once the walk does not show it', async () => {
    await deployed();
    disturb(A1, { type: 'stack-disappears' });
    await world.round();
    pass(900);
    const { looks } = await world.round();
    expect(looks.map(({ address }) => address).filter((address) => address.includes(A1))).toEqual([]);
    expect((await world.checks())[stack(A1)]).toBeUndefined();
    expect((await world.checks())[stack(A2)]!.detection!.status).toBe('IN_SYNC');
  });

  it('that is under way already is waited for, whoever began it', async () => {
    await deployed();
    await cloudFormation(A1).send(new DetectStackDriftCommand({ StackName: NAME }));
    expect((await world.round()).begun.detections).toBe(4);
    expect((await world.checks())[stack(A1)]!.pending).toMatchObject({ id: '' });
    pass(900);
    await world.round();
    expect((await world.checks())[stack(A1)]).toMatchObject({ detection: { status: 'IN_SYNC' }, pending: null });
  });

  it('is not begun where the stack has begun to move since the walk', async () => {
    await deployed();
    const { survey } = await world.round({ signal: AbortSignal.abort() });
    await cloudFormation(A1).send(new DeleteStackCommand({ StackName: NAME }));
    const now = world.simulator.world.clock.now();
    const { signal } = new AbortController();
    const asking = createAsking(new Map(), { budget: 240, now, signal });
    const moving = watchedOf(survey).stacks.filter(({ target }) => target.account === A1);
    const begun = await beginDetections(moving, new Map(), await world.probe(), asking, now);
    expect(begun).toEqual({ outcomes: [], begun: 0, waiting: 0 });
  });

  it('of an account that refuses costs only its own check', async () => {
    await deployed();
    const denied = {
      code: 'AccessDenied',
      message: 'not authorized to perform: cloudformation:DetectStackDrift',
      status: 403,
    };
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DetectStackDrift',
      account: A1,
      when: 'before',
      error: denied,
    });
    expect((await world.round()).begun.detections).toBe(3);
    expect((await world.checks())[stack(A1)]).toMatchObject({
      detection: { status: 'UNKNOWN', error: expect.stringContaining('cloudformation:DetectStackDrift') },
      pending: null,
    });
    pass(900);
    expect((await world.round()).looks).toHaveLength(3);
  });

  it('that has drifted and cannot be read is UNKNOWN, and read by the next round', async () => {
    await deployed();
    byHand(A1, 'Queue', { VisibilityTimeout: 99 });
    await world.round();
    pass(900);
    const denied = { code: 'AccessDenied', message: 'not authorized', status: 403 };
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DescribeStackResourceDrifts',
      when: 'before',
      error: denied,
    });
    expect((await world.round()).looks.map(({ address }) => address)).toHaveLength(3);
    expect((await world.checks())[stack(A1)]!.detection).toMatchObject({ status: 'UNKNOWN' });
    world.simulator.clearFaults();
    pass(900);
    expect((await world.round()).looks[0]!.sightings).toHaveLength(1);
    expect((await world.checks())[stack(A1)]!.detection).toMatchObject({ status: 'DRIFTED' });
  });
});

describe('a round', () => {
  it('begins what was changed in the same pass before all else', async () => {
    await deployed({}, null);
    await world.write({ 'more.yaml': stackManifest('more', TARGETS) });
    await world.reconcile();
    await world.write({ 'controller.yaml': checkedDaily(1) });
    pass(60);
    const { begun } = await world.round({ touched: ({ address }) => address.startsWith('Stack/queue') });
    expect(begun.detections).toBe(4);
    const pending = Object.entries(await world.checks()).filter(([, { pending }]) => pending !== null);
    expect(pending.map(([name]) => name.split('@')[0])).toEqual([NAME, NAME, NAME, NAME]);
  });

  it('asks nothing without a schedule, takes in at no cost what somebody else found in sync, and finishes what it was asked to begin', async () => {
    await deployed({}, null);
    byHand(A2, 'Queue', { VisibilityTimeout: 99 });
    expect(await world.round()).toMatchObject({ begun: { detections: 0, sweeps: 0 }, waiting: 0, looks: [] });
    expect(await world.books()).toEqual([]);
    for (const account of [A1, A2])
      await cloudFormation(account).send(new DetectStackDriftCommand({ StackName: NAME }));
    pass(900);
    expect((await world.round()).looks.map(({ address }) => address)).toEqual([`Stack/queue@${A1}/us-east-1`]);
    expect(asked()).toEqual({ ListStackResources: 1 });

    const urgent = { since: world.simulator.world.clock.now() };
    pass(1);
    const first = await world.round({ urgent });
    expect(first.begun).toEqual({ detections: 4, sweeps: 4 });
    pass(60);
    expect((await world.round()).looks.find(({ address }) => address.includes(A2))!.sightings).toHaveLength(1);
    pass(1);
    expect(await world.round({ urgent })).toMatchObject({ begun: { detections: 0, sweeps: 0 }, waiting: 0 });
  });

  it('never spends more than the budget of an account and Region in an hour', async () => {
    const manifests = Object.fromEntries(
      ['b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.yaml`, stackManifest(name, TARGETS)]),
    );
    await deployed(manifests, checkedDaily(4));
    byHand(A1, 'Queue', { VisibilityTimeout: 99 });
    const spent: number[] = [];
    for (let hour = 0; hour < 4; hour += 1) {
      pass(0);
      for (let quarter = 0; quarter < 4; quarter += 1) {
        await world.round();
        world.simulator.world.clock.advance(900);
      }
      spent.push(Object.values(asked()).reduce((sum, times) => sum + times, 0) / 4);
    }
    expect(Math.max(...spent)).toBeLessThanOrEqual(4);
    expect(Math.max(...spent)).toBeGreaterThan(1);
    const statuses = Object.values(await world.checks()).map(({ detection }) => detection!.status);
    expect(statuses).not.toContain('NOT_CHECKED');
    expect(statuses.filter((status) => status === 'DRIFTED')).toHaveLength(1);
  });

  it('takes a look again where its findings could not be written', async () => {
    await deployed();
    byHand(A1, 'Queue', { VisibilityTimeout: 99 });
    await world.round();
    pass(900);
    await world.round({ unsettled: new Set([`Stack/queue@${A1}/us-east-1` as Address]) });
    pass(900);
    const { looks } = await world.round();
    expect(looks).toMatchObject([{ address: `Stack/queue@${A1}/us-east-1`, sightings: [{ subject: 'Queue' }] }]);
  });

  it('of one account leaves the books of all others alone', async () => {
    await deployed();
    const scope: Scope = { type: 'account', account: A1 as never };
    expect((await world.round({ scope })).begun.detections).toBe(1);
    expect((await world.books()).map(({ target }) => target)).toEqual([`${A1}/us-east-1`]);
    await world.round();
    pass(900);
    await world.round({ scope });
    const checks = await world.checks();
    expect([checks[stack(A1)]!.detection!.status, checks[stack(A2)]!.detection!.status]).toEqual([
      'IN_SYNC',
      'NOT_CHECKED',
    ]);
  });

  it('keeps what it knows of an account that cannot be read this time', async () => {
    await deployed();
    await world.round();
    pass(900);
    await world.round();
    world.simulator.world.organization.accounts.get(A1)!.roles.delete('evenkeel-plan');
    pass(900);
    await world.round();
    expect((await world.checks())[stack(A1)]!.detection!.status).toBe('IN_SYNC');
  });

  it('asks nothing more once it is interrupted, and still writes what it knows', async () => {
    await deployed();
    await world.round();
    pass(900);
    const { begun } = await world.round({ signal: AbortSignal.abort() });
    expect(begun).toEqual({ detections: 0, sweeps: 0 });
    expect((await world.checks())[stack(A1)]!.detection!.status).toBe('IN_SYNC');
    expect(asked()).toEqual({});
  });
});

describe('a sweep of templates', () => {
  const SECRET = queueTemplate().replace(
    'Resources:',
    '  Token: { Type: String, NoEcho: true, Default: hidden-by-default }\nResources:',
  );

  it('holds every stack against its record a day after it is known, and says what no reading shows', async () => {
    await deployed({ 'templates/queue.yaml': SECRET });
    await world.round();
    pass(DAY);
    const { begun, looks } = await world.round();
    expect(begun.sweeps).toBe(4);
    expect(asked()['GetTemplate']).toBe(4);
    expect(looks.filter(({ method }) => method === 'template').map(({ sightings }) => sightings)).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect((await world.checks())[stack(A1)]!.template).toMatchObject({
      status: 'IN_SYNC',
      notCheckable: ['Parameters/Token (NoEcho)', 'StackPolicy'],
    });
    pass(900);
    expect((await world.round()).begun.sweeps).toBe(0);
  });

  it('sees what was changed through CloudFormation: the template, a parameter and a tag', async () => {
    await deployed();
    await world.round();
    const update = {
      StackName: NAME,
      TemplateBody: queueTemplate(31),
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: '7' }],
      Tags: OURS,
    };
    await cloudFormation(A1).send(new UpdateStackCommand(update));
    pass(DAY);
    const swept = (await world.round()).looks.find(
      ({ method, address }) => method === 'template' && address.includes(A1),
    )!;
    expect(swept.sightings).toHaveLength(1);
    expect(swept.sightings[0]).toMatchObject({
      layer: 'stack',
      subject: 'AWS::CloudFormation::Stack',
      kind: 'changed',
    });
    expect(
      swept.sightings[0]!.differences.map(({ path, expected, actual }) => [
        path,
        path === '/Template' ? '' : expected,
        path === '/Template' ? '' : actual,
      ]),
    ).toEqual([
      ['/Parameters/Delay', '0', '7'],
      ['/Tags/cost', null, '1'],
      ['/Template', '', ''],
    ]);
  });

  it('sees the direct update of a stack set instance, which the stack set does not', async () => {
    const set = `apiVersion: evenkeel/v1\nkind: StackSet\nmetadata: { name: queue }\nspec:\n  template: templates/queue.yaml\n  permissionModel: self-managed\n  ${TARGETS}\n`;
    await deployed({ 'queue.yaml': set });
    expect((await world.round()).begun.detections).toBe(4);
    const instance = world.simulator.hands.instanceStack(NAME, A1, 'us-east-1')!;
    await cloudFormation(A1).send(
      new UpdateStackCommand({
        StackName: instance,
        TemplateBody: queueTemplate(31),
        Parameters: [{ ParameterKey: 'Delay', ParameterValue: '7' }],
      }),
    );
    pass(DAY);
    const swept = (await world.round()).looks.filter(({ method }) => method === 'template');
    expect(swept).toHaveLength(4);
    const [changed, ...others] = swept.filter(({ sightings }) => sightings.length > 0);
    expect(others).toEqual([]);
    expect(changed!.address).toBe(`StackSet/queue@${A1}/us-east-1`);
    expect(changed!.sightings[0]!.differences.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/Parameters/Delay', '/Template']),
    );
  });

  it('leaves out a stack whose change is still in doubt, and one that is not recorded', async () => {
    await deployed();
    await world.round();
    pass(DAY);
    const { survey } = await world.round({ signal: AbortSignal.abort() });
    const unrecorded = survey.units.map((unit) => ({ ...unit, entry: null }));
    expect(watchedOf({ ...survey, units: unrecorded }).stacks.map(({ isComparable }) => isComparable)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
