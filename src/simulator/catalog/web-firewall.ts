import type { Edition, SolutionStandIn } from './solution-stand-in.js';
import { choice, functionRole, sourceCode, yesOrNo } from './solution-stand-in.js';

const RULE_GROUPS = ['Rules', 'AP', 'KBI', 'IPR', 'AIP', 'SQL', 'Linux', 'POSIX', 'Windows', 'PHP', 'WP'];
const INJECTION = ['yes', 'yes - MATCH', 'yes - NO_MATCH', 'no'];
const LAMBDA = 'yes - AWS Lambda log parser';
const ATHENA = 'yes - Amazon Athena log parser';
const RETENTION = [
  -1, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 2192, 2557, 2922, 3288, 3653,
];

const number = (name: string, preset: number, least: number): string =>
  `  ${name}: { Type: Number, Default: ${preset}, MinValue: ${least} }\n`;
const text = (name: string, preset = ''): string => `  ${name}: { Type: String, Default: '${preset}' }\n`;
const pattern = (name: string, allowed: string): string =>
  `  ${name}: { Type: String, Default: '', AllowedPattern: '${allowed}' }\n`;

const PARAMETERS = [
  ...RULE_GROUPS.map((group) => yesOrNo(`ActivateAWSManaged${group}Param`, 'no')),
  choice('ActivateSqlInjectionProtectionParam', INJECTION, 'yes'),
  choice('SqlInjectionProtectionSensitivityLevelParam', ['LOW', 'HIGH'], 'LOW'),
  choice('ActivateCrossSiteScriptingProtectionParam', INJECTION, 'yes'),
  choice(
    'ActivateHttpFloodProtectionParam',
    ['yes - AWS WAF rate based rule', LAMBDA, ATHENA, 'no'],
    'yes - AWS WAF rate based rule',
  ),
  choice('ActivateScannersProbesProtectionParam', [LAMBDA, ATHENA, 'no'], LAMBDA),
  yesOrNo('ActivateReputationListsProtectionParam', 'yes'),
  yesOrNo('ActivateBadBotProtectionParam', 'yes'),
  text('ApiGatewayBadBotCWRoleParam'),
  choice('EndpointType', ['CloudFront', 'ALB'], 'CloudFront'),
  pattern(
    'AppAccessLogBucket',
    '(^$|^([a-z]|(\\d(?!\\d{0,2}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})))([a-z\\d]|(\\.(?!(\\.|-)))|(-(?!\\.))){1,61}[a-z\\d]$)',
  ),
  text('AppAccessLogBucketPrefixParam', 'AWSLogs/'),
  yesOrNo('AppAccessLogBucketLoggingStatusParam', 'no'),
  number('ErrorThreshold', 50, 0),
  number('RequestThreshold', 100, 0),
  pattern('RequestThresholdByCountryParam', '^$|^\\{"\\w+":\\d+([,]"\\w+":\\d+)*\\}+$'),
  choice('HTTPFloodAthenaQueryGroupByParam', ['Country', 'URI', 'Country and URI', 'None'], 'None'),
  number('WAFBlockPeriod', 240, 0),
  number('AthenaQueryRunTimeScheduleParam', 5, 1),
  choice('KeepDataInOriginalS3Location', ['Yes', 'No'], 'No'),
  number('IPRetentionPeriodAllowedParam', -1, -1),
  number('IPRetentionPeriodDeniedParam', -1, -1),
  text('SNSEmailParam'),
  `  LogGroupRetentionParam: { Type: Number, Default: 365, AllowedValues: [${RETENTION.join(', ')}] }\n`,
].join('');

/** By Fn::Sub over the mapping, as this solution writes it. */
const nested = ({ templateHost }: Edition, file: string): string =>
  `!Sub ['https://\${Bucket}${templateHost}\${Prefix}/${file}', { Bucket: !FindInMap [SourceCode, General, S3Bucket], Prefix: !FindInMap [SourceCode, General, KeyPrefix] }]`;

const code = (archive: string): string =>
  `{ S3Bucket: !Join ['-', [!FindInMap [SourceCode, General, S3Bucket], !Ref AWS::Region]], S3Key: !Join ['/', [!FindInMap [SourceCode, General, KeyPrefix], ${archive}]] }`;

const fn = (name: string, archive: string, condition = ''): string => `  ${name}:
    Type: AWS::Lambda::Function
${condition}    Properties:
      Code: ${code(archive)}
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Runtime: python3.12
      Timeout: 300
`;

const main = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO0006) Stand-in for Security Automations for AWS WAF ${edition.version}; its functions do nothing.
Parameters:
${PARAMETERS}${sourceCode(edition)}Conditions:
  Alb: !Equals [!Ref EndpointType, ALB]
  Reputation: !Equals [!Ref ActivateReputationListsProtectionParam, 'yes']
  ScannersLambda: !Equals [!Ref ActivateScannersProbesProtectionParam, '${LAMBDA}']
  FloodAthena: !Equals [!Ref ActivateHttpFloodProtectionParam, '${ATHENA}']
  ScannersAthena: !Equals [!Ref ActivateScannersProbesProtectionParam, '${ATHENA}']
  Athena: !Or [{ Condition: FloodAthena }, { Condition: ScannersAthena }]
  Address: !Not [!Equals [!Ref SNSEmailParam, '']]
Resources:
${functionRole('Role', "{ Effect: Allow, Action: ['wafv2:GetIPSet', 'wafv2:UpdateIPSet', 'cloudwatch:GetMetricStatistics'], Resource: '*' }")}${fn('Helper', 'helper.zip')}  CheckRequirements:
    Type: Custom::CheckRequirements
    Properties: { ServiceToken: !GetAtt Helper.Arn, EndpointType: !Ref EndpointType }
  CreateUniqueID:
    Type: Custom::CreateUUID
    DependsOn: CheckRequirements
    Properties: { ServiceToken: !GetAtt Helper.Arn }
${fn('LogParser', 'log_parser.zip', '    Condition: ScannersLambda\n')}${fn('ReputationListsParser', 'reputation_lists_parser.zip', '    Condition: Reputation\n')}  ReputationListsSchedule:
    Type: AWS::Events::Rule
    Condition: Reputation
    Properties:
      ScheduleExpression: rate(1 hour)
      Targets: [{ Id: parser, Arn: !GetAtt ReputationListsParser.Arn }]
  WebACLStack:
    Type: AWS::CloudFormation::Stack
    DependsOn: CheckRequirements
    Properties:
      TemplateURL: ${nested(edition, 'aws-waf-security-automations-webacl.template')}
      Parameters:
        RegionScope: !If [Alb, REGIONAL, CLOUDFRONT]
        ParentStackName: !Ref AWS::StackName
        RequestThreshold: !Ref RequestThreshold
  FirehoseAthenaStack:
    Type: AWS::CloudFormation::Stack
    Condition: Athena
    DependsOn: CheckRequirements
    Properties:
      TemplateURL: ${nested(edition, 'aws-waf-security-automations-firehose-athena.template')}
      Parameters: { ParentStackName: !Ref AWS::StackName, UUID: !GetAtt CreateUniqueID.UUID }
  Retention:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: IPSetId, AttributeType: S }]
      KeySchema: [{ AttributeName: IPSetId, KeyType: HASH }]
  Notifications:
    Type: AWS::SNS::Topic
    Condition: Address
    Properties: { Subscription: [{ Protocol: email, Endpoint: !Ref SNSEmailParam }] }
Outputs:
  WAFWebACL:
    Value: !GetAtt WebACLStack.Outputs.WAFWebACL
  WAFWebACLArn:
    Value: !GetAtt WebACLStack.Outputs.WAFWebACLArn
  SolutionVersion:
    Value: ${edition.version}
`;

const ipSet = (name: string, version: string): string => `  ${name}:
    Type: AWS::WAFv2::IPSet
    Properties: { Scope: !Ref RegionScope, IPAddressVersion: ${version}, Addresses: [], Name: !Sub '\${ParentStackName}-${name}' }
`;

const webAcl = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO0006-WebACL) Stand-in for the web ACL of Security Automations for AWS WAF ${edition.version}.
Parameters:
  RegionScope: { Type: String }
  ParentStackName: { Type: String }
  RequestThreshold: { Type: Number }
Resources:
${ipSet('AllowedSetV4', 'IPV4')}${ipSet('DeniedSetV4', 'IPV4')}  WebACL:
    Type: AWS::WAFv2::WebACL
    Properties:
      Name: !Ref ParentStackName
      Scope: !Ref RegionScope
      DefaultAction: { Allow: {} }
      VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: requests }
      Rules:
        - Name: denied
          Priority: 1
          Action: { Block: {} }
          Statement: { IPSetReferenceStatement: { Arn: !GetAtt DeniedSetV4.Arn } }
          VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: denied }
        - Name: flood
          Priority: 2
          Action: { Block: {} }
          Statement: { RateBasedStatement: { AggregateKeyType: IP, Limit: !Ref RequestThreshold } }
          VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: flood }
Outputs:
  WAFWebACL: { Value: !Ref WebACL }
  WAFWebACLArn: { Value: !GetAtt WebACL.Arn }
`;

const athena = (edition: Edition): string => `AWSTemplateFormatVersion: '2010-09-09'
Description: (SO0006-FA) Stand-in for the log queries of Security Automations for AWS WAF ${edition.version}.
Parameters:
  ParentStackName: { Type: String }
  UUID: { Type: String }
Resources:
  Database:
    Type: AWS::Glue::Database
    Properties: { CatalogId: !Ref AWS::AccountId, DatabaseInput: { Description: !Ref ParentStackName } }
  Queries:
    Type: AWS::Athena::WorkGroup
    Properties: { Name: !Sub 'WAFQueries-\${UUID}' }
`;

/** With more parameters than any other, and two templates nested in it; for CloudFront in us-east-1 only. */
export const webFirewall: SolutionStandIn = {
  folder: 'security-automations-for-aws-waf',
  versions: ['v4.1.2', 'v4.1.3'],
  archives: ['helper.zip', 'log_parser.zip', 'reputation_lists_parser.zip'],
  templates: (edition) => ({
    'aws-waf-security-automations.template': main(edition),
    'aws-waf-security-automations-webacl.template': webAcl(edition),
    'aws-waf-security-automations-firehose-athena.template': athena(edition),
  }),
};
