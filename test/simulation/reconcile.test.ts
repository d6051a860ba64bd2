import { afterEach, describe, expect, it } from 'vitest';
import { CloudFormationClient, DeleteStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { MoveAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { EXIT } from '../../src/reconciler/outcome.js';
import { planExitCode } from '../../src/reconciler/exit-code.js';
import { accountId, createWorld, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';
import type { World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const EVERYWHERE = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]';
const MUTATING = /:(Create|Update|Delete|Execute|Cancel|Continue|Rollback|Stop)/;
const mutations = () =>
  Object.entries(world.simulator.calls.byOperation()).filter(
    ([operation]) => MUTATING.test(operation) && operation.startsWith('cloudformation'),
  );
const cloudFormation = (account: string, region = 'us-east-1') =>
  new CloudFormationClient({
    region,
    credentials: world.simulator.credentials(account),
    requestHandler: world.simulator.requestHandler,
  });

async function settled(spec = EVERYWHERE): Promise<void> {
  world = await createWorld({
    files: { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', spec) },
  });
  const report = await world.reconcile();
  expect(report.exitCode).toBe(EXIT.done);
  world.simulator.calls.reset();
}

describe('a reconcile', () => {
  it('creates each stack with one call, and the next one changes nothing and asks little', async () => {
    world = await createWorld({
      files: { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', EVERYWHERE) },
    });
    const report = await world.reconcile();
    expect(report.run?.changes.map((change) => change.result)).toEqual(Array(8).fill('done'));
    expect(mutations()).toEqual([['cloudformation:CreateStack', 8]]);

    world.simulator.calls.reset();
    const again = await world.reconcile();
    expect(again).toMatchObject({ exitCode: EXIT.done, run: null });
    expect(mutations()).toEqual([]);
    // One AssumeRole for each account, one walk for each target, and nothing for any stack.
    expect(world.calls('sts:AssumeRole')).toBe(4);
    expect(world.calls('cloudformation:DescribeStacks')).toBe(8);
    expect(world.calls('cloudformation:GetTemplate')).toBe(0);
  });

  it('updates by a change set, and a comment in a template updates nothing', async () => {
    await settled();
    await world.write({ 'templates/queue.yaml': `# a comment\n${queueTemplate()}` });
    expect((await world.plan()).plan?.changes).toEqual([]);
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
    const report = await world.reconcile();
    expect(report.exitCode).toBe(EXIT.done);
    expect(Object.fromEntries(mutations())).toEqual({
      'cloudformation:CreateChangeSet': 8,
      'cloudformation:ExecuteChangeSet': 8,
    });
    expect((await world.plan()).plan).toMatchObject({ changes: [], drift: [], unchanged: 8 });
  });

  it('narrowed to one account looks at and touches that account only', async () => {
    world = await createWorld({
      files: { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', EVERYWHERE) },
    });
    const report = await world.reconcile({ type: 'account', account: accountId(2) as never });
    expect(report.run?.changes).toHaveLength(2);
    expect(
      world.simulator.calls
        .entries()
        .filter((call) => call.service === 'cloudformation')
        .every((call) => call.principal.accountId === accountId(2)),
    ).toBe(true);
    expect((await world.plan()).plan?.changes).toHaveLength(6);
  });
});

describe('what somebody did by hand', () => {
  const byHand = async () => {
    await cloudFormation(accountId(1)).send(
      new UpdateStackCommand({
        StackName: 'evenkeel-queue',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }],
      }),
    );
    world.simulator.world.clock.advance(900);
  };

  it('is reported, recorded and left alone', async () => {
    await settled();
    await byHand();
    const report = await world.reconcile();
    expect(report.exitCode).toBe(EXIT.changes);
    expect(report.planned.plan?.drift).toMatchObject([
      { fields: [{ path: 'parameters.Delay', before: '9', after: '0' }] },
    ]);
    expect(mutations()).toEqual([['cloudformation:UpdateStack', 1]]);
    const session = await world.session();
    const { entries } = await session.status();
    await session.close();
    expect(entries.filter((entry) => entry.sync === 'DRIFTED')).toHaveLength(1);
  });

  it('is put right where the manifest says revert', async () => {
    await settled(`${EVERYWHERE}\ndrift: { respond: revert }`);
    await byHand();
    expect((await world.reconcile()).exitCode).toBe(EXIT.done);
    expect((await world.plan()).plan).toMatchObject({ changes: [], drift: [] });
  });

  it('is created again where it was deleted', async () => {
    await settled();
    await cloudFormation(accountId(1)).send(new DeleteStackCommand({ StackName: 'evenkeel-queue' }));
    world.simulator.world.clock.advance(900);
    expect((await world.plan()).plan?.changes).toMatchObject([{ action: 'create', reason: 'missing' }]);
    expect((await world.reconcile()).exitCode).toBe(EXIT.done);
  });
});

describe('removal', () => {
  it('deletes what left Git, inside the budget, which remembers', async () => {
    world = await createWorld({
      files: {
        'templates/queue.yaml': queueTemplate(),
        'one.yaml': stackManifest('one', 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]'),
        'two.yaml': stackManifest('two', 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]'),
        'rest.yaml': stackManifest('rest', 'targets: [{ accounts: [a1], regions: [us-west-2] }]'),
      },
    });
    expect((await world.reconcile()).exitCode).toBe(EXIT.done);

    await world.write({ 'one.yaml': null });
    expect((await world.reconcile()).exitCode).toBe(EXIT.done);

    await world.write({ 'two.yaml': null });
    world.simulator.calls.reset();
    const blocked = await world.reconcile();
    expect(blocked).toMatchObject({ exitCode: EXIT.blocked, run: null, refusals: [{ code: 'EK6001' }] });
    expect(mutations()).toEqual([]);

    // A day later the window has moved on.
    world.simulator.world.clock.advance(25 * 3600);
    expect((await world.reconcile()).exitCode).toBe(EXIT.done);
    expect((await world.plan()).plan).toMatchObject({ changes: [], unchanged: 1 });
  });

  it('keeps the stack and forgets it where the manifest said retain', async () => {
    await settled(`${EVERYWHERE}\ndeletion: retain`);
    await world.write({
      'queue.yaml': null,
      'other.yaml': stackManifest('other', 'targets: [{ accounts: [a1], regions: [us-east-1] }]'),
    });
    expect((await world.reconcile()).exitCode).toBe(EXIT.done);
    expect(world.calls('cloudformation:DeleteStack')).toBe(0);
    expect((await world.plan()).plan?.changes).toEqual([]);
  });

  it('follows an account that was moved out of the targets', async () => {
    await settled();
    const organizations = new OrganizationsClient({
      region: 'us-east-1',
      credentials: world.simulator.credentials('999999999999'),
      requestHandler: world.simulator.requestHandler,
    });
    const unit = (name: string) =>
      [...world.simulator.world.organization.units.values()].find((each) => each.name === name)!.id;
    await organizations.send(
      new MoveAccountCommand({
        AccountId: accountId(1),
        SourceParentId: unit('Prod'),
        DestinationParentId: unit('Elsewhere'),
      }),
    );
    const report = await world.reconcile();
    expect(report.planned.plan?.changes).toMatchObject([
      { action: 'delete', reason: 'target-left' },
      { action: 'delete', reason: 'target-left' },
    ]);
    expect(report.exitCode).toBe(EXIT.done);
  });

  it('never happens because an account was suspended: it is named, and left alone', async () => {
    await settled();
    world.simulator.world.organization.accounts.get(accountId(1))!.state = 'SUSPENDED';
    const planned = await world.plan();
    expect(planned.plan).toMatchObject({ changes: [], excluded: [{ id: accountId(1), state: 'SUSPENDED' }] });
  });

  it('never happens because nothing was selected: an empty target set is an error', async () => {
    await settled();
    await world.write({
      'queue.yaml': stackManifest(
        'queue',
        'targets: [{ accounts: [a1], tags: { team: [green] }, regions: [us-east-1] }]',
      ),
    });
    const planned = await world.plan();
    expect(planned.plan).toBeNull();
    expect(planExitCode(planned)).toBe(EXIT.invalid);
  });
});

describe('what could not be seen', () => {
  it('is not absent: a role that cannot be assumed leaves its account alone, and the others go on', async () => {
    await settled();
    world.simulator.world.organization.accounts.get(accountId(1))!.roles.delete('evenkeel-plan');
    world.simulator.world.clock.advance(3 * 24 * 3600);
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
    const report = await world.reconcile();
    expect(report.exitCode).toBe(EXIT.partlyApplied);
    expect(report.run?.changes).toHaveLength(6);
    expect(report.planned.plan?.unknowns).toMatchObject([{ cause: 'unreachable' }, { cause: 'unreachable' }]);
  });

  it('is not ready, rather than failed, while its account is new', async () => {
    world = await createWorld({
      organization: smallOrganization(2),
      files: { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', EVERYWHERE) },
    });
    const account = world.simulator.world.organization.accounts.get(accountId(1))!;
    account.roles.delete('evenkeel-plan');
    account.joinedAt = world.simulator.world.clock.now();
    const report = await world.reconcile();
    expect(report.planned.plan?.unknowns).toMatchObject([{ cause: 'not-ready' }, { cause: 'not-ready' }]);
    expect(report.exitCode).toBe(EXIT.done);
  });

  it('is not deleted when the third page of a listing fails', async () => {
    world = await createWorld({
      organization: smallOrganization(2, { foreignStacks: { regions: ['us-east-1'], count: 250 } }),
      files: {
        'templates/queue.yaml': queueTemplate(),
        'queue.yaml': stackManifest(
          'queue',
          'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]',
        ),
      },
    });
    expect((await world.reconcile()).exitCode).toBe(EXIT.done);
    world.simulator.inject({
      service: 'cloudformation',
      operation: 'DescribeStacks',
      account: accountId(1),
      calls: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      when: 'before',
      error: { code: 'InternalFailure', message: 'we are having a bad day', status: 500 },
    });
    const planned = await world.plan();
    expect(planned.plan).toMatchObject({ changes: [], unknowns: [{ cause: 'listing-failed' }] });
  }, 60_000);

  it('stops the run where it is the organization', async () => {
    await settled();
    world.simulator.inject({
      service: 'organizations',
      operation: 'ListAccountsForParent',
      calls: Array.from({ length: 60 }, (_, n) => n + 2),
      when: 'before',
      error: { code: 'ServiceException', message: 'AWS Organizations is having a bad day', status: 500 },
    });
    const planned = await world.plan();
    expect(planned.plan).toBeNull();
    expect(planned.diagnostics).toMatchObject([{ code: 'EK6013' }]);
  }, 60_000);
});

it('a suspended manifest is held back by name, and what stands stays', async () => {
  await settled();
  await world.write({
    'templates/queue.yaml': queueTemplate(60),
    'queue.yaml': stackManifest('queue', `${EVERYWHERE}\nsuspend: { by: j.doe, reason: incident 4711 }`),
  });
  const report = await world.reconcile();
  expect(report.exitCode).toBe(EXIT.blocked);
  expect(report.planned.plan?.refusals).toHaveLength(8);
  expect(mutations()).toEqual([]);
});
