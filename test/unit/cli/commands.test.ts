import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountId, PLANS, unquotedAccount } from '../render/plans.js';
import { evenkeel, runOf } from './memory.js';

const create = PLANS['one create']!;
const quiet = PLANS['empty']!;

describe('plan', () => {
  it('prints the plan, changes nothing, and exits with 2 where there are changes', async () => {
    const { code, stdout, calls } = await evenkeel(['plan'], { plans: [create] });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Plan [0-9a-f]{8} for revision 4f2c1d9be0a7: 1 to create in 1 account; 3 unchanged\n/);
    expect(calls).toEqual(['plan all', 'close']);
  });

  it.each([
    ['nothing is to be done', 'empty', 0],
    ['the desired state is not valid', 'invalid', 3],
    ['the guard forbids it', 'blocked and refused', 4],
    ['an account could not be reached', 'unknown accounts', 9],
  ])('exits with its code where %s', async (_, name, expected) => {
    expect((await evenkeel(['plan'], { plans: [PLANS[name]!] })).code).toBe(expected);
  });

  it('reads HEAD of the repository here, unless it is told otherwise', async () => {
    const head = await evenkeel(['plan'], { plans: [quiet] });
    expect(head.opened[0]!.source).toEqual({
      type: 'git',
      repository: '/work',
      ref: 'HEAD',
      folder: 'desired-state',
    });
    const told = await evenkeel(['plan', '--revision', 'v1', '--repository', 'fleet', '--folder', 'state'], {
      plans: [quiet],
    });
    expect(told.opened[0]!.source).toEqual({ type: 'git', repository: '/work/fleet', ref: 'v1', folder: 'state' });
    const folder = await evenkeel(['plan', '--path', 'edits', '--ledger', 'book'], { plans: [quiet] });
    expect(folder.opened[0]!.source).toEqual({ type: 'folder', path: '/work/edits' });
    expect(folder.opened[0]!.ledger).toEqual({ type: 'folder', path: '/work/book' });
  });

  it('is narrowed to an account', async () => {
    const { calls } = await evenkeel(['plan', '--account', '111122223333'], { plans: [quiet] });
    expect(calls[0]).toBe('plan 111122223333');
  });

  it('prints one JSON value on stdout, and nothing else there', async () => {
    const { stdout } = await evenkeel(['plan', '--output', 'json'], { plans: [create] });
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, plan: { digest: create.plan!.digest } });
  });

  it('prints Markdown for a pull request', async () => {
    expect((await evenkeel(['plan', '-o', 'markdown'], { plans: [create] })).stdout).toContain('### Changes');
  });

  it('says why where the installation cannot be opened', async () => {
    const { code, stdout } = await evenkeel(['plan'], { unopened: [unquotedAccount] });
    expect(code).toBe(3);
    expect(stdout).toContain('error[EK2003]');
  });
});

describe('reconcile', () => {
  it('applies nothing before somebody has typed yes', async () => {
    for (const answer of ['y', 'YES', 'yes please', '', null]) {
      const { code, asked, calls, stderr } = await evenkeel(['reconcile'], { plans: [create], terminal: true, answer });
      expect(asked).toEqual(["Apply 1 change in 1 account? Only 'yes' is taken: "]);
      expect(calls).toEqual(['plan all', 'close']);
      expect(stderr).toContain('Nothing was changed.');
      expect(code).toBe(2);
    }
  });

  it('applies the plan that was shown once somebody has typed yes', async () => {
    const { code, stdout, applied } = await evenkeel(['reconcile'], { plans: [create], terminal: true, answer: 'yes' });
    expect(applied).toEqual([create.plan]);
    expect(stdout).toMatch(/^Plan .*[\s\S]*\nRun run-1 succeeded: 1 done\n$/);
    expect(code).toBe(0);
  });

  it('does not ask where --yes answers, and exits as the report says', async () => {
    const run = runOf(create, { outcome: 'partly-applied' });
    const ended = await evenkeel(['reconcile', '--yes'], { plans: [create], report: { run, exitCode: 7 } });
    expect(ended.asked).toEqual([]);
    expect(ended.calls).toEqual(['plan all', 'apply as reconcile', 'close']);
    expect(ended.code).toBe(7);
  });

  it('is refused where nobody can be asked, before anything is opened', async () => {
    const { code, stderr, opened } = await evenkeel(['reconcile'], { plans: [create] });
    expect(code).toBe(64);
    expect(stderr).toContain('no terminal to ask for approval');
    expect(opened).toEqual([]);
  });

  it('is refused from a folder that no commit names, unless that is allowed', async () => {
    const refused = await evenkeel(['reconcile', '--path', 'edits', '--yes'], { plans: [create] });
    expect(refused.code).toBe(64);
    expect(refused.stderr).toContain('--allow-path');
    expect(refused.opened).toEqual([]);
    const allowed = await evenkeel(['reconcile', '--path', 'edits', '--yes', '--allow-path'], { plans: [create] });
    expect(allowed.code).toBe(0);
  });

  it('does not ask where there is nothing to change', async () => {
    const { code, asked, stdout } = await evenkeel(['reconcile'], { plans: [quiet], terminal: true });
    expect(asked).toEqual([]);
    expect(stdout).toMatch(/no changes; 40 unchanged\n$/);
    expect(code).toBe(0);
  });

  it('applies nothing that the guard forbids, whoever says yes', async () => {
    const { code, calls } = await evenkeel(['reconcile', '--yes'], { plans: [PLANS['blocked and refused']!] });
    expect(calls).toEqual(['plan all', 'record', 'close']);
    expect(code).toBe(4);
  });

  it.each(['one create', 'empty', 'blocked and refused', 'invalid'])(
    'prints one JSON value for the plan "%s", and shows it to whoever is asked on stderr',
    async (name) => {
      const setting = { plans: [PLANS[name]!], terminal: true, answer: 'yes' };
      const { stdout, stderr } = await evenkeel(['reconcile', '--output', 'json'], setting);
      expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, plan: PLANS[name]!.plan === null ? null : {} });
      expect(stderr).toMatch(/plan/i);
    },
  );

  it('watches until it is interrupted, with one line for a quiet pass', async () => {
    const setting = { plans: [quiet, create, quiet], passes: 3 };
    const { code, stdout, calls, opened } = await evenkeel(['reconcile', '--watch', '--yes'], setting);
    expect(calls.filter((call) => call === 'sleep 900000')).toHaveLength(3);
    expect(calls.filter((call) => call === 'close')).toHaveLength(3);
    expect(opened).toHaveLength(3);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toBe('2026-11-22T16:00:00.000Z nothing to do, 40 unchanged');
    expect(lines[1]).toMatch(/^Plan /);
    expect(lines.at(-1)).toBe(lines[0]);
    expect(code).toBe(0);
  });
});

describe('a plan file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-cli-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is what plan --out wrote, and exactly that is applied', async () => {
    const planned = await evenkeel(['plan', '--out', 'plan.json'], { plans: [create], cwd: folder });
    expect(planned.stderr).toContain('evenkeel apply plan.json');
    const ended = await evenkeel(['apply', 'plan.json', '--yes'], { cwd: folder });
    expect(ended.calls).toEqual(['applyFile', 'close']);
    expect(ended.applied).toEqual([create.plan]);
    expect(ended.code).toBe(0);
  });

  it('is refused where it was edited', async () => {
    await evenkeel(['plan', '--out', 'plan.json'], { plans: [create], cwd: folder });
    const file = join(folder, 'plan.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"Days', '"Weeks').replace('"30"', '"31"'));
    const { code, stderr, opened } = await evenkeel(['apply', 'plan.json', '--yes'], { cwd: folder });
    expect(code).toBe(64);
    expect(stderr).toContain('its digest does not fit');
    expect(opened).toEqual([]);
  });

  it('is refused where it is no plan at all', async () => {
    await writeFile(join(folder, 'other.json'), '[]');
    await writeFile(join(folder, 'broken.json'), '{');
    for (const file of ['other.json', 'broken.json', 'missing.json']) {
      expect((await evenkeel(['apply', file, '--yes'], { cwd: folder })).code).toBe(64);
    }
  });

  it('is not written where no plan could be made', async () => {
    await evenkeel(['plan', '--out', 'plan.json'], { plans: [PLANS['invalid']!], cwd: folder });
    await expect(readFile(join(folder, 'plan.json'))).rejects.toThrow('ENOENT');
  });
});

describe('the other commands', () => {
  it('validate reads the folder as it lies there and exits with 3 where it is not valid', async () => {
    expect((await evenkeel(['validate'])).code).toBe(0);
    const { code, stdout } = await evenkeel(['validate'], { findings: [unquotedAccount] });
    expect(code).toBe(3);
    expect(stdout).toContain('   |                  ^^^^^^^^^^^^\n');
  });

  it('status and history read a ledger folder by itself, without any desired state', async () => {
    const book = tmpdir();
    const status = await evenkeel(['status', '--ledger', book], { unopened: [unquotedAccount] });
    expect(status.calls).toEqual([`openLedgerOnly ${book}`, 'close']);
    expect(status.code).toBe(0);
    const history = await evenkeel(['history', 'StackSet/guardrails', '--ledger', book]);
    expect(history.calls).toEqual([`openLedgerOnly ${book}`, 'history StackSet/guardrails', 'close']);
  });

  it('a ledger folder that does not exist is not read as an empty ledger', async () => {
    const { code, stderr, calls } = await evenkeel(['status', '--ledger', 'no-such-book']);
    expect(code).toBe(64);
    expect(stderr).toContain('there is no ledger in /work/no-such-book');
    expect(calls).toEqual([]);
  });

  it('history refuses what is no address', async () => {
    const { code, stderr } = await evenkeel(['history', 'guardrails']);
    expect(code).toBe(64);
    expect(stderr).toContain('"guardrails" is not an address');
  });

  it('lock writes into the folder; with --check it exits with 2 where AWS serves something else', async () => {
    const written = await evenkeel(['lock']);
    expect(written.calls[0]).toBe('lock write');
    expect(written.opened[0]!.source).toEqual({ type: 'folder', path: '/work/desired-state' });
    const line = { address: 'ServerlessApplication/janitor', result: 'differs', detail: '' } as const;
    const checked = await evenkeel(['lock', '--check', '--all'], { lock: { lines: [line], diagnostics: [] } });
    expect(checked.calls[0]).toBe('lock check all');
    expect(checked.code).toBe(2);
    expect((await evenkeel(['lock', '--revision', 'main'])).code).toBe(64);
  });

  it('targets, ledger create and schema print what they are asked for', async () => {
    const targets = await evenkeel(['targets', '--account', accountId(1)]);
    expect(targets.stdout).toBe('0 deployments of 0 manifests in 0 accounts\n');
    expect((await evenkeel(['ledger', 'create'])).stdout).toBe('Created the ledger: table evenkeel.\n');
    expect(JSON.parse((await evenkeel(['schema'])).stdout)).toEqual({ title: 'A manifest' });
  });
});

describe('what goes wrong outside', () => {
  it('is told as the credentials, AWS, or us', async () => {
    const named = (name: string, extra: object = {}): Error => Object.assign(new Error('why'), { name }, extra);
    const expired = await evenkeel(['plan'], { fails: named('ExpiredTokenException', { $metadata: {} }) });
    expect(expired.code).toBe(9);
    const table = await evenkeel(['plan'], { fails: named('ResourceNotFoundException', { $metadata: {} }) });
    expect(table.code).toBe(1);
    expect(table.stderr).toContain('evenkeel ledger create');
    const bug = await evenkeel(['plan'], { fails: new TypeError('x is not a function\u001b[2J') });
    expect(bug.code).toBe(1);
    expect(bug.stderr).toBe(
      'evenkeel failed, and it is a mistake of ours: TypeError: x is not a function\\u001b[2J. Set EVENKEEL_DEBUG=1 to see where.\n',
    );
    expect(bug.calls).toContain('close');
  });
});
