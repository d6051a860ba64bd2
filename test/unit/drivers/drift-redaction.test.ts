import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HIDDEN, namedSecrets, redactDifferences, shortenDifference } from '../../../src/model/drift-redaction.js';
import type { Difference } from '../../../src/model/drift.js';
import { secretPathsOf } from '../../../src/model/secret-paths.js';
import { parseTemplate } from '../../../src/model/template.js';

const redact = (path: string, value: unknown, secrets: readonly string[] = []): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return redactDifferences([{ path, expected: null, actual: text }], secrets)[0]!.actual!;
};

describe('a secret is hidden', () => {
  test.each([
    ['/MasterUserPassword', 'hunter2'],
    ['/AuthToken', 'hunter2'],
    ['/SecretString', 'hunter2'],
    ['/LoginProfile/PasswordResetRequired', 'hunter2'],
    ['/Environment/Variables/DB_PASSWORD', 'hunter2'],
    ['/Environment/Variables/ApiKey', 'hunter2'],
    ['/PrivateKey', 'hunter2'],
    ['/Users/0/Password', 'hunter2'],
    ['/Credentials/Key', 'hunter2'],
  ])('at %s, by its name', (path, value) => {
    expect(redact(path, value)).toBe(HIDDEN);
  });

  test.each([
    [
      '/Environment',
      { Variables: { DB_PASSWORD: 'hunter2', STAGE: 'prod' } },
      '{"Variables":{"DB_PASSWORD":"(hidden)","STAGE":"prod"}}',
    ],
    ['/Environment/0', { Name: 'DB_PASSWORD', Value: 'hunter2' }, '{"Name":"DB_PASSWORD","Value":"(hidden)"}'],
    ['/Value', '{"password":"hunter2","user":"a"}', '{"password":"(hidden)","user":"a"}'],
    ['/Parameters', { Config: '{"token":"hunter2"}' }, '{"Config":"{\\"token\\":\\"(hidden)\\"}"}'],
  ])('inside a value that is shown whole, at %s', (path, value, expected) => {
    expect(redact(path, value)).toBe(expected);
  });

  test('at, above and below a path that is one, at any place of a list', () => {
    const secrets = ['/Rules/*/Header'];
    expect(redact('/Rules/3/Header', 'hunter2', secrets)).toBe(HIDDEN);
    expect(redact('/Rules/3/Header/Value', 'hunter2', secrets)).toBe(HIDDEN);
    expect(redact('/Rules', [{ Header: 'hunter2', Name: 'x' }], secrets)).toBe('[{"Header":"(hidden)","Name":"x"}]');
    expect(redact('/Rules', 'not JSON, with hunter2', secrets)).toBe(HIDDEN);
    expect(redact('/Other', 'plain', secrets)).toBe('plain');
  });

  test('and all values are, where nobody knows which are secrets', () => {
    expect(redact('/VisibilityTimeout', '30', [''])).toBe(HIDDEN);
  });
});

test('what is no secret stays as CloudFormation wrote it, and what is not set stays not set', () => {
  const difference: Difference = { path: '/Policy', expected: '{ "a" : 1 }', actual: null };
  expect(redactDifferences([difference], ['/Other/*'])).toEqual([difference]);
  expect(redact('/SecretArn', 'arn:aws:x')).toBe('arn:aws:x');
  expect(redact('/Environment/Variables/STAGE', 'prod')).toBe('prod');
});

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

test('no secret comes out, wherever the difference begins, and it is hidden without touching the rest', () => {
  const key = fc.stringMatching(/^[A-Za-z~/]{1,6}$/).filter((name) => !/[sptc]/i.test(name));
  const step = fc.oneof(key, fc.nat(2));
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.nat(6),
      fc.constantFrom('by path', 'by name', 'by variable'),
      fc.stringMatching(/^hunter[0-9a-f"\\{[]{8}$/),
      fc.boolean(),
      (steps, cut, how, secret, inText) => {
        const own =
          how === 'by path' ? [] : how === 'by name' ? ['AdminPassword'] : ['Environment', 'Variables', 'DB_PASS'];
        const all: (string | number)[] = [...steps, ...own];
        const begin = Math.min(cut, all.length);
        const leaf: unknown = inText ? JSON.stringify({ deep: [secret] }) : { deep: [secret] };
        const tree = all.slice(begin).reduceRight<unknown>((inner, each) => {
          if (typeof each !== 'number') return { [each]: inner, other: 'kept' };
          return Array.from({ length: each + 1 }, (_, n) => (n === each ? inner : 'kept'));
        }, leaf);
        const pointer = (tokens: readonly (string | number)[], star: boolean): string =>
          tokens.map((each) => (typeof each === 'number' && star ? '/*' : `/${escaped(String(each))}`)).join('');
        const secrets = how === 'by path' ? [pointer(all, true)] : [];
        const text = typeof tree === 'string' ? tree : JSON.stringify(tree);
        const shown = redactDifferences(
          [{ path: pointer(all.slice(0, begin), false), expected: text, actual: text }],
          secrets,
        );
        const told = JSON.stringify(shown);
        expect(told).not.toContain('hunter');
        expect(told).toContain(HIDDEN);
        if (begin < all.length && typeof all[begin] === 'string') expect(told).toContain('kept');
        expect(redactDifferences(shown, secrets)).toEqual(shown);
      },
    ),
  );
});

test('values beside a name that reads like a secret are found in whole properties', () => {
  const properties = {
    Containers: [
      {
        Environment: [
          { Name: 'STAGE', Value: 'x' },
          { Name: 'API_TOKEN', Value: 'y' },
        ],
      },
    ],
  };
  expect(namedSecrets(properties)).toEqual(['/Containers/0/Environment/1/Value']);
  expect(namedSecrets(null)).toEqual([]);
});

/** Half of a pair of code units. */
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])/;

test('a long value is cut, and its length and digest tell it from another', () => {
  const cut = (value: string) => shortenDifference({ path: '', expected: null, actual: value }).actual!;
  expect(cut('x'.repeat(1_000))).toHaveLength(1_000);
  const long = cut('x'.repeat(5_000));
  expect(long).toMatch(/^x{900}… \(5000 characters, SHA-256 [0-9a-f]{16}\)$/);
  expect(cut(`${'x'.repeat(4_999)}y`)).not.toBe(long);
  expect(cut('😀'.repeat(2_000))).not.toMatch(LONE);
  expect(cut(`x${'😀'.repeat(2_000)}`)).not.toMatch(LONE);
});

test('what a template gives as a secret is known by where it stands', () => {
  const parsed = parseTemplate(`
Parameters:
  Key: { Type: String, NoEcho: true }
  Plain: { Type: String }
Conditions: { Prod: !Equals [!Ref Plain, prod] }
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Description: !Ref Plain
      Environment: { Variables: { A: !Ref Key, B: !Sub '\${Plain}-\${AWS::Region}', C: !Sub ['\${x}', { x: !Ref Key }] } }
      Layers: [!If [Prod, { Header: !Sub 'Bearer \${Key}' }, plain]]
      Role: '{{resolve:secretsmanager:db:SecretString:role}}'
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Plain } }
`);
  if (parsed.type !== 'template') throw new Error(parsed.message);
  expect(secretPathsOf(parsed.document)).toEqual(
    new Map([['Function', ['/Environment/Variables/A', '/Environment/Variables/C', '/Layers/*/Header', '/Role']]]),
  );
});
