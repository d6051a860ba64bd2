import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newestCommit, pullRequestOf } from '../../../src/git/commits.js';

let root: string;

function git(...args: readonly string[]): string {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Ana',
    GIT_AUTHOR_EMAIL: 'ana@example.com',
    GIT_COMMITTER_NAME: 'Ben',
    GIT_COMMITTER_EMAIL: 'ben@example.com',
    GIT_AUTHOR_DATE: '2026-11-20T12:00:00+02:00',
    GIT_COMMITTER_DATE: '2026-11-20T12:00:00+02:00',
  };
  return execFileSync('git', ['-C', root, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

async function commit(file: string, text: string, subject: string): Promise<string> {
  await writeFile(join(root, file), text);
  git('add', '-A');
  git('commit', '-q', '-m', subject);
  return git('rev-parse', 'HEAD');
}

const asked = (revision: string, path = 'state/a.yaml'): ReturnType<typeof newestCommit> =>
  newestCommit({ folder: root, revision, path, root: 'top' });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'evenkeel-commits-'));
  await mkdir(join(root, 'state'));
  git('init', '-q', '-b', 'main');
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('the newest commit of a file', () => {
  it('is the one that changed it, and not the newest of all', async () => {
    const first = await commit('state/a.yaml', '1', 'Keep three versions (#12)');
    const head = await commit('state/b.yaml', '1', 'Something else (#13)');
    expect(await asked(head)).toEqual({
      id: first,
      author: 'Ana',
      at: '2026-11-20T10:00:00.000Z',
      subject: 'Keep three versions (#12)',
      pullRequest: 12,
    });
  });

  it('is the one at that revision, whatever came later', async () => {
    const first = await commit('state/a.yaml', '1', 'One');
    await commit('state/a.yaml', '2', 'Two');
    expect(await asked(first)).toMatchObject({ id: first, pullRequest: null });
  });

  it('takes the pull request from the merge that brought it', async () => {
    await commit('state/a.yaml', '1', 'One');
    git('checkout', '-q', '-b', 'feature');
    const change = await commit('state/a.yaml', '2', 'Keep ten');
    git('checkout', '-q', 'main');
    await commit('state/b.yaml', '1', 'Meanwhile (#40)');
    git('merge', '-q', '--no-ff', '-m', 'Merge pull request #41 from ana/feature', 'feature');
    expect(await asked(git('rev-parse', 'HEAD'))).toMatchObject({ id: change, subject: 'Keep ten', pullRequest: 41 });
  });

  it('is found from a folder inside the repository', async () => {
    const first = await commit('state/a.yaml', '1', 'One');
    const found = await newestCommit({ folder: join(root, 'state'), revision: first, path: 'a.yaml', root: 'folder' });
    expect(found).toMatchObject({ id: first });
  });

  it('takes a name literally, whatever git would make of its signs', async () => {
    await commit('state/a.yaml', '1', 'One');
    const odd = await commit('state/[a]*.yaml', '1', 'Odd');
    const head = await commit('state/a.yaml', '2', 'Two');
    expect(await asked(head, 'state/[a]*.yaml')).toMatchObject({ id: odd });
  });

  it('is not known where there is nothing to find', async () => {
    const head = await commit('state/a.yaml', '1', 'One');
    expect(await asked(head, 'state/never.yaml')).toBeNull();
    expect(await asked('0'.repeat(40))).toBeNull();
    expect(await asked('content-0123456789')).toBeNull();
    expect(await asked('--output=state/stolen')).toBeNull();
    await rm(join(root, '.git'), { recursive: true });
    expect(await asked(head)).toBeNull();
  });

  it('runs no program that the repository names', async () => {
    const head = await commit('state/a.yaml', '1', 'One');
    const trace = join(root, 'ran');
    await writeFile(join(root, 'gpg'), `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
    git('config', 'log.showSignature', 'true');
    git('config', 'gpg.program', join(root, 'gpg'));
    expect(await asked(head)).toMatchObject({ id: head });
    expect(existsSync(trace)).toBe(false);
  });
});

it.each([
  ['Keep three versions (#12)', 12],
  ['Merge pull request #7 from ana/feature', 7],
  ['Fix #12 for good', null],
  ['(#12) comes first', null],
  ['Merge branch main', null],
  [`Too long (#${'9'.repeat(40)})`, null],
])('"%s" names the pull request %s', (subject, number) => {
  expect(pullRequestOf(subject)).toBe(number);
});
