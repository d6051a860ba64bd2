import type { StandIn } from './stand-in.js';

const RUNTIMES: Readonly<Record<string, string>> = { '1.5.0': 'nodejs10.x', '1.7.0': 'nodejs22.x' };

/** As with the real one, its two versions differ in nothing but the runtime. */
export const lambdaJanitor: StandIn = {
  name: 'lambda-janitor',
  author: 'Lumigo',
  description: 'Stand-in of the simulator for lambda-janitor, which deletes old versions of Lambda functions.',
  homePageUrl: 'https://github.com/lumigo/SAR-Lambda-Janitor',
  spdxLicenseId: 'MIT',
  labels: ['lambda', 'cron'],
  publications: { aws: { account: '374852340823', region: 'us-east-1', versions: ['1.5.0', '1.7.0'] } },
  template: (version) => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: Stand-in for lambda-janitor ${version}; its function does nothing.
Parameters:
  VersionsToKeep:
    Type: Number
    Default: 3
    MinValue: 0
    Description: Number of versions that stay, besides those with an alias.
Resources:
  JanitorFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: index.handler
      Runtime: ${RUNTIMES[version]}
      Timeout: 900
      Environment:
        Variables:
          VERSIONS_TO_KEEP: !Ref VersionsToKeep
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [lambda:ListFunctions, lambda:ListVersionsByFunction, lambda:ListAliases, lambda:DeleteFunction]
              Resource: '*'
      Events:
        Hourly:
          Type: Schedule
          Properties:
            Schedule: rate(1 hour)
  JanitorLogs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/\${JanitorFunction}
Outputs:
  JanitorFunctionArn:
    Value: !GetAtt JanitorFunction.Arn
`,
};
