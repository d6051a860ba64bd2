import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from '../../../src/model/identifiers.js';
import { LITERALS, valuesOf } from '../../../src/blocks/template/template-values.js';
import type { KnownText, Surroundings } from '../../../src/blocks/template/template-values.js';

const SURROUNDINGS: Surroundings = {
  partition: 'aws',
  region: 'eu-west-1' as Region,
  given: new Map(),
  givenBy: 'manifest',
};
const DOCUMENT = {
  Parameters: {
    Bucket: { Type: 'String', Default: 'code' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Open: { Type: 'String' },
    Secret: { Type: 'String', Default: 'x', NoEcho: true },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/bucket' },
  },
  Mappings: {
    SourceCode: { General: { S3Bucket: 'solutions', KeyPrefix: 'response/v1.0.0', Count: 3 } },
    Hosts: { 'eu-west-1': { Bucket: 'ireland' } },
    Lists: { All: { Parts: ['one', 'two'] } },
  },
  Conditions: {
    IsChina: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-cn'] },
    IsElsewhere: {
      'Fn::Or': [{ Condition: 'IsChina' }, { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Bucket' }, 'code'] }] }],
    },
    IsOpen: { 'Fn::And': [{ 'Fn::Equals': [{ Ref: 'Open' }, 'yes'] }] },
    Round: { 'Fn::Not': [{ Condition: 'Round' }] },
  },
  Resources: { Store: { Type: 'AWS::S3::Bucket' } },
};
const map = (...keys: readonly unknown[]) => ({ 'Fn::FindInMap': keys });
const textOf = (value: unknown, over: Partial<Surroundings> = {}): KnownText =>
  valuesOf(DOCUMENT, { ...SURROUNDINGS, ...over }).textOf(value);

describe('an expression comes to a text where nothing in it waits for a deployment', () => {
  it.each([
    ['as it is', 'as it is'],
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ 'Fn::Sub': '${AWS::Partition}.${AWS::URLSuffix}' }, 'aws.amazonaws.com'],
    [{ 'Fn::Join': ['-', [map('SourceCode', 'General', 'S3Bucket'), { Ref: 'AWS::Region' }]] }, 'solutions-eu-west-1'],
    [
      {
        'Fn::Join': [
          '',
          ['https://', map('SourceCode', 'General', 'S3Bucket'), '-reference.s3.amazonaws.com/', 'x.template'],
        ],
      },
      'https://solutions-reference.s3.amazonaws.com/x.template',
    ],
    [
      {
        'Fn::Sub': ['https://${Name}.s3/${ Prefix }', { Name: map('SourceCode', 'General', 'S3Bucket'), Prefix: 'p' }],
      },
      'https://solutions.s3/p',
    ],
    [{ 'Fn::Sub': 'a ${!Literal}' }, 'a ${Literal}'],
    [map('SourceCode', 'General', 'Count'), '3'],
    [map('Hosts', { Ref: 'AWS::Region' }, 'Bucket'), 'ireland'],
    [map('Hosts', 'nowhere', 'Bucket', { DefaultValue: 'otherwise' }), 'otherwise'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', map('SourceCode', 'General', 'KeyPrefix')] }] }, 'v1.0.0'],
    [{ 'Fn::Join': ['+', map('Lists', 'All', 'Parts')] }, 'one+two'],
    [{ 'Fn::If': ['IsChina', 'there', 'here'] }, 'here'],
  ])('%j is %s', (value, text) => expect(textOf(value)).toEqual({ type: 'known', text, defaults: [] }));

  it.each([
    [{ Ref: 'Bucket' }, 'code', ['Bucket']],
    [{ 'Fn::Sub': '${Bucket}/${Bucket}' }, 'code/code', ['Bucket']],
    [{ 'Fn::Select': ['1', { Ref: 'Zones' }] }, 'b', ['Zones']],
    [{ 'Fn::If': ['IsElsewhere', 'there', 'here'] }, 'here', ['Bucket']],
  ])('%j rests on a default, and says so', (value, text, defaults) =>
    expect(textOf(value)).toEqual({ type: 'known', text, defaults }),
  );

  it('what a template around this one gives is not a default that somebody may change', () => {
    const given = new Map<string, KnownText>([['Open', { type: 'known', text: 'given', defaults: [] }]]);
    expect(textOf({ 'Fn::Sub': '${Open}-${Bucket}' }, { given, givenBy: 'parent' })).toEqual({
      type: 'known',
      text: 'given-code',
      defaults: [],
    });
  });
});

describe('an expression that cannot be known says why', () => {
  it.each([
    [{ Ref: 'Open' }, 'parameter Open has no default'],
    [{ Ref: 'Secret' }, 'the value of parameter Secret is known only when it is deployed'],
    [{ Ref: 'Stored' }, 'the value of parameter Stored is known only when it is deployed'],
    [{ Ref: 'Store' }, 'Store is known only when it is deployed'],
    [{ Ref: 'constructor' }, 'constructor is known only when it is deployed'],
    [{ 'Fn::Sub': 'cdk-${AWS::AccountId}' }, 'AWS::AccountId is known only when it is deployed'],
    [{ 'Fn::Sub': '${Store.Arn}' }, 'Store.Arn is known only when it is deployed'],
    [{ 'Fn::GetAtt': ['Store', 'Arn'] }, 'Fn::GetAtt is known only when it is deployed'],
    [{ 'Fn::If': ['IsOpen', 'a', 'b'] }, 'parameter Open has no default'],
    [{ 'Fn::If': ['Round', 'a', 'b'] }, 'the condition is too large'],
    [{ 'Fn::If': ['Missing', 'a', 'b'] }, 'there is no condition Missing'],
    [map('SourceCode', 'General', 'Nothing'), 'the mappings have no SourceCode.General.Nothing'],
    [map('SourceCode', '__proto__', 'x'), 'the mappings have no SourceCode.__proto__.x'],
    [{ 'Fn::Select': [7, ['a']] }, 'Fn::Select names an item that the list does not have'],
    [{ 'Fn::Join': ['-'] }, 'Fn::Join does not have two arguments'],
    [{ a: 1, b: 2 }, 'it is an object'],
    [null, 'it is not a text'],
    ['x'.repeat(5_000), 'it has more than 4096 characters'],
  ])('%j: %s', (value, because) => expect(textOf(value)).toEqual({ type: 'unknown', because }));

  it('as does a parameter that the manifest sets', () => {
    const given = new Map<string, KnownText>([['Bucket', { type: 'unknown', because: 'the manifest sets it' }]]);
    expect(textOf({ Ref: 'Bucket' }, { given })).toEqual({ type: 'unknown', because: 'the manifest sets it' });
  });

  it('as does one that grows without end', () => {
    const conditions = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `C${n}`,
        { 'Fn::And': [{ Condition: `C${n + 1}` }, { Condition: `C${n + 1}` }] },
      ]),
    );
    const document = { Conditions: { ...conditions, C40: { 'Fn::Equals': ['a', 'a'] } } };
    const started = performance.now();
    expect(valuesOf(document, SURROUNDINGS).textOf({ 'Fn::If': ['C0', 'a', 'b'] })).toMatchObject({ type: 'unknown' });
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('for any expression at all', () => {
  const leaf = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.integer(),
    fc.constant(null),
    fc.constantFrom('Bucket', 'Open', 'AWS::Region').map((name) => ({ Ref: name })),
  );
  const { expression } = fc.letrec<{ expression: unknown }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.tuple(fc.string({ maxLength: 2 }), fc.array(tie('expression'), { maxLength: 3 })).map(([by, items]) => ({
        'Fn::Join': [by, items],
      })),
      fc.array(tie('expression'), { maxLength: 4 }).map((items) => ({ 'Fn::FindInMap': items })),
      fc.array(tie('expression'), { maxLength: 3 }).map((items) => ({ 'Fn::Select': items })),
      tie('expression').map((inner) => ({ 'Fn::Sub': ['${A}${AWS::Region}${', { A: inner }] })),
      fc.tuple(tie('expression'), tie('expression')).map(([yes, no]) => ({ 'Fn::If': ['IsChina', yes, no] })),
    ),
  }));
  it('the answer is a text or a reason, the same one each time', () => {
    fc.assert(
      fc.property(expression, (value) => {
        const answer = textOf(value);
        expect(answer).toEqual(textOf(value));
        expect(answer.type === 'known' ? answer.text.length <= 4_096 : answer.because !== '').toBe(true);
      }),
    );
  });
  it('a join of what is known is what is known, joined', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3 }), fc.array(expression, { maxLength: 4 }), (by, items) => {
        const parts = items.map((item) => textOf(item));
        const whole = textOf({ 'Fn::Join': [by, items] });
        if (whole.type === 'known')
          expect(whole.text).toBe(parts.map((part) => (part.type === 'known' ? part.text : '?')).join(by));
        else expect(parts.some((part) => part.type === 'unknown')).toBe(true);
      }),
    );
  });
});

it('a large template costs no more for each name in an expression', () => {
  const resource = {
    Type: 'X',
    Properties: { A: { 'Fn::Join': ['', Array.from({ length: 100 }, () => ({ Ref: 'Bucket' }))] } },
  };
  const large = {
    ...DOCUMENT,
    Resources: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`R${index}`, resource])),
  };
  const names = Array.from({ length: 1_000 }, () => ({ Ref: 'Bucket' }));
  const started = performance.now();
  expect(valuesOf(large, SURROUNDINGS).textOf({ 'Fn::Join': ['', names] })).toMatchObject({ type: 'known' });
  // Looked up anew for each name it takes half a minute.
  expect(performance.now() - started).toBeLessThan(2_000);
});

it('without surroundings only what is written out is known', () => {
  expect(LITERALS.textOf('x')).toEqual({ type: 'known', text: 'x', defaults: [] });
  expect(LITERALS.textOf({ Ref: 'AWS::Region' })).toEqual({ type: 'unknown', because: 'it is an expression' });
});
