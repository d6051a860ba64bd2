import { STANDARDS } from './security-response-parts.js';
import type { Edition } from './solution-stand-in.js';
import { functionRole, nestedTemplate, regionalCode, sourceCode, yesOrNo } from './solution-stand-in.js';

const loads = (standard: string): string => yesOrNo(`Load${standard}AdminStack`, standard === 'SC' ? 'yes' : 'no');

const playbookCondition = (standard: string): string =>
  `  load${standard}Cond: !Equals [!Ref Load${standard}AdminStack, 'yes']\n`;

const playbook = (edition: Edition, standard: string): string => `  PlaybookAdminStack${standard}:
    Type: AWS::CloudFormation::Stack
    Condition: load${standard}Cond
    DependsOn: [Orchestrator]
    Properties:
      TemplateURL: ${nestedTemplate(edition, `playbooks/${standard}Stack.template`)}
`;

const parameter = (name: string, key: string, value: string): string => `  ${name}:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /Solutions/SO0111/${key}
      Type: String
      Value: ${value}
`;

/** With the rule that asks for an address where the web console is wanted, and tables that protect themselves. */
export const securityResponseAdmin = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO0111) Stand-in for the administrator stack of Automated Security Response on AWS ${edition.version}; its functions do nothing.
Parameters:
${STANDARDS.map(loads).join('')}${yesOrNo('ReuseOrchestratorLogGroup', 'no')}${yesOrNo('ShouldDeployWebUI', 'yes')}  AdminUserEmail:
    Type: String
    Default: ''
${yesOrNo('UseCloudWatchMetrics', 'yes')}${yesOrNo('UseCloudWatchMetricsAlarms', 'yes')}${yesOrNo('EnableEnhancedCloudWatchMetrics', 'no')}  RemediationFailureAlarmThreshold:
    Type: Number
    Default: 5
  TicketGenFunctionName:
    Type: String
    Default: ''
    AllowedPattern: '^$|^([a-zA-Z0-9\\-_]{1,64})?$'
Rules:
  AddressForConsole:
    RuleCondition: !Equals [!Ref ShouldDeployWebUI, 'yes']
    Assertions:
      - Assert: !Not [!Equals [!Ref AdminUserEmail, '']]
        AssertDescription: AdminUserEmail is needed where the web console is deployed
${sourceCode(edition)}Conditions:
${STANDARDS.map(playbookCondition).join('')}  webUIEnabled: !Equals [!Ref ShouldDeployWebUI, 'yes']
  alarmsEnabled: !And [!Equals [!Ref UseCloudWatchMetrics, 'yes'], !Equals [!Ref UseCloudWatchMetricsAlarms, 'yes']]
Resources:
  Key:
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
  KeyAlias:
    Type: AWS::KMS::Alias
    Properties: { AliasName: alias/SO0111-SHARR-Key, TargetKeyId: !GetAtt Key.Arn }
${parameter('KeyParameter', 'CMK_ARN', '!GetAtt Key.Arn')}${parameter('VersionParameter', 'version', edition.version)}${parameter('OrchestratorParameter', 'OrchestratorArn', '!Ref Orchestrator')}  Layer:
    Type: AWS::Lambda::LayerVersion
    Properties:
      CompatibleRuntimes: [python3.12]
      Content: ${regionalCode(edition, 'lambda/layer.zip')}
${functionRole('MetricsRole', "{ Effect: Allow, Action: cloudwatch:PutMetricData, Resource: '*' }")}  MetricsFunction:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: SO0111-DeploymentMetrics
      Code: ${regionalCode(edition, 'lambda/deployment_metrics_custom_resource.zip')}
      Handler: index.handler
      Layers: [!Ref Layer]
      Role: !GetAtt MetricsRole.Arn
      Runtime: python3.12
  Metrics:
    Type: Custom::DeploymentMetrics
    Properties: { ServiceToken: !GetAtt MetricsFunction.Arn, WebUI: !Ref ShouldDeployWebUI }
  OrchestratorRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: SO0111-ASR-Orchestrator-Admin
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: states.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: members
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Resource: !Sub arn:\${AWS::Partition}:iam::*:role/SO0111-ASR-Orchestrator-Member
  Orchestrator:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: SO0111-ASR-Orchestrator
      RoleArn: !GetAtt OrchestratorRole.Arn
      DefinitionString: '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}'
  LogStack:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ${nestedTemplate(edition, 'automated-security-response-orchestrator-log.template')}
      Parameters: { KmsKeyArn: !GetAtt KeyParameter.Value, ReuseOrchestratorLogGroup: !Ref ReuseOrchestratorLogGroup }
${STANDARDS.map((standard) => playbook(edition, standard)).join('')}  WebUINestedStack:
    Type: AWS::CloudFormation::Stack
    Condition: webUIEnabled
    Properties:
      TemplateURL: ${nestedTemplate(edition, 'automated-security-response-webui-nested-stack.template')}
      Parameters: { AdminUserEmail: !Ref AdminUserEmail, FindingsTableArn: !GetAtt FindingsTable.Arn }
  FindingsTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      DeletionProtectionEnabled: true
      AttributeDefinitions: [{ AttributeName: findingType, AttributeType: S }, { AttributeName: findingId, AttributeType: S }]
      KeySchema: [{ AttributeName: findingType, KeyType: HASH }, { AttributeName: findingId, KeyType: RANGE }]
  Findings:
    Type: AWS::SQS::Queue
    Properties: { KmsMasterKeyId: !Ref Key }
  FindingsRule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.securityhub], detail-type: [Security Hub Findings - Imported] }
      Targets: [{ Id: findings, Arn: !GetAtt Findings.Arn }]
  Topic:
    Type: AWS::SNS::Topic
    Properties: { TopicName: SO0111-ASR_Topic, KmsMasterKeyId: !Ref Key }
  FailureAlarm:
    Type: AWS::CloudWatch::Alarm
    Condition: alarmsEnabled
    Properties:
      AlarmName: ASR-RemediationFailures
      Namespace: ASR
      MetricName: FailedRemediations
      Statistic: Sum
      Period: 86400
      EvaluationPeriods: 1
      ComparisonOperator: GreaterThanThreshold
      Threshold: !Ref RemediationFailureAlarmThreshold
Outputs:
  ASRFindingsDynamoDBTable:
    Value: !Ref FindingsTable
  UserPoolId:
    Condition: webUIEnabled
    Value: !GetAtt WebUINestedStack.Outputs.UserPoolId
`;
