import type { StandIn } from './stand-in.js';

const fn = (name: string, handler: string, actions: string, event: string): string => `  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: janitor.${handler}
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [${actions}]
              Resource: !Sub arn:\${AWS::Partition}:logs:*:*:log-group:*
      Events:
${event}`;

const DAILY = `        Daily:
          Type: Schedule
          Properties:
            Schedule: rate(1 day)
`;

const ON_CREATION = `        Created:
          Type: EventBridgeRule
          Properties:
            Pattern:
              source: [aws.logs]
              detail-type: [AWS API Call via CloudTrail]
              detail:
                eventSource: [logs.amazonaws.com]
                eventName: [CreateLogGroup]
`;

/** With aliases and gradual deployments, so that its expansion reaches into CodeDeploy. The publisher's account is not known: this one is made up. */
export const logsJanitor: StandIn = {
  name: 'cloudwatch-logs-janitor',
  author: 'y0ssi10',
  description: 'Stand-in of the simulator for cloudwatch-logs-janitor, which sets the retention of log groups.',
  homePageUrl: 'https://github.com/y0ssi10/cloudwatch-logs-janitor',
  spdxLicenseId: 'MIT',
  labels: ['cloudwatch', 'logs'],
  publications: { aws: { account: '112233445566', region: 'us-east-1', versions: ['1.0.0'] } },
  template: (version) => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: Stand-in for cloudwatch-logs-janitor ${version}; its functions do nothing.
Parameters:
  LogGroupRetention:
    Type: String
    Default: '30'
    AllowedValues: ['1', '3', '5', '7', '14', '30', '60', '90', '120', '150', '180', '365', '400', '545', '731', '1827', '3653']
    Description: Days that log events are kept.
Globals:
  Function:
    Runtime: python3.12
    MemorySize: 128
    Timeout: 900
    AutoPublishAlias: live
    DeploymentPreference:
      Type: AllAtOnce
    Environment:
      Variables:
        RETENTION_IN_DAYS: !Ref LogGroupRetention
Resources:
${fn('SetExistingRetention', 'set_existing', 'logs:DescribeLogGroups, logs:PutRetentionPolicy', DAILY)}${fn('SetNewRetention', 'set_new', 'logs:PutRetentionPolicy', ON_CREATION)}${fn('DeleteLogGroups', 'delete_unused', 'logs:DescribeLogGroups, logs:DeleteLogGroup', DAILY)}Outputs:
  SetExistingRetentionArn:
    Value: !GetAtt SetExistingRetention.Arn
  SetNewRetentionArn:
    Value: !GetAtt SetNewRetention.Arn
  DeleteLogGroupsArn:
    Value: !GetAtt DeleteLogGroups.Arn
`,
};
