import { afterEach, describe, expect, it } from 'vitest';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Address } from '../../src/model/address.js';
import type { HistoryEvent } from '../../src/model/recorded.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import {
  accountId,
  CONTROLLER,
  createWorld,
  queueTemplate,
  smallOrganization,
  stackManifest,
} from '../support/world.js';
import type { World } from '../support/world.js';

const DAILY = `${CONTROLLER}  schedule: { drift: rate(1 day) }\n`;
const A1 = accountId(1);
const A2 = accountId(2);
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const AT: Address = `Stack/janitor@${A1}/us-east-1`;
const J_DOE = { accountId: A1, role: 'AdministratorAccess', session: 'j.doe' };

let world: World;
afterEach(() => world.close());

const at = (...accounts: string[]): string =>
  `targets: [{ accounts: [${accounts.map((id) => `"${id}"`).join(', ')}], regions: [us-east-1] }]`;

async function story(spec: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  world = await createWorld({
    organization: smallOrganization(4),
    files: {
      'controller.yaml': DAILY,
      'templates/queue.yaml': queueTemplate(),
      'janitor.yaml': stackManifest('janitor', spec),
      ...files,
    },
  });
  expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
  // What was just made is looked at at once, and the next pass takes in how that ended.
  await pass(15 * MINUTE);
}

/** Lets time go by, and reconciles once. */
async function pass(seconds: number) {
  world.simulator.world.clock.advance(seconds);
  return world.reconcile();
}

/** Reconciles every quarter of an hour for a day. */
async function day(): Promise<void> {
  for (let count = 0; count < 96; count += 4) await pass(HOUR);
}

async function ledger<T>(read: (session: Awaited<ReturnType<World['session']>>) => Promise<T>): Promise<T> {
  const session = await world.session();
  try {
    return await read(session);
  } finally {
    await session.close();
  }
}

const history = async (address: Address = AT): Promise<readonly HistoryEvent[]> =>
  (await ledger((session) => session.history(address))).toReversed();
const drifts = (events: readonly HistoryEvent[]): readonly string[] =>
  events.flatMap(({ event, finding }) => (finding === undefined ? [] : [event]));
const queue = { accountId: A1, region: 'us-east-1', stack: 'evenkeel-janitor', resource: 'Queue' };

describe('a resource that somebody changes behind CloudFormation', () => {
  it('is found within a day, with its property, and who it was, and is gone when it is put back', async () => {
    await story(at(A1, A2));
    expect(drifts(await history())).toEqual([]);
    world.simulator.hands.change(queue, { VisibilityTimeout: 600 }, J_DOE, 'SetQueueAttributes');
    await day();
    const [found] = (await history()).filter(({ event }) => event === 'appeared');
    expect(found).toMatchObject({
      summary: 'Queue (AWS::SQS::Queue) differs in /VisibilityTimeout',
      fields: [{ path: '/VisibilityTimeout', before: '30', after: '600' }],
      finding: { layer: 'resource', subject: 'Queue', methods: ['detection'] },
    });
    expect(found!.finding!.actor).toMatchObject({ principal: expect.stringContaining('j.doe') as string });
    expect(await ledger((session) => session.entry(AT))).toMatchObject({ sync: 'DRIFTED' });
    const { plan } = await world.plan();
    expect(plan).toMatchObject({
      changes: [],
      drift: [{ address: AT, fields: [{ path: 'resources.Queue/VisibilityTimeout' }] }],
    });
    world.simulator.hands.change(queue, { VisibilityTimeout: 30 }, J_DOE);
    await day();
    expect(drifts(await history())).toEqual(['appeared', 'gone']);
    expect(await ledger((session) => session.entry(AT))).toMatchObject({ sync: 'IN_SYNC', drift: { findings: [] } });
  });

  it('is put right by a drift-aware change set where the manifest says so', async () => {
    await story(`drift: { respond: revert }\n${at(A1)}`);
    world.simulator.hands.change(queue, { VisibilityTimeout: 600 }, J_DOE);
    await day();
    expect(drifts(await history())).toEqual(['appeared', 'reverted']);
    const standing = world.simulator.stacks.standing().find(({ name }) => name === 'evenkeel-janitor')!;
    expect(world.simulator.stacks.resources(A1, 'us-east-1', standing.stackId).get('Queue')).toMatchObject({
      VisibilityTimeout: 30,
    });
    expect(await pass(HOUR)).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('again and again is contested after three times, and left alone', async () => {
    await story(`drift: { respond: revert }\n${at(A1)}`);
    for (let round = 0; round < 5; round += 1) {
      world.simulator.hands.change(queue, { VisibilityTimeout: 600 + round }, J_DOE);
      await ledger((session) => session.detectDrift({ type: 'all' }, { wait: true }, quiet()));
      await pass(15 * MINUTE);
    }
    const events = drifts(await history());
    expect(events.filter((event) => event === 'reverted')).toHaveLength(3);
    const entry = await ledger((session) => session.entry(AT));
    expect(entry!.drift.findings).toMatchObject([{ subject: 'Queue', contestedSince: expect.any(String) as string }]);
    const { plan } = await world.plan();
    expect(plan!.changes).toEqual([]);
    expect(plan!.drift[0]!.cannot).toContain('three times in a day');
  });

  it('that was deleted is said to be beyond a drift-aware change set', async () => {
    await story(`drift: { respond: revert }\n${at(A1)}`);
    world.simulator.hands.remove(queue, J_DOE);
    await ledger((session) => session.detectDrift({ type: 'all' }, { wait: true }, quiet()));
    const { plan } = await world.plan();
    expect(plan!.changes).toEqual([]);
    expect(plan!.drift).toMatchObject([{ address: AT, fields: [{ path: 'resources.Queue' }] }]);
    expect(plan!.drift[0]!.cannot).toMatch(/deleted/);
  });

  it('is left as it is where the manifest accepts it, and quiet', async () => {
    await story(
      `drift: { respond: revert, ignore: [{ resource: Queue, path: /VisibilityTimeout, reason: tuned by the owner }] }\n${at(A1)}`,
    );
    world.simulator.hands.change(queue, { VisibilityTimeout: 600 }, J_DOE);
    await ledger((session) => session.detectDrift({ type: 'all' }, { wait: true }, quiet()));
    expect(drifts(await history())).toEqual(['appeared', 'accepted']);
    expect(await world.plan()).toMatchObject({ plan: { changes: [], drift: [] } });
    expect(await pass(HOUR)).toMatchObject({ exitCode: EXIT.done, run: null });
  });
});

const quiet = () => ({ signal: new AbortController().signal, progress: () => undefined });

describe('a stack that somebody changes through CloudFormation', () => {
  const client = (account: string) =>
    new CloudFormationClient({
      region: 'us-east-1',
      credentials: world.simulator.hands.signIn({ accountId: account, role: 'AdministratorAccess', session: 'j.doe' }),
      requestHandler: world.simulator.requestHandler,
    });

  it('is found by the walk, without any other call, and accepted as it stands by a rule', async () => {
    await story(at(A1));
    await client(A1).send(
      new UpdateStackCommand({
        StackName: 'evenkeel-janitor',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }],
        Tags: OUR_TAGS,
      }),
    );
    world.simulator.world.clock.advance(10 * MINUTE);
    world.simulator.calls.reset();
    expect(await pass(15 * MINUTE)).toMatchObject({ exitCode: EXIT.changes, run: null });
    const [found] = (await history()).filter(({ event }) => event === 'appeared');
    expect(found).toMatchObject({
      fields: [{ path: '/Parameters/Delay', before: '0', after: '9' }],
      finding: { layer: 'stack', methods: ['walk'] },
    });
    expect(found!.finding!.actor?.principal).toContain('j.doe');
    // What is accepted stays as it is, also when something else is changed.
    const rule =
      'drift: { ignore: [{ resource: "AWS::CloudFormation::Stack", path: /Parameters/Delay, reason: tuned }] }';
    await world.write({ 'janitor.yaml': stackManifest('janitor', `${rule}\n${at(A1)}`) });
    expect(await pass(15 * MINUTE)).toMatchObject({ exitCode: EXIT.done, run: null });
    expect(drifts(await history())).toEqual(['appeared', 'accepted']);
    await world.write({ 'templates/queue.yaml': queueTemplate(45) });
    expect(await pass(15 * MINUTE)).toMatchObject({ exitCode: EXIT.done, run: { outcome: 'succeeded' } });
    const { Stacks: stacks } = await client(A1).send(new DescribeStacksCommand({ StackName: 'evenkeel-janitor' }));
    expect(stacks![0]!.Parameters).toMatchObject([{ ParameterKey: 'Delay', ParameterValue: '9' }]);
    expect(await pass(15 * MINUTE)).toMatchObject({ exitCode: EXIT.done, run: null });
    expect(drifts(await history())).toEqual(['appeared', 'accepted']);
    expect(await ledger((session) => session.entry(AT))).toMatchObject({ sync: 'IN_SYNC' });
  });

  it('is put right by the ordinary update where the manifest says so', async () => {
    await story(`drift: { respond: revert }\n${at(A1)}`);
    await client(A1).send(
      new UpdateStackCommand({
        StackName: 'evenkeel-janitor',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }],
        Tags: OUR_TAGS,
      }),
    );
    expect(await pass(15 * MINUTE)).toMatchObject({ exitCode: EXIT.done, run: { outcome: 'succeeded' } });
    expect(drifts(await history())).toEqual(['appeared', 'reverted']);
    expect(await pass(15 * MINUTE)).toMatchObject({ exitCode: EXIT.done, run: null });
  });

  it('inside a stack set is found too, by its parameter, though the stack set sees nothing', async () => {
    await story(at(A1), {
      'set.yaml': `apiVersion: evenkeel/v1
kind: StackSet
metadata: { name: queues }
spec:
  template: templates/queue.yaml
  permissionModel: self-managed
  ${at(A1, A2)}
`,
    });
    const instance = world.simulator.hands.instanceStack('evenkeel-queues', A2, 'us-east-1')!;
    await client(A2).send(
      new UpdateStackCommand({
        StackName: instance,
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }],
        Tags: [
          { Key: 'evenkeel:installation', Value: 'evenkeel' },
          { Key: 'evenkeel:address', Value: 'StackSet/queues' },
        ],
      }),
    );
    expect(await pass(15 * MINUTE)).toMatchObject({ exitCode: EXIT.changes });
    const member: Address = `StackSet/queues@${A2}/us-east-1`;
    expect(await history(member)).toMatchObject([
      { event: 'created' },
      {
        event: 'appeared',
        fields: [{ path: '/Parameters/Delay', before: '0', after: '9' }],
        finding: {
          layer: 'stack',
          methods: ['walk'],
          actor: { principal: expect.stringContaining('j.doe') as string },
        },
      },
    ]);
    world.simulator.hands.change(
      {
        accountId: A1,
        region: 'us-east-1',
        stack: world.simulator.hands.instanceStack('evenkeel-queues', A1, 'us-east-1')!,
        resource: 'Queue',
      },
      { VisibilityTimeout: 600 },
      J_DOE,
    );
    await day();
    expect((await history(`StackSet/queues@${A1}/us-east-1`)).at(-1)).toMatchObject({
      event: 'appeared',
      finding: { layer: 'resource', subject: 'Queue' },
    });
    const { plan } = await world.plan();
    expect(plan!.drift.map(({ address }) => address).sort()).toEqual([`StackSet/queues@${A1}/us-east-1`, member]);
  });
});

const OUR_TAGS = [
  { Key: 'evenkeel:installation', Value: 'evenkeel' },
  { Key: 'evenkeel:address', Value: 'Stack/janitor' },
];

describe('a deployment that is not there', () => {
  it('is a finding of its own, and gone when it has been made again', async () => {
    await story(at(A1));
    await new CloudFormationClient({
      region: 'us-east-1',
      credentials: world.simulator.hands.signIn(J_DOE),
      requestHandler: world.simulator.requestHandler,
    }).send(new DeleteStackCommand({ StackName: 'evenkeel-janitor' }));
    world.simulator.world.clock.advance(10 * MINUTE);
    expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done });
    expect((await history()).map(({ event, finding }) => [event, finding?.kind])).toEqual(
      [
        ['begun', undefined],
        ['created', undefined],
        ['appeared', 'missing'],
        ['begun', undefined],
        ['created', undefined],
        ['gone', 'missing'],
      ].filter(([event]) => event !== 'begun'),
    );
  });
});
