import type { StandIn } from './stand-in.js';

/** With a custom resource, and a rule that only exists where a schedule is given. */
export const edgeLogsAggregator: StandIn = {
  name: 'lambda-edge-logs-aggregator',
  author: 'Danil Smirnov',
  description:
    'Stand-in of the simulator for lambda-edge-logs-aggregator, which gathers the logs of a Lambda@Edge function.',
  homePageUrl: 'https://github.com/danil-smirnov/lambda-edge-logs-aggregator',
  spdxLicenseId: 'MIT',
  labels: ['lambda-edge', 'logs'],
  publications: { aws: { account: '085576722239', region: 'us-east-1', versions: ['1.2.0'] } },
  template: (version) => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: Stand-in for lambda-edge-logs-aggregator ${version}; its functions do nothing.
Parameters:
  LambdaEdgeName:
    Type: String
    AllowedPattern: '.+'
    Description: Name of the Lambda@Edge function.
  LogLabel:
    Type: String
    Default: ''
    Description: Label of further entries to gather.
  Report:
    Type: String
    Default: 'true'
    AllowedValues: ['true', 'false']
    Description: Whether REPORT entries are gathered.
  SubscriptionSchedule:
    Type: String
    Default: ''
    Description: Schedule on which new Regions are looked for.
Conditions:
  HasSchedule: !Not [!Equals [!Ref SubscriptionSchedule, '']]
Resources:
  ProxyFunction:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: 'exports.handler = async () => {};'
      Handler: index.handler
      Runtime: nodejs22.x
      Environment:
        Variables:
          LOG_LABEL: !Ref LogLabel
  ProxyPermission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt ProxyFunction.Arn
      Principal: logs.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
  SubscribeFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: subscribe.handler
      Runtime: nodejs22.x
      Timeout: 60
      Environment:
        Variables:
          EDGE_NAME: !Ref LambdaEdgeName
          LOG_PROXY: !GetAtt ProxyFunction.Arn
          REPORT: !Ref Report
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action:
                - ec2:DescribeRegions
                - logs:DescribeLogGroups
                - logs:PutSubscriptionFilter
                - logs:DeleteSubscriptionFilter
              Resource: '*'
  Subscription:
    Type: Custom::Subscription
    Properties:
      ServiceToken: !GetAtt SubscribeFunction.Arn
      LambdaEdgeName: !Ref LambdaEdgeName
      LogLabel: !Ref LogLabel
      Report: !Ref Report
  SubscriptionRule:
    Type: AWS::Events::Rule
    Condition: HasSchedule
    Properties:
      ScheduleExpression: !Ref SubscriptionSchedule
      State: ENABLED
      Targets:
        - Id: Subscribe
          Arn: !GetAtt SubscribeFunction.Arn
  SubscriptionRulePermission:
    Type: AWS::Lambda::Permission
    Condition: HasSchedule
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt SubscribeFunction.Arn
      Principal: events.amazonaws.com
      SourceArn: !GetAtt SubscriptionRule.Arn
Outputs:
  ProxyFunctionArn:
    Value: !GetAtt ProxyFunction.Arn
`,
};
