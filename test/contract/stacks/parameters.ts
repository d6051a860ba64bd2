import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, type Agreed, type Aws, type Chapter } from '../specification.js';
import {
  differing,
  build,
  create,
  invalid,
  output,
  outputOf,
  queue,
  refusal,
  settle,
  show,
  update,
} from './fixtures.js';
import { api, guide } from './sources.js';

const given = (...pairs: readonly (readonly [string, string])[]) => ({
  Parameters: pairs.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
});
const PAGE = guide('Parameters syntax');

const declared = (name: string, declaration: object): object => output(name, 'any', { Parameters: { P: declaration } });

/** A declaration, a value that it takes, and one that it refuses with the text. */
function constrained(
  says: string,
  declaration: object,
  good: string,
  bad: string,
  message: string | RegExp,
  source: Agreed['source'] = PAGE,
): Agreed {
  return {
    says,
    source,
    test: async (aws) => {
      await create(aws, declared(aws.unique('queue'), declaration), given(['P', good]));
      await invalid(create(aws, declared(aws.unique('queue'), declaration), given(['P', bad])), message);
    },
  };
}

export const parameters: Chapter = {
  service: 'CloudFormation',
  operation: 'Parameters',
  sentences: [
    {
      says: 'have to have a value: "Parameters: [A, B] must have values"',
      source: assumption('what the service is known to say'),
      differs: { moto: 'refuses it in other words', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const template = output(aws.unique('queue'), 'any', {
          Parameters: { A: { Type: 'String' }, B: { Type: 'String' } },
        });
        await invalid(create(aws, template), 'Parameters: [A, B] must have values');
      },
    },
    {
      says: 'have to be the template’s: "Parameters: [X] do not exist in the template"',
      source: assumption('what the service is known to say'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const stack = create(aws, queue(aws.unique('queue')), given(['X', 'any']));
        await invalid(stack, 'Parameters: [X] do not exist in the template');
      },
    },
    differing(
      { moto: 'accepts it', ministack: 'refuses it in other words' },
      constrained(
        'are one of AllowedValues',
        { Type: 'String', AllowedValues: ['a', 'b'] },
        'a',
        'c',
        "Parameter 'P' must be one of AllowedValues",
      ),
    ),
    differing(
      { moto: 'accepts it' },
      constrained(
        'match AllowedPattern as a whole',
        { Type: 'String', AllowedPattern: '[a-z]+' },
        'abc',
        'abc1',
        "Parameter 'P' must match pattern [a-z]+",
      ),
    ),
    differing(
      { moto: 'accepts it' },
      constrained(
        'say ConstraintDescription where they break a constraint',
        { Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'only letters' },
        'abc',
        '1',
        /only letters/,
      ),
    ),
    differing(
      { moto: 'accepts it' },
      constrained(
        'are as long as MinLength and MaxLength say',
        { Type: 'String', MinLength: 2, MaxLength: 3 },
        'abc',
        'abcd',
        /3/,
      ),
    ),
    differing(
      { moto: 'answers HTTP 500', ministack: 'refuses it in other words' },
      constrained('are a number where that is their type', { Type: 'Number' }, '1.5', 'one', /P.* must be a number/),
    ),
    differing(
      { moto: 'accepts it' },
      constrained('are between MinValue and MaxValue', { Type: 'Number', MinValue: 2, MaxValue: 4 }, '3', '5', /4/),
    ),
    differing(
      { moto: 'answers HTTP 500', ministack: 'refuses it in other words' },
      constrained(
        'are numbers in each place of a List<Number>',
        { Type: 'List<Number>' },
        '1, 2',
        '1,two',
        /P.* must be a number/,
      ),
    ),
    differing(
      { moto: 'accepts it', ministack: 'holds the whole list against AllowedValues' },
      constrained(
        'are one of AllowedValues in each place of a CommaDelimitedList',
        { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] },
        'a,b',
        'a,c',
        /AllowedValues/,
      ),
    ),
    differing(
      { moto: 'accepts it' },
      constrained(
        'have values of up to 4,096 bytes',
        { Type: 'String' },
        'x'.repeat(4_096),
        'é'.repeat(2_049),
        /4096/,
        guide('Understand CloudFormation quotas'),
      ),
    ),
    differing(
      { moto: 'accepts it', ministack: 'refuses \\Q as no regular expression' },
      constrained(
        'match what Java reads in AllowedPattern, such as (?i), (?s), \\A, \\z, \\Q, \\E and \\p{Alpha}',
        { Type: 'String', AllowedPattern: '(?s)\\A(?i:\\Qa.\\Eb).\\p{Alpha}\\z' },
        'A.B\nz',
        'axB\nz',
        /must match pattern/,
        assumption('the service runs on Java'),
      ),
    ),
    {
      says: 'have an AllowedPattern that is a regular expression',
      source: PAGE,
      differs: { moto: 'accepts it' },
      test: async (aws) => {
        for (const AllowedPattern of ['(', 'a**', '[a', '[z-a]', '\\q'])
          expect(
            (
              await refusal(
                create(aws, declared(aws.unique('queue'), { Type: 'String', AllowedPattern, Default: 'a' })),
              )
            ).name,
          ).toBe('ValidationError');
      },
    },
    {
      says: 'answer NotImplemented for an AllowedPattern that only Java can read, such as a++ or [a-z&&[^b]]',
      source: assumption('the simulator does not guess what it cannot convert'),
      alone: 'it is the simulator’s own limit',
      test: async (aws) => {
        for (const AllowedPattern of ['a++', '[a-z&&[^b]]+', '(?>a)', '(a)\\1', '(?x) a'])
          expect(
            (
              await refusal(
                create(aws, declared(aws.unique('queue'), { Type: 'String', AllowedPattern, Default: 'a' })),
              )
            ).name,
          ).toBe('NotImplemented');
      },
    },
    {
      says: 'are refused where matching AllowedPattern takes too long, here 0.2 seconds',
      source: assumption('nothing is published; the less convenient of the two answers'),
      alone: 'an emulator could stand still for hours',
      test: async (aws) => {
        const declaration = { Type: 'String', AllowedPattern: '(a+)+$', Default: `${'a'.repeat(40)}!` };
        await invalid(create(aws, declared(aws.unique('queue'), declaration)), /in time$/);
      },
    },
    {
      says: 'are given once each',
      source: assumption('two values for one parameter cannot both be meant'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        const template = declared(aws.unique('queue'), { Type: 'String' });
        expect((await refusal(create(aws, template, given(['P', 'a'], ['P', 'b'])))).name).toBe('ValidationError');
      },
    },
    {
      says: 'have types that exist, and declarations without other members',
      source: guide('Troubleshooting CloudFormation'),
      differs: { moto: 'accepts it', ministack: 'accepts it' },
      test: async (aws) => {
        await invalid(
          create(aws, declared(aws.unique('queue'), { Type: 'Text', Default: 'any' })),
          'Template format error: Unrecognized parameter type: Text',
        );
        await invalid(
          create(aws, declared(aws.unique('queue'), { Type: 'String', Default: 'any', Colour: 'red' })),
          "Invalid template parameter property 'Colour'",
        );
      },
    },
    {
      says: 'are **** wherever the stack is described with NoEcho, and in the properties that its events tell',
      source: PAGE,
      differs: { moto: 'shows them' },
      test: async (aws) => {
        const secret = 'correct-horse';
        const name = aws.unique('queue');
        const template = {
          ...queue(name, { Tags: [{ Key: 'secret', Value: { Ref: 'Secret' } }] }),
          Parameters: { Secret: { Type: 'String', NoEcho: true } },
        };
        const stack = await build(aws, template, given(['Secret', secret]));
        const described = await show(aws, stack.name);
        expect(described.Parameters).toEqual([
          expect.objectContaining({ ParameterKey: 'Secret', ParameterValue: '****' }),
        ]);
        const { StackEvents = [] } = await aws
          .cloudFormation()
          .send(new DescribeStackEventsCommand({ StackName: stack.name }));
        expect(JSON.stringify(StackEvents)).not.toContain(secret);
      },
    },
    {
      says: 'are seen as they are in Outputs, NoEcho or not',
      source: PAGE,
      test: async (aws) => {
        const Parameters = { Secret: { Type: 'String', NoEcho: true } };
        const template = output(aws.unique('queue'), { Ref: 'Secret' }, { Parameters });
        expect(await outputOf(aws, template, given(['Secret', 'correct-horse']))).toBe('correct-horse');
      },
    },
    {
      says: 'keep their value with UsePreviousValue',
      source: api('Parameter'),
      test: async (aws) => {
        const { stack, template } = await staged(aws);
        await update(aws, stack, { ...template, Outputs: { Out: { Value: { 'Fn::Sub': '${Stage}!' } } } }, PREVIOUS);
        expect((await settle(aws, stack)).Outputs?.[0]?.OutputValue).toBe('first!');
      },
    },
    {
      says: 'fall back to their Default where an update does not mention them',
      source: api('Parameter'),
      differs: { moto: 'keeps the value' },
      test: async (aws) => {
        const { stack, template } = await staged(aws);
        await update(aws, stack, template);
        expect((await settle(aws, stack)).Outputs?.[0]?.OutputValue).toBe('default');
      },
    },
    {
      says: 'have no UsePreviousValue where the stack did not have them before',
      source: assumption('what the service is known to say'),
      differs: { moto: 'answers HTTP 500', ministack: 'refuses it in other words' },
      test: async (aws) => {
        await invalid(
          create(aws, output(aws.unique('queue'), 'any', { Parameters: { Stage: { Type: 'String' } } }), PREVIOUS),
          /usePreviousValue/i,
        );
      },
    },
    {
      says: 'name what the parameter store has: "Unable to fetch parameters [NAME] from parameter store for this account."',
      source: assumption('what the service is known to say'),
      differs: { moto: 'answers HTTP 500', ministack: 'refuses it in other words' },
      test: async (aws) => {
        const name = `/${aws.unique('nothing')}`;
        const declaration = { Type: 'AWS::SSM::Parameter::Value<String>', Default: name };
        await invalid(
          create(aws, declared(aws.unique('queue'), declaration)),
          `Unable to fetch parameters [${name}] from parameter store for this account.`,
        );
      },
    },
    {
      says: 'show what the store had as ResolvedValue beside the name',
      source: api('Parameter'),
      alone: 'the simulator’s store has what AWS publishes and cdk bootstrap leaves, and nothing else',
      test: async (aws) => {
        const Default = '/cdk-bootstrap/hnb659fds/version';
        const declaration = { Type: 'AWS::SSM::Parameter::Value<String>', Default };
        const { name } = await build(aws, declared(aws.unique('queue'), declaration));
        expect((await show(aws, name)).Parameters).toEqual([
          { ParameterKey: 'P', ParameterValue: Default, ResolvedValue: expect.any(String) },
        ]);
      },
    },
    {
      says: 'take any value for a type of the account, such as AWS::EC2::VPC::Id: here, nothing looks it up',
      source: assumption('AWS refuses ids that are not in the account; the simulator has no EC2 to ask'),
      alone: 'it is the simulator’s own limit',
      test: async (aws) => {
        await create(aws, declared(aws.unique('queue'), { Type: 'AWS::EC2::VPC::Id' }), given(['P', 'vpc-none']));
      },
    },
  ],
};

const PREVIOUS = { Parameters: [{ ParameterKey: 'Stage', UsePreviousValue: true }] };

async function staged(aws: Aws): Promise<{ readonly stack: string; readonly template: object }> {
  const Parameters = { Stage: { Type: 'String', Default: 'default' } };
  const template = output(aws.unique('queue'), { Ref: 'Stage' }, { Parameters });
  const { name } = await build(aws, template, given(['Stage', 'first']));
  return { stack: name, template };
}
