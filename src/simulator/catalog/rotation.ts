import type { StandIn } from './stand-in.js';

type Engine = { readonly id: string; readonly words: string; readonly label: string };
type Scheme = 'SingleUser' | 'MultiUser';

const ENGINES: readonly Engine[] = [
  { id: 'RDSMySQL', words: 'MySQL on Amazon RDS', label: 'mysql' },
  { id: 'RDSMariaDB', words: 'MariaDB on Amazon RDS', label: 'mariadb' },
  { id: 'RDSPostgreSQL', words: 'PostgreSQL on Amazon RDS', label: 'postgresql' },
  { id: 'RDSOracle', words: 'Oracle on Amazon RDS', label: 'oracle' },
  { id: 'RDSSQLServer', words: 'SQL Server on Amazon RDS', label: 'sqlserver' },
  { id: 'Redshift', words: 'Amazon Redshift', label: 'redshift' },
  { id: 'MongoDB', words: 'MongoDB', label: 'mongodb' },
];
const SCHEMES: readonly Scheme[] = ['SingleUser', 'MultiUser'];

const RUNTIMES: Readonly<Record<string, string>> = { '1.1.632': 'python3.9' };

/** Published apart in each partition that has the repository, with other versions there. */
const PUBLICATIONS: StandIn['publications'] = {
  aws: { account: '297356227824', region: 'us-east-1', versions: ['1.1.632', '1.1.671'] },
  'aws-us-gov': { account: '023102451235', region: 'us-gov-west-1', versions: ['1.1.397'] },
  'aws-cn': { account: '193023089310', region: 'cn-north-1', versions: ['1.1.440'] },
};

/** The applications that rotate a secret of Secrets Manager: each engine by a function that changes its own password, and by one that a superuser helps. */
export const ROTATION_FAMILY: readonly StandIn[] = ENGINES.flatMap((engine) =>
  SCHEMES.map((scheme) => rotation(engine, scheme)),
);

function rotation({ id, words, label }: Engine, scheme: Scheme): StandIn {
  const name = `SecretsManager${id}Rotation${scheme}`;
  return {
    name,
    author: 'AWS',
    description: `Stand-in of the simulator for the rotation function of ${scheme === 'SingleUser' ? 'one user' : 'alternating users'} of ${words}.`,
    homePageUrl: 'https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas',
    spdxLicenseId: 'MIT-0',
    labels: ['secretsmanager', 'rotation', label],
    publications: PUBLICATIONS,
    template: (version) => template(name, scheme, version),
  };
}

const MASTER_PARAMETERS = `  masterSecretArn:
    Type: String
    Description: Secret of the superuser who changes the passwords of the others.
  masterSecretKmsKeyArn:
    Type: String
    Default: ''
    Description: Key that the superuser's secret is encrypted with, where it is not the default one.
`;
const MASTER_CONDITIONS = `  HasMasterKey: !Not [!Equals [!Ref masterSecretKmsKeyArn, '']]
`;
const MASTER_STATEMENTS = `            - Effect: Allow
              Action: secretsmanager:GetSecretValue
              Resource: !Ref masterSecretArn
            - Fn::If:
                - HasMasterKey
                - Effect: Allow
                  Action: kms:Decrypt
                  Resource: !Ref masterSecretKmsKeyArn
                - !Ref AWS::NoValue
`;

function template(name: string, scheme: Scheme, version: string): string {
  const master = (text: string): string => (scheme === 'MultiUser' ? text : '');
  return `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: Stand-in for ${name} ${version}; its function rotates nothing.
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
${master(MASTER_PARAMETERS)}Conditions:
  InVpc: !Not [!Equals [!Join ['', !Ref vpcSubnetIds], '']]
  HasKey: !Not [!Equals [!Ref kmsKeyArn, '']]
${master(MASTER_CONDITIONS)}Resources:
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
${master(MASTER_STATEMENTS)}            - Fn::If:
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
`;
}
