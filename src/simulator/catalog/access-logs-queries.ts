import type { StandIn } from './stand-in.js';

const fn = (name: string, handler: string, event: string): string => `  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: ${handler}.handler
      Runtime: nodejs22.x
      Timeout: 60
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [athena:StartQueryExecution, athena:GetQueryExecution, glue:GetTable, glue:CreatePartition]
              Resource: '*'
            - Effect: Allow
              Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]
              Resource: !Sub arn:\${AWS::Partition}:s3:::\${ResourcePrefix}-\${AWS::AccountId}-cf-access-logs/*
      Environment:
        Variables:
          DATABASE: !Ref LogsDatabase
      Events:
${event}`;

const schedule = (expression: string): string => `        Hourly:
          Type: Schedule
          Properties:
            Schedule: ${expression}
`;

const UPLOADED = `        Uploaded:
          Type: S3
          Properties:
            Bucket: !Ref LogsBucket
            Events: s3:ObjectCreated:*
            Filter:
              S3Key:
                Rules:
                  - Name: prefix
                    Value: !Ref NewKeyPrefix
`;

const table = (name: string, tableName: string, prefix: string): string => `  ${name}:
    Type: AWS::Glue::Table
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: !Ref LogsDatabase
      TableInput:
        Name: ${tableName}
        TableType: EXTERNAL_TABLE
        StorageDescriptor:
          Columns: [{ Name: date, Type: date }, { Name: uri, Type: string }, { Name: status, Type: int }]
          Location: !Sub s3://\${ResourcePrefix}-\${AWS::AccountId}-cf-access-logs/\${${prefix}}
`;

const prefixParameter = (name: string, value: string): string => `  ${name}:
    Type: String
    Default: ${value}
    AllowedPattern: '[A-Za-z0-9\\-]+/'
    Description: Prefix of keys, with its slash.
`;

/** With a bucket that must be unique in the world, named after a prefix and the account: in a second Region it fails, as the real one does. */
export const accessLogsQueries: StandIn = {
  name: 'amazon-cloudfront-access-logs-queries',
  author: 'AWS Samples',
  description:
    'Stand-in of the simulator for amazon-cloudfront-access-logs-queries, which partitions access logs for queries.',
  homePageUrl: 'https://github.com/aws-samples/amazon-cloudfront-access-logs-queries',
  spdxLicenseId: 'MIT-0',
  labels: ['cloudfront', 'athena'],
  publications: { aws: { account: '387304072572', region: 'us-east-1', versions: ['1.1.1'] } },
  template: (version) => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: Stand-in for amazon-cloudfront-access-logs-queries ${version}; its functions do nothing.
Parameters:
  ResourcePrefix:
    Type: String
    Default: myapp
    AllowedPattern: '[a-z0-9]+'
    MinLength: 1
    MaxLength: 20
    Description: First part of the names of what is created.
${prefixParameter('NewKeyPrefix', 'new/')}${prefixParameter('GzKeyPrefix', 'partitioned-gz/')}${prefixParameter('ParquetKeyPrefix', 'partitioned-parquet/')}Resources:
${fn('TransformPartition', 'transform', schedule('cron(1 * * * ? *)'))}${fn('CreatePartition', 'create', schedule('cron(55 * * * ? *)'))}${fn('MoveNewLogs', 'move', UPLOADED)}  LogsBucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub \${ResourcePrefix}-\${AWS::AccountId}-cf-access-logs
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault:
              SSEAlgorithm: AES256
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
  LogsBucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref LogsBucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt LogsBucket.Arn, !Sub '\${LogsBucket.Arn}/*']
            Condition:
              Bool:
                aws:SecureTransport: 'false'
  LogsDatabase:
    Type: AWS::Glue::Database
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseInput:
        Name: !Sub \${ResourcePrefix}_cf_access_logs_db
${table('GzTable', 'partitioned_gz', 'GzKeyPrefix')}${table('ParquetTable', 'partitioned_parquet', 'ParquetKeyPrefix')}  CombinedView:
    Type: AWS::Glue::Table
    Properties:
      CatalogId: !Ref AWS::AccountId
      DatabaseName: !Ref LogsDatabase
      TableInput:
        Name: combined
        TableType: VIRTUAL_VIEW
        Parameters: { presto_view: 'true' }
Outputs:
  LogsBucketName:
    Value: !Ref LogsBucket
  MoveNewLogsArn:
    Value: !GetAtt MoveNewLogs.Arn
`,
};
