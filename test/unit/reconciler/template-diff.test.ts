import { describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../src/blocks/template/artifact.js';
import type { Artifact } from '../../../src/model/artifact.js';
import { sha256 } from '../../../src/model/canonical.js';
import { diffTemplates, isSameTemplate } from '../../../src/reconciler/template-diff.js';
import type { TemplateDiff, TemplateUse } from '../../../src/reconciler/template-diff.js';
import { corpusTemplates, corpusTitle, hasCorpus } from '../../support/corpus.js';

const NOTHING: TemplateUse = { parameters: new Set(), acknowledge: [] };

function artifact(template: object | string, nested: readonly object[] = []): Artifact {
  const { value, diagnostics } = makeArtifact({
    address: 'Solution/x',
    file: 'template.json',
    template: typeof template === 'string' ? template : JSON.stringify(template),
    objects: nested.map((each) => {
      const bytes = Buffer.from(JSON.stringify(each));
      return { sha256: sha256(bytes), bytes };
    }),
    tags: {},
    extraCapabilities: [],
  });
  if (value === null) throw new Error(JSON.stringify(diagnostics));
  return value;
}

const diffOf = (before: object, after: object, use = NOTHING): Promise<TemplateDiff> =>
  diffTemplates(artifact(before), artifact(after), use);

const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties });
const role = (action: string | readonly string[], over: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {},
    Policies: [
      { PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] } },
    ],
    ...over,
  },
});

describe('resources', () => {
  it('are added, removed, let go, changed and replaced', async () => {
    const before = { Same: queue(), Gone: queue(), Kept: { ...queue(), DeletionPolicy: 'Retain' } };
    const found = await diffOf(
      { Resources: { ...before, Named: queue({ QueueName: 'a' }), Slow: queue({ DelaySeconds: 1 }) } },
      {
        Resources: { Same: queue(), New: queue(), Named: queue({ QueueName: 'b' }), Slow: queue({ DelaySeconds: 2 }) },
      },
    );
    expect(found.resources.map(({ id, change }) => `${change} ${id}`)).toEqual([
      'removed Gone',
      'kept Kept',
      'replaced Named',
      'added New',
      'changed Slow',
    ]);
    expect(found.resources[4]?.fields).toEqual([{ path: 'DelaySeconds', before: '1', after: '2' }]);
  });

  it('that are replaced because of what they refer to are named with it', async () => {
    const template = (name: string) => ({
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: name } },
        Mail: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email' } },
      },
    });
    const { resources } = await diffOf(template('a'), template('b'));
    expect(resources.map(({ id, change, fields }) => [id, change, fields.length])).toEqual([
      ['Mail', 'replaced', 0],
      ['Topic', 'replaced', 1],
    ]);
  });

  it('of nested stacks are compared one by one, those of a new nested stack as well', async () => {
    const child = (delay: number) => ({ Resources: { Queue: queue({ DelaySeconds: delay }) } });
    const main = (...children: readonly (readonly [string, object])[]) =>
      artifact(
        {
          Resources: Object.fromEntries(
            children.map(([id, each]) => [
              id,
              {
                Type: 'AWS::CloudFormation::Stack',
                Properties: { TemplateURL: { 'Fn::Sub': `https://b/objects/${sha256(JSON.stringify(each))}` } },
              },
            ]),
          ),
        },
        children.map(([, each]) => each),
      );
    const found = await diffTemplates(main(['A', child(1)]), main(['A', child(2)], ['B', child(3)]), NOTHING);
    expect(found.resources.map(({ id, change }) => `${change} ${id}`)).toEqual([
      'changed A',
      'added B',
      'changed A/Queue',
      'added B/Queue',
    ]);
  });
});

describe('parameters', () => {
  const Resources = { Q: queue() };
  const text = (over: object = {}) => ({ Type: 'String', ...over });

  it('that the manifest sets and that are gone, and new ones that it must set, are told apart', async () => {
    const found = await diffOf(
      { Resources, Parameters: { Gone: text(), Spare: text(), Same: text({ Description: 'a' }) } },
      { Resources, Parameters: { Must: text(), May: text({ Default: 'x' }), Same: text({ Description: 'b' }) } },
      { ...NOTHING, parameters: new Set(['Gone', 'Same']) },
    );
    expect(found.parameters).toEqual([
      { name: 'Gone', change: 'removed', required: false, set: true, fields: [] },
      {
        name: 'May',
        change: 'added',
        required: false,
        set: false,
        fields: [{ path: 'default', before: null, after: 'x' }],
      },
      { name: 'Must', change: 'added', required: true, set: false, fields: [] },
      { name: 'Spare', change: 'removed', required: false, set: false, fields: [] },
    ]);
  });

  it('whose default changes show it, a NoEcho one apart', async () => {
    const found = await diffOf(
      { Resources, Parameters: { A: text({ Default: '3' }), B: text({ Default: 'old', NoEcho: true }) } },
      { Resources, Parameters: { A: text({ Default: '5' }), B: text({ Default: 'new', NoEcho: true }) } },
    );
    expect(found.parameters.map(({ name, fields }) => [name, fields])).toEqual([
      ['A', [{ path: 'default', before: '3', after: '5' }]],
    ]);
    expect(JSON.stringify(found)).not.toContain('new');
  });
});

describe('what it may do', () => {
  it('is one line for each grant, whatever the rest of the statement', async () => {
    const { permissions, resources } = await diffOf(
      { Resources: { Role: role(['sns:Publish', 'sqs:SendMessage']) } },
      { Resources: { Role: role(['s3:GetObject', 'sns:Publish']) } },
    );
    expect(resources.map(({ change }) => change)).toEqual(['changed']);
    expect(
      permissions.map(({ change, principal, actions, resource }) => [change, principal, actions, resource]),
    ).toEqual([
      ['granted', 'AWS:${Role}', ['s3:GetObject'], '*'],
      ['withdrawn', 'AWS:${Role}', ['sqs:SendMessage'], '*'],
    ]);
  });

  it('names managed policies, and capabilities that nobody has acknowledged', async () => {
    const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const found = await diffOf(
      { Resources: { Role: role('s3:GetObject') } },
      { Resources: { Role: role('s3:GetObject', { RoleName: 'r', ManagedPolicyArns: [admin] }) } },
      { ...NOTHING, acknowledge: ['CAPABILITY_IAM'] },
    );
    expect(found.permissions).toMatchObject([{ change: 'granted', actions: ['managed policy'], resource: admin }]);
    expect(found.capabilities).toEqual({
      added: ['CAPABILITY_NAMED_IAM'],
      removed: ['CAPABILITY_IAM'],
      unacknowledged: ['CAPABILITY_NAMED_IAM'],
    });
  });

  it('says which outputs go away', async () => {
    const template = (output: string) => ({ Resources: { Q: queue() }, Outputs: { [output]: { Value: 'x' } } });
    expect((await diffOf(template('Old'), template('New'))).outputs).toEqual({ added: ['New'], removed: ['Old'] });
  });
});

describe.skipIf(!hasCorpus)(corpusTitle('the templates of the corpus'), () => {
  const templates = corpusTemplates();
  const named = (path: string): Artifact => artifact(templates.find((each) => each.path === path)!.text);

  it('are the same as themselves', async () => {
    for (const { text } of templates) {
      const { value } = makeArtifact({ ...NO_FILE, template: text });
      if (value !== null) expect(isSameTemplate(await diffTemplates(value, value, NOTHING))).toBe(true);
    }
  }, 60_000);

  it('differ by one runtime between both versions of lambda-janitor', async () => {
    const found = await diffTemplates(
      named('lambda-janitor/template-1.5.0.yml'),
      named('lambda-janitor/template.yml'),
      NOTHING,
    );
    expect(found.resources).toEqual([
      {
        id: 'Clean',
        type: 'AWS::Serverless::Function',
        change: 'changed',
        fields: [{ path: 'Runtime', before: 'nodejs10.x', after: 'nodejs22.x' }],
      },
    ]);
    expect([found.parameters, found.permissions, found.capabilities.added]).toEqual([[], [], []]);
  });

  it('have other logical ids under the new name of a construct', async () => {
    const { resources } = await diffTemplates(
      named('construct-aws-events-rule-lambda/no-argument.template.json'),
      named('construct-aws-eventbridge-lambda/evtlam-eventbridge-no-argument.template.json'),
      NOTHING,
    );
    const count = (change: string): number => resources.filter((each) => each.change === change).length;
    expect([count('added') > 0, count('removed') > 0]).toEqual([true, true]);
  });
});

const NO_FILE = { address: 'Stack/x', file: 'x', objects: [], tags: {}, extraCapabilities: [] } as const;
