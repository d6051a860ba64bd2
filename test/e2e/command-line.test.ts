import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { APPLY, effects, HERE, lasting, PLAN, recordedIn, typed, whereTyped } from '../support/command-line.js';
import {
  accountId,
  CONTROLLER,
  createWorld,
  queueTemplate,
  smallOrganization,
  stackManifest,
} from '../support/world.js';
import type { World } from '../support/world.js';

/** The commands as somebody types them who is tired, in a hurry, or a shell script. */
const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
let world: World;
afterEach(() => world.close());

async function created(): Promise<void> {
  const files = { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', TARGETS) };
  world = await createWorld({ organization: smallOrganization(2), files });
}

async function settled(): Promise<void> {
  await created();
  expect((await typed(world, APPLY)).code).toBe(0);
  world.simulator.calls.reset();
}

async function isCalledWrongly(line: string, message: string): Promise<void> {
  const { code, stdout, stderr } = await typed(world, line);
  expect([line, code, stdout]).toEqual([line, 64, '']);
  expect(stderr).toContain(`error: `);
  expect(stderr).toContain(message);
}

describe('a line that cannot be meant', () => {
  it('is refused with 64 and what was probably meant, before anything is asked of AWS', async () => {
    await created();
    await isCalledWrongly('reconsile', '(Did you mean reconcile?)');
    await isCalledWrongly('ledger crate', '(Did you mean create?)');
    await isCalledWrongly('plan --pth desired-state', '(Did you mean --path?)');
    await isCalledWrongly('plan --output yaml', 'Allowed choices are table, json, markdown.');
    await isCalledWrongly('plan --account 12', 'An account id has twelve digits.');
    await isCalledWrongly('plan --path desired-state --revision HEAD', "cannot be used with option '--revision <ref>'");
    await isCalledWrongly(`history queue ${HERE}`, 'write Kind/name or Kind/name@account/region');
    await isCalledWrongly('status --ledger leger', 'there is no ledger in');
    expect(effects(world).filter((operation) => operation.startsWith('cloudformation'))).toEqual([]);
  });

  it('applies nothing without --yes where nobody can be asked, nor from a folder that no commit names', async () => {
    await created();
    await isCalledWrongly(`apply ${HERE} --allow-path`, 'there is no terminal to ask for approval');
    await isCalledWrongly(`apply ${HERE} --yes`, 'commit it and use --revision, or add --allow-path');
    await isCalledWrongly(`reconcile ${HERE} --yes`, 'commit it and use --revision, or add --allow-path');
    const answered = await typed(world, `apply ${HERE} --allow-path`, { answer: 'y' });
    expect(answered).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing was changed.') });
    expect(effects(world).filter((operation) => operation.startsWith('cloudformation'))).toEqual([]);
    expect((await typed(world, `apply ${HERE} --allow-path`, { answer: 'yes' })).code).toBe(0);
  });

  it('names an account that is none, or one that nothing is meant for', async () => {
    await created();
    const stranger = await typed(world, `${PLAN} --account 999999999990`);
    expect(stranger.code).toBe(3);
    expect(stranger.stdout).toContain('error[EK3002]: account 999999999990 is not in the organization');
    const hub = await typed(world, `${PLAN} --account 200000000000`);
    expect(hub.code).toBe(0);
    expect(hub.stdout).toContain('account 200000000000 (hub) only: no changes');
  });
});

describe('where the desired state is read', () => {
  const git = (...line: readonly string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...line],
      {
        cwd: whereTyped(world),
        stdio: 'pipe',
      },
    );

  it('a commit is what is applied, whatever lies in the folder', async () => {
    await created();
    const outside = await typed(world, 'plan --ledger ledger');
    expect(outside.code).toBe(3);
    expect(outside.stdout).toContain('it is not in a Git repository');
    expect(outside.stdout).toContain('or read a folder as it lies there with --path');
    expect(outside.stdout).toMatch(/Not valid: 1 error\.\n$/);

    git('init', '-q', '-b', 'main');
    expect((await typed(world, 'plan --ledger ledger')).stdout).toContain('has no commit yet');
    git('add', 'desired-state');
    git('commit', '-q', '-m', 'first');
    await world.write({ 'queue.yaml': 'not: [yaml' });
    expect((await typed(world, 'validate')).stdout).toContain('--> desired-state/queue.yaml:1:10');
    expect((await typed(world, 'apply --revision HEAD --ledger ledger --yes')).code).toBe(0);
    expect((await typed(world, 'reconcile --ledger ledger --yes')).code).toBe(0);
    expect((await typed(world, PLAN)).code).toBe(3);

    const unknown = await typed(world, 'plan --revision nope --ledger ledger');
    expect(unknown.code).toBe(3);
    expect(unknown.stdout).toContain('there is none of that name');
    const nowhere = await typed(world, 'plan --folder state --ledger ledger');
    expect(nowhere.stdout).toMatch(/the folder state cannot be read at [0-9a-f]{40}: it does not exist there/);
    expect(nowhere.stdout).toContain('--folder');
  });

  it('a mistake in a commit is placed by its path in the repository', async () => {
    await created();
    git('init', '-q', '-b', 'main');
    await world.write({ 'queue.yaml': stackManifest('queue', `${TARGETS}\nsuspnd: {}`) });
    git('add', 'desired-state');
    git('commit', '-q', '-m', 'first');
    const planned = await typed(world, 'plan --revision main --ledger ledger');
    expect(planned.code).toBe(3);
    expect(planned.stdout).toContain('--> desired-state/queue.yaml:7:3');
  });

  it('a folder that does not exist is one mistake, and no missing Controller', async () => {
    await created();
    const { code, stdout } = await typed(world, 'plan --path desird-state --ledger ledger');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^error\[EK1007\]: .*desird-state cannot be read: it does not exist\n/);
    expect(stdout).toContain('Not valid: 1 error.');
  });
});

describe('a plan that was written down', () => {
  const stored = (file: string) => join(whereTyped(world), file);

  it('is applied by the line that its writing printed', async () => {
    await settled();
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
    const { stderr } = await typed(world, `${PLAN} --out plan.json`);
    const line = /^ {2}evenkeel (.*)$/m.exec(stderr)![1]!;
    expect(line).toBe('apply plan.json --path desired-state --allow-path --ledger ledger');
    expect((await typed(world, `${line} --yes`)).code).toBe(0);
    expect((await typed(world, PLAN)).code).toBe(0);
  });

  it('is refused where it is none, was edited, or belongs to another installation', async () => {
    await settled();
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
    await typed(world, `${PLAN} --out plan.json`);
    const before = await recordedIn(world);
    const plan = JSON.parse(await readFile(stored('plan.json'), 'utf8')) as object;
    await writeFile(stored('edited.json'), JSON.stringify({ ...plan, changes: [] }));
    await writeFile(stored('words.json'), 'hello');
    await writeFile(stored('empty.json'), '{}');
    const from = `${HERE} --allow-path --yes`;
    await isCalledWrongly(`apply edited.json ${from}`, 'edited.json is not as it was written');
    await isCalledWrongly(`apply words.json ${from}`, 'words.json cannot be read as a plan');
    await isCalledWrongly(`apply empty.json ${from}`, 'empty.json is not a plan');
    await isCalledWrongly(`apply absent.json ${from}`, 'there is no file absent.json');
    await isCalledWrongly(`apply plan.json ${from} --account ${accountId(1)}`, 'leave --account out');
    await world.write({ 'controller.yaml': CONTROLLER.replace('name: evenkeel', 'name: second') });
    await isCalledWrongly(
      `apply plan.json --path desired-state --ledger second --allow-path --yes`,
      'the plan is one of the installation evenkeel, and this is second',
    );
    expect(effects(world)).toEqual([]);
    await world.write({ 'controller.yaml': CONTROLLER });
    expect(await recordedIn(world)).toEqual(before);
  });

  it('applies what still comes out the same, and says of the rest why not', async () => {
    await settled();
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
    await typed(world, `${PLAN} --out plan.json`);
    await new CloudFormationClient({
      region: 'us-east-1',
      credentials: world.simulator.credentials(accountId(1)),
      requestHandler: world.simulator.requestHandler,
    }).send(
      new UpdateStackCommand({
        StackName: 'evenkeel-queue',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }],
      }),
    );
    world.simulator.world.clock.advance(900);
    const line = `apply plan.json ${HERE} --allow-path --yes`;
    const first = await typed(world, line);
    expect(first.code).toBe(6);
    expect(first.stdout).toMatch(/1 done,\s+1 stale/);
    const again = await typed(world, line);
    expect(again.code).toBe(6);
    await expect(lasting(again.stdout)).toMatchFileSnapshot('golden/a-plan-that-is-stale.txt');
  });

  it('says of an account that can no longer be seen that it cannot, not that nothing is left to do', async () => {
    await settled();
    await world.write({ 'templates/queue.yaml': queueTemplate(60) });
    await typed(world, `${PLAN} --out plan.json`);
    world.simulator.world.organization.accounts.get(accountId(1))!.roles.delete('evenkeel-plan');
    world.simulator.world.clock.advance(3 * 24 * 3600);
    const { code, stdout } = await typed(world, `apply plan.json ${HERE} --allow-path --yes`);
    expect(code).toBe(6);
    expect(stdout).toContain(
      'stale update Stack/queue@300000000001/us-east-1 (a1): it could not be looked at this time',
    );
  });
});

describe('the ledger in a table', () => {
  it('that is missing is asked for by its command, which then makes it', async () => {
    await created();
    const here = '--path desired-state';
    for (const line of [
      `plan ${here}`,
      `apply ${here} --allow-path --yes`,
      `status ${here}`,
      `history Stack/queue ${here}`,
    ]) {
      const { code, stderr } = await typed(world, line);
      expect([line, code]).toEqual([line, 1]);
      expect(stderr).toContain('error: there is no ledger table evenkeel');
      expect(stderr).toContain('run "evenkeel ledger create"');
    }
    expect((await typed(world, `ledger create ${here}`)).stdout).toBe('Created the ledger: table evenkeel.\n');
    expect((await typed(world, `ledger create ${here}`)).stdout).toBe('The ledger exists already: table evenkeel.\n');
    expect((await typed(world, `status ${here}`)).stdout).toBe('0 units recorded; 0 in need of attention\n');
    expect((await typed(world, `apply ${here} --allow-path --yes`)).code).toBe(0);
    expect((await typed(world, `plan ${here}`)).code).toBe(0);
    const { stdout } = await typed(world, `status ${here}`, { columns: 80 });
    await expect(lasting(stdout)).toMatchFileSnapshot('golden/status-of-two-stacks.txt');
  });
});

describe('history', () => {
  it('of a manifest names the deployments that have one, and of a misspelt address the one that was meant', async () => {
    await settled();
    const manifest = await typed(world, 'history Stack/queue --ledger ledger');
    expect(manifest.stdout).toBe(
      'History of Stack/queue\nThe ledger keeps the history of each of its deployments:\n' +
        '    Stack/queue@300000000001/us-east-1\n    Stack/queue@300000000002/us-east-1\n',
    );
    const deployment = await typed(world, 'history Stack/queue@300000000001/us-east-1 --ledger ledger');
    expect(deployment.stdout).toContain('created at revision content-');
    expect((await typed(world, 'history Stack/queeu --ledger ledger')).stdout).toContain('Did you mean Stack/queue?');
    const unlike = await typed(world, 'history ServerlessApplication/janitor --ledger ledger');
    expect(unlike.stdout).toContain('The ledger has no history of it. evenkeel status shows what is recorded.');
  });
});

it('every command explains itself in 80 columns', async () => {
  await created();
  for (const command of [
    '',
    'validate',
    'targets',
    'lock',
    'schema',
    'catalog',
    'show',
    'add',
    'outdated',
    'upgrade',
    'plan',
    'apply',
    'reconcile',
    'status',
    'history',
    'drift',
    'drift detect',
    'explain',
    'metrics',
    'ledger',
    'ledger create',
    'snapshot',
    'simulator',
    'demo',
  ]) {
    const { code, stdout } = await typed(world, `${command} --help`, { columns: 80 });
    expect([command, code]).toEqual([command, 0]);
    expect([command, stdout.split('\n').filter((line) => line.length > 80)]).toEqual([command, []]);
    expect(stdout).not.toContain('(default: false)');
  }
  await expect((await typed(world, '--help', { columns: 80 })).stdout).toMatchFileSnapshot('golden/help.txt');
});
