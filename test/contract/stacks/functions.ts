import { expect } from 'vitest';
import { assumption, type Agreed, type Aws, type Chapter } from '../specification.js';
import { apart, differing, create, invalid, output, outputOf, queue, refusal } from './fixtures.js';
import { guide } from './sources.js';

const MORE = {
  Parameters: { Zones: { Type: 'CommaDelimitedList', Default: 'x, y,z' }, Stage: { Type: 'String', Default: 'prod' } },
  Mappings: { Sizes: { prod: { small: 's', large: 'l' } } },
  Conditions: {
    Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    Test: { 'Fn::Not': [{ Condition: 'Prod' }] },
    Both: { 'Fn::And': [{ Condition: 'Prod' }, { Condition: 'Test' }] },
    Either: { 'Fn::Or': [{ Condition: 'Prod' }, { Condition: 'Test' }] },
  },
};
const either = (condition: string): object => ({ 'Fn::If': [condition, 'yes', 'no'] });

/** A value in an output, and what it comes to. */
function comes(
  says: string,
  page: string,
  value: unknown,
  result: string | RegExp | ((aws: Aws, queue: string) => string),
): Agreed {
  return {
    says,
    source: guide(page),
    test: async (aws) => {
      const name = aws.unique('queue');
      const found = await outputOf(aws, output(name, value, MORE));
      if (result instanceof RegExp) expect(found).toMatch(result);
      else expect(found).toBe(typeof result === 'string' ? result : result(aws, name));
    },
  };
}

/** A value that is refused when it is asked for. */
function refused(says: string, source: Agreed['source'], value: unknown, message: RegExp): Agreed {
  return apart({
    says,
    source,
    test: (aws) => invalid(create(aws, output(aws.unique('queue'), value, MORE)), message),
  });
}

export const intrinsicFunctions: Chapter = {
  service: 'CloudFormation',
  operation: 'Intrinsic functions',
  sentences: [
    comes('give a parameter’s value by Ref', 'Ref', { Ref: 'Stage' }, 'prod'),
    comes('give a queue’s URL by Ref', 'Ref', { Ref: 'Queue' }, /^https?:\/\/.*\/queue-/),
    comes(
      'give a queue’s ARN by Fn::GetAtt',
      'Fn::GetAtt',
      { 'Fn::GetAtt': ['Queue', 'Arn'] },
      (aws, queue) => `arn:aws:sqs:us-east-1:${aws.members[0]}:${queue}`,
    ),
    comes(
      'give an attribute in an Fn::Sub too',
      'Fn::Sub',
      { 'Fn::Sub': '${Queue.QueueName}/${Stage}' },
      (_, queue) => `${queue}/prod`,
    ),
    comes(
      'take variables of its own in an Fn::Sub, and leave ${!Literal} as ${Literal}',
      'Fn::Sub',
      { 'Fn::Sub': ['${Own}-${!Literal}', { Own: { Ref: 'Stage' } }] },
      'prod-${Literal}',
    ),
    comes('join with Fn::Join', 'Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 'c']] }, 'a-prod-c'),
    comes('split with Fn::Split', 'Fn::Split', { 'Fn::Join': ['+', { 'Fn::Split': ['|', 'a|b|c'] }] }, 'a+b+c'),
    differing(
      { moto: 'selects a character of the list’s text' },
      comes(
        'count from 0 in Fn::Select, and trim the spaces of a CommaDelimitedList',
        'Fn::Select',
        { 'Fn::Select': [1, { Ref: 'Zones' }] },
        'y',
      ),
    ),
    differing(
      { moto: 'accepts it', ministack: 'accepts it' },
      refused(
        'refuse an Fn::Select beyond the end of its list',
        guide('Fn::Select'),
        { 'Fn::Select': [3, { Ref: 'Zones' }] },
        /Fn::Select.*3/,
      ),
    ),
    comes('choose with Fn::If', 'Condition functions', either('Prod'), 'yes'),
    comes('turn a condition round with Fn::Not', 'Condition functions', either('Test'), 'no'),
    comes('ask for all with Fn::And', 'Condition functions', either('Both'), 'no'),
    comes('ask for one with Fn::Or', 'Condition functions', either('Either'), 'yes'),
    {
      says: 'take 2 to 10 conditions in Fn::And and Fn::Or',
      source: guide('Condition functions'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const Equal = { 'Fn::Equals': ['a', 'a'] };
        for (const name of ['Fn::And', 'Fn::Or'])
          for (const parts of [[Equal], Array(11).fill(Equal)]) {
            const template = output(aws.unique('queue'), 'any', { Conditions: { Odd: { [name]: parts } } });
            expect((await refusal(create(aws, template))).message).toMatch(/at least 2 and at most 10/);
          }
      },
    },
    comes(
      'look up with Fn::FindInMap',
      'Fn::FindInMap',
      { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'large'] },
      'l',
    ),
    differing(
      { moto: 'accepts it', ministack: 'accepts it' },
      refused(
        'refuse an Fn::FindInMap that finds nothing: "Template error: Unable to get mapping for MAP::KEY::NAME"',
        guide('Fn::FindInMap'),
        { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'huge'] },
        /Unable to get mapping for Sizes::prod::huge/,
      ),
    ),
    apart({
      says: 'take a DefaultValue in Fn::FindInMap with the transform AWS::LanguageExtensions, and refuse it without',
      source: guide('Fn::FindInMap enhancements'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const value = { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'huge', { DefaultValue: 'other' }] };
        expect((await refusal(create(aws, output(aws.unique('queue'), value, MORE)))).name).toBe('ValidationError');
        expect(await extended(aws, value)).toBe('other');
      },
    }),
    {
      says: 'know Fn::Length and Fn::ToJsonString with the transform AWS::LanguageExtensions',
      source: guide('AWS::LanguageExtensions transform'),
      differs: { moto: 'leaves the function in the value' },
      test: async (aws) => {
        expect(await extended(aws, { 'Fn::Sub': ['${Count}', { Count: { 'Fn::Length': { Ref: 'Zones' } } }] })).toBe(
          '3',
        );
        expect(JSON.parse(await extended(aws, { 'Fn::ToJsonString': { stage: { Ref: 'Stage' } } }))).toEqual({
          stage: 'prod',
        });
      },
    },
    differing(
      { moto: 'accepts it' },
      refused(
        'refuse Fn::Length without that transform, as any function that does not exist',
        guide('AWS::LanguageExtensions transform'),
        { 'Fn::Length': { Ref: 'Zones' } },
        /Fn::Length/,
      ),
    ),
    comes('encode with Fn::Base64', 'Fn::Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='),
    apart(
      differing(
        { moto: 'answers HTTP 500' },
        comes(
          'cut address blocks with Fn::Cidr',
          'Fn::Cidr',
          { 'Fn::Select': [2, { 'Fn::Cidr': ['10.0.0.0/16', 4, 8] }] },
          '10.0.2.0/24',
        ),
      ),
    ),
    apart({
      says: 'refuse an Fn::Cidr of what is no address block, no whole number of blocks or no number of bits',
      source: guide('Fn::Cidr'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const wrong = [
          ['a', 'b', 'c'],
          ['10.0.0.0/16', 4, 'Infinity'],
          ['10.0.0.0/16', 1.5, 8],
          ['10.0.0.0/16', 4, -1],
          ['10.0.0.0/99', 4, 8],
        ];
        for (const argument of wrong) {
          const value = { 'Fn::Select': [0, { 'Fn::Cidr': argument }] };
          expect((await refusal(create(aws, output(aws.unique('queue'), value)))).name).toBe('ValidationError');
        }
      },
    }),
    comes(
      'list the Availability Zones of the Region with Fn::GetAZs',
      'Fn::GetAZs',
      { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
      'us-east-1a',
    ),
    {
      says: 'list no Availability Zones of another Region',
      source: assumption('an emulator’s authors say that they saw it so on AWS'),
      differs: { moto: 'lists them' },
      test: async (aws) => {
        const value = { 'Fn::Join': [',', { 'Fn::GetAZs': 'eu-west-1' }] };
        expect(await outputOf(aws, output(aws.unique('queue'), value))).toBe('');
      },
    },
    comes(
      'know the pseudo parameters of account, partition, Region and suffix',
      'Get AWS values using pseudo parameters',
      { 'Fn::Sub': '${AWS::Partition} ${AWS::Region} ${AWS::AccountId} ${AWS::URLSuffix}' },
      (aws) => `aws us-east-1 ${aws.members[0]} amazonaws.com`,
    ),
    {
      says: 'know the stack’s own name and id as pseudo parameters',
      source: guide('Get AWS values using pseudo parameters'),
      test: async (aws) => {
        const StackName = aws.unique('stack');
        const value = { 'Fn::Sub': '${AWS::StackName} ${AWS::StackId}' };
        const found = await outputOf(aws, output(aws.unique('queue'), value), { StackName });
        expect(found).toMatch(new RegExp(`^${StackName} arn:aws:cloudformation:.*:stack/${StackName}/`));
      },
    },
    {
      says: 'take a property away with AWS::NoValue',
      source: guide('Get AWS values using pseudo parameters'),
      test: async (aws) => {
        const DelaySeconds = { 'Fn::If': ['Test', 'never a number', { Ref: 'AWS::NoValue' }] };
        const template = {
          ...queue(aws.unique('queue'), { DelaySeconds }),
          ...MORE,
          Outputs: { Out: { Value: 'made' } },
        };
        expect(await outputOf(aws, template)).toBe('made');
      },
    },
    {
      says: 'answer NotImplemented for Fn::Transform and Fn::ForEach, which run on AWS',
      source: assumption('the simulator runs no macros and unrolls no loops, and says so rather than guess'),
      alone: 'it is the simulator’s own limit',
      test: async (aws) => {
        const include = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/key' } } };
        expect((await refusal(create(aws, output(aws.unique('queue'), include)))).name).toBe('NotImplemented');
        const loop = { 'Fn::ForEach::Queues': ['Name', ['a', 'b'], { '${Name}': { Type: 'AWS::SQS::Queue' } }] };
        const template = { Transform: 'AWS::LanguageExtensions', Resources: loop };
        expect((await refusal(create(aws, template))).name).toBe('NotImplemented');
      },
    },
    differing(
      { moto: 'accepts it', ministack: 'accepts it' },
      refused(
        'refuse a function that shares its object with another key',
        assumption('a function’s object has one key in all of the documentation'),
        { 'Fn::Sub': 'a', Ref: 'Stage' },
        /Fn::Sub/,
      ),
    ),
    differing(
      { moto: 'accepts it' },
      refused(
        'refuse a condition as the Value of an output',
        assumption('an emulator’s authors say that they saw it so on AWS'),
        { 'Fn::Equals': ['a', 'a'] },
        /^Template format error: The Value field of every Outputs member must evaluate to a String/,
      ),
    ),
    differing(
      { moto: 'accepts it', ministack: 'accepts it' },
      refused(
        'refuse a function that does not exist',
        assumption('how the service is known to begin its text'),
        { 'Fn::Guess': 'any' },
        /Fn::Guess/,
      ),
    ),
  ],
};

const extended = (aws: Aws, value: unknown): Promise<string> =>
  outputOf(aws, output(aws.unique('queue'), value, { ...MORE, Transform: 'AWS::LanguageExtensions' }), {
    Capabilities: ['CAPABILITY_AUTO_EXPAND'],
  });
