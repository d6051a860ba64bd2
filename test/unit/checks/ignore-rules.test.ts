import { describe, expect, test } from 'vitest';
import type { Artifact } from '../../../src/model/artifact.js';
import { digestOf } from '../../../src/model/canonical.js';
import type { At, IgnoreRule } from '../../../src/model/desired.js';
import { found, ONE, TWO } from './checking.js';

const place = { file: 'x.yaml', line: 1, column: 1, length: 1, source: '' };
const at: At = (...path) => ({ ...place, source: path.join('.') });
const rule = (resource: string, path: string, expires: string | null = null): IgnoreRule => ({
  resource,
  path,
  reason: 'set by its owner',
  expires,
  place,
});

const QUEUE = `Parameters: { Days: { Type: String, Default: "30" }, Owner: { Type: String, Default: x } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 30 } }
  Topic: { Type: AWS::SNS::Topic }`;

const told = (template: string, rules: readonly IgnoreRule[], artifact: Partial<Artifact> = {}): readonly string[] =>
  found({ template, artifact, at: [ONE, TWO], desired: { driftIgnore: rules, at } }).map(
    ({ code, severity, place: where, message, remedy }) =>
      `${severity} ${code} ${where!.source}: ${message} = ${remedy}`,
  );

describe('a rule that hides nothing is a warning, where it is written, with what was probably meant', () => {
  test('a resource that the template has not', () => {
    expect(
      told(QUEUE, [rule('Qeue', '/VisibilityTimeout'), rule('Bucket', '/Name'), rule('Queue.Topic', '/Name')]),
    ).toMatchInlineSnapshot(`
      [
        "warning EK5042 spec.drift.ignore.0.resource: the template has no resource Qeue, so the rule for /VisibilityTimeout hides nothing = did you mean Queue?",
        "warning EK5042 spec.drift.ignore.1.resource: the template has no resource Bucket, so the rule for /Name hides nothing = remove the rule, or name a resource of the template",
      ]
    `);
  });

  test('a property that the template does not set, which CloudFormation never compares', () => {
    expect(
      told(QUEUE, [
        rule('Queue', '/VisibilityTimeouts'),
        rule('Queue', '/Properties/VisibilityTimeout'),
        rule('Topic', '/DisplayName'),
      ]),
    ).toMatchInlineSnapshot(`
      [
        "warning EK5043 spec.drift.ignore.0.path: the template does not set VisibilityTimeouts of Queue (AWS::SQS::Queue), so CloudFormation never compares it, and the rule hides nothing = did you mean /VisibilityTimeout?",
        "warning EK5043 spec.drift.ignore.1.path: the template does not set Properties of Queue (AWS::SQS::Queue), so CloudFormation never compares it, and the rule hides nothing = did you mean /VisibilityTimeout?",
        "warning EK5043 spec.drift.ignore.2.path: the template does not set DisplayName of Topic (AWS::SNS::Topic), so CloudFormation never compares it, and the rule hides nothing = remove the rule",
      ]
    `);
  });

  test('a parameter that the template has not', () => {
    expect(
      told(QUEUE, [
        rule('AWS::CloudFormation::Stack', '/Parameters/Day'),
        rule('AWS::CloudFormation::Stack', '/Parameters/Retention'),
      ]),
    ).toMatchInlineSnapshot(`
      [
        "warning EK5044 spec.drift.ignore.0.path: the template has no parameter Day, so the rule hides nothing = did you mean /Parameters/Days?",
        "warning EK5044 spec.drift.ignore.1.path: the template has no parameter Retention, so the rule hides nothing = remove the rule",
      ]
    `);
  });

  test('a rule that has expired, and nothing else about it', () => {
    expect(
      told(QUEUE, [rule('Queue', '/VisibilityTimeout', '2026-11-21'), rule('Gone', '/A', '2026-11-21T23:00:00+02:00')]),
    ).toMatchInlineSnapshot(`
      [
        "warning EK5045 spec.drift.ignore.0.expires: this expired on 2026-11-21: drift of /VisibilityTimeout of Queue (set by its owner) is hidden no longer = remove the rule and have the drift put right, or write a later date",
        "warning EK5045 spec.drift.ignore.1.expires: this expired on 2026-11-21T23:00:00+02:00: drift of /A of Gone (set by its owner) is hidden no longer = remove the rule and have the drift put right, or write a later date",
      ]
    `);
    expect(told(QUEUE, [rule('Queue', '/VisibilityTimeout', '2026-11-22')])).toEqual([]);
  });
});

describe('a rule that may hide something is taken as it is', () => {
  test('what is set, all of a resource, what is below a property, and tags, which the stack hands down', () => {
    expect(
      told(QUEUE, [
        rule('Queue', '/VisibilityTimeout'),
        rule('Queue', '/VisibilityTimeout/0/Deeper'),
        rule('Topic', '/'),
        rule('Topic', '/Tags/0'),
        rule('AWS::CloudFormation::Stack', '/Parameters/Days'),
        rule('AWS::CloudFormation::Stack', '/Tags/by-hand'),
        rule('AWS::CloudFormation::Stack', '/RoleARN'),
      ]),
    ).toEqual([]);
  });

  test('what a macro may make of it', () => {
    const macro = `Transform: Mine\n${QUEUE}`;
    expect(told(macro, [rule('Anything', '/A'), rule('Queue', '/A'), rule('A.B', '/C')])).toEqual([]);
  });

  test('what the serverless transform makes, and not what it does not', () => {
    const sam = `Transform: AWS::Serverless-2016-10-31
Resources:
  Janitor: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x } }
  Queue: { Type: AWS::SQS::Queue }`;
    expect(
      told(sam, [
        rule('Janitor', '/Description'),
        rule('JanitorRole', '/Policies'),
        rule('ServerlessRestApi', '/Body'),
        rule('Queue', '/DelaySeconds'),
        rule('Janitors', '/Description'),
        rule('Janiter', '/Description'),
      ]),
    ).toMatchInlineSnapshot(`
      [
        "warning EK5043 spec.drift.ignore.3.path: the template does not set DelaySeconds of Queue (AWS::SQS::Queue), so CloudFormation never compares it, and the rule hides nothing = remove the rule",
        "warning EK5042 spec.drift.ignore.5.resource: the template has no resource Janiter, so the rule for /Description hides nothing = did you mean Janitor?",
      ]
    `);
  });

  test('what a loop makes', () => {
    const loop = `Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Topics: [Name, [A, B], { "Topic\${Name}": { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Name } } }]`;
    expect(told(loop, [rule('TopicA', '/DisplayName')])).toEqual([]);
    expect(told(loop, [rule('Queue', '/DisplayName'), rule('TopicA', '/FifoTopic')])).toMatchInlineSnapshot(`
      [
        "warning EK5042 spec.drift.ignore.0.resource: the template has no resource Queue, so the rule for /DisplayName hides nothing = remove the rule, or name a resource of the template",
        "warning EK5043 spec.drift.ignore.1.path: the template does not set FifoTopic of TopicA (AWS::SNS::Topic), so CloudFormation never compares it, and the rule hides nothing = remove the rule",
      ]
    `);
  });
});

test('a nested stack is followed as far as its template is at hand, however often it is nested', () => {
  const bytes = new TextEncoder().encode(
    'Parameters: { Days: { Type: String } }\nResources: { Logs: { Type: AWS::Logs::LogGroup } }',
  );
  const sha256 = digestOf('nested');
  const stack = (url: string) => `{ Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "${url}" } }`;
  const template = `Resources:
  One: ${stack(`https://bucket/objects/${sha256}`)}
  Two: ${stack(`https://bucket/objects/${sha256}`)}
  Elsewhere: ${stack('https://somewhere/else.yaml')}`;
  const objects = [{ sha256, bytes }] as unknown as Artifact['objects'];
  expect(
    told(
      template,
      [
        rule('One.Logs', '/Tags'),
        rule('Two.Logs', '/'),
        rule('Elsewhere.Anything', '/Name'),
        rule('Two.AWS::CloudFormation::Stack', '/Parameters/Days'),
        rule('Two.AWS::CloudFormation::Stack', '/Parameters/Dais'),
        rule('Two.Log', '/Name'),
        rule('Tow.Logs', '/Name'),
        rule('One.Logs', '/RetentionInDays'),
      ],
      { objects },
    ),
  ).toMatchInlineSnapshot(`
    [
      "warning EK5044 spec.drift.ignore.4.path: the template has no parameter Dais, so the rule hides nothing = did you mean /Parameters/Days?",
      "warning EK5042 spec.drift.ignore.5.resource: nested stack Two has no resource Log, so the rule for /Name hides nothing = did you mean Two.Logs?",
      "warning EK5042 spec.drift.ignore.6.resource: the template has no resource Tow, so the rule for /Name hides nothing = did you mean Two.Logs?",
      "warning EK5043 spec.drift.ignore.7.path: the template does not set RetentionInDays of One.Logs (AWS::Logs::LogGroup), so CloudFormation never compares it, and the rule hides nothing = remove the rule",
    ]
  `);
});
