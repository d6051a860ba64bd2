import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTemplateText } from '../../../src/simulator/templates/document.js';
import { expandServerless } from '../../../src/simulator/templates/serverless.js';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown>; [attribute: string]: unknown }>;

const code = (logicalId: string) => ({ S3Bucket: 'bucket', S3Key: `code/${logicalId}` });

function expand(resources: string, globals = ''): Resources {
  const template = parseTemplateText(`Transform: AWS::Serverless-2016-10-31\n${globals}Resources:\n${resources}`);
  const expanded = expandServerless(template, { code });
  expect(expanded).not.toHaveProperty('Transform');
  expect(expanded).not.toHaveProperty('Globals');
  return expanded['Resources'] as Resources;
}

const types = (resources: Resources): Record<string, string> =>
  Object.fromEntries(Object.entries(resources).map(([id, { Type }]) => [id, Type]));

describe('a serverless function', () => {
  it('gets a role with its policies: documents, names and templates', () => {
    const { FnRole } = expand(`
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Policies:
        - AmazonEC2ReadOnlyAccess
        - Statement: [{ Effect: Allow, Action: 'lambda:List*', Resource: '*' }]
        - SQSPollerPolicy: { QueueName: jobs }
`);
    expect(FnRole!.Properties['ManagedPolicyArns']).toEqual([
      'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess',
    ]);
    expect(FnRole!.Properties['Policies']).toMatchObject([
      { PolicyName: 'FnRolePolicy1', PolicyDocument: { Statement: [{ Action: 'lambda:List*' }] } },
      { PolicyName: 'FnRolePolicy2', PolicyDocument: { Statement: [{ Effect: 'Allow' }] } },
    ]);
  });

  it('uses a role that it names, and makes none', () => {
    const resources = expand(
      `  Fn: { Type: AWS::Serverless::Function, Properties: { Handler: h, Runtime: nodejs22.x, Role: 'arn:aws:iam::1:role/r' } }`,
    );
    expect(types(resources)).toEqual({ Fn: 'AWS::Lambda::Function' });
    expect(resources['Fn']!.Properties).toMatchObject({ Role: 'arn:aws:iam::1:role/r', Code: code('Fn') });
  });

  it('takes Globals, and its own values over them', () => {
    const { Fn } = expand(
      `  Fn: { Type: AWS::Serverless::Function, Properties: { Handler: h, Runtime: nodejs22.x, Timeout: 5, Layers: [b], Environment: { Variables: { B: 2 } } } }`,
      `Globals: { Function: { Runtime: nodejs22.x, Timeout: 900, Layers: [a], Environment: { Variables: { A: 1 } } } }\n`,
    );
    expect(Fn!.Properties).toMatchObject({
      Runtime: 'nodejs22.x',
      Timeout: 5,
      Layers: ['a', 'b'],
      Environment: { Variables: { A: 1, B: 2 } },
    });
  });

  it('is called by rules and topics that may call it', () => {
    const resources = expand(`
  Fn:
    Type: AWS::Serverless::Function
    Condition: Wanted
    Properties:
      Handler: h
      Runtime: nodejs22.x
      Events:
        Hourly: { Type: Schedule, Properties: { Schedule: rate(1 hour), Enabled: false } }
        Created: { Type: EventBridgeRule, Properties: { Pattern: { source: [aws.logs] } } }
        Told: { Type: SNS, Properties: { Topic: !Ref Topic } }
  Topic: { Type: AWS::SNS::Topic }
`);
    expect(types(resources)).toEqual({
      Fn: 'AWS::Lambda::Function',
      FnRole: 'AWS::IAM::Role',
      FnHourly: 'AWS::Events::Rule',
      FnHourlyPermission: 'AWS::Lambda::Permission',
      FnCreated: 'AWS::Events::Rule',
      FnCreatedPermission: 'AWS::Lambda::Permission',
      FnTold: 'AWS::SNS::Subscription',
      FnToldPermission: 'AWS::Lambda::Permission',
      Topic: 'AWS::SNS::Topic',
    });
    expect(resources['FnHourly']).toMatchObject({
      Condition: 'Wanted',
      Properties: {
        ScheduleExpression: 'rate(1 hour)',
        State: 'DISABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } }],
      },
    });
    expect(resources['FnToldPermission']!.Properties).toMatchObject({
      Principal: 'sns.amazonaws.com',
      SourceArn: { Ref: 'Topic' },
    });
  });

  it('is notified by a bucket of its template, which waits for the permission', () => {
    const { Bucket, FnUploadedPermission } = expand(`
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Handler: h, Runtime: nodejs22.x, Events: { Uploaded: { Type: S3, Properties: { Bucket: !Ref Bucket, Events: 's3:ObjectCreated:*' } } } }
  Bucket: { Type: AWS::S3::Bucket }
`);
    expect(Bucket).toMatchObject({
      DependsOn: ['FnUploadedPermission'],
      Properties: {
        NotificationConfiguration: {
          LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: { 'Fn::GetAtt': ['Fn', 'Arn'] } }],
        },
      },
    });
    expect(FnUploadedPermission!.Properties).toMatchObject({
      Principal: 's3.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
  });

  it('is published under an alias that events and references then mean, with CodeDeploy moving it', () => {
    const resources = expand(`
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: h
      Runtime: nodejs22.x
      AutoPublishAlias: live
      DeploymentPreference: { Type: AllAtOnce }
      Events: { Hourly: { Type: Schedule, Properties: { Schedule: rate(1 hour) } } }
  Reader: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Fn.Alias } }
`);
    const versionId = Object.keys(resources).find((id) => /^FnVersion[0-9a-f]{10}$/.test(id))!;
    expect(resources[versionId]).toMatchObject({ Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain' });
    expect(resources['FnAliaslive']).toMatchObject({
      Properties: { FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] } },
      UpdatePolicy: { CodeDeployLambdaAliasUpdate: { DeploymentGroupName: { Ref: 'FnDeploymentGroup' } } },
    });
    expect(Object.keys(resources)).toEqual(
      expect.arrayContaining(['ServerlessDeploymentApplication', 'CodeDeployServiceRole', 'FnDeploymentGroup']),
    );
    expect(resources['FnHourly']!.Properties['Targets']).toMatchObject([{ Arn: { Ref: 'FnAliaslive' } }]);
    expect(resources['Reader']!.Properties['Value']).toEqual({ Ref: 'FnAliaslive' });
  });
});

const fn = (properties: string): string =>
  `Type: AWS::Serverless::Function, Properties: { Handler: h, Runtime: nodejs22.x, ${properties} }`;

describe('the transform', () => {
  it('makes a table of a simple table, and a layer version whose logical id follows its content', () => {
    const resources = expand(`
  Table: { Type: AWS::Serverless::SimpleTable }
  Layer: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer/ } }
  Fn: { Type: AWS::Serverless::Function, Properties: { Handler: h, Runtime: nodejs22.x, Role: r, Layers: [!Ref Layer] } }
`);
    expect(resources['Table']).toMatchObject({
      Type: 'AWS::DynamoDB::Table',
      Properties: { BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
    });
    const layerId = Object.keys(resources).find((id) => /^Layer[0-9a-f]{10}$/.test(id))!;
    expect(resources[layerId]).toMatchObject({ Type: 'AWS::Lambda::LayerVersion', DeletionPolicy: 'Retain' });
    expect(resources['Fn']!.Properties['Layers']).toEqual([{ Ref: layerId }]);
  });

  it.each([
    ['a type', 'Graph', 'Type: AWS::Serverless::GraphQLApi', 'AWS::Serverless::GraphQLApi'],
    ['an event', 'Fn', fn('Events: { Get: { Type: MQ } }'), 'events of type MQ'],
    ['a property', 'Fn', fn('CapacityProviderConfig: { Arn: a }'), 'the property CapacityProviderConfig'],
    [
      'a policy template',
      'Fn',
      fn('Policies: [{ CodeCommitReadPolicy: {} }]'),
      'the policy template CodeCommitReadPolicy',
    ],
  ])('refuses %s that it does not know, by name', (_, id, resource, name) => {
    expect(() => expand(`  ${id}: { ${resource} }`)).toThrow(
      new RegExp(`Resource with id \\[${id}\\] is invalid.*The simulator does not expand ${name}`),
    );
  });

  it("refuses code on somebody's disk as AWS does, and reads packaged code", () => {
    const packaged = (CodeUri: string) =>
      expandServerless(
        {
          Resources: {
            Fn: {
              Type: 'AWS::Serverless::Function',
              Properties: { Handler: 'h', Runtime: 'nodejs22.x', Role: 'r', CodeUri },
            },
          },
        },
        {},
      );
    expect(() => packaged('src/')).toThrow("'CodeUri' is not a valid S3 Uri of the form 's3://bucket/key'");
    expect((packaged('s3://code/fn.zip')['Resources'] as Resources)['Fn']!.Properties['Code']).toEqual({
      S3Bucket: 'code',
      S3Key: 'fn.zip',
    });
  });
});

const corpus = resolve('../shared/corpus');

describe.skipIf(!existsSync(corpus))(`real templates (skipped where ${corpus} is absent)`, () => {
  it.each([
    ['lambda-janitor/template.yml', 5],
    ['lambda-janitor/template-1.5.0.yml', 5],
    ['cloudwatch-logs-janitor/template.yaml', 23],
    ['lambda-edge-logs-aggregator/template-all-in-one.yaml', 8],
    ['amazon-cloudfront-access-logs-queries/template.yaml', 17],
  ])('%s expands to %i resources, none of them serverless', (file, count) => {
    const expanded = expandServerless(parseTemplateText(readFileSync(resolve(corpus, file), 'utf8')), { code });
    const kinds = Object.values(types(expanded['Resources'] as Resources));
    expect(kinds).toHaveLength(count);
    expect(kinds.filter((type) => type.startsWith('AWS::Serverless::'))).toEqual([]);
  });
});
