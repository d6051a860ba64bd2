import { CreateStackCommand, ListStackResourcesCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Agreed, type Aws, type Chapter } from '../specification.js';
import {
  differing,
  build,
  create,
  invalid,
  output,
  queue,
  refusal,
  show,
  sized,
  stored,
  text,
  type Template,
} from './fixtures.js';
import { api, guide } from './sources.js';

const validate = (aws: Aws, template: Template): Promise<unknown> =>
  aws.cloudFormation().send(new ValidateTemplateCommand({ TemplateBody: text(template) }));

const QUEUE = { Type: 'AWS::SQS::Queue' };
const many = (count: number, value: unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`Name${at}`, value]));

/** What is refused when the template is read, with the text that says so. */
function refused(
  says: string,
  template: Template,
  message: string | RegExp,
  source: Agreed['source'] = guide('Troubleshooting CloudFormation'),
): Agreed {
  return { says, source, test: (aws) => invalid(validate(aws, template), message) };
}

const QUOTAS = guide('Understand CloudFormation quotas');

export const templates: Chapter = {
  service: 'CloudFormation',
  operation: 'Templates',
  sentences: [
    {
      says: 'take up to 51,200 bytes in the request itself, and not one more',
      source: api('CreateStack'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        await validate(aws, sized(51_200));
        await invalid(validate(aws, sized(51_201)), /less than or equal to 51200/);
      },
    },
    {
      says: 'are measured in bytes, not in characters',
      source: api('CreateStack'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const body = sized(51_201, 'é');
        expect(body.length).toBeLessThan(51_200);
        await invalid(validate(aws, body), /less than or equal to 51200/);
      },
    },
    {
      says: 'take up to 1 MB from S3',
      source: api('CreateStack'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const fits = await stored(aws, sized(1_000_000).replace('never-created', aws.unique('never')));
        await create(aws, '', { TemplateURL: fits });
        const exceeds = await stored(aws, sized(1_048_577));
        expect((await refusal(create(aws, '', { TemplateURL: exceeds }))).name).toBe('ValidationError');
      },
    },
    {
      says: 'come in the request or by URL, not both',
      source: api('CreateStack'),
      differs: { moto: 'accepts it', ministack: 'accepts it when it validates' },
      test: async (aws) => {
        const [StackName, TemplateBody] = [aws.unique('stack'), text(queue(aws.unique('queue')))];
        const TemplateURL = await stored(aws, TemplateBody);
        const both = aws.cloudFormation().send(new CreateStackCommand({ StackName, TemplateBody, TemplateURL }));
        expect((await refusal(both)).name).toBe('ValidationError');
      },
    },
    {
      says: 'come from S3 by https alone: "TemplateURL must be a supported URL."',
      source: api('CreateStack'),
      differs: { moto: 'accepts it', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const TemplateURL = await stored(aws, text(queue(aws.unique('queue'))));
        for (const url of [
          TemplateURL.replace('https:', 'http:'),
          'https://example.com/template.json',
          `https://${TemplateURL.split('/')[3]}.s3-website-us-east-1.amazonaws.com/template.json`,
        ])
          await invalid(create(aws, '', { TemplateURL: url }), 'TemplateURL must be a supported URL.');
      },
    },
    {
      says: 'have to be where their URL says: an S3 error otherwise',
      source: assumption('how the service is known to begin its text'),
      differs: { moto: 'answers HTTP 500', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const TemplateURL = (await stored(aws, text(queue(aws.unique('queue'))))).replace('template.json', 'gone.json');
        await invalid(create(aws, '', { TemplateURL }), /^S3 error: /);
      },
    },
    differing(
      { moto: 'refuses it in other words', ministack: 'refuses it in other words' },
      refused('are refused where they are no JSON', '{"Resources": {]', /^Template format error: JSON not well-formed/),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'refuses it in other words' },
      refused(
        'are refused where they are no YAML',
        'Resources:\n  A: [',
        /^Template format error: YAML not well-formed/,
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'refuses it in other words' },
      refused('are refused where they are no mapping', 'hello', 'Template format error: unsupported structure.'),
    ),
    differing(
      { moto: 'accepts it', ministack: 'accepts it when it validates' },
      refused(
        'need a resource',
        { Resources: {} },
        'Template format error: At least one Resources member must be defined.',
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'have no sections but CloudFormation’s',
        { Things: {}, Resources: { Queue: QUEUE } },
        'Invalid template property or properties [Things]',
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'have no AWSTemplateFormatVersion but 2010-09-09',
        { AWSTemplateFormatVersion: '2020-01-01', Resources: { Queue: QUEUE } },
        /^Template format error: .*2020-01-01/,
        guide('Template format version syntax'),
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'say a Type for each resource',
        { Resources: { Queue: {} } },
        /Every Resources object must contain a Type member\.$/,
      ),
    ),
    differing(
      { moto: 'refuses it in other words' },
      refused(
        'have no resource types that AWS does not have',
        { Resources: { Queue: { Type: 'AWS::SQS::Nothing' } } },
        'Template format error: Unrecognized resource types: [AWS::SQS::Nothing]',
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'have logical ids of letters and digits alone',
        { Resources: { 'my-queue': QUEUE } },
        'Template format error: Resource name my-queue is non alphanumeric.',
        guide('Resources syntax'),
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'refer to what they have',
        { Resources: { Queue: { ...QUEUE, Properties: { QueueName: { Ref: 'Nobody' } } } } },
        'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'do not turn in a circle',
        { Resources: { First: { ...QUEUE, DependsOn: 'Second' }, Second: { ...QUEUE, DependsOn: 'First' } } },
        /^Circular dependency between resources: \[(First, Second|Second, First)\]$/,
        guide('DependsOn attribute'),
      ),
    ),
    differing(
      { moto: 'accepts it', ministack: 'accepts it when it validates' },
      refused(
        'have no conditions that turn in a circle, used or not',
        {
          Conditions: { C: { 'Fn::Not': [{ Condition: 'D' }] }, D: { 'Fn::Not': [{ Condition: 'C' }] } },
          Resources: { Queue: QUEUE },
        },
        /circular/i,
        assumption('the service decides all conditions before it makes anything; its words are not known'),
      ),
    ),
    differing(
      { moto: 'accepts it', ministack: 'accepts it when it validates' },
      refused(
        'hold no null in Properties: "[/Resources/ID/Properties/NAME] \'null\' values are not allowed in templates"',
        { Resources: { Queue: { ...QUEUE, Properties: { QueueName: null } } } },
        "[/Resources/Queue/Properties/QueueName] 'null' values are not allowed in templates",
        assumption('what the service is known to say'),
      ),
    ),
    {
      says: 'have maps as Parameters, Rules, Mappings, Conditions and Outputs',
      source: guide('CloudFormation template format'),
      differs: { moto: 'refuses it in other words', ministack: 'answers HTTP 500' },
      test: async (aws) => {
        for (const section of ['Parameters', 'Rules', 'Mappings', 'Conditions', 'Outputs'])
          for (const wrong of ['text', ['item']])
            await invalid(validate(aws, { [section]: wrong, Resources: { Queue: QUEUE } }), new RegExp(section));
      },
    },
    refused('have up to 500 resources', { Resources: many(501, QUEUE) }, /500/, QUOTAS),
    differing(
      { moto: 'refuses it because nothing uses them' },
      refused(
        'have up to 200 parameters',
        { Parameters: many(201, { Type: 'String' }), Resources: { Queue: QUEUE } },
        /200/,
        QUOTAS,
      ),
    ),
    refused(
      'have up to 200 outputs',
      { Resources: { Queue: QUEUE }, Outputs: many(201, { Value: 'any' }) },
      /200/,
      QUOTAS,
    ),
    differing(
      { moto: 'refuses it because nothing uses them' },
      refused(
        'have up to 200 mappings',
        { Mappings: many(201, { Key: { Name: 'any' } }), Resources: { Queue: QUEUE } },
        /200/,
        QUOTAS,
      ),
    ),
    differing(
      { moto: 'accepts it' },
      refused(
        'have a Description of up to 1,024 bytes',
        { Description: 'é'.repeat(513), Resources: { Queue: QUEUE } },
        /1024/,
        QUOTAS,
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'have DeletionPolicy Snapshot for the types alone that know snapshots',
        { Resources: { Queue: { ...QUEUE, DeletionPolicy: 'Snapshot' } } },
        'Template error: resource type AWS::SQS::Queue does not support deletion policy Snapshot',
        guide('DeletionPolicy attribute'),
      ),
    ),
    differing(
      { moto: 'refuses it in other words', ministack: 'accepts it when it validates' },
      refused(
        'use no YAML aliases',
        'Resources:\n  A: &a {Type: AWS::SQS::Queue}\n  B: *a',
        /aliases/i,
        guide('CloudFormation template format'),
      ),
    ),
    differing(
      { moto: 'accepts it', ministack: 'accepts it when it validates' },
      refused(
        'name transforms that exist',
        { Transform: 'My::Macro', Resources: { Queue: QUEUE } },
        /No transform named .*My::Macro/,
      ),
    ),
    {
      says: 'may name a transform of AWS’s own that answers NotImplemented here, such as AWS::Include',
      source: assumption('the simulator carries out AWS::Serverless-2016-10-31 and AWS::LanguageExtensions'),
      alone: 'it is the simulator’s own limit',
      test: async (aws) => {
        for (const Transform of [
          'AWS::Include',
          'AWS::SecretsManager-2020-07-23',
          'AWS::SecretsManager-2024-09-16',
          'AWS::CodeDeployBlueGreen',
        ])
          expect((await refusal(validate(aws, { Transform, Resources: { Queue: QUEUE } }))).name).toBe(
            'NotImplemented',
          );
      },
    },
    {
      says: 'are refused, not failed upon, where Globals name what no section is, such as constructor',
      source: guide('AWS::Serverless transform'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const template = { Transform: 'AWS::Serverless-2016-10-31', Globals: { constructor: 1 } };
        const created = create(
          aws,
          { ...template, Resources: { Queue: QUEUE } },
          {
            Capabilities: ['CAPABILITY_AUTO_EXPAND'],
          },
        );
        await invalid(created, /'constructor' is not supported/);
      },
    },
    {
      says: 'are YAML with short forms, such as !Ref, or with the functions written out',
      source: guide('Intrinsic function reference'),
      test: async (aws) => {
        const name = aws.unique('queue');
        const yaml = `Parameters:\n  Name: {Type: String, Default: ${name}}\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Ref Name\nOutputs:\n  Out:\n    Value: !Sub "\${Name}-\${AWS::Region}"\n`;
        const { name: stack } = await build(aws, yaml);
        const { Outputs } = await show(aws, stack);
        expect(Outputs?.[0]?.OutputValue).toBe(`${name}-us-east-1`);
      },
    },
    {
      says: 'may forbid values by Rules, which refuse the request with their AssertDescription',
      source: guide('Rules syntax'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const Assert = { 'Fn::Contains': [['prod', 'test'], { Ref: 'Stage' }] };
        const Rules = { Known: { Assertions: [{ Assert, AssertDescription: 'only prod or test' }] } };
        const template = output(aws.unique('queue'), 'any', { Parameters: { Stage: { Type: 'String' } }, Rules });
        const given = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: 'Stage', ParameterValue }] });
        await invalid(create(aws, template, given('play')), /only prod or test/);
        await create(aws, template, given('prod'));
      },
    },
    {
      says: 'have Rules that hold under their RuleCondition alone, and know EachMemberIn and EachMemberEquals',
      source: guide('Rules syntax'),
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        const Rules = {
          Zones: {
            RuleCondition: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
            Assertions: [
              { Assert: { 'Fn::EachMemberIn': [{ Ref: 'Zones' }, ['a', 'b']] }, AssertDescription: 'a or b' },
              { Assert: { 'Fn::EachMemberEquals': [{ Ref: 'Zones' }, 'a'] }, AssertDescription: 'all a' },
            ],
          },
        };
        const Parameters = { Stage: { Type: 'String' }, Zones: { Type: 'CommaDelimitedList' } };
        const template = output(aws.unique('queue'), 'any', { Parameters, Rules });
        const given = (stage: string, zones: string) => ({
          Parameters: [
            { ParameterKey: 'Stage', ParameterValue: stage },
            { ParameterKey: 'Zones', ParameterValue: zones },
          ],
        });
        await invalid(create(aws, template, given('prod', 'a,c')), /a or b/);
        await invalid(create(aws, template, given('prod', 'a,b')), /all a/);
        await create(aws, template, given('test', 'a,c'));
      },
    },
    {
      says: 'make a resource, or an output, only where its Condition holds',
      source: guide('Conditions syntax'),
      differs: { moto: 'lists the other resource too, without a name' },
      test: async (aws) => {
        const template = {
          Parameters: { Stage: { Type: 'String' } },
          Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
          Resources: {
            Queue: { ...QUEUE, Properties: { QueueName: aws.unique('queue') } },
            Extra: { ...QUEUE, Condition: 'Prod', Properties: { QueueName: aws.unique('queue') } },
          },
          Outputs: { Out: { Condition: 'Prod', Value: 'prod' } },
        };
        const { name } = await build(aws, template, {
          Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'test' }],
        });
        expect((await show(aws, name)).Outputs ?? []).toEqual([]);
        const { StackResourceSummaries } = await aws
          .cloudFormation()
          .send(new ListStackResourcesCommand({ StackName: name }));
        expect(StackResourceSummaries?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Queue']);
      },
    },
  ],
};
