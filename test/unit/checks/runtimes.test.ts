import { describe, expect, it, test } from 'vitest';
import { newestRuntime, RUNTIME_ENDS } from '../../../src/model/lambda-schedule.js';
import { codes, found, ONE, TWO } from './checking.js';

const lambda = (runtime: string, more = '') => `Resources:
  Clean:
    Type: AWS::Lambda::Function${more}
    Properties: { Handler: index.handler, Role: arn, Runtime: ${runtime}, Code: { ZipFile: x } }
`;

describe('a Lambda runtime', () => {
  test('that can no longer be created is an error where it would be', () => {
    expect(found({ template: lambda('python3.7') })).toMatchObject([
      {
        code: 'EK5030',
        severity: 'error',
        address: 'Stack/janitor',
        message: 'function Clean uses python3.7, with which Lambda creates no function since 2024-01-09',
        remedy: 'write Runtime: python3.14',
      },
    ]);
  });

  test('is a warning where the very same block stands already, also for an account that joins', () => {
    expect(codes({ template: lambda('python3.7'), at: [ONE], standing: { [ONE]: 'this' } })).toEqual([
      'warning EK5030',
    ]);
    expect(codes({ template: lambda('python3.7'), at: [ONE, TWO], standing: { [ONE]: 'this' } })).toEqual([
      'warning EK5030',
    ]);
  });

  test('is a warning where what stands is changed, and an error where something new is added besides', () => {
    expect(codes({ template: lambda('python3.7'), at: [ONE], standing: { [ONE]: 'another' } })).toEqual([
      'warning EK5030',
    ]);
    expect(codes({ template: lambda('python3.7'), at: [ONE, TWO], standing: { [ONE]: 'another' } })).toEqual([
      'error EK5030',
    ]);
  });

  test('is a warning where a stack that exists is adopted, and where nobody has asked the ledger', () => {
    expect(codes({ template: lambda('go1.x'), desired: { adopt: true } })).toEqual(['warning EK5030']);
    expect(codes({ template: lambda('go1.x'), at: null, standing: null })).toEqual(['warning EK5030']);
  });

  test('whose end is announced is told, also after a date that AWS may have moved since', () => {
    expect(codes({ template: lambda('nodejs16.x') })).toEqual(['warning EK5031']);
    expect(codes({ template: lambda('nodejs16.x'), now: new Date('2030-01-01') })).toEqual(['warning EK5031']);
  });

  test('was alive before, and what is not listed is alive', () => {
    expect(codes({ template: lambda('python3.7'), now: new Date('2023-12-03') })).toEqual([]);
    expect(codes({ template: lambda('python3.7'), now: new Date('2023-12-10') })).toEqual(['warning EK5031']);
    for (const runtime of ['nodejs22.x', 'python3.12', 'somebody-elses1.x', 'constructor'])
      expect(codes({ template: lambda(runtime), now: new Date('2040-01-01') })).toEqual([]);
  });

  test('may come from a parameter, at some targets only', () => {
    const template = `Parameters: { runtime: { Type: String, Default: python3.12 } }\n${lambda('!Ref runtime')}`;
    expect(codes({ template })).toEqual([]);
    expect(codes({ template, desired: { parameters: { runtime: 'python3.7' } } })).toEqual(['error EK5030']);
    expect(
      found({ template, at: [ONE, TWO], parametersAt: (key) => (key === TWO ? { runtime: 'python3.7' } : {}) }),
    ).toMatchObject([{ message: expect.stringContaining(`since 2024-01-09 (${TWO})`) }]);
  });

  test('of a function that no target makes is nobody’s business', () => {
    const template = `Conditions: { No: !Equals [a, b] }\n${lambda('python3.7', '\n    Condition: No')}`;
    expect(codes({ template })).toEqual([]);
  });

  test('is found in serverless functions, in their Globals and in nested templates; a layer that fits several is not one', () => {
    const serverless = (where: string) => `Transform: AWS::Serverless-2016-10-31\n${where}`;
    expect(
      codes({
        template: serverless(
          'Resources: { F: { Type: AWS::Serverless::Function, Properties: { Runtime: python3.7 } } }',
        ),
      }),
    ).toEqual(['error EK5030']);
    expect(
      codes({
        template: serverless(
          'Globals: { Function: { Runtime: python3.7 } }\nResources: { F: { Type: AWS::Serverless::Function } }',
        ),
      }),
    ).toEqual(['error EK5030']);
    expect(
      codes({
        template:
          'Resources: { L: { Type: AWS::Lambda::LayerVersion, Properties: { CompatibleRuntimes: [python3.7] } } }',
      }),
    ).toEqual([]);
    const sha256 = 'ab'.repeat(32) as never;
    expect(
      found({
        template: `Resources: { Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Sub "https://b.s3.\${AWS::Region}.amazonaws.com/objects/${sha256 as string}" } } }`,
        artifact: { objects: [{ sha256, bytes: Buffer.from(lambda('python3.7')) }] },
      }),
    ).toMatchObject([{ message: expect.stringContaining('function Clean of nested stack Inner uses python3.7') }]);
  });

  test('of a bought block is the publisher’s: the remedy names another version', () => {
    const block = { type: 'serverless-application', application: 'arn', version: '1.0.0' } as const;
    expect(found({ template: lambda('python3.7'), desired: { block } })[0]?.remedy).toMatch(
      /^choose another version of the block/,
    );
  });
});

test('the schedule goes forward: what is not created any more is updated for a while', () => {
  for (const [runtime, { noCreation, noUpdate }] of Object.entries(RUNTIME_ENDS))
    expect([runtime, noCreation < noUpdate]).toEqual([runtime, true]);
});

describe('the runtime that is recommended instead of one that does not exist', () => {
  const known = [
    'nodejs10.x',
    'nodejs22.x',
    'nodejs24.x',
    'python3.9',
    'python3.13',
    'ruby3.2',
    'go1.x',
    'provided.al2',
  ];
  it.each([
    ['nodejs99.x', 'nodejs24.x'],
    ['nodsj10.x', 'nodejs24.x'],
    ['python3.99', 'python3.13'],
    ['ruby9', 'ruby3.2'],
    ['provided.al3', 'provided.al2'],
    ['java21', null],
    ['cobol', null],
  ])('%s: %s', (written, meant) => expect(newestRuntime(written, known)).toBe(meant));

  it('is one that functions are created with', () =>
    expect(newestRuntime('nodejs99.x', ['nodejs10.x', 'nodejs12.x'])).toBeNull());
});
