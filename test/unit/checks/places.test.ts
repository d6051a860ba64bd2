import { describe, expect, test } from 'vitest';
import { REACHES } from '../../../src/checks/service-reach.js';
import { partitionOf } from '../../../src/model/partitions.js';
import type { Partition } from '../../../src/model/identifiers.js';
import type { TargetKey } from '../../../src/model/target.js';
import { codes, found, messages, ONE, ONE_WEST } from './checking.js';

const GOV = '333333333333/us-gov-west-1' as TargetKey;
const gov = { controller: { partition: 'aws-us-gov' as Partition }, at: [GOV] };

describe('an ARN of the partition aws', () => {
  const role = (policy: string) => `Conditions: { IsGov: !Equals [!Ref AWS::Partition, aws-us-gov] }
Resources:
  R: { Type: AWS::IAM::Role, Properties: { Description: "like arn:aws:iam::aws:policy/X", ManagedPolicyArns: [${policy}] } }
`;

  test('is nothing where it goes to that partition', () => {
    expect(codes({ template: role('arn:aws:iam::aws:policy/ReadOnlyAccess') })).toEqual([]);
  });

  test('is an error elsewhere, in plain text, in Fn::Sub and in Fn::Join', () => {
    expect(found({ ...gov, template: role('arn:aws:iam::aws:policy/ReadOnlyAccess') })).toMatchObject([
      {
        code: 'EK5032',
        severity: 'error',
        message:
          'AWS::IAM::Role R names arn:aws:iam::aws:policy/ReadOnlyAccess, which does not exist in the partition aws-us-gov',
        remedy: 'write !Sub "arn:${AWS::Partition}:…"',
      },
    ]);
    expect(codes({ ...gov, template: role('!Sub "arn:aws:iam::${AWS::AccountId}:policy/x"') })).toEqual([
      'error EK5032',
    ]);
    expect(codes({ ...gov, template: role('!Join ["", ["arn:aws:iam::", !Ref AWS::AccountId]]') })).toEqual([
      'error EK5032',
    ]);
  });

  test('is nothing in an arm that is not chosen there, nor where it is built of the partition', () => {
    expect(
      codes({ ...gov, template: role('!If [IsGov, "arn:aws-us-gov:iam::aws:policy/X", "arn:aws:iam::aws:policy/X"]') }),
    ).toEqual([]);
    expect(codes({ ...gov, template: role('!Sub "arn:${AWS::Partition}:iam::aws:policy/X"') })).toEqual([]);
  });
});

test('an ARN of the partition aws in a script is for the script: AWS refuses nothing there', () => {
  const template = `Resources:
  Project: { Type: AWS::CodeBuild::Project, Properties: { Source: { BuildSpec: "run arn:aws:s3:::a" } } }
  Server: { Type: AWS::EC2::Instance, Properties: { UserData: { Fn::Base64: !Sub "run arn:aws:s3:::a" } } }
  Runbook:
    Type: AWS::SSM::Document
    Properties: { Content: { mainSteps: [{ action: aws:executeScript, inputs: { Script: "x = 'arn:aws:s3:::a'" } }] } }
`;
  expect(codes({ ...gov, template })).toEqual([]);
});

describe('a service', () => {
  const acl = (scope: string) =>
    `Parameters: { Kind: { Type: String, Default: ALB } }\nConditions: { Edge: !Equals [!Ref Kind, CloudFront] }\nResources: { Acl: { Type: AWS::WAFv2::WebACL, Properties: { Scope: ${scope} } } }`;

  test('that AWS keeps in one Region is refused elsewhere, by name', () => {
    expect(messages({ template: acl('CLOUDFRONT'), at: [ONE, ONE_WEST] })).toEqual([
      `resource Acl: AWS makes AWS::WAFv2::WebACL with Scope CLOUDFRONT in us-east-1 only, and not in us-west-2 (${ONE_WEST})`,
    ]);
    expect(codes({ template: acl('CLOUDFRONT'), at: [ONE] })).toEqual([]);
    expect(codes({ template: acl('REGIONAL'), at: [ONE_WEST] })).toEqual([]);
  });

  test('may depend on a parameter', () => {
    const template = acl('!If [Edge, CLOUDFRONT, REGIONAL]');
    expect(codes({ template, at: [ONE_WEST] })).toEqual([]);
    expect(codes({ template, at: [ONE_WEST], desired: { parameters: { Kind: 'CloudFront' } } })).toEqual([
      'error EK5033',
    ]);
    expect(codes({ template: acl('!GetAtt Some.Thing'), at: [ONE_WEST] })).toEqual([]);
  });

  test('that the partition does not have', () => {
    const template =
      'Resources: { D: { Type: AWS::CloudFront::Distribution }, Q: { Type: AWS::SQS::Queue }, N: { Type: AWS::Novelty::Thing } }';
    expect(messages({ ...gov, template })).toEqual([
      'resource D: AWS makes no AWS::CloudFront::Distribution in the partition aws-us-gov',
    ]);
    expect(codes({ template })).toEqual([]);
  });

  test('that was shut down is an error where it would be new, and told where it stands', () => {
    const template = 'Resources: { A: { Type: AWS::KinesisAnalytics::Application } }';
    expect(codes({ template })).toEqual(['error EK5034']);
    expect(codes({ template, standing: { [ONE]: 'this' } })).toEqual(['warning EK5034']);
    expect(codes({ template, now: new Date('2025-01-01') })).toEqual([]);
  });

  test('of the table is named with Regions of their partitions', () => {
    for (const { regions } of REACHES)
      for (const [partition, names] of Object.entries(regions))
        expect(names.map(partitionOf)).toEqual(names.map(() => partition));
  });
});

describe('a template of a stranger', () => {
  const made = (conditions: object, parameters: object = {}): string =>
    JSON.stringify({
      Parameters: parameters,
      Conditions: conditions,
      Resources: { F: { Type: 'AWS::Lambda::Function', Condition: 'Made', Properties: { Runtime: 'nodejs12.x' } } },
    });
  const twice = (name: string) => ({ 'Fn::Or': [{ Condition: name }, { Condition: name }] });

  test('has its conditions decided once, however many rest on them', () => {
    const levels = Array.from({ length: 15 }, (_, level) => [`Level${level}`, twice(`Level${level + 1}`)] as const);
    const last = { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] };
    const template = made({ ...Object.fromEntries(levels), Level15: last, Made: { Condition: 'Level0' } });
    expect(codes({ template })).toEqual(['error EK5030']);
    expect(codes({ template, at: [ONE_WEST] })).toEqual([]);
  });

  test('may have conditions that rest on each other', () => {
    expect(codes({ template: made({ Made: twice('Other'), Other: twice('Made') }) })).toEqual(['error EK5030']);
  });

  test.each(['constructor', 'toString', '__proto__'])('may call a parameter %s', (name) => {
    const equals = `{"Fn::Equals":[{"Ref":"${name}"},"yes"]}`;
    const template = `{"Parameters":{"${name}":{"Type":"String","Default":"yes"}},"Conditions":{"Made":${equals}},"Resources":{"F":{"Type":"AWS::Lambda::Function","Condition":"Made","Properties":{"Runtime":"nodejs12.x"}}}}`;
    expect(codes({ template, at: null })).toEqual(['warning EK5030']);
    expect(codes({ template })).toEqual(['error EK5030']);
  });
});
