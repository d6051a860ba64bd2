import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeVersion } from '../../../src/manifest/edit.js';
import type { VersionChange } from '../../../src/manifest/edit.js';

const CHANGE: VersionChange = {
  kind: 'ServerlessApplication',
  name: 'janitor',
  partition: 'aws',
  from: '1.5.0',
  to: '1.7.0',
};
const application = (version: string, before = '', after = ''): string =>
  `${before}apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata: { name: janitor }
spec:
  application: arn:aws:serverlessrepo:us-east-1:374852340823:applications/janitor
  ${version}
${after}`;
const solution = (spec: string): string =>
  `apiVersion: evenkeel/v1\nkind: Solution\nmetadata: { name: response }\nspec:\n${spec}`;
const RESPONSE: VersionChange = { ...CHANGE, kind: 'Solution', name: 'response', from: 'v3.1.4', to: 'v3.1.5' };

function textOf(text: string, change = CHANGE): string {
  const edited = changeVersion(text, change);
  return edited.type === 'edited' ? edited.text : `refused: ${edited.path.join('.')} ${edited.reason}`;
}

describe('what cannot be changed is refused, with the reason', () => {
  it.each([
    ['another name', application('version: 1.5.0').replace('janitor }', 'other }'), ' is not in the file'],
    ['a block', application('version: |-\n    1.5.0'), 'spec.version is written by an alias or in several lines'],
    [
      'an anchor that something else uses',
      application('version: &v 1.5.0', '', '  tags: { version: *v }\n'),
      'spec.version has an anchor, so that changing it would change something else too',
    ],
    [
      'an alias',
      application('version: *v', '', '').replace('name: janitor', 'name: janitor, description: &v 1.5.0'),
      'spec.version is written by an alias or in several lines',
    ],
  ])('%s', (_, text, reason) => {
    expect(textOf(text)).toBe(`refused: ${reason}`);
  });

  it('an address that does not hold the version', () => {
    const text = solution('  template: https://b.s3.amazonaws.com/latest/x.template\n  version: v3.1.4\n');
    expect(textOf(text, RESPONSE)).toBe(
      'refused: spec.template does not hold the version v3.1.4, so it cannot be made to say v3.1.5',
    );
  });
});

describe('the version is changed and nothing else', () => {
  it.each([
    'version: 1.5.0',
    'version: 1.5.0   # exact',
    'version:   "1.5.0"',
    "version: '1.5.0' # 1.5.0",
    'version: { aws-us-gov: 1.4.0, aws: 1.5.0 }',
    'version:\n    aws-us-gov: 1.4.0\n    # for all others\n    aws: "1.5.0"',
    'version: &v 1.5.0',
  ])('%s', (version) => {
    const at = version.indexOf('1.5.0');
    const expected = version.slice(0, at) + '1.7.0' + version.slice(at + 5);
    expect(textOf(application(version))).toBe(application(expected));
  });

  it('in its document of several, with line ends, a byte order mark and whatever stands around it', () => {
    const other = application('version: 1.5.0').replace('janitor }', 'other }');
    const text = `\ufeff# ours\n---\n${other}---\n${application('version: 1.5.0 ', '# 1.5.0\n', '\n\n# end')}`;
    const windows = text.replaceAll('\n', '\r\n');
    const at = windows.lastIndexOf('1.5.0');
    expect(textOf(windows)).toBe(windows.slice(0, at) + '1.7.0' + windows.slice(at + 5));
  });

  it('with quotes where YAML would read a number, or a comment', () => {
    expect(textOf(application('version: 1.5.0'), { ...CHANGE, to: '1.7' })).toBe(application('version: "1.7"'));
    expect(textOf(application('version: 1.5.0'), { ...CHANGE, to: 'a #b' })).toBe(application('version: "a #b"'));
  });

  it('in the address of a template too, and for other partitions only where the version is theirs as well', () => {
    const urls = (aws: string, gov: string) =>
      `  template:\n    aws: https://a.s3.amazonaws.com/asr/${aws}/x.template\n    aws-us-gov: https://b.s3.amazonaws.com/asr/${gov}/x.template\n`;
    const shared = (version: string) => solution(`${urls(version, version)}  version: ${version}\n`);
    const apart = (version: string) =>
      solution(`${urls(version, 'v3.1.4')}  version: { aws: ${version}, aws-us-gov: v3.1.4 }\n`);
    expect(textOf(shared('v3.1.4'), RESPONSE)).toBe(shared('v3.1.5'));
    expect(textOf(apart('v3.1.4'), RESPONSE)).toBe(apart('v3.1.5'));
    const only = (version: string) => solution(`  template: https://a.s3.amazonaws.com/asr/${version}/x.template\n`);
    expect(textOf(only('v3.1.4'), RESPONSE)).toBe(only('v3.1.5'));
    expect(changeVersion(shared('v3.1.4'), RESPONSE)).toMatchObject({ shared: true });
    expect(changeVersion(apart('v3.1.4'), RESPONSE)).toMatchObject({ shared: false });
  });

  it('whatever the versions, the comments and the quotes: there and back again is the same text', () => {
    const numbers = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join('.'));
    const around = fc.string({ unit: 'grapheme-ascii' }).map((text) => `# ${text}\n`);
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom('', '"', "'"), around, around, (from, to, quote, before, after) => {
        const text = application(`version: ${quote}${from}${quote} ${after.trimEnd()}`, before, after);
        const there = textOf(text, { ...CHANGE, from, to });
        expect(there).toBe(application(`version: ${quote}${to}${quote} ${after.trimEnd()}`, before, after));
        expect(textOf(there, { ...CHANGE, from: to, to: from })).toBe(text);
      }),
    );
  });
});
