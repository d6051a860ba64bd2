import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wholeFile } from '../../../src/cli/whole-file.js';
import type { AccountId, Sha256 } from '../../../src/model/identifiers.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import type { SnapshotOutcome } from '../../../src/reconciler/describe-snapshot.js';
import { readOrganizationFile } from '../../../src/simulator/organizations/organization-file.js';
import { evenkeel } from '../cli/memory.js';

const SNAPSHOT: Snapshot = {
  formatVersion: 1,
  takenAt: '2026-11-22T16:00:00.000Z',
  partition: 'aws',
  organizationId: 'o-exampleorgid',
  rootId: 'r-root',
  controller: '100000000004' as AccountId,
  managementAccount: { id: '100000000001' as AccountId, name: 'management', unit: '/' },
  units: [
    { path: '/One/Two', id: 'ou-root-00000001', name: 'One/Two' },
    { path: '/One/Two/Three', id: 'ou-root-00000002' },
  ],
  accounts: [{ id: '100000000004' as AccountId, name: 'hub', unit: '/One/Two/Three' }],
  trustedServices: [],
  delegatedAdministrators: [],
  buckets: [],
  templates: { ['a'.repeat(64) as Sha256]: 'Resources: {}' },
  places: [],
  stackSets: [],
};
const READ: SnapshotOutcome = { snapshot: SNAPSHOT, gaps: [], diagnostics: [] };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-snapshot-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('evenkeel snapshot', () => {
  it('writes a file that the simulator starts from, and that nobody else can read', async () => {
    const { code, stdout, stderr, calls } = await evenkeel(['snapshot', 'before.json'], {
      snapshot: READ,
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(calls).toEqual(['snapshot', 'close']);
    const file = join(folder, 'before.json');
    expect(readOrganizationFile(await readFile(file, 'utf8'))).toEqual(SNAPSHOT);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(stdout).toMatch(
      /^Organization o-exampleorgid: 2 accounts in 2 organizational units, 0 stacks with 1 template/,
    );
    expect(stderr).toMatch(/before\.json\. It holds what templates, parameters and outputs hold.*mode 0600/);
    expect(stderr).toContain('evenkeel simulator --from before.json');
  });

  it('takes a file and Regions of its own', async () => {
    const { calls } = await evenkeel(['snapshot', '--regions', 'eu-west-1, eu-central-1'], {
      snapshot: READ,
      cwd: folder,
    });
    expect(calls[0]).toBe('snapshot eu-west-1 eu-central-1');
    expect(await readdir(folder)).toEqual(['organization.json']);
    const { code, stderr } = await evenkeel(['snapshot', '--regions', 'Ireland'], { cwd: folder });
    expect(code).toBe(64);
    expect(stderr).toContain('"Ireland" is no Region');
  });

  it('prints one JSON value on stdout with --output json, and no template there', async () => {
    const { stdout } = await evenkeel(['snapshot', '-o', 'json'], { snapshot: READ, cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      organization: 'o-exampleorgid',
      accounts: 2,
      gaps: [],
    });
    expect(stdout).not.toContain('Resources');
  });

  it.each([
    ['in a folder that does not exist', 'nowhere/before.json', /ENOENT.*a folder that exists/],
    ['that is a folder', 'taken', /taken is not a file/],
    ['below what is no folder', 'plain/before.json', /ENOTDIR/],
  ])('refuses a file %s before anything is asked of AWS', async (_, file, message) => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'plain'), '');
    const { code, stderr, opened } = await evenkeel(['snapshot', file], { snapshot: READ, cwd: folder });
    expect(code).toBe(64);
    expect(stderr).toMatch(message);
    expect(opened).toEqual([]);
  });

  it('leaves what stands there as it is where it is interrupted or fails', async () => {
    await writeFile(join(folder, 'organization.json'), 'the one before');
    const ended = await evenkeel(['snapshot'], { fails: new Error('interrupted'), cwd: folder });
    expect(ended.code).toBe(1);
    expect(await readdir(folder)).toEqual(['organization.json']);
    expect(await readFile(join(folder, 'organization.json'), 'utf8')).toBe('the one before');
  });

  it('writes nothing without credentials, and says what to do', async () => {
    const diagnostic = {
      code: 'EK6023',
      severity: 'error',
      message: 'AWS could not be asked who this is',
      remedy: 'sign in',
    } as const;
    const snapshot = { snapshot: null, gaps: [], diagnostics: [diagnostic] };
    const { code, stdout } = await evenkeel(['snapshot'], { snapshot, cwd: folder });
    expect(code).toBe(9);
    expect(stdout).toContain('= sign in');
    expect(await readdir(folder)).toEqual([]);
  });

  it('explains itself', async () => {
    await expect((await evenkeel(['snapshot', '--help'])).stdout).toMatchFileSnapshot('golden/help-snapshot.txt');
  });
});

describe('a file that is written whole', () => {
  it('is not there, and no part of it, where its text breaks off', async () => {
    const file = await wholeFile('big.json', folder);
    function* broken(): Iterable<string> {
      yield 'x'.repeat(3 << 20);
      throw new Error('broken off');
    }
    await expect(file.write(broken())).rejects.toThrow('broken off');
    expect(await readdir(folder)).toEqual([]);
  });

  it('replaces another one as a whole, whoever could read that', async () => {
    await writeFile(join(folder, 'a.json'), 'old', { mode: 0o644 });
    await (await wholeFile('a.json', folder)).write(['n', 'ew']);
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
    expect((await stat(join(folder, 'a.json'))).mode & 0o777).toBe(0o600);
  });
});
