import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRevision } from '../../../src/git/revision.js';
import type { DesiredFiles } from '../../../src/model/files.js';

const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
let repository: string;

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', repository, ...identity, ...args], { encoding: 'utf8' }).trim();

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}

/** A commit whose tree holds paths that no work tree could. */
function commitOf(
  entries: readonly { readonly mode: string; readonly object: string; readonly path: string }[],
): string {
  const index = entries.flatMap(({ mode, object, path }) => ['--cacheinfo', `${mode},${object},${path}`]);
  const env = { ...process.env, GIT_INDEX_FILE: join(repository, '.git', `index-${Math.random()}`) };
  execFileSync('git', ['-C', repository, 'update-index', '--add', ...index], { env });
  const tree = execFileSync('git', ['-C', repository, 'write-tree'], { env, encoding: 'utf8' }).trim();
  return git('commit-tree', '-m', 'x', tree);
}

/** A tree object written byte by byte: git's own commands would refuse these names. */
function treeOf(entries: readonly { readonly mode: string; readonly name: string; readonly object: string }[]): string {
  const bytes = Buffer.concat(
    entries.map(({ mode, name, object }) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(object, 'hex')]),
    ),
  );
  const args = ['-C', repository, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin'];
  return execFileSync('git', args, { input: bytes, encoding: 'utf8' }).trim();
}

const blob = (text: string): string =>
  execFileSync('git', ['-C', repository, 'hash-object', '-w', '--stdin'], { input: text, encoding: 'utf8' }).trim();

const read = (ref: string, folder = 'desired-state'): Promise<DesiredFiles> =>
  readRevision({ repository, ref, folder });
const texts = (files: DesiredFiles): Record<string, string> =>
  Object.fromEntries([...files.files].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
const found = (files: DesiredFiles): string[] => files.diagnostics.map(({ code, message }) => `${code} ${message}`);

beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'evenkeel-revision-'));
  git('init', '-q', '-b', 'main');
  write('README.md', 'x');
  write('desired-state/a.yaml', 'first');
  write('desired-state/security/b.yml', 'b\r\n\0\n');
  write('desired-state/notes.md', 'not ours');
  write('desired-state/templates/code.zip', 'zip');
  write('desired-state/templates/empty.json', '');
  write('desired-state/.locked/Stack/x/template.yaml', 'locked');
  write('desired-state/.hidden/c.yaml', 'hidden');
  write('desired-state/evenkeel.lock.yaml', 'lock');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  git('tag', 'v1');
});

afterAll(() => rmSync(repository, { recursive: true, force: true }));

describe('a revision', () => {
  test('gives the blobs of its folder, byte for byte, and its commit id', async () => {
    const files = await read('v1');
    expect(texts(files)).toEqual({
      '.locked/Stack/x/template.yaml': 'locked',
      'a.yaml': 'first',
      'evenkeel.lock.yaml': 'lock',
      'security/b.yml': 'b\r\n\0\n',
      'templates/code.zip': 'zip',
      'templates/empty.json': '',
    });
    expect(files).toMatchObject({ revision: git('rev-parse', 'v1'), origin: 'git', diagnostics: [] });
  });

  test('knows nothing of the work tree or the index', async () => {
    write('desired-state/a.yaml', 'edited');
    git('add', '.');
    expect(texts(await read('HEAD'))['a.yaml']).toBe('first');
    git('reset', '-q', '--hard');
  });

  test('is not redirected by the variables that a hook leaves behind', async () => {
    process.env['GIT_DIR'] = '/nonexistent';
    try {
      expect((await read('v1')).files.size).toBe(6);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  test('may be read from the top of the repository', async () => {
    expect([...(await read('v1', '.')).files.keys()]).toContain('desired-state/a.yaml');
    expect([...(await read('v1', './desired-state/')).files.keys()]).toContain('a.yaml');
  });
});

describe('what cannot be read', () => {
  test.each([
    ['a ref that does not exist', 'nope', 'desired-state', 'EK1007 the revision nope cannot be read in'],
    ['a ref that looks like an option', '--all', 'desired-state', 'EK1007 the revision --all cannot be read in'],
    ['a folder that does not exist', 'v1', 'other', 'EK1007 the folder other cannot be read at'],
    ['a folder above the repository', 'v1', '../x', 'EK1007 the folder ../x leads out of the repository'],
  ])('%s is an error, and no file comes with it', async (_, ref, folder, message) => {
    const files = await read(ref, folder);
    expect(found(files)[0]).toContain(message);
    expect(found(files)).toHaveLength(1);
    expect(files.files.size).toBe(0);
  });

  test('a repository that is none', async () => {
    const files = await readRevision({ repository: '/nonexistent', ref: 'HEAD', folder: 'x' });
    expect(found(files)[0]).toContain('EK1007');
  });
});

describe('what a revision may not hold', () => {
  test('links, submodules and second spellings are refused, and the other files are read', async () => {
    const object = blob('x');
    const ref = commitOf([
      { mode: '100644', object, path: 'd/good.yaml' },
      { mode: '120000', object, path: 'd/link.yaml' },
      { mode: '120000', object, path: 'd/readme' },
      { mode: '160000', object: git('rev-parse', 'v1'), path: 'd/module' },
      { mode: '100644', object, path: 'd/GOOD.yaml' },
    ]);
    const files = await read(ref, 'd');
    expect(Object.keys(texts(files))).toEqual(['GOOD.yaml']);
    expect(found(files)).toEqual([
      'EK1009 good.yaml differs from GOOD.yaml in upper and lower case only',
      'EK1003 link.yaml is a symbolic link, which the desired state may not contain',
      'EK1003 module is a submodule, which the desired state may not contain',
      'EK1003 readme is a symbolic link, which the desired state may not contain',
    ]);
  });

  test('paths that lead out, or into .git, or that would move a cursor are refused', async () => {
    const object = blob('x');
    const file = { mode: '100644', object };
    const inner = treeOf([{ ...file, name: 'x.yaml' }]);
    const tree = treeOf([
      { mode: '40000', name: '..', object: inner },
      { mode: '40000', name: '.GIT', object: inner },
      { ...file, name: 'red\x1b[31m.yaml' },
      { ...file, name: 'z.yaml' },
    ]);
    const files = await read(git('commit-tree', '-m', 'x', tree), '.');
    expect(Object.keys(texts(files))).toEqual(['z.yaml']);
    expect(found(files)).toEqual([
      'EK1010 the path ../x.yaml leads out of its folder or into .git',
      'EK1010 the path .GIT/x.yaml leads out of its folder or into .git',
      'EK1010 the path red?[31m.yaml has characters that are not text',
    ]);
  });

  test('a manifest over 1 MiB is refused by its size, and a template of that size is not', async () => {
    const object = blob('x'.repeat(1024 * 1024 + 1));
    const ref = commitOf([
      { mode: '100644', object, path: 'd/big.yaml' },
      { mode: '100644', object, path: 'd/templates/big.yaml' },
    ]);
    const files = await read(ref, 'd');
    expect([...files.files.keys()]).toEqual(['templates/big.yaml']);
    expect(found(files)).toEqual(['EK1002 big.yaml has 1048577 bytes; a manifest may have 1048576']);
  });
});
