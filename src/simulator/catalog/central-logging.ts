import type { Edition, SolutionStandIn } from './solution-stand-in.js';
import { functionRole, regionalCode, sourceCode } from './solution-stand-in.js';

/** For a bucket that services deliver logs to. */
const loggingBucket = (name: string, reader: string): string => `  ${name}:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      VersioningConfiguration: { Status: Enabled }
      OwnershipControls: { Rules: [{ ObjectOwnership: BucketOwnerPreferred }] }
  ${name}Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref ${name}
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { Service: delivery.logs.amazonaws.com }
            Action: s3:PutObject
            Resource: !Sub '\${${name}.Arn}/*'
          - Effect: Allow
            Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::${reader}:root' }
            Action: s3:GetObject
            Resource: !Sub '\${${name}.Arn}/*'
`;

const key = (services: string): string => `  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      PendingWindowInDays: 7
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root' }, Action: kms:*, Resource: '*' }
          - { Effect: Allow, Principal: { Service: [${services}] }, Action: [kms:Decrypt, 'kms:GenerateDataKey*'], Resource: '*' }
`;

/** With a network of its own and a console; the real one has dozens of nested constructs more. */
const main = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO8025) Stand-in for Centralized Logging with OpenSearch ${edition.version}; its functions do nothing.
Parameters:
  adminEmail:
    Type: String
    AllowedPattern: '\\w[-\\w.+]*@([A-Za-z0-9][-A-Za-z0-9]+\\.)+[A-Za-z]{2,14}'
${sourceCode(edition)}Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.255.0.0/16, EnableDnsSupport: true }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.255.0.0/24 }
${key('s3.amazonaws.com, sqs.amazonaws.com, delivery.logs.amazonaws.com')}${loggingBucket('LoggingBucket', '${AWS::AccountId}')}  UserPool:
    Type: AWS::Cognito::UserPool
    Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }
  Administrator:
    Type: AWS::Cognito::UserPoolUser
    Properties: { UserPoolId: !Ref UserPool, Username: !Ref adminEmail }
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: { Name: CentralizedLogging, AuthenticationType: AWS_IAM }
  Accounts:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
${functionRole('ApiRole', "{ Effect: Allow, Action: sts:AssumeRole, Resource: !Sub 'arn:${AWS::Partition}:iam::*:role/*CrossAccountRole*' }")}  ApiFunction:
    Type: AWS::Lambda::Function
    Properties:
      Code: ${regionalCode(edition, 'api.zip')}
      Handler: index.handler
      Role: !GetAtt ApiRole.Arn
      Runtime: python3.12
  ConsoleBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
  Console:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: console, DomainName: !GetAtt ConsoleBucket.RegionalDomainName, S3OriginConfig: {} }]
        DefaultCacheBehavior:
          TargetOriginId: console
          ViewerProtocolPolicy: redirect-to-https
          ForwardedValues: { QueryString: false }
Outputs:
  DefaultLoggingBucket:
    Value: !Ref LoggingBucket
  WebConsoleUrl:
    Value: !GetAtt Console.DomainName
`;

const agentDocument = (name: string): string => `  ${name}:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Command
      Content:
        schemaVersion: '2.2'
        mainSteps: [{ action: aws:runShellScript, name: nothing, inputs: { runCommand: ['true'] } }]
`;

const crossAccount = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO8025-sub) Stand-in for the member account of Centralized Logging with OpenSearch ${edition.version}.
Parameters:
  parentAccountId:
    Type: String
    AllowedPattern: '^\\d{12}$'
Resources:
${loggingBucket('LoggingBucket', '${parentAccountId}')}${key('s3.amazonaws.com, sqs.amazonaws.com')}  CrossAccountRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Sub 'arn:\${AWS::Partition}:iam::\${parentAccountId}:root'
              Service: lambda.amazonaws.com
            Action: sts:AssumeRole
  CrossAccountPolicy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: ingestion
      Roles: [!Ref CrossAccountRole]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: [s3:GetObject, s3:PutBucketNotification, logs:PutSubscriptionFilter], Resource: '*' }]
${agentDocument('InstallAgent')}${agentDocument('ConfigureAgent')}Outputs:
  MemberAccountRoleARN:
    Value: !GetAtt CrossAccountRole.Arn
  AgentInstallDocument:
    Value: !Ref InstallAgent
  AgentConfigDocument:
    Value: !Ref ConfigureAgent
  MemberAccountS3Bucket:
    Value: !Ref LoggingBucket
  MemberAccountStackId:
    Value: !Ref AWS::StackId
  MemberAccountKMSKeyARN:
    Value: !GetAtt Key.Arn
`;

export const centralLogging: SolutionStandIn = {
  folder: 'centralized-logging-with-opensearch',
  versions: ['v2.4.6', 'v2.4.7'],
  archives: ['api.zip'],
  templates: (edition) => ({
    'CentralizedLogging.template': main(edition),
    'CrossAccount.template': crossAccount(edition),
  }),
};
