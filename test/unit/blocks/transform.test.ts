import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeArtifact } from '../../../src/blocks/template/artifact.js';
import { transformArtifact } from '../../../src/blocks/transform/template-transform.js';
import type { Artifact, ArtifactObject } from '../../../src/model/artifact.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { Transform } from '../../../src/model/desired.js';
import { parseTemplate } from '../../../src/model/template.js';
import { corpusTemplates, corpusTitle, hasCorpus } from '../../support/corpus.js';

const SOURCE = { address: 'Stack/x', file: 'templates/x.yaml' } as const;
const ALL: Transform = {
  tags: { owner: 'security', 'cost-center': '4711' },
  permissionsBoundary: 'evenkeel-boundary',
  rolePath: '/evenkeel/',
};
const ONLY = { tags: {}, permissionsBoundary: null, rolePath: null };
const BOUNDARY = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/evenkeel-boundary' };

function artifactOf(template: string, objects: readonly ArtifactObject[] = []): Artifact {
  const made = makeArtifact({ ...SOURCE, template, objects, tags: {}, extraCapabilities: [] });
  if (made.value === null) throw new Error(JSON.stringify(made.diagnostics, null, 2));
  return made.value;
}

function injected(artifact: Artifact | string, transform: Transform = ALL): Artifact {
  const made = transformArtifact(typeof artifact === 'string' ? artifactOf(artifact) : artifact, transform, SOURCE);
  if (made.value === null) throw new Error(JSON.stringify(made.diagnostics, null, 2));
  return made.value;
}

type Resources = Readonly<Record<string, { readonly Properties: Readonly<Record<string, unknown>> }>>;
function resourcesOf(text: string): Resources {
  const parsed = parseTemplate(text);
  if (parsed.type !== 'template') throw new Error(parsed.message);
  return parsed.document['Resources'] as Resources;
}
const propertiesOf = (artifact: Artifact, logicalId: string) => resourcesOf(artifact.template)[logicalId]!.Properties;

describe('what a manifest injects', () => {
  test('a boundary and a path into IAM resources, tags into whatever takes them, and nothing into the rest', () => {
    const artifact = injected(`Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
  Bare: { Type: AWS::IAM::User }
  Policy: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: {} } }
  Queue: { Type: AWS::SQS::Queue }
  Stage: { Type: AWS::ApiGatewayV2::Api }
  Fleet: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: "0", MaxSize: "1" } }
  Rule: { Type: AWS::Lambda::Permission, Properties: { Action: x } }
  Own: { Type: Custom::Thing, Properties: { ServiceToken: x } }
`);
    const list = [
      { Key: 'cost-center', Value: '4711' },
      { Key: 'owner', Value: 'security' },
    ];
    expect(resourcesOf(artifact.template)).toEqual({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: {}, PermissionsBoundary: BOUNDARY, Path: '/evenkeel/', Tags: list },
      },
      Bare: { Type: 'AWS::IAM::User', Properties: { PermissionsBoundary: BOUNDARY, Path: '/evenkeel/', Tags: list } },
      Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: {}, Path: '/evenkeel/' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { Tags: list } },
      Stage: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Tags: { 'cost-center': '4711', owner: 'security' } } },
      Fleet: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: { MinSize: '0', MaxSize: '1', Tags: list.map((tag) => ({ ...tag, PropagateAtLaunch: true })) },
      },
      Rule: { Type: 'AWS::Lambda::Permission', Properties: { Action: 'x' } },
      Own: { Type: 'Custom::Thing', Properties: { ServiceToken: 'x' } },
    });
    expect(artifact.injected).toEqual([
      'permissions boundary evenkeel-boundary in 2 IAM resources',
      'path /evenkeel/ in 3 IAM resources',
      'tags cost-center, owner in 5 resources',
    ]);
  });

  test('is never what the author has said', () => {
    const { template } = injected(`Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: { PermissionsBoundary: !Ref Theirs, Path: /theirs/, Tags: [{ Key: owner, Value: them }] }
  Chosen:
    Type: AWS::SQS::Queue
    Properties: { Tags: [!If [Has, { Key: owner, Value: them }, !Ref AWS::NoValue]] }
  Computed:
    Type: AWS::SQS::Queue
    Properties: { Tags: !If [Has, [{ Key: a, Value: b }], !Ref AWS::NoValue] }
  Map: { Type: AWS::ApiGatewayV2::Api, Properties: { Tags: { owner: them } } }
`);
    expect(resourcesOf(template)).toMatchObject({
      Role: {
        Properties: {
          PermissionsBoundary: { Ref: 'Theirs' },
          Path: '/theirs/',
          Tags: [
            { Key: 'owner', Value: 'them' },
            { Key: 'cost-center', Value: '4711' },
          ],
        },
      },
      Chosen: { Properties: { Tags: [{ 'Fn::If': expect.anything() }, { Key: 'cost-center', Value: '4711' }] } },
      Computed: { Properties: { Tags: { 'Fn::If': expect.anything() } } },
      Map: { Properties: { Tags: { owner: 'them', 'cost-center': '4711' } } },
    });
  });

  test('a policy’s ARN as it is written', () => {
    const arn = 'arn:aws:iam::111111111111:policy/x';
    const artifact = injected('Resources: { R: { Type: AWS::IAM::Role } }', { ...ONLY, permissionsBoundary: arn });
    expect(propertiesOf(artifact, 'R')).toEqual({ PermissionsBoundary: arn });
    expect(artifact.injected).toEqual([`permissions boundary ${arn} in 1 IAM resource`]);
  });

  test('in the words of the serverless transform, where Globals have not said it', () => {
    const template = (globals: string, more = '') => `Transform: AWS::Serverless-2016-10-31
${globals}
Resources:
  F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x${more} } }
  M: { Type: AWS::Serverless::StateMachine, Properties: { DefinitionUri: x } }
`;
    const tags = { 'cost-center': '4711', owner: 'security' };
    const whole = injected(template(''));
    expect(propertiesOf(whole, 'F')).toEqual({
      Runtime: 'nodejs22.x',
      PermissionsBoundary: BOUNDARY,
      RolePath: '/evenkeel/',
      Tags: tags,
    });
    expect(propertiesOf(whole, 'M')).toMatchObject({
      PermissionsBoundary: BOUNDARY,
      RolePath: '/evenkeel/',
      Tags: tags,
    });
    const said = injected(
      template('Globals: { Function: { PermissionsBoundary: b, RolePath: /x/, Tags: { owner: them } } }'),
    );
    expect(propertiesOf(said, 'F')).toEqual({ Runtime: 'nodejs22.x', Tags: { 'cost-center': '4711' } });
    expect(propertiesOf(injected(template('', ', Role: arn')), 'F')).toEqual({
      Runtime: 'nodejs22.x',
      Role: 'arn',
      Tags: tags,
    });
    const scheduled =
      ', Role: arn, Events: { Daily: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } } }';
    expect(propertiesOf(injected(template('', scheduled)), 'F')).toMatchObject({
      Events: { Daily: { Properties: { ScheduleExpression: 'rate(1 day)', PermissionsBoundary: BOUNDARY } } },
    });
  });

  test('in the bodies of loops', () => {
    const { template } = injected(`Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Queues: [Name, [A, B], { "Q\${Name}": { Type: AWS::SQS::Queue } }]
`);
    expect(resourcesOf(template)).toMatchObject({
      'Fn::ForEach::Queues': [
        'Name',
        ['A', 'B'],
        { 'Q${Name}': { Properties: { Tags: [{ Key: 'cost-center' }, { Key: 'owner' }] } } },
      ],
    });
  });

  test('in nested templates, which get other digests, and so does the template around them', () => {
    const nest = (digest: string) =>
      JSON.stringify({
        Resources: {
          Inner: {
            Type: 'AWS::CloudFormation::Stack',
            Properties: {
              TemplateURL: { 'Fn::Sub': `https://b.s3.\${AWS::Region}.\${AWS::URLSuffix}/objects/${digest}` },
            },
          },
        },
      });
    const object = (text: string): ArtifactObject => ({ sha256: sha256(text), bytes: Buffer.from(text) });
    const leaf = object(JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role' } } }));
    const middle = object(nest(leaf.sha256));
    const code = object('code');
    const before = artifactOf(nest(middle.sha256), [leaf, middle, code]);
    const after = injected(before, { ...ONLY, permissionsBoundary: 'evenkeel-boundary' });
    expect(after.injected).toEqual(['permissions boundary evenkeel-boundary in 1 IAM resource']);
    expect(after.sha256).not.toBe(before.sha256);
    expect(after.objects.map((each) => each.sha256)).toContain(code.sha256);
    for (const { sha256: digest, bytes } of after.objects) expect(digest).toBe(sha256(bytes));
    const texts = new Map(
      after.objects.map(({ sha256: digest, bytes }) => [digest as string, Buffer.from(bytes).toString()]),
    );
    const inside = (text: string): string => texts.get(/objects\/([0-9a-f]{64})/.exec(text)![1]!)!;
    expect(resourcesOf(inside(inside(after.template)))).toEqual({
      R: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: BOUNDARY } },
    });
    expect(after.objects).toHaveLength(3);
  });

  test('leaves YAML as it is written: comments, short forms, numbers that are no numbers', () => {
    const text = `# Ours.
Resources:
  # The only one.
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "\${AWS::StackName}-x"
      MaxSessionDuration: 3_600
      Description: 012345678901
      ManagedPolicyArns:
        - !Ref One
        - !GetAtt Two.Arn
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: !If [ Yes, [], !Ref AWS::NoValue ]
  Code:
    Type: AWS::Lambda::Function
    Properties:
      Code:
        ZipFile: |
          exports.handler = () => {
            return yes;
          };
`;
    expect(injected(text, { ...ONLY, rolePath: '/evenkeel/' }).template).toBe(
      text.replace('!Ref AWS::NoValue ]\n', '!Ref AWS::NoValue ]\n      Path: /evenkeel/\n'),
    );
  });

  test('is read back as the text that it is, also where YAML would take it for something else', () => {
    const values = ['4711', 'yes', 'true', 'null', '012', '1e3', 'a: b', '# c', '', ' x ', '2012-10-17', 'ü'];
    const tags = Object.fromEntries(values.map((value, n) => [`k${String(n)}`, value]));
    const { template } = injected(
      'Resources:\n  A: { Type: AWS::ApiGatewayV2::Api }\n  F:\n    Type: AWS::AutoScaling::AutoScalingGroup\n',
      { ...ONLY, tags },
    );
    expect(template).not.toMatch(/^\s*\{/);
    expect(resourcesOf(template)['A']!.Properties).toEqual({ Tags: tags });
    expect(template).toContain('PropagateAtLaunch: true');
  });

  test('is nothing where a template has nowhere to put it: the artifact is the same', () => {
    const artifact = artifactOf('Resources: { P: { Type: AWS::Lambda::Permission } }');
    expect(injected(artifact)).toBe(artifact);
  });

  test('makes a template that is too large a finding', () => {
    const resources = Object.fromEntries(
      Array.from({ length: 400 }, (_, n) => [
        `R${String(n)}`,
        { Type: 'AWS::SQS::Queue', Metadata: { text: 'x'.repeat(2350) } },
      ]),
    );
    const artifact = artifactOf(JSON.stringify({ Resources: resources }));
    const tags = { owner: 'x'.repeat(200) };
    expect(transformArtifact(artifact, { ...ONLY, tags }, SOURCE)).toMatchObject({
      value: null,
      diagnostics: [{ code: 'EK4004' }],
    });
  });
});

const names = fc.constantFrom('owner', 'team', 'cost-center');
const tag = fc.record({ Key: names, Value: fc.string() });
const resource = fc.oneof(
  fc.record({
    Type: fc.constantFrom(
      'AWS::IAM::Role',
      'AWS::IAM::User',
      'AWS::SQS::Queue',
      'AWS::Serverless::Function',
      'AWS::Lambda::Permission',
    ),
    Properties: fc.record(
      {
        Path: fc.constant('/theirs/'),
        PermissionsBoundary: fc.constantFrom('b', { Ref: 'B' }),
        Role: fc.constant('arn'),
        Tags: fc.oneof(fc.array(tag), fc.dictionary(names, fc.string()), fc.constant({ 'Fn::If': ['C', [], []] })),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ Type: fc.constant('AWS::IAM::Group') }),
);
const templates = fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,6}$/), resource, { minKeys: 1, maxKeys: 6 });
const transforms: fc.Arbitrary<Transform> = fc.record({
  tags: fc.dictionary(names, fc.string({ minLength: 1 })),
  permissionsBoundary: fc.constantFrom(null, 'evenkeel-boundary', 'arn:aws:iam::1:policy/x'),
  rolePath: fc.constantFrom(null, '/evenkeel/'),
});

/** Whether everything in `one` stands in `other` as it is. */
function isWithin(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null) return Object.is(one, other);
  if (typeof other !== 'object' || other === null) return false;
  return Object.entries(one).every(([key, value]) => isWithin(value, (other as Record<string, unknown>)[key]));
}

describe('laws', () => {
  test('injecting twice is injecting once, and what the author wrote stands as it stood', () => {
    fc.assert(
      fc.property(templates, transforms, (Resources, transform) => {
        const before = artifactOf(JSON.stringify({ Resources }));
        const once = injected(before, transform);
        expect(injected(once, transform)).toBe(once);
        expect(isWithin(Resources, resourcesOf(once.template))).toBe(true);
        expect(injected(before, transform)).toEqual(once);
        expect(once.sha256 === before.sha256).toBe(once.injected.length === 0);
      }),
    );
  });

  test.skipIf(!hasCorpus)(corpusTitle('hold for every real template, and YAML stays YAML'), () => {
    for (const { path, text } of corpusTemplates()) {
      const made = makeArtifact({ ...SOURCE, template: text, objects: [], tags: {}, extraCapabilities: [] });
      if (made.value === null) continue;
      const once = injected(made.value);
      expect(injected(once), path).toBe(once);
      expect(isWithin(resourcesOf(text), resourcesOf(once.template)), path).toBe(true);
      expect([path, once.requiredCapabilities]).toEqual([path, made.value.requiredCapabilities]);
    }
  });
});
