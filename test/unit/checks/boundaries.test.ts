import { describe, expect, test } from 'vitest';
import { codes, found, messages, ONE, TWO } from './checking.js';

const demanding = { controller: { permissionsBoundary: 'evenkeel-boundary' } };
const role = (boundary: string) =>
  `Parameters: { B: { Type: String, Default: "" } }
Conditions: { Has: !Not [!Equals [!Ref B, ""]] }
Resources: { R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {}${boundary === '' ? '' : `, PermissionsBoundary: ${boundary}`} } } }`;
const sam = (resource: string, globals = '') =>
  `Transform: AWS::Serverless-2016-10-31\n${globals}\nResources: { F: { Type: AWS::Serverless::Function, Properties: { ${resource} } } }`;

describe('a role or user without the permissions boundary that the Controller demands', () => {
  test('is an error with what to write, and nothing where none is demanded', () => {
    expect(codes({ template: role('') })).toEqual([]);
    expect(found({ ...demanding, template: role('') })).toMatchObject([
      {
        code: 'EK5037',
        severity: 'error',
        message: 'role R has no permissions boundary, and the Controller demands evenkeel-boundary',
        remedy: 'write transform: { permissionsBoundary: evenkeel-boundary }',
      },
    ]);
    expect(codes({ ...demanding, template: 'Resources: { U: { Type: AWS::IAM::User } }' })).toEqual(['error EK5037']);
    expect(codes({ ...demanding, template: 'Resources: { G: { Type: AWS::IAM::Group } }' })).toEqual([]);
  });

  test('is content with the demanded one however it is written, and with no other', () => {
    expect(
      codes({
        ...demanding,
        at: [ONE, TWO],
        template: role('!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/evenkeel-boundary"'),
      }),
    ).toEqual([]);
    expect(codes({ ...demanding, template: role('arn:aws:iam::111111111111:policy/evenkeel-boundary') })).toEqual([]);
    const fixed = role('arn:aws:iam::111111111111:policy/evenkeel-boundary');
    expect(messages({ ...demanding, at: [ONE, TWO], template: fixed })).toEqual([
      `role R has the permissions boundary arn:aws:iam::111111111111:policy/evenkeel-boundary, and the Controller demands evenkeel-boundary (${TWO})`,
    ]);
    expect(codes({ ...demanding, template: role('arn:aws:iam::aws:policy/Other') })).toEqual(['error EK5037']);
  });

  test('may say it by a parameter, and a warning says where only a deployment knows', () => {
    const template = role('!If [Has, !Ref B, !Ref AWS::NoValue]');
    expect(codes({ ...demanding, template })).toEqual(['error EK5037']);
    expect(
      codes({
        ...demanding,
        template,
        desired: { parameters: { B: 'arn:aws:iam::111111111111:policy/evenkeel-boundary' } },
      }),
    ).toEqual([]);
    expect(codes({ ...demanding, template: role('!GetAtt Policy.Arn') })).toEqual(['warning EK5038']);
  });

  test('that the serverless transform writes counts like any other', () => {
    expect(messages({ ...demanding, template: sam('Runtime: nodejs22.x') })).toEqual([
      'the role of F has no permissions boundary, and the Controller demands evenkeel-boundary',
    ]);
    expect(codes({ ...demanding, template: sam('Role: arn') })).toEqual([]);
    const globals =
      'Globals: { Function: { PermissionsBoundary: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/evenkeel-boundary" } }';
    expect(codes({ ...demanding, template: sam('Runtime: nodejs22.x', globals) })).toEqual([]);
    expect(
      codes({
        ...demanding,
        template: sam(
          'Role: arn, Events: { Daily: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } } }',
        ),
      }),
    ).toEqual(['error EK5037']);
    expect(
      found({
        ...demanding,
        template: sam('Role: arn, AutoPublishAlias: live, DeploymentPreference: { Type: AllAtOnce }'),
      }),
    ).toMatchObject([
      {
        message: expect.stringContaining('the deployment role of F'),
        remedy: 'name a role of your own in DeploymentPreference',
      },
    ]);
  });
});
