import { accountId } from '../../support/world.js';

/** What one template of the corpus is given, and what must then stand. */
export type Expected = {
  /** The manifest's name. */
  readonly name: string;
  /** Which of the accounts it is deployed to: templates that give the same name to a resource cannot share one. */
  readonly account: 1 | 2;
  /** Values for what has no default, and for the few defaults that ask for more than the corpus holds. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the publisher's build puts into the text before anybody deploys it: pattern → replacement. */
  readonly published: readonly (readonly [RegExp, string])[];
  /** How many resources the stack lists: conditions decided, serverless functions expanded, a nested stack counted as one. */
  readonly resources: number;
  /** How many outputs the stack has. */
  readonly outputs: number;
  /** Outputs whose value follows from the parameters, the account and the Region; `ACCOUNT` stands for its id. */
  readonly values: Readonly<Record<string, string>>;
};

const stands = (name: string, resources: number, more: Partial<Expected> = {}): Expected => ({
  name,
  account: 1,
  parameters: {},
  published: [],
  resources,
  outputs: Object.keys(more.values ?? {}).length,
  values: {},
  ...more,
});

/** Where `sam package` and its like have put the code. */
const CODE = 's3://publisher-code/functions.zip';
const PACKAGED = [[/CodeUri: [\w/]+$/gm, `CodeUri: ${CODE}`]] as const;
/** Its CodeUri is left out, which stands for the folder of the template. */
const JANITOR_PACKAGED = [[/^( *)Handler: .*$/gm, `$&\n$1CodeUri: ${CODE}`]] as const;

const RESPONSE = { Namespace: 'evenkeel', SecHubAdminAccount: '111122223333' };
const RESPONSE_PLAYBOOK = {
  ...RESPONSE,
  // The function of another stack, in the account that the playbook goes to.
  WaitProviderServiceToken: `arn:aws:lambda:us-east-1:${accountId(1)}:function:wait-provider`,
};

/** By path inside the corpus: each template that stands in the end. */
export const EXPECTED: Readonly<Record<string, Expected>> = {
  'amazon-cloudfront-access-logs-queries/template.yaml': stands('cloudfront-access-logs-queries', 17, {
    published: PACKAGED,
  }),
  'automated-security-response-on-aws/NIST80053-admin.template.json': stands('response-nist80053-admin', 2),
  'automated-security-response-on-aws/NIST80053-member.template.json': stands('response-nist80053-member', 6, {
    parameters: RESPONSE_PLAYBOOK,
  }),
  'automated-security-response-on-aws/SC-admin.template.json': stands('response-sc-admin', 2),
  'automated-security-response-on-aws/SC-member.template.json': stands('response-sc-member', 6, {
    parameters: RESPONSE_PLAYBOOK,
  }),
  'automated-security-response-on-aws/admin.template.json': stands('response-admin', 104, {
    account: 2,
    // The nested template of the web interface is not in the corpus; that of the playbook SC is.
    parameters: { AdminUserEmail: 'security@example.com', ShouldDeployWebUI: 'no' },
    outputs: 3,
    values: { GeneratedTicketingLambdafunctionARN: 'arn:aws:lambda:eu-west-1:111111111111:function:' },
  }),
  'automated-security-response-on-aws/member-roles-global.template.json': stands('response-member-roles', 1, {
    parameters: RESPONSE,
  }),
  'automated-security-response-on-aws/orchestrator-log.template.json': stands('response-orchestrator-log', 1, {
    parameters: { KmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' },
  }),
  'aws-waf-security-automations/aws-waf-security-automations-firehose-athena.template': stands('waf-firehose', 8, {
    parameters: {
      ActivateHttpFloodProtectionParam: 'yes - Amazon Athena log parser',
      ActivateScannersProbesProtectionParam: 'yes - Amazon Athena log parser',
      EndpointType: 'ALB',
      AppAccessLogBucket: 'app-access-logs',
      ParentStackName: 'waf',
      WafLogBucket: 'waf-logs',
      WafLogBucketArn: 'arn:aws:s3:::waf-logs',
      RequestThreshold: '100',
      ErrorThreshold: '50',
      WAFBlockPeriod: '240',
      GlueDatabaseName: 'waf_access_logs_database',
      DeliveryStreamName: 'aws-waf-logs-evenkeel',
      UUID: '1234abcd',
    },
    outputs: 8,
    values: {
      FirehoseWAFLogsDeliveryStreamArn: 'arn:aws:firehose:us-east-1:ACCOUNT:deliverystream/aws-waf-logs-evenkeel',
      GlueAccessLogsDatabase: 'waf_access_logs_database',
      GlueWafAccessLogsTable: 'waf_access_logs',
      GlueAppAccessLogsTable: 'app_access_logs',
      Version: '%VERSION%',
    },
  }),
  'aws-waf-security-automations/aws-waf-security-automations-webacl.template': stands('waf-webacl', 21, {
    parameters: {
      ActivateAWSManagedRulesParam: 'yes',
      ActivateAWSManagedAPParam: 'no',
      ActivateAWSManagedKBIParam: 'no',
      ActivateAWSManagedIPRParam: 'yes',
      ActivateAWSManagedAIPParam: 'no',
      ActivateAWSManagedSQLParam: 'no',
      ActivateAWSManagedLinuxParam: 'no',
      ActivateAWSManagedPOSIXParam: 'no',
      ActivateAWSManagedWindowsParam: 'no',
      ActivateAWSManagedPHPParam: 'no',
      ActivateAWSManagedWPParam: 'no',
      ActivateSqlInjectionProtectionParam: 'yes - MATCH',
      ActivateCrossSiteScriptingProtectionParam: 'yes',
      ActivateHttpFloodProtectionParam: 'yes - AWS WAF rate based rule',
      ActivateScannersProbesProtectionParam: 'no',
      ActivateReputationListsProtectionParam: 'yes',
      ActivateBadBotProtectionParam: 'no',
      RequestThreshold: '100',
      RegionScope: 'REGIONAL',
      ParentStackName: 'waf',
      GlueAccessLogsDatabase: '',
      GlueAppAccessLogsTable: '',
      GlueWafAccessLogsTable: '',
      LogLevel: 'INFO',
      SqlInjectionProtectionSensitivityLevelParam: 'LOW',
    },
    outputs: 27,
    values: {
      NameWAFWhitelistSetV4: 'wafWhitelistSetIPV4',
      WAFWebACLMetricName: 'wafMaliciousRequesters',
    },
  }),
  'aws-waf-security-automations/aws-waf-security-automations.template': stands('waf', 39, {
    parameters: { AppAccessLogBucket: 'app-access-logs' },
    published: [
      [/%TEMPLATE_OUTPUT_BUCKET%/g, 'waf-templates'],
      [/%DIST_OUTPUT_BUCKET%/g, 'waf-code'],
      [/%SOLUTION_NAME%/g, 'waf'],
      [/%VERSION%/g, 'v4.0.5'],
    ],
    outputs: 5,
    values: { AppAccessLogBucket: 'app-access-logs', SolutionVersion: 'v4.0.5' },
  }),
  'centralized-logging-v3/centralized-logging-primary.template': stands('centralized-logging', 34, {
    parameters: {
      DomainAdminEmail: 'security@example.com',
      CognitoAdminEmail: 'security@example.com',
      SpokeAccounts: '111122223333,444455556666',
    },
    outputs: 6,
    values: { SpokeAccountIds: '111122223333,444455556666', ClusterSize: 'Small' },
  }),
  'centralized-logging-v3/centralized-logging-spoke.template': stands('centralized-logging-spoke', 6, {
    parameters: {
      ESDomain: 'search-logs.us-east-1.es.amazonaws.com',
      MasterRole: 'arn:aws:iam::111122223333:role/logging-master',
    },
    outputs: 1,
  }),
  'cfct/customizations-for-aws-control-tower.template': stands('control-tower-customizations', 40, {
    parameters: { PipelineApprovalEmail: 'security@example.com' },
    values: {
      CustomControlTowerCodePipeline: 'Custom-Control-Tower-CodePipeline',
      CustomControlTowerPipelineS3Bucket: 'custom-control-tower-configuration-ACCOUNT-us-east-1',
      CustomControlTowerSolutionVersion: 'v2.8.4',
    },
  }),
  'cfct/example-configuration/templates/create-ssm-parameter-keys-1.template': stands('ssm-parameters-1', 3, {
    values: { ApplicationId: 'APP00000' },
  }),
  'cfct/example-configuration/templates/create-ssm-parameter-keys-2.template': stands('ssm-parameters-2', 3, {
    account: 2,
    values: { ApplicationId: 'APP00000' },
  }),
  'cloudwatch-logs-janitor/template.yaml': stands('cloudwatch-logs-janitor', 23, {
    published: PACKAGED,
    outputs: 3,
  }),
  'construct-aws-cloudfront-apigateway-lambda/cftaplam-no-arguments.template.json': stands(
    'cloudfront-apigateway',
    30,
    {
      outputs: 1,
    },
  ),
  'construct-aws-eventbridge-lambda/evtlam-eventbridge-no-argument.template.json': stands('eventbridge-lambda', 5),
  'construct-aws-eventbridge-stepfunctions/evtstp-eventbridge-stepfunctions-no-argument.template.json': stands(
    'eventbridge-stepfunctions',
    12,
  ),
  'construct-aws-eventbridge-stepfunctions/evtstp-eventbridge-stepfunctions-with-lambda.template.json': stands(
    'eventbridge-stepfunctions-with-lambda',
    13,
  ),
  'construct-aws-events-rule-lambda/no-argument.template.json': stands('events-rule-lambda', 5),
  'construct-aws-events-rule-step-function/no-argument.template.json': stands('events-rule-step-function', 10),
  'construct-aws-events-rule-step-function/with-lambda.template.json': stands(
    'events-rule-step-function-with-lambda',
    13,
  ),
  'construct-aws-kinesisfirehose-s3-and-kinesisanalytics/integ.no-arguments.expected.template.json': stands(
    'firehose-s3-and-analytics',
    12,
  ),
  'construct-aws-kinesisfirehose-s3/fhss3-two-instances.template.json': stands('firehose-s3', 24),
  'lambda-edge-logs-aggregator/template-all-in-one.yaml': stands('edge-logs-aggregator-all-in-one', 6, {
    parameters: { LambdaEdgeName: 'viewer-request' },
  }),
  'lambda-edge-logs-aggregator/template.yaml': stands('edge-logs-aggregator', 3, {
    outputs: 2,
    values: { LogLabel: 'LogLabelNotDefined' },
  }),
  'lambda-janitor/template-1.5.0.yml': stands('lambda-janitor-1-5-0', 5, { published: JANITOR_PACKAGED }),
  'lambda-janitor/template.yml': stands('lambda-janitor', 5, { published: JANITOR_PACKAGED }),
};
