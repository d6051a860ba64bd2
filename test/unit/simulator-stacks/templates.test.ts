import { GetTemplateCommand, GetTemplateSummaryCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { bench, MEMBER, topic } from './world.js';

const queue = { Type: 'AWS::SQS::Queue' };

describe('a template', () => {
  const refused: readonly (readonly [string, string | object, string])[] = [
    ['is no JSON', '{"Resources": {]', 'Template format error: JSON not well-formed. (line 1, column 16)'],
    ['is no YAML', 'Resources:\n  A: [', 'Template format error: YAML not well-formed.'],
    ['is only text', 'hello', 'Template format error: unsupported structure.'],
    ['has no resources', { Resources: {} }, 'At least one Resources member must be defined.'],
    [
      'has an unknown section',
      { Resource: {}, Resources: { A: queue } },
      'Invalid template property or properties [Resource]',
    ],
    ['has a resource without type', { Resources: { A: {} } }, 'Every Resources object must contain a Type member.'],
    [
      'has an unknown type',
      { Resources: { A: { Type: 'AWS::Nope::Nope' } } },
      'Unrecognized resource types: [AWS::Nope::Nope]',
    ],
    [
      'refers to nothing',
      { Resources: { A: { ...queue, Properties: { QueueName: { 'Fn::Sub': '${Missing}-x' } } } } },
      'Unresolved resource dependencies [Missing] in the Resources block of the template',
    ],
    [
      'puts out what is not there',
      { Resources: { A: queue }, Outputs: { B: { Value: { Ref: 'C' } } } },
      'Unresolved resource dependencies [C] in the Outputs block of the template',
    ],
    [
      'asks for an attribute that is none',
      { Resources: { A: queue }, Outputs: { B: { Value: { 'Fn::GetAtt': ['A', 'Colour'] } } } },
      'resource A does not support attribute type Colour in Fn::GetAtt',
    ],
    [
      'turns in a circle',
      {
        Resources: {
          A: { ...queue, DependsOn: 'B' },
          B: { ...queue, DependsOn: 'A' },
          C: { ...queue, DependsOn: 'A' },
        },
      },
      'Circular dependency between resources: [A, B]',
    ],
    [
      'looks up what a mapping does not have',
      {
        Mappings: { M: { a: { b: 'c' } } },
        Resources: { A: { ...queue, Properties: { QueueName: { 'Fn::FindInMap': ['M', 'a', 'x'] } } } },
      },
      'Unable to get mapping for M::a::x',
    ],
    ['uses an alias', 'Resources:\n  A: &a {Type: AWS::SQS::Queue}\n  B: *a', 'YAML aliases are not allowed'],
    [
      'has an unknown transform',
      { Transform: 'My::Macro', Resources: { A: queue } },
      'No transform named My::Macro found.',
    ],
  ];
  for (const [what, template, message] of refused) {
    it(`is refused where it ${what}`, async () => {
      await expect(bench().create('x', template)).rejects.toThrow(
        expect.objectContaining({ name: 'ValidationError', message: expect.stringContaining(message) }),
      );
    });
  }

  it('is evaluated: short forms, conditions, mappings and all functions', async () => {
    const { create, settle, describe: show } = bench();
    const template = `
Parameters:
  Zones: { Type: CommaDelimitedList, Default: "x, y" }
  Stage: { Type: String, Default: prod, AllowedValues: [prod, test] }
Mappings: { Sizes: { prod: { n: 7 } } }
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  Test: !Not [!Condition Prod]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub ["\${Name}-\${AWS::Region}-\${!Kept}", { Name: !Select [1, !Ref Zones] }]
      DelaySeconds: !If [Prod, !FindInMap [Sizes, !Ref Stage, n], !Ref AWS::NoValue]
  Never: { Type: AWS::SQS::Queue, Condition: Test }
Outputs:
  Queue: { Value: !GetAtt Queue.QueueName }
  Url: { Value: !Ref Queue }
  Joined: { Value: !Join ["-", !Split [",", "a,b,c"]] }
  Cidr: { Value: !Select [2, !Cidr [10.0.0.0/16, 4, 8]] }
  Base: { Value: { Fn::Base64: hello } }
  Zone: { Value: !Select [0, !GetAZs ""] }
  Hidden: { Value: x, Condition: Test }
`;
    await create('all', template);
    settle();
    const outputs = (await show('all')).Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
    expect(Object.fromEntries(outputs)).toEqual({
      Queue: 'y-us-east-1-${Kept}',
      Url: `https://sqs.us-east-1.amazonaws.com/${MEMBER}/y-us-east-1-\${Kept}`,
      Joined: 'a-b-c',
      Cidr: '10.0.2.0/24',
      Base: 'aGVsbG8=',
      Zone: 'us-east-1a',
    });
  });

  it('is expanded by the serverless transform, which must be acknowledged', async () => {
    const { create, client, settle, describe: show } = bench();
    const template = {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Clean: {
          Type: 'AWS::Serverless::Function',
          Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler', CodeUri: 's3://bucket/key.zip' },
        },
      },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Clean', 'Arn'] } } },
    };
    await expect(create('sam', template)).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]',
    );
    await create('sam', template, { Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'] });
    settle();
    expect((await show('sam')).Outputs?.[0]?.OutputValue).toMatch(
      /^arn:aws:lambda:us-east-1:222222222222:function:sam-Clean-[A-Z0-9]{12}$/,
    );
    const read = async (TemplateStage: 'Original' | 'Processed'): Promise<string> =>
      (await client.send(new GetTemplateCommand({ StackName: 'sam', TemplateStage }))).TemplateBody ?? '';
    expect(await read('Original')).toBe(JSON.stringify(template));
    expect(await read('Processed')).toContain('AWS::Lambda::Function');
  });

  it('is given back byte for byte, and summarised', async () => {
    const { create, client, settle } = bench();
    const body = `# a comment\n${'Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: r, AssumeRolePolicyDocument: {} } } }'}\n`;
    await create('x', body, { Capabilities: ['CAPABILITY_NAMED_IAM'] });
    settle();
    expect((await client.send(new GetTemplateCommand({ StackName: 'x' }))).TemplateBody).toBe(body);
    expect(await client.send(new GetTemplateSummaryCommand({ StackName: 'x' }))).toMatchObject({
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ResourceTypes: ['AWS::IAM::Role'],
    });
    expect((await client.send(new ValidateTemplateCommand({ TemplateBody: body }))).CapabilitiesReason).toContain(
      'AWS::IAM::Role',
    );
  });
});

describe('parameters', () => {
  const template = (parameters: object): object => ({ ...topic(), Parameters: parameters });
  const given = (ParameterKey: string, ParameterValue: string) => ({ Parameters: [{ ParameterKey, ParameterValue }] });

  it('must be known, given and within their constraints', async () => {
    const { create } = bench();
    const number = template({ N: { Type: 'Number', MinValue: 2 } });
    await expect(create('a', number)).rejects.toThrow('Parameters: [N] must have values');
    await expect(create('a', number, given('M', '1'))).rejects.toThrow('Parameters: [M] do not exist in the template');
    await expect(create('a', number, given('N', '1'))).rejects.toThrow('must be a number not less than 2');
    const name = template({ P: { Type: 'String', AllowedPattern: '[a-z]+' } });
    await expect(create('a', name, given('P', 'A'))).rejects.toThrow("Parameter 'P' must match pattern [a-z]+");
    const choice = template({ P: { Type: 'String', AllowedValues: ['a'], ConstraintDescription: 'only a' } });
    await expect(create('a', choice, given('P', 'b'))).rejects.toThrow(
      'Parameter P failed to satisfy constraint: only a',
    );
  });

  it('do not come back where they must not be seen, and show what the parameter store gave', async () => {
    const { create, settle, describe: show } = bench();
    const secrets = template({
      Secret: { Type: 'String', NoEcho: true },
      Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/x/version' },
    });
    await create('a', secrets, given('Secret', 'hunter2'));
    settle();
    expect((await show('a')).Parameters).toEqual([
      { ParameterKey: 'Secret', ParameterValue: '****' },
      { ParameterKey: 'Version', ParameterValue: '/cdk-bootstrap/x/version', ResolvedValue: '21' },
    ]);
  });
});
