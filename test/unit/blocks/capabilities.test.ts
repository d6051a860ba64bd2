import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../src/blocks/template/artifact.js';
import { capabilitiesOf, transformsOf, uniteCapabilities } from '../../../src/blocks/template/template-capabilities.js';

const resource = (type: string, properties: object = {}) => ({
  Resources: { A: { Type: type, Properties: properties } },
});

describe('capabilities', () => {
  it.each(['Role', 'Policy', 'ManagedPolicy', 'User', 'Group', 'InstanceProfile', 'AccessKey', 'UserToGroupAddition'])(
    'an IAM %s asks for CAPABILITY_IAM',
    (type) => {
      expect(capabilitiesOf(resource(`AWS::IAM::${type}`))).toEqual(['CAPABILITY_IAM']);
    },
  );
  it.each([
    ['Role', 'RoleName'],
    ['User', 'UserName'],
    ['Group', 'GroupName'],
    ['ManagedPolicy', 'ManagedPolicyName'],
    ['InstanceProfile', 'InstanceProfileName'],
  ])('an IAM %s with a %s asks for CAPABILITY_NAMED_IAM', (type, property) => {
    expect(capabilitiesOf(resource(`AWS::IAM::${type}`, { [property]: { 'Fn::Sub': '${AWS::StackName}-x' } }))).toEqual(
      ['CAPABILITY_NAMED_IAM'],
    );
  });
  it('the PolicyName of a policy, which it must have, is no custom name', () =>
    expect(capabilitiesOf(resource('AWS::IAM::Policy', { PolicyName: 'x' }))).toEqual(['CAPABILITY_IAM']));
  it('the UserName of an access key says whose it is, and names nothing', () =>
    expect(capabilitiesOf(resource('AWS::IAM::AccessKey', { UserName: 'x' }))).toEqual(['CAPABILITY_IAM']));
  it('a role that SAM will write counts, unless one is given', () => {
    expect(capabilitiesOf(resource('AWS::Serverless::Function'))).toEqual(['CAPABILITY_IAM']);
    expect(capabilitiesOf(resource('AWS::Serverless::Function', { Role: 'arn' }))).toEqual([]);
    expect(
      capabilitiesOf({ Globals: { Function: { Role: 'arn' } }, ...resource('AWS::Serverless::Function') }),
    ).toEqual([]);
  });
  it.each([
    ['a macro for the whole template', { Transform: 'Mine', ...resource('AWS::S3::Bucket') }],
    ['a list of macros', { Transform: ['AWS::LanguageExtensions'], ...resource('AWS::S3::Bucket') }],
    [
      'a macro anywhere',
      resource('AWS::S3::Bucket', { Tags: [{ 'Fn::Transform': { Name: 'Mine', Parameters: {} } }] }),
    ],
    ['a nested stack', resource('AWS::CloudFormation::Stack')],
    ['a nested application', resource('AWS::Serverless::Application')],
  ])('%s asks for CAPABILITY_AUTO_EXPAND', (_, template) =>
    expect(capabilitiesOf(template)).toEqual(['CAPABILITY_AUTO_EXPAND']),
  );
  it('roles that a loop makes count', () => {
    const template = {
      Transform: 'AWS::LanguageExtensions',
      Resources: {
        'Fn::ForEach::Roles': [
          'Name',
          ['a', 'b'],
          { 'Role${Name}': { Type: 'AWS::IAM::Role', Properties: { RoleName: { Ref: 'Name' } } } },
        ],
      },
    };
    expect(capabilitiesOf(template)).toEqual(['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_NAMED_IAM']);
  });
  it('resource types named like properties of every object are nothing special', () =>
    expect(capabilitiesOf(resource('constructor'))).toEqual([]));
  it('CAPABILITY_NAMED_IAM stands for CAPABILITY_IAM', () => {
    expect(uniteCapabilities(['CAPABILITY_IAM'], ['CAPABILITY_RESOURCE_POLICY', 'CAPABILITY_NAMED_IAM'])).toEqual([
      'CAPABILITY_NAMED_IAM',
      'CAPABILITY_RESOURCE_POLICY',
    ]);
  });
  it('macros are named once each, those of the whole template first', () => {
    expect(
      transformsOf({
        Transform: ['B', { Name: 'A' }],
        Resources: { X: { 'Fn::Transform': { Name: 'AWS::Include' }, Y: { 'Fn::Transform': [{ Name: 'B' }] } } },
      }),
    ).toEqual(['B', 'A', 'AWS::Include']);
  });
});

const CORPUS = '../shared/corpus';
const walk = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) =>
    statSync(join(folder, name)).isDirectory() ? walk(join(folder, name)) : [join(folder, name)],
  );
const SAM = 'CAPABILITY_AUTO_EXPAND,CAPABILITY_IAM';

describe.skipIf(!existsSync(CORPUS))('the corpus', () => {
  const templates = existsSync(CORPUS)
    ? walk(CORPUS).filter(
        (file) => /\.(ya?ml|template|json)$/.test(file) && /^\s*"?Resources"?\s*:/m.test(readFileSync(file, 'utf8')),
      )
    : [];
  const read = new Map<string, ReturnType<typeof makeArtifact>>();
  const artifactOf = (file: string) => {
    const artifact =
      read.get(file) ??
      makeArtifact({
        address: 'Stack/x',
        file,
        template: readFileSync(file, 'utf8'),
        objects: [],
        tags: {},
        extraCapabilities: [],
      });
    read.set(file, artifact);
    return artifact;
  };

  it('is read whole: every file with Resources is a template', () => {
    const unread = templates.map((file) => ({ file, ...artifactOf(file) })).filter(({ value }) => value === null);
    expect(unread.map(({ file, diagnostics }) => [file, diagnostics[0]?.message])).toEqual([]);
    expect(templates.length).toBeGreaterThanOrEqual(32);
  });
  it.each([
    ['lambda-janitor/template.yml', SAM, 2, 1],
    ['lambda-janitor/template-1.5.0.yml', SAM, 2, 1],
    ['amazon-cloudfront-access-logs-queries/template.yaml', SAM, 9, 4],
    ['cloudwatch-logs-janitor/template.yaml', SAM, 3, 1],
    ['lambda-edge-logs-aggregator/template-all-in-one.yaml', SAM, 8, 4],
    ['construct-aws-eventbridge-lambda/evtlam-eventbridge-no-argument.template.json', 'CAPABILITY_IAM', 5, 1],
    ['cfct/customizations-for-aws-control-tower.template', 'CAPABILITY_NAMED_IAM', 43, 15],
    ['automated-security-response-on-aws/admin.template.json', 'CAPABILITY_AUTO_EXPAND,CAPABILITY_NAMED_IAM', 223, 15],
    ['automated-security-response-on-aws/orchestrator-log.template.json', '', 1, 2],
    ['aws-waf-security-automations/aws-waf-security-automations.template', SAM, 72, 34],
  ])('%s asks for [%s] and has %i resources and %i parameters', (name, capabilities, resources, parameters) => {
    const { value } = artifactOf(join(CORPUS, name));
    expect([
      value?.requiredCapabilities.join(),
      Object.keys(value?.resourceTypes ?? {}).length,
      Object.keys(value?.parameters ?? {}).length,
    ]).toEqual([capabilities, resources, parameters]);
  });
  it('an upgrade of lambda-janitor changes the digest and nothing that must be acknowledged', () => {
    const [before, after] = ['template-1.5.0.yml', 'template.yml'].map(
      (name) => artifactOf(join(CORPUS, 'lambda-janitor', name)).value!,
    );
    expect(before!.sha256).not.toBe(after!.sha256);
    expect(before!.requiredCapabilities).toEqual(after!.requiredCapabilities);
    expect(after!.parameters).toEqual({
      VersionsToKeep: expect.objectContaining({ type: 'Number', default: '3', minValue: 0 }),
    });
  });
});
