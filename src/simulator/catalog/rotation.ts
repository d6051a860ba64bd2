import type { StandIn } from './stand-in.js';

const RUNTIMES: Readonly<Record<string, string>> = { '1.1.632': 'python3.9' };

/** Published apart in each partition that has the repository, with other versions there. */
export const rotationSingleUser: StandIn = {
  name: 'SecretsManagerRDSMySQLRotationSingleUser',
  author: 'AWS',
  description: 'Stand-in of the simulator for the rotation function of one MySQL user of Amazon RDS.',
  homePageUrl: 'https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas',
  spdxLicenseId: 'MIT-0',
  labels: ['secretsmanager', 'rotation', 'mysql'],
  publications: {
    aws: { account: '297356227824', region: 'us-east-1', versions: ['1.1.632', '1.1.671'] },
    'aws-us-gov': { account: '023102451235', region: 'us-gov-west-1', versions: ['1.1.397'] },
    'aws-cn': { account: '193023089310', region: 'cn-north-1', versions: ['1.1.440'] },
  },
  template: (version) => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: Stand-in for SecretsManagerRDSMySQLRotationSingleUser ${version}; its function rotates nothing.
Parameters:
  endpoint:
    Type: String
    Description: Endpoint of Secrets Manager in this Region, with its scheme.
  functionName:
    Type: String
    Description: Name of the rotation function.
  invokingServicePrincipal:
    Type: String
    Default: secretsmanager.amazonaws.com
    Description: Who may invoke the function.
  vpcSubnetIds:
    Type: CommaDelimitedList
    Default: ''
    Description: Subnets from which the database can be reached.
  vpcSecurityGroupIds:
    Type: CommaDelimitedList
    Default: ''
    Description: Security groups of the function.
  kmsKeyArn:
    Type: String
    Default: ''
    Description: Key that the secret is encrypted with, where it is not the default one.
  excludeCharacters:
    Type: String
    Default: ':/@"''\\'
    Description: Characters that a new password does not contain.
Conditions:
  InVpc: !Not [!Equals [!Join ['', !Ref vpcSubnetIds], '']]
  HasKey: !Not [!Equals [!Ref kmsKeyArn, '']]
Resources:
  RotationFunction:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Ref functionName
      CodeUri: src/
      Handler: lambda_function.lambda_handler
      Runtime: ${RUNTIMES[version] ?? 'python3.10'}
      Timeout: 30
      Environment:
        Variables:
          SECRETS_MANAGER_ENDPOINT: !Ref endpoint
          EXCLUDE_CHARACTERS: !Ref excludeCharacters
      VpcConfig:
        Fn::If:
          - InVpc
          - SubnetIds: !Ref vpcSubnetIds
            SecurityGroupIds: !Ref vpcSecurityGroupIds
          - !Ref AWS::NoValue
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action:
                - secretsmanager:DescribeSecret
                - secretsmanager:GetSecretValue
                - secretsmanager:PutSecretValue
                - secretsmanager:UpdateSecretVersionStage
              Resource: !Sub arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:*
            - Effect: Allow
              Action: secretsmanager:GetRandomPassword
              Resource: '*'
            - Fn::If:
                - HasKey
                - Effect: Allow
                  Action: [kms:Decrypt, kms:GenerateDataKey]
                  Resource: !Ref kmsKeyArn
                - !Ref AWS::NoValue
  RotationPermission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt RotationFunction.Arn
      Principal: !Ref invokingServicePrincipal
Outputs:
  RotationLambdaARN:
    Value: !GetAtt RotationFunction.Arn
`,
};
