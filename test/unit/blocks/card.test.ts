import { parse } from 'yaml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../src/blocks/template/artifact.js';
import { readmeLines } from '../../../src/blocks/card/card-application.js';
import { fileFor, writeManifest } from '../../../src/blocks/card/card-manifest.js';
import { cardOfEntry } from '../../../src/blocks/card/card.js';
import { templateFacts } from '../../../src/blocks/card/card-template.js';
import { findEntry } from '../../../src/catalog/catalog.js';
import type { Artifact } from '../../../src/model/artifact.js';
import type { Card, CardParameter, TemplateFacts } from '../../../src/model/card.js';
import { corpusTemplates, corpusTitle, hasCorpus } from '../../support/corpus.js';

function artifactOf(template: string): Artifact {
  const made = makeArtifact({
    address: 'Stack/x',
    file: 'x',
    template,
    objects: [],
    tags: {},
    extraCapabilities: [],
  });
  if (made.value === null) throw new Error(JSON.stringify(made.diagnostics));
  return made.value;
}

const factsOf = (resources: object, rest: object = {}): TemplateFacts =>
  templateFacts(artifactOf(JSON.stringify({ ...rest, Resources: resources })), {});

const role = (properties: object) => ({ Role: { Type: 'AWS::IAM::Role', Properties: properties } });

describe('the permissions that a template asks for', () => {
  it('are none where what stands in their place is nonsense, and nothing is thrown', () => {
    const nonsense: readonly unknown[] = [
      null,
      7,
      'text',
      [],
      [[[]]],
      {},
      { Statement: null },
      { Statement: [7, 'x', null] },
    ];
    for (const policy of nonsense) {
      const facts = factsOf(role({ AssumeRolePolicyDocument: policy, Policies: policy, ManagedPolicyArns: null }));
      expect(facts.grants).toEqual([]);
    }
    let deep: unknown = 'x';
    for (let depth = 0; depth < 200; depth += 1) deep = [deep];
    expect(factsOf(role({ Policies: deep, Description: deep })).grants).toEqual([]);
  });

  it('of a role are its trust, its own policies and those that it only names', () => {
    const facts = factsOf(
      role({
        AssumeRolePolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: ['lambda.amazonaws.com'], AWS: '*' },
          },
        },
        ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess' }],
        Policies: [
          {
            PolicyName: 'own',
            PolicyDocument: {
              Statement: [
                { Effect: 'Allow', Action: 's3:*', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } },
                { Effect: 'Deny', NotAction: ['s3:Get*'], Resource: '*', Condition: { Bool: {} } },
              ],
            },
          },
        ],
      }),
    );
    expect(facts.grants).toMatchObject([
      { on: 'trust', principals: ['lambda.amazonaws.com', '*'], wide: ['principals'] },
      { on: 'identity', actions: ['s3:*'], resources: ['${Bucket.Arn}'], wide: ['actions'], conditioned: false },
      {
        on: 'identity',
        effect: 'Deny',
        actions: ['everything but s3:Get*'],
        wide: ['actions', 'resources'],
        conditioned: true,
      },
    ]);
    expect(facts.managedPolicies).toEqual([
      { holder: 'Role', policy: 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess' },
    ]);
  });

  it('show both sides of a condition, and values that only a deployment knows as what they are made of', () => {
    const statement = (Resource: unknown) => ({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource });
    const { grants } = factsOf({
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyDocument: {
            Statement: [
              { 'Fn::If': ['Wide', statement('*'), { Ref: 'AWS::NoValue' }] },
              statement({
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sqs:::', { 'Fn::Split': [',', 'a,b'] }]],
              }),
              statement([{ 'Fn::If': ['Wide', { 'Fn::ImportValue': 'queue' }, { 'Fn::FindInMap': ['M', 'k', 'v'] }] }]),
            ],
          },
        },
      },
    });
    expect(grants.map(({ resources }) => resources)).toEqual([
      ['*'],
      ['arn:${AWS::Partition}:sqs:::${Fn::Split}'],
      ['${import queue}', '${M.k.v}'],
    ]);
  });

  it('of a resource say who may use it, and a star there is that resource alone', () => {
    const { grants } = factsOf({
      Bucket: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Principal: '*' }] },
        },
      },
      Call: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { Ref: 'F' },
          Principal: 'events.amazonaws.com',
          SourceArn: 'x',
        },
      },
      Bus: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { StatementId: 's', Action: 'events:PutEvents', Principal: '*' },
      },
    });
    expect(grants).toMatchObject([
      { holder: 'Bucket', on: 'resource', wide: ['principals'] },
      { holder: 'Call', principals: ['events.amazonaws.com'], resources: ['${F}'], conditioned: true, wide: [] },
      { holder: 'Bus', principals: ['*'], wide: ['principals'] },
    ]);
  });

  it('of a SAM function are its statements, the policies it names and the patterns it uses', () => {
    const facts = factsOf(
      {
        F: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            Policies: [
              'ReadOnlyAccess',
              { S3ReadPolicy: { BucketName: 'b' } },
              { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
            ],
          },
        },
      },
      { Transform: 'AWS::Serverless-2016-10-31' },
    );
    expect(facts.grants).toMatchObject([{ holder: 'F', actions: ['*'], wide: ['actions', 'resources'] }]);
    expect(facts.managedPolicies.map(({ policy }) => policy)).toEqual([
      'ReadOnlyAccess',
      'SAM policy template S3ReadPolicy',
    ]);
  });

  it.skipIf(!hasCorpus)(corpusTitle('of every real template are found wherever it makes a role'), () => {
    for (const { path, text } of corpusTemplates()) {
      const facts = templateFacts(artifactOf(text), {});
      if (/AssumeRolePolicyDocument/.test(text)) expect([path, facts.grants.length]).not.toEqual([path, 0]);
      expect([path, facts.resources.length > 0]).toEqual([path, true]);
    }
  });
});

it('nested applications are named by their ARN, nested stacks by their address, and written-out partitions are counted', () => {
  const facts = factsOf({
    A: {
      Type: 'AWS::Serverless::Application',
      Properties: { Location: { ApplicationId: 'arn:aws:x', SemanticVersion: '1.0.0' } },
    },
    B: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: {
        TemplateURL: 'https://example.com/t',
        Tags: [
          { Key: 'serverlessrepo:applicationId', Value: 'arn:app' },
          { Key: 'serverlessrepo:semanticVersion', Value: '2.0.0' },
        ],
      },
    },
    C: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: { 'Fn::Sub': 'https://${Bucket}/t' } } },
    D: { Type: 'AWS::SNS::Topic', Properties: { Name: 'arn:aws:iam::aws:policy/x arn:${AWS::Partition}:s3:::y' } },
  });
  expect(facts.nested.map(({ of }) => of)).toEqual(['arn:aws:x 1.0.0', 'arn:app 2.0.0', 'https://${Bucket}/t']);
  expect(facts.notes).toEqual(['ARNs of the partition aws are written out in 1 place: elsewhere they mean nothing.']);
});

it('a readme is cut, and nothing in it moves a cursor or hides text', () => {
  const hostile = Buffer.from(
    '\u001b[2J\u001b[31m# Title\u001b[0m\r\n\r\n\u202eevil\u200b\u0007\tline\n' +
      'x\n'.repeat(1000) +
      'y'.repeat(10_000),
  );
  const lines = readmeLines(hostile);
  expect(lines.slice(0, 2)).toEqual(['# Title', 'evil line']);
  expect(lines).toHaveLength(12);
  expect(readmeLines(Buffer.from('z'.repeat(10_000)))[0]).toHaveLength(200);
  expect(readmeLines(Buffer.from([0xff, 0xfe, 0x41]))).toHaveLength(1);
  expect(readmeLines(new Uint8Array())).toEqual([]);
});

describe('the manifest that is written for a card', () => {
  const { entry } = findEntry('SO0111')!;
  const base = cardOfEntry('SO0111', entry, {
    partition: 'aws',
    version: null,
    part: null,
    artifact: null,
    formerName: false,
  });
  const templated = (parameters: readonly CardParameter[]): Card => ({
    ...base,
    template: {
      description: '',
      parameters,
      capabilities: ['CAPABILITY_IAM'],
      resources: [],
      nested: [],
      grants: [],
      managedPolicies: [],
      notes: [],
    },
  });
  const write = (card: Card) =>
    writeManifest({
      subject: 'SO0111',
      name: 'response',
      file: fileFor('solution', 'response'),
      bought: { type: 'solution', solution: 'SO0111', part: null, version: 'v3.1.5' },
      card,
    });
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const parameter = fc.record({
    // CloudFormation takes letters and digits only; who serves a template may write anything.
    name: fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9]{1,20}$/),
      text.filter((name) => name !== '' && name !== '__proto__'),
      text.map((name) => `${name}\n  acknowledge: [CAPABILITY_IAM]\n  x`),
    ),
    type: fc.constantFrom('String', 'Number', 'CommaDelimitedList'),
    default: fc.option(text),
    allowedValues: fc.option(fc.array(text, { maxLength: 20 })),
    description: text,
    noEcho: fc.boolean(),
    set: fc.constant(null),
  });

  it('is YAML with exactly the undecided keys empty, whatever a publisher writes into names, defaults and descriptions', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 8 }),
        text,
        (parameters, summary) => {
          const { text: yaml, undecided } = write({ ...templated(parameters), summary });
          expect(yaml).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
          const { spec } = parse(yaml, { schema: 'core' }) as { spec: Record<string, unknown> };
          const required = parameters.filter((each) => each.default === null).map(({ name }) => name);
          const written = (spec['parameters'] ?? {}) as Record<string, unknown>;
          expect(Object.keys(written).sort()).toEqual([...required].sort());
          expect(Object.values(written).every((value) => value === null)).toBe(true);
          expect(spec).toMatchObject({ solution: 'SO0111', version: 'v3.1.5', acknowledge: null, targets: null });
          expect([...undecided].sort()).toEqual(
            [...required.map((name) => `spec.parameters.${name}`), 'spec.acknowledge', 'spec.targets'].sort(),
          );
        },
      ),
    );
  });

  it('leaves out what nobody knows, and says nothing of capabilities that it has not read', () => {
    const { text: yaml, undecided } = write(base);
    expect(undecided).toEqual(['spec.targets']);
    expect(yaml).not.toContain('acknowledge');
  });
});
