import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFolder } from '../../../src/git/folder.js';
import type { DesiredFiles } from '../../../src/model/files.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evenkeel-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text = 'x'): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

/** A file with a size and no bytes: what would be read of it would be zeros. */
const sparse = (path: string, bytes: number): void => truncateSync(write(path), bytes);
const MIB = 1024 * 1024;

const paths = (files: DesiredFiles): string[] => [...files.files.keys()];
const found = (files: DesiredFiles): string[] => files.diagnostics.map(({ code, message }) => `${code} ${message}`);

describe('a folder', () => {
  test('keeps YAML anywhere, all in templates/, code/ and .locked/, and nothing else', async () => {
    ['b.yml', 'deep/a.yaml', 'notes.md', 'schema.json', 'evenkeel.lock.yaml', 'deep/templates.txt'].forEach((path) =>
      write(path),
    );
    [
      'templates/code/index.py',
      'code/notify/index.js',
      'deep/code/index.js',
      '.locked/Stack/x/template.yaml',
      '.github/w.yaml',
      'deep/.locked/y.yaml',
      '.git/z.yaml',
    ].forEach((path) => write(path));
    const files = await readFolder(root);
    expect(paths(files)).toEqual([
      '.locked/Stack/x/template.yaml',
      'b.yml',
      'code/notify/index.js',
      'deep/a.yaml',
      'evenkeel.lock.yaml',
      'templates/code/index.py',
    ]);
    expect(files).toMatchObject({ origin: 'folder', diagnostics: [] });
  });

  test('has a revision that follows its bytes and paths, and nothing else', async () => {
    write('a.yaml', 'one');
    write('b.yaml', 'two');
    const first = (await readFolder(root)).revision;
    expect(first).toMatch(/^content-[0-9a-f]{40}$/);
    write('notes.md', 'ignored');
    write('a.yaml', 'one');
    expect((await readFolder(root)).revision).toBe(first);
    write('a.yaml', 'onet');
    write('b.yaml', 'wo');
    expect((await readFolder(root)).revision).not.toBe(first);
  });

  test('may itself be reached through a link', async () => {
    write('real/a.yaml');
    symlinkSync(join(root, 'real'), join(root, 'link'));
    expect(paths(await readFolder(join(root, 'link')))).toEqual(['a.yaml']);
  });
});

describe('what a folder may not hold', () => {
  test('a directory loop is refused as the link it is, and the other files are read', async () => {
    write('a.yaml');
    mkdirSync(join(root, 'sub'));
    symlinkSync('..', join(root, 'sub', 'loop'));
    symlinkSync('/etc/hostname', join(root, 'templates.yaml'));
    const files = await readFolder(root);
    expect(paths(files)).toEqual(['a.yaml']);
    expect(found(files)).toEqual([
      'EK1003 sub/loop is a symbolic link, which the desired state may not contain',
      'EK1003 templates.yaml is a symbolic link, which the desired state may not contain',
    ]);
  });

  test('a pipe is refused, not waited for', async () => {
    execFileSync('mkfifo', [join(root, 'a.yaml')]);
    expect(found(await readFolder(root))).toEqual(['EK1012 a.yaml is neither a file nor a folder']);
  });

  test('a 50 MB manifest is refused without being read', async () => {
    sparse('big.yaml', 50 * MIB);
    sparse('templates/big.zip', 50 * MIB + 1);
    write('good.yaml');
    const before = process.memoryUsage().arrayBuffers;
    const files = await readFolder(root);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * MIB);
    expect(paths(files)).toEqual(['good.yaml']);
    expect(found(files)).toEqual([
      'EK1002 big.yaml has 52428800 bytes; a manifest may have 1048576',
      'EK1013 templates/big.zip has 52428801 bytes; a file of the desired state may have 52428800',
    ]);
  });

  test('more than 200 MiB in all is refused file by file', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) sparse(`templates/${name}.zip`, 45 * MIB);
    const files = await readFolder(root);
    expect(paths(files)).toHaveLength(4);
    expect(found(files)).toEqual(['EK1006 templates/e.zip takes the desired state over 200 MiB']);
  });

  test('more than 5,000 files are refused once', async () => {
    mkdirSync(join(root, 'templates'));
    for (let n = 0; n < 5002; n += 1) writeFileSync(join(root, 'templates', String(10_000 + n)), '');
    const files = await readFolder(root);
    expect(files.files.size).toBe(5000);
    expect(found(files)).toEqual([
      'EK1006 the desired state holds more than 5000 files; templates/15000 and those after it were not read',
    ]);
  });

  test('folders nested too deeply are refused', async () => {
    write(`${'d/'.repeat(64)}a.yaml`);
    write(`${'e/'.repeat(65)}a.yaml`);
    const files = await readFolder(root);
    expect(paths(files)).toHaveLength(1);
    expect(found(files)[0]).toMatch(/^EK1011 e\/.* is more than 64 folders deep$/);
  });

  test('a folder that does not exist is an error', async () => {
    const files = await readFolder(join(root, 'nope'));
    expect(found(files)[0]).toContain('EK1007');
    expect(files.files.size).toBe(0);
  });
});
