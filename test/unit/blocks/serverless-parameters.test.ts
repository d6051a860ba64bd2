import { describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../src/blocks/template/artifact.js';
import { checkTemplateUse } from '../../../src/drivers/check.js';
import type { Desired } from '../../../src/model/desired.js';
import { application } from './material.js';

/** What an application's definitions of its parameters refuse, from the locked template alone. */
const TEMPLATE = {
  Parameters: {
    Mode: { Type: 'String', Default: 'off', AllowedValues: ['on', 'off'] },
    Keep: { Type: 'Number', Default: 3, MinValue: 0, MaxValue: '9' },
    Ports: { Type: 'List<Number>', Default: '80,443', MinValue: 1 },
    Name: { Type: 'String', Default: 'abc', AllowedPattern: '[a-z]+', MinLength: 2, MaxLength: 4 },
    Zones: { Type: 'CommaDelimitedList', Default: 'a,b', AllowedValues: ['a', 'b', 'c'] },
    Prefix: { Type: 'String', Default: 'x', AllowedPattern: '[a-z]', ConstraintDescription: 'one small letter' },
    Password: { Type: 'String', NoEcho: true, Default: '' },
    Required: { Type: 'String', Description: 'whom to tell' },
  },
  Resources: {
    First: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Keep' } } },
    Second: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': 'keep ${Keep} of ${!Mode}' } } },
    Third: {
      Type: 'AWS::SNS::Topic',
      Properties: { DisplayName: { 'Fn::Sub': ['${Mode} ${Own}', { Own: { Ref: 'Keep' } }] } },
    },
    Fourth: {
      Type: 'AWS::SNS::Topic',
      Properties: { Tags: [{ Key: 'a', Value: { 'Fn::Join': ['', [{ Ref: 'Keep' }]] } }] },
    },
    Fifth: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': ['${Mode}', { Mode: 'own' }] } } },
  },
};
const JANITOR = application('janitor', '1.0.0');
const { value: artifact } = makeArtifact({
  address: JANITOR.address,
  file: 'template.json',
  template: JSON.stringify(TEMPLATE),
  objects: [],
  tags: {},
  extraCapabilities: [],
});

const found = (parameters: Readonly<Record<string, string>>, over: Partial<Desired> = {}) =>
  checkTemplateUse({ ...JANITOR, parameters: { Required: 'x', ...parameters }, ...over }, artifact!).map(
    ({ code, place, message, remedy }) => [code, place?.source, `${message} = ${remedy}`],
  );

describe('a value that an application does not take is refused offline', () => {
  it.each([
    ['Mode', 'maybe', 'it is not one of on, off (used by Third)'],
    ['Keep', 'three', 'it is not a number (used by First, Second, Third and 1 more)'],
    ['Keep', '-1', 'it is less than 0 (used by First, Second, Third and 1 more)'],
    ['Keep', '10', 'it is more than 9 (used by First, Second, Third and 1 more)'],
    ['Ports', '80, none', 'it is not a number'],
    ['Ports', '80,0', 'it is less than 1'],
    ['Name', 'a', 'it is shorter than 2 characters'],
    ['Name', 'abcde', 'it is longer than 4 characters'],
    ['Name', 'ab1', 'it does not match [a-z]+'],
    ['Zones', 'a,d', 'it is not one of a, b, c'],
  ])('%s: %s', (name, value, reason) => {
    expect(found({ [name]: value })).toEqual([
      [
        'EK5012',
        `spec.parameters.${name}`,
        `the template does not accept ${JSON.stringify(value)} for ${name}: ${reason} = correct the value of ${name}`,
      ],
    ]);
  });

  it("in the publisher's own words, where there are some", () => {
    expect(found({ Prefix: '1' })).toEqual([
      ['EK5012', 'spec.parameters.Prefix', expect.stringContaining('= one small letter')],
    ]);
  });

  it('also in an override, at its place', () => {
    expect(found({}, { overrides: [{ where: { all: true }, parameters: { Keep: '99' } }] })).toEqual([
      ['EK5012', 'spec.overrides.0.parameters.Keep', expect.stringContaining('it is more than 9')],
    ]);
  });

  it('a name that it does not have is told with the nearest', () => {
    expect(found({ Kepe: '3' })).toEqual([
      ['EK5010', 'spec.parameters.Kepe', expect.stringContaining('did you mean Keep?')],
    ]);
  });

  it('a secret in plain text is refused, and not shown', () => {
    const [finding] = found({ Password: 'hunter2' });
    expect(finding).toEqual(['EK5013', 'spec.parameters.Password', expect.not.stringContaining('hunter2')]);
    expect(found({ Password: '{{resolve:secretsmanager:password}}' })).toEqual([]);
  });

  it('a value that nothing gives is asked for in the words of its description', () => {
    expect(found({}, { parameters: {} })).toEqual([
      ['EK5011', 'spec.parameters', expect.stringContaining('whom to tell')],
    ]);
  });

  it('and every mistake is told at once', () => {
    expect(found({ Keep: '10', Mode: 'x', Zone: 'a' }).map(([code]) => code)).toEqual(['EK5012', 'EK5012', 'EK5010']);
  });
});
