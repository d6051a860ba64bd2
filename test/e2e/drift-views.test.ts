import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HERE, typed, whereTyped } from '../support/command-line.js';
import {
  accountId,
  CONTROLLER,
  createWorld,
  queueTemplate,
  smallOrganization,
  stackManifest,
} from '../support/world.js';
import type { World } from '../support/world.js';

/** What somebody sees at night who was woken by a number. */
const A1 = accountId(1);
const A2 = accountId(2);
const HOUR = 3_600;
const ONE = `Stack/janitor@${A1}/us-east-1`;
const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const IGNORED = `drift:
  ignore:
    - { resource: Queue, path: /DelaySeconds, reason: set by the owner, expires: 2000-01-01 }`;
const J_DOE = { accountId: A1, role: 'AdministratorAccess', session: 'j.doe' };
const queue = { accountId: A1, region: 'us-east-1', stack: 'evenkeel-janitor', resource: 'Queue' };
const LEDGER = '--ledger ledger';

let world: World;
afterEach(() => world.close());

async function story(spec = TARGETS, controller = `${CONTROLLER}  schedule: { drift: rate(1 day) }\n`): Promise<void> {
  world = await createWorld({
    organization: smallOrganization(2),
    files: {
      'controller.yaml': controller,
      'templates/queue.yaml': queueTemplate(),
      'janitor.yaml': stackManifest('janitor', spec),
    },
  });
}

/** A queue was changed by hand, and CloudTrail has had the time to show by whom, when somebody looks. */
async function drifted(spec = TARGETS): Promise<void> {
  await story(spec);
  await world.reconcile();
  world.simulator.hands.change(queue, { VisibilityTimeout: 600 }, J_DOE, 'SetQueueAttributes');
  world.simulator.world.clock.advance(HOUR);
  expect((await typed(world, `drift detect ${HERE} --wait`)).code).toBe(2);
}

const json = async (line: string): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse((await typed(world, `${line} --output json`)).stdout) as Readonly<Record<string, unknown>>;

describe('drift', () => {
  it('says of a ledger before the first check that nothing was checked, and what to set', async () => {
    await story(TARGETS, CONTROLLER);
    await typed(world, `ledger create ${HERE}`);
    const { code, stdout } = await typed(world, `drift ${LEDGER}`);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing was checked yet')]);
    expect(stdout).toContain('Controller.spec.schedule.drift');
  });

  it('shows what a hand changed, who it was and when, from the ledger alone, and exits with 2', async () => {
    await drifted();
    world.simulator.calls.reset();
    const { code, stdout } = await typed(world, `drift ${LEDGER}`, { columns: 80 });
    expect(code).toBe(2);
    expect(stdout).toContain('/VisibilityTimeout: "30" → "600"');
    expect(stdout).toContain('j.doe');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain('\u001b');
    expect(world.simulator.calls.byOperation()).toEqual({});
    expect(await json(`drift ${LEDGER}`)).toMatchObject({
      schemaVersion: 1,
      deployments: 2,
      states: { stack: { IN_SYNC: 2, DRIFTED: 0 }, resource: { IN_SYNC: 1, DRIFTED: 1 } },
      findings: [{ address: ONE, accountName: 'a1', unitPath: '/Workloads/Prod' }],
    });
  });

  it('is narrowed and grouped, by the names that people know', async () => {
    await drifted();
    expect((await typed(world, `drift ${LEDGER} --account a1`)).code).toBe(2);
    expect((await typed(world, `drift ${LEDGER} --account a2`)).code).toBe(0);
    expect((await typed(world, `drift ${LEDGER} --address Stack/janitor@${A2}/us-east-1`)).code).toBe(0);
    const headings = { account: `Account ${A1} (a1)`, ou: 'OU /Workloads/Prod', block: 'Building block Stack/janitor' };
    for (const [by, heading] of Object.entries(headings))
      expect((await typed(world, `drift ${LEDGER} --by ${by}`)).stdout.split('\n')).toContain(heading);
    const withState = await typed(world, `drift ${HERE} --by block`);
    expect(withState.stdout.split('\n')).toContain('Building block templates/queue.yaml');
  });

  it('does not take what is mistyped for what is in order', async () => {
    await drifted();
    for (const [line, hint] of [
      ['--account a11', 'did you mean'],
      ['--account 999999999990', 'knows nothing of account 999999999990'],
      ['--address Stack/janitr', 'did you mean Stack/janitor?'],
      ['--address janitor', 'is not an address'],
      ['--by colour', 'Allowed choices are account, ou, block, age, layer.'],
    ] as const) {
      const { code, stdout, stderr } = await typed(world, `drift ${LEDGER} ${line}`);
      expect([line, code, stdout]).toEqual([line, 64, '']);
      expect(stderr).toContain(hint);
    }
  });

  it('exits with 2 for a rule that has expired, and says where it is', async () => {
    await story(`${IGNORED}\n${TARGETS}`);
    await world.reconcile();
    const { code, stdout } = await typed(world, `drift ${HERE}`);
    expect(code).toBe(2);
    expect(stdout).toMatch(/desired-state\/janitor\.yaml:\d+ Stack\/janitor: Queue \/DelaySeconds/);
    expect((await typed(world, `drift ${LEDGER}`)).code).toBe(0);
  });

  it('is found at once where somebody asks for it', async () => {
    await story(TARGETS, CONTROLLER);
    await world.reconcile();
    world.simulator.hands.change(queue, { VisibilityTimeout: 600 }, J_DOE);
    const { code, stdout, stderr } = await typed(world, `drift detect ${HERE} --wait`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('2 detections begun, 2 seen to their end')]);
    expect(stdout).toContain('/VisibilityTimeout: "30" → "600"');
  });
});

describe('status', () => {
  it('shows the states of drift and the newest pass', async () => {
    await drifted();
    const { stdout } = await typed(world, `status ${LEDGER}`);
    expect(stdout).toMatch(/^resource +1 +1 +0 +0 +0$/m);
    expect(stdout).toContain('Last pass');
  });
});

describe('explain', () => {
  const git = (...line: readonly string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false', ...line],
      { cwd: whereTyped(world), encoding: 'utf8' },
    ).trim();

  it('leads from the stack to the line, the commit, the pull request, the run, and who changed it', async () => {
    await story(`${IGNORED}\n${TARGETS}`);
    git('init', '-q', '-b', 'main');
    git('add', 'desired-state');
    git('commit', '-q', '-m', 'Keep the janitor (#123)');
    await writeFile(join(whereTyped(world), 'README.md'), 'of no account');
    git('add', 'README.md');
    git('commit', '-q', '-m', 'Say more (#124)');
    expect((await typed(world, `apply ${LEDGER} --yes`)).code).toBe(0);
    world.simulator.hands.change(queue, { VisibilityTimeout: 600 }, J_DOE, 'SetQueueAttributes');
    world.simulator.world.clock.advance(HOUR);
    await typed(world, `drift detect ${LEDGER} --revision main --wait`);
    const { code, stdout } = await typed(world, `explain ${ONE} ${LEDGER} --revision main`, { columns: 200 });
    expect(code).toBe(0);
    for (const said of [
      'stack evenkeel-janitor, arn:aws:cloudformation:us-east-1:',
      'of templates/queue.yaml',
      'through the door apply',
      'desired-state/janitor.yaml:3 Stack/janitor',
      ': Keep the janitor (#123)',
      'pull request #123',
      'j.doe',
      'Queue /DelaySeconds: set by the owner; expired 2000-01-01',
      'created at revision',
    ])
      expect(stdout).toContain(said);
    expect(await json(`explain ${ONE} ${LEDGER} --revision main`)).toMatchObject({
      schemaVersion: 1,
      commit: { pullRequest: 123, author: 'Ana' },
      manifest: { file: 'desired-state/janitor.yaml' },
      run: { door: 'apply', outcome: 'succeeded' },
    });
  });

  it('says less with the ledger alone, and how to learn more', async () => {
    await drifted();
    const { code, stdout } = await typed(world, `explain ${ONE} ${LEDGER}`);
    expect([code, stdout]).toEqual([0, expect.stringContaining('add --revision or --path')]);
    expect(stdout).toContain('j.doe');
    const manifest = await typed(world, `explain Stack/janitor ${LEDGER}`);
    expect(manifest.stdout).toContain(`2 stacks in ${A1} (a1), ${A2} (a2) in us-east-1`);
    expect(manifest.stdout).toContain('/VisibilityTimeout');
  });

  it('names the nearest of an address that is mistyped', async () => {
    await drifted();
    const { code, stderr } = await typed(world, `explain Stack/janitr@${A1}/us-east-1 ${LEDGER}`);
    expect([code, stderr]).toEqual([64, expect.stringContaining(`did you mean ${ONE}?`)]);
  });
});

describe('metrics', () => {
  it('say the same as the report, and with a Controller what is left of its budgets', async () => {
    await drifted();
    const { code, stdout } = await typed(world, `metrics ${LEDGER}`);
    expect(code).toBe(0);
    expect(stdout).toContain('\nevenkeel_deployments{layer="resource",state="DRIFTED"} 1\n');
    expect(stdout).toMatch(/\nevenkeel_drift_time_to_detect_seconds_count\{layer="resource"\} 1\n/);
    expect(stdout).not.toContain('evenkeel_budget_left');
    expect((await typed(world, `metrics ${HERE}`)).stdout).toContain('\nevenkeel_budget_left{budget="delete"} 5\n');
  });

  it('are written as a whole file that another program may read, and nothing else', async () => {
    await drifted();
    const { code, stdout } = await typed(world, `metrics ${LEDGER} --file evenkeel.prom`);
    expect([code, stdout]).toEqual([0, '']);
    const file = join(whereTyped(world), 'evenkeel.prom');
    expect(await readFile(file, 'utf8')).toContain('evenkeel_last_pass_timestamp_seconds');
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    expect((await readdir(whereTyped(world))).filter((name) => name.includes('partial'))).toEqual([]);
    const nowhere = await typed(world, `metrics ${LEDGER} --file no/such/folder/x.prom`);
    expect(nowhere).toMatchObject({ code: 64, stdout: '' });
  });
});
