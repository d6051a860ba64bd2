import type { Edition } from './solution-stand-in.js';

/** The standards that a playbook exists for, as the parameters and the files are named after them. */
export const STANDARDS = ['AFSBP', 'CIS120', 'CIS140', 'CIS300', 'NIST80053', 'PCI321', 'SC'] as const;

const head = (what: string, { version }: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO0111) Stand-in for ${what} of Automated Security Response on AWS ${version}.
`;

const MEMBER_PARAMETERS = `  Namespace: { Type: String }
  WaitProviderServiceToken: { Type: String }
`;

const document = (name: string, text: string): string => `  ${name}:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Automation
      Name: ${text}
      Content:
        schemaVersion: '0.3'
        mainSteps: [{ name: Wait, action: aws:sleep, inputs: { Duration: PT1S } }]
`;

const standardParameter = (standard: string, key: string, value: string): string => `  ${key}:
    Type: AWS::SSM::Parameter
    Properties: { Name: /Solutions/SO0111/${standard}/${key}, Type: String, Value: ${value} }
`;

const playbooks = (edition: Edition): readonly (readonly [string, string])[] =>
  STANDARDS.flatMap((standard): readonly (readonly [string, string])[] => [
    [
      `playbooks/${standard}Stack.template`,
      `${head(`the ${standard} playbook`, edition)}Resources:
${standardParameter(standard, 'shortname', standard)}${standardParameter(standard, 'status', 'enabled')}`,
    ],
    [
      `playbooks/${standard}MemberStack.template`,
      `${head(`the ${standard} playbook's runbooks`, edition)}Parameters:
${MEMBER_PARAMETERS}  SecHubAdminAccount: { Type: String }
Resources:
${document('ControlRunbook', `ASR-${standard}_Stand.1`)}  Gate:
    Type: AWS::CloudFormation::WaitConditionHandle
`,
    ],
  ]);

/** Every template that the administrator's and the members' nest. */
export const securityResponseParts = (edition: Edition): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(playbooks(edition)),
  'automated-security-response-orchestrator-log.template': `${head('the log', edition)}Parameters:
  KmsKeyArn: { Type: String }
  ReuseOrchestratorLogGroup: { Type: String, Default: 'no', AllowedValues: ['yes', 'no'] }
Conditions:
  IsNew: !Equals [!Ref ReuseOrchestratorLogGroup, 'no']
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Condition: IsNew
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: { LogGroupName: SO0111-ASR-Orchestrator, KmsKeyId: !Ref KmsKeyArn, RetentionInDays: 3653 }
`,
  'automated-security-response-remediation-runbooks.template': `${head('the runbooks', edition)}Parameters:
${MEMBER_PARAMETERS}Resources:
${document('PublicAccessBlock', 'ASR-ConfigureS3PublicAccessBlock')}${document('SecurityGroupRules', 'ASR-RemoveVPCDefaultSecurityGroupRules')}`,
  'automated-security-response-member-cloudtrail.template': `${head("the members' trail", edition)}Parameters:
  Namespace: { Type: String }
  CloudTrailLogGroupName: { Type: String }
Resources:
  Events:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Ref CloudTrailLogGroupName, RetentionInDays: 365 }
`,
  'automated-security-response-webui-nested-stack.template': `${head('the web console', edition)}Parameters:
  AdminUserEmail: { Type: String }
  FindingsTableArn: { Type: String }
Resources:
  UserPool:
    Type: AWS::Cognito::UserPool
    Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }
  Administrator:
    Type: AWS::Cognito::UserPoolUser
    Properties: { UserPoolId: !Ref UserPool, Username: !Ref AdminUserEmail }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: SO0111-ASR }
Outputs:
  UserPoolId: { Value: !Ref UserPool }
`,
});
