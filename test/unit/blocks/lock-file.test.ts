import { describe, expect, it } from 'vitest';
import { createArtifactSource } from '../../../src/blocks/artifact-source.js';
import { LOCK_FILE, readLock, writeLock } from '../../../src/blocks/lock/lock-file.js';
import type { LockEntries, LockEntry } from '../../../src/blocks/lock/lock-file.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { ManifestAddress } from '../../../src/model/address.js';
import { application, files } from './material.js';

const entry = (over: Partial<LockEntry> = {}): LockEntry => ({
  source: { application: 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/x', version: '1.10' },
  templateSha256: sha256('template'),
  objects: [sha256('b'), sha256('a')],
  requiredCapabilities: ['CAPABILITY_RESOURCE_POLICY', 'CAPABILITY_IAM'],
  parameters: {
    Zeta: { type: 'String', default: 'yes', noEcho: false },
    Alpha: { type: 'String', default: null, noEcho: true },
    Beta: { type: 'Number', default: '012', noEcho: false },
  },
  licence: null,
  publisher: { author: 'Publisher: & co', verified: false },
  sourceCodeUrl: null,
  ...over,
});
const entries = (...names: readonly string[]): LockEntries =>
  new Map(names.map((name): [ManifestAddress, LockEntry] => [`ServerlessApplication/${name}`, entry()]));
const written = (locked: LockEntries): string => writeLock(new Map([['aws', locked]]));

describe('the lock file', () => {
  it('is the same whatever the order in which things were found', () => {
    expect(written(entries('b', 'a'))).toBe(written(entries('a', 'b')));
    expect(written(new Map([['Stack/x', entry({ objects: [sha256('a'), sha256('b')] })]]))).toBe(
      written(new Map([['Stack/x', entry()]])),
    );
  });
  it('comes back as it was written, texts that look like numbers too', () => {
    const read = readLock(files({ [LOCK_FILE]: written(entries('a')) }), 'aws').value!;
    const { objects, requiredCapabilities, ...rest } = entry();
    expect(read.entries.get('ServerlessApplication/a')).toEqual({
      ...rest,
      objects: [...objects].sort(),
      requiredCapabilities: [...requiredCapabilities].sort(),
    });
    expect(written(read.entries)).toBe(written(entries('a')));
  });
  it('remembers what was withdrawn, and says nothing of what is served', () => {
    const gone = written(new Map([['ServerlessApplication/a', entry({ withdrawn: true })]]));
    expect(gone).toContain('      withdrawn: true\n');
    expect(written(readLock(files({ [LOCK_FILE]: gone }), 'aws').value!.entries)).toBe(gone);
    expect(written(entries('a'))).not.toContain('withdrawn');
  });
  it('knows where everything stands', () => {
    const read = readLock(files({ [LOCK_FILE]: written(entries('a')) }), 'aws').value!;
    expect(read.at('ServerlessApplication/a', 'source', 'version')).toMatchObject({
      file: LOCK_FILE,
      source: '        version: "1.10"',
      column: 9,
    });
  });
  it('keeps what another partition has locked', () => {
    const text = writeLock(new Map([['aws-us-gov', entries('b')] as const, ['aws', entries('a')] as const]));
    const here = readLock(files({ [LOCK_FILE]: text }), 'aws').value!;
    expect([...here.entries.keys()]).toEqual(['ServerlessApplication/a']);
    expect(writeLock(new Map([...here.elsewhere, ['aws', here.entries]]))).toBe(text);
  });
  it('that is absent locks nothing', () => expect(readLock(files({}), 'aws').value?.entries.size).toBe(0));
  it.each([
    ['is not YAML', 'a: [', 1],
    ['has an unknown key', written(entries('a')).replace('licence:', 'license:'), 6],
    ['has a digest that is none', written(entries('a')).replace(sha256('template'), 'abc'), 10],
    ['is of another format', 'lockVersion: 2\npartitions: {}\n', 1],
    ['has an address that is none', 'lockVersion: 1\npartitions:\n  aws:\n    nonsense: {}\n', 4],
    ['has aliases', 'lockVersion: 1\npartitions: &a { x: *a }\n', 1],
  ])('that %s is one finding for the block that needs it', (_, text, line) => {
    const { value, diagnostics } = createArtifactSource({
      partition: 'aws',
      artifactBucket: 'b',
      controllerAccount: null,
    }).resolve(application('a', '1.0.0'), files({ [LOCK_FILE]: text }));
    expect([
      value,
      diagnostics[0]?.code,
      diagnostics[0]?.place?.file,
      diagnostics[0]?.place?.line,
      diagnostics[0]?.address,
    ]).toEqual([null, 'EK4010', LOCK_FILE, line, 'ServerlessApplication/a']);
  });
});
