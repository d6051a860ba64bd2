import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOf } from '../../../src/blocks/versions/newer-versions.js';
import { chooseVersion } from '../../../src/blocks/versions/versions-choice.js';
import { NOTHING_KNOWN } from '../../../src/blocks/versions/versions-offer.js';
import type { Offer } from '../../../src/blocks/versions/versions-offer.js';
import { nearestVersions, newerThan, newestFirst, writtenLike } from '../../../src/blocks/versions/versions-order.js';
import { npmRegistry } from '../../../src/blocks/versions/versions-registry.js';
import { versionIn } from '../../../src/blocks/versions/versions-solution.js';
import { application } from './material.js';

const JANITOR = application('janitor', '1.5.0');
const offer = (versions: readonly string[], over: Partial<Offer> = {}): Offer => ({
  ...NOTHING_KNOWN,
  pinned: '1.5.0',
  versions,
  complete: true,
  source: 'publisher',
  ...over,
});

describe('the version that an upgrade goes to', () => {
  const chosen = (versions: readonly string[], to: string | null, over: Partial<Offer> = {}) => {
    const choice = chooseVersion(JANITOR, offer(versions, over), to);
    return choice.type === 'refused' ? choice.diagnostics.map(({ code, message }) => `${code} ${message}`) : choice;
  };

  it('must exist where somebody knows all of them', () => {
    expect(chosen(['1.5.0', '1.7.0', '2.0.0', '3.0.0'], '1.6.0')).toEqual([
      'EK4122 there is no version 1.6.0; the nearest are 2.0.0, 1.7.0, 1.5.0',
    ]);
    expect(chosen([], '1.6.0')).toEqual(['EK4122 there is no version 1.6.0']);
    expect(chosen(['1.5.0'], '1.6.0', { complete: false })).toMatchObject({ type: 'version', to: '1.6.0' });
  });

  it('is the newest where none is named, and no preview', () => {
    expect(chosen(['1.5.0', '1.7.0', '2.0.0-beta.1', '1.10.0'], null)).toEqual({
      type: 'version',
      from: '1.5.0',
      to: '1.10.0',
      isDowngrade: false,
    });
    expect(chosen(['1.5.0'], null)).toEqual({ type: 'already-there', from: '1.5.0' });
    expect(chosen(['1.5.0', '1.4.0'], '1.4.0')).toMatchObject({ type: 'version', isDowngrade: true });
  });

  it('is written with its v as the pinned one is', () => {
    const solution = { pinned: 'v3.1.4', complete: false };
    expect(chosen(['v3.1.5'], '3.1.5', solution)).toMatchObject({ to: 'v3.1.5' });
    expect(chosen(['v3.1.5'], '3.1.4', solution)).toEqual({ type: 'already-there', from: 'v3.1.4' });
  });

  it('is none where nothing newer is known, for whatever reason', () => {
    const ending = { type: 'superseded', reason: 'retired: it closed; b takes its place' } as const;
    expect(chosen([], null, { ending })).toEqual([
      'EK4123 there is no newer version than 1.5.0, and none is known: retired: it closed; b takes its place',
    ]);
    expect(chosen(['1.4.0'], null)).toEqual([
      'EK4123 there is no newer version than 1.5.0, and the newest that is offered is 1.4.0',
    ]);
    expect(chosen([], null, { pinned: null })).toEqual(['EK4121 the address of the template names no version']);
  });
});

describe('a version that cannot be locked here', () => {
  const some = offer(['1.5.0', '1.6.0', '2.0.0'], { source: 'registry', lockable: ['1.6.0'] });
  const none = offer(['1.5.0', '2.0.0'], { source: 'registry', lockable: [] });

  it('is no reason to call the pinned one outdated, and is told', () => {
    expect(lineOf(JANITOR, none)).toMatchObject({
      state: 'current',
      newest: '2.0.0',
      newer: [],
      notes: ['2.0.0 is newer and not installed, so it cannot be locked'],
    });
    expect(lineOf(JANITOR, some)).toMatchObject({ state: 'outdated', newest: '2.0.0', newer: ['1.6.0'] });
  });

  it('is not where an upgrade goes by itself', () => {
    expect(chooseVersion(JANITOR, some, null)).toMatchObject({ to: '1.6.0' });
    expect(chooseVersion(JANITOR, none, null)).toEqual({ type: 'already-there', from: '1.5.0' });
    expect(chooseVersion(JANITOR, none, '2.0.0')).toMatchObject({ to: '2.0.0' });
  });
});

describe('a pinned version', () => {
  it.each<[string, Offer, string]>([
    ['is current', offer(['1.5.0', '1.4.0']), 'current 1.5.0'],
    ['is outdated', offer(['1.5.0', '1.7.0']), 'outdated 1.7.0'],
    ['was withdrawn', offer(['1.4.0']), 'withdrawn 1.4.0'],
    ['was withdrawn, with a newer one', offer(['1.7.0']), 'withdrawn 1.7.0'],
    ['is not what the registry lists', offer(['1.4.0'], { source: 'registry' }), 'current 1.4.0'],
    ['is newer than the catalogue', offer(['1.4.0'], { source: 'catalogue', complete: false }), 'current 1.5.0'],
    ['is none', offer([], { pinned: null, complete: false }), 'unversioned null'],
    ['is of something unknown', offer([], { source: null, complete: false }), 'unknown null'],
    ['has an end', offer(['1.7.0'], { ending: { type: 'superseded', reason: 'x' } }), 'superseded 1.7.0'],
  ])('%s', (_, given, expected) => {
    const { state, newest } = lineOf(JANITOR, given);
    expect(`${state} ${newest}`).toBe(expected);
  });
});

describe('the order of versions', () => {
  const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => parts.join('.'));

  it('does not depend on the order in which they are listed, and nothing newer is left out', () => {
    fc.assert(
      fc.property(version, fc.uniqueArray(version), fc.infiniteStream(fc.nat()), (pinned, versions, dice) => {
        const shuffled = [...versions].sort(() => (dice.next().value! % 2) - 0.5);
        const newer = newerThan(pinned, versions);
        expect(newerThan(pinned, shuffled)).toEqual(newer);
        const older = newestFirst(versions).filter((each) => each !== pinned && !newer.includes(each));
        expect([...newer, ...(versions.includes(pinned) ? [pinned] : []), ...older]).toEqual(newestFirst(versions));
        expect(nearestVersions(pinned, versions)).toHaveLength(Math.min(3, versions.length));
      }),
    );
  });

  it('leaves out what is not a version, and takes previews for who has one', () => {
    expect(newerThan('1.0.0', ['banana', '1.0.1-rc.1', 'v1.2.0'])).toEqual(['v1.2.0']);
    expect(newerThan('1.0.1-rc.1', ['1.0.1-rc.2', '1.0.1'])).toEqual(['1.0.1', '1.0.1-rc.2']);
    expect(newerThan('spring', ['1.0.0'])).toEqual([]);
    expect([writtenLike('3.1.5', 'v3'), writtenLike('v3.1.5', '3'), writtenLike('beta', 'v3')]).toEqual([
      'v3.1.5',
      '3.1.5',
      'beta',
    ]);
  });
});

describe('what a solution says its version is', () => {
  it.each<[object, string | null]>([
    [{ Description: '(SO0111) Automated Security Response on AWS Administrator Stack, v3.1.5' }, 'v3.1.5'],
    [{ Description: '(SO0089) - customizations-for-aws-control-tower Solution. Version: v2.8.4' }, 'v2.8.4'],
    [{ Description: '(SO0009) primary template (Version 4.0.0)' }, '4.0.0'],
    [{ Description: '(SO0009) primary template (Version %%VERSION%%)' }, null],
    [{ Description: 'test;', Mappings: { SourceCode: { General: { KeyPrefix: 'asr/v3.1.5' } } } }, 'v3.1.5'],
    [{ Mappings: { A: { B: { Version: 'v1.0.0', Other: 'x/v2.0.0/y' } } } }, null],
    [{}, null],
  ])('%j', (document, version) => {
    expect(versionIn({ ...document })).toBe(version);
  });
});

describe('npm', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-npm-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function answers(script: string, signal = new AbortController().signal) {
    await writeFile(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'npm'), 0o755);
    return npmRegistry({ PATH: `${folder}:/usr/bin:/bin` }, signal, 1_000)('@scope/package');
  }

  it('is asked for the versions of one package', async () => {
    expect(await answers(`test "$2" = @scope/package && echo '["1.0.0","1.1.0"]'`)).toEqual({
      type: 'versions',
      versions: ['1.0.0', '1.1.0'],
    });
    expect(await answers(`echo '"1.0.0"'`)).toEqual({ type: 'versions', versions: ['1.0.0'] });
  });

  it.each([
    [`echo '{"error":{"code":"E404"}}'; exit 1`, 'npm says E404'],
    [`echo '{"error":{"code":"see https://host"}}'; exit 1`, 'npm failed'],
    ['exit 3', 'npm failed'],
    ['echo hello', 'npm answered something else than versions'],
    ['echo "[1, 2]"', 'npm answered something else than versions'],
    ['exec sleep 30', 'npm did not answer within 1 seconds'],
  ])('that does %j was not asked', async (script, reason) => {
    expect(await answers(script)).toEqual({ type: 'not-asked', reason });
  });

  it('that is not there, or has no PATH, was not asked; an interruption is one', async () => {
    const { signal } = new AbortController();
    const nowhere = npmRegistry({ PATH: folder }, signal);
    expect(await nowhere('x')).toEqual({ type: 'not-asked', reason: 'there is no npm on this machine' });
    expect(await npmRegistry({}, signal)('x')).toEqual({
      type: 'not-asked',
      reason: 'there is no PATH to find npm on',
    });
    await expect(answers('exec sleep 30', AbortSignal.timeout(100))).rejects.toThrow();
  });
});
