import { STANDARDS } from './security-response-parts.js';
import type { Edition } from './solution-stand-in.js';
import { functionRole, nestedTemplate, regionalCode, sourceCode, yesOrNo } from './solution-stand-in.js';

/** No name that S3 keeps for itself, because buckets are named after it. */
const NAMESPACE = `  Namespace:
    Type: String
    MinLength: 3
    MaxLength: 9
    AllowedPattern: '(?!(^xn--|^sthree-|^sthree-configurator|^amzn-s3-demo-|.+-s3alias|.+--ol-s3|.+.mrap|.+--x-s3$))^[a-z0-9][a-z0-9-]{1,7}[a-z0-9]$'
`;

const ADMINISTRATOR = `  SecHubAdminAccount:
    Type: String
    AllowedPattern: '^\\d{12}$'
`;

const loads = (standard: string): string => yesOrNo(`Load${standard}MemberStack`, standard === 'SC' ? 'yes' : 'no');

const playbookCondition = (standard: string): string =>
  `  load${standard}Cond: !Equals [!Ref Load${standard}MemberStack, 'yes']\n`;

const playbook = (edition: Edition, standard: string): string => `  PlaybookMemberStack${standard}:
    Type: AWS::CloudFormation::Stack
    Condition: load${standard}Cond
    DependsOn: [RunbookStack]
    Properties:
      TemplateURL: ${nestedTemplate(edition, `playbooks/${standard}MemberStack.template`)}
      Parameters:
        Namespace: !Ref Namespace
        SecHubAdminAccount: !Ref SecHubAdminAccount
        WaitProviderServiceToken: !GetAtt WaitProvider.Arn
`;

export const securityResponseMember = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO0111M) Stand-in for the member stack of Automated Security Response on AWS ${edition.version}; its functions do nothing.
Parameters:
  LogGroupName:
    Type: String
    MinLength: 1
${ADMINISTRATOR}${NAMESPACE}${STANDARDS.map(loads).join('')}${yesOrNo('EnableCloudTrailForASRActionLog', 'no')}${yesOrNo('CreateS3BucketForRedshiftAuditLogging', 'no')}${sourceCode(edition)}Conditions:
${STANDARDS.map(playbookCondition).join('')}  CloudTrailCondition: !Equals [!Ref EnableCloudTrailForASRActionLog, 'yes']
  RedshiftCondition: !Equals [!Ref CreateS3BucketForRedshiftAuditLogging, 'yes']
Resources:
  RemediationKey:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root' }
            Action: kms:*
            Resource: '*'
  RemediationKeyAlias:
    Type: AWS::KMS::Alias
    Properties: { AliasName: alias/SO0111-SHARR-Remediation-Key, TargetKeyId: !GetAtt RemediationKey.Arn }
  LogGroupNameParameter:
    Type: AWS::SSM::Parameter
    Properties: { Name: /Solutions/SO0111/Metrics_LogGroupName, Type: String, Value: !Ref LogGroupName }
  VersionParameter:
    Type: AWS::SSM::Parameter
    Properties: { Name: /Solutions/SO0111/member-version, Type: String, Value: ${edition.version} }
${functionRole('WaitProviderRole', "{ Effect: Allow, Action: cloudwatch:PutMetricData, Resource: '*' }")}  WaitProvider:
    Type: AWS::Lambda::Function
    Properties:
      Code: ${regionalCode(edition, 'lambda/wait_provider.zip')}
      Handler: wait_provider.lambda_handler
      Role: !GetAtt WaitProviderRole.Arn
      Runtime: python3.12
      Timeout: 900
  RunbookStack:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ${nestedTemplate(edition, 'automated-security-response-remediation-runbooks.template')}
      Parameters: { Namespace: !Ref Namespace, WaitProviderServiceToken: !GetAtt WaitProvider.Arn }
${STANDARDS.map((standard) => playbook(edition, standard)).join('')}  CloudTrailStack:
    Type: AWS::CloudFormation::Stack
    Condition: CloudTrailCondition
    Properties:
      TemplateURL: ${nestedTemplate(edition, 'automated-security-response-member-cloudtrail.template')}
      Parameters: { Namespace: !Ref Namespace, CloudTrailLogGroupName: SO0111-ASR-CloudTrailEvents }
  RedshiftAuditBucket:
    Type: AWS::S3::Bucket
    Condition: RedshiftCondition
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
`;

const remediationRole = (name: string, actions: string): string => `  ${name}:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub SO0111-${name}-\${Namespace}
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: ssm.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: remediation
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{ Effect: Allow, Action: [${actions}], Resource: '*' }]
`;

/** Named roles: a second Region of the same account is refused, as it is by the real ones. */
export const securityResponseMemberRoles = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO0111R) Stand-in for the member roles of Automated Security Response on AWS ${edition.version}.
Parameters:
${ADMINISTRATOR}${NAMESPACE}Resources:
  OrchestratorMember:
    Type: AWS::IAM::Role
    Properties:
      RoleName: SO0111-ASR-Orchestrator-Member
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::\${SecHubAdminAccount}:role/SO0111-ASR-Orchestrator-Admin' }
            Action: sts:AssumeRole
      Policies:
        - PolicyName: orchestrator
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{ Effect: Allow, Action: [ssm:StartAutomationExecution, iam:PassRole], Resource: '*' }]
${remediationRole('ConfigureS3PublicAccessBlock', 's3:PutAccountPublicAccessBlock, s3:GetAccountPublicAccessBlock')}${remediationRole('RemoveVPCDefaultSecurityGroupRules', 'ec2:DescribeSecurityGroups, ec2:RevokeSecurityGroupIngress')}${remediationRole('EnableCloudTrailLogFileValidation', 'cloudtrail:UpdateTrail, cloudtrail:GetTrail')}`;
