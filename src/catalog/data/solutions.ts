import type { CatalogEntry } from '../entry.js';

const PLAYBOOKS = ['AFSBP', 'CIS120', 'CIS140', 'CIS300', 'NIST80053', 'PCI321', 'SC'] as const;

export const SOLUTIONS: readonly CatalogEntry[] = [
  {
    id: 'SO0111',
    kind: 'Solution',
    name: 'Automated Security Response on AWS',
    manifestName: 'security-response',
    summary: 'Remediates findings of AWS Security Hub in all accounts, from one administrator account.',
    formerNames: [
      'SHARR',
      'AWS Security Hub Automated Response and Remediation',
      'Automated Response and Remediation with Security Hub',
      'automated-security-response-on-aws',
    ],
    words: ['asr', 'finding', 'incident response', 'playbook', 'remediation', 'security hub'],
    publisher: 'AWS Solutions',
    licence: 'Apache-2.0',
    sourceCodeUrl: 'https://github.com/aws-solutions/automated-security-response-on-aws',
    controls: ['IR-4', 'IR-4(1)', 'RA-5', 'SI-2', 'SI-4'],
    state: { type: 'current' },
    source: {
      type: 'solution',
      solution: 'SO0111',
      version: 'v3.1.5',
      main: 'admin',
      parts: {
        admin: 'automated-security-response-admin.template',
        'member-roles': 'automated-security-response-member-roles.template',
        member: 'automated-security-response-member.template',
        'orchestrator-log': 'automated-security-response-orchestrator-log.template',
        'remediation-runbooks': 'automated-security-response-remediation-runbooks.template',
        'webui-nested-stack': 'automated-security-response-webui-nested-stack.template',
        ...Object.fromEntries(
          PLAYBOOKS.flatMap((standard) => [
            [`${standard.toLowerCase()}-playbook`, `playbooks/${standard}Stack.template`],
            [`${standard.toLowerCase()}-member-playbook`, `playbooks/${standard}MemberStack.template`],
          ]),
        ),
        'jira-blueprint': 'blueprints/JiraBlueprintStack.template',
        'servicenow-blueprint': 'blueprints/ServiceNowBlueprintStack.template',
      },
      folders: {
        aws: 'https://solutions-reference.s3.amazonaws.com/automated-security-response-on-aws/{version}/',
        'aws-us-gov':
          'https://s3.us-gov-west-1.amazonaws.com/solutions-reference-us-gov/automated-security-response-on-aws/{version}/',
        'aws-cn':
          'https://s3.cn-north-1.amazonaws.com.cn/solutions-reference-cn/automated-security-response-on-aws/{version}/',
      },
    },
    regions: 'all',
    notes: [
      'Deploy admin first, once, in the account that administers Security Hub, in its aggregation Region.',
      'Then member-roles in one Region of each account, and member in every account and Region.',
      'admin and member nest stacks, so a service-managed stack set cannot deploy them; member-roles does not.',
      'Namespace must be the same in member and member-roles.',
    ],
  },
  {
    id: 'SO0006',
    kind: 'Solution',
    name: 'Security Automations for AWS WAF',
    manifestName: 'waf-security-automations',
    summary: 'A web ACL with rules against common attacks, and automation that keeps its lists of addresses.',
    formerNames: ['AWS WAF Security Automations', 'aws-waf-security-automations', 'security-automations-for-aws-waf'],
    words: ['bad bot', 'firewall', 'http flood', 'sql injection', 'waf', 'web acl', 'xss'],
    publisher: 'AWS Solutions',
    licence: 'Apache-2.0',
    sourceCodeUrl: 'https://github.com/aws-solutions/aws-waf-security-automations',
    controls: ['SC-5', 'SC-7', 'SI-3', 'SI-4'],
    state: { type: 'current' },
    source: {
      type: 'solution',
      solution: 'SO0006',
      version: 'v4.1.3',
      main: 'main',
      parts: {
        main: 'aws-waf-security-automations.template',
        webacl: 'aws-waf-security-automations-webacl.template',
        'firehose-athena': 'aws-waf-security-automations-firehose-athena.template',
      },
      folders: { aws: 'https://solutions-reference.s3.amazonaws.com/security-automations-for-aws-waf/{version}/' },
    },
    regions: 'all',
    notes: [
      'With EndpointType CloudFront it belongs in us-east-1 and nowhere else.',
      'main nests the other two, so a service-managed stack set cannot deploy it.',
    ],
  },
  {
    id: 'SO8025',
    kind: 'Solution',
    name: 'Centralized Logging with OpenSearch',
    manifestName: 'centralized-logging',
    summary: 'Collects the logs of services and applications of many accounts in Amazon OpenSearch Service.',
    formerNames: [
      'SO0009',
      'AWS Centralized Logging',
      'Centralized Logging',
      'Log Hub',
      'centralized-logging',
      'centralized-logging-with-opensearch',
    ],
    words: ['analytics', 'cloudtrail', 'kibana', 'log', 'logging', 'opensearch', 'vpc flow log'],
    publisher: 'AWS Solutions',
    licence: 'Apache-2.0',
    sourceCodeUrl: 'https://github.com/aws-solutions/centralized-logging-with-opensearch',
    controls: ['AU-2', 'AU-4', 'AU-6', 'AU-6(4)', 'AU-9'],
    state: { type: 'current' },
    source: {
      type: 'solution',
      solution: 'SO8025',
      version: 'v2.4.7',
      main: 'new-vpc',
      parts: {
        'new-vpc': 'CentralizedLogging.template',
        'existing-vpc': 'CentralizedLoggingFromExistingVPC.template',
        'new-vpc-oidc': 'CentralizedLoggingWithOIDC.template',
        'existing-vpc-oidc': 'CentralizedLoggingFromExistingVPCWithOIDC.template',
        'cross-account': 'CrossAccount.template',
      },
      folders: {
        aws: 'https://solutions-reference.s3.amazonaws.com/centralized-logging-with-opensearch/{version}/',
        'aws-cn':
          'https://solutions-reference-cn.s3.cn-north-1.amazonaws.com.cn/centralized-logging-with-opensearch/{version}/',
      },
    },
    regions: 'all',
    notes: [
      'It succeeds Centralized Logging (SO0009), whose parameters and resources were others: it does not update such a stack.',
      'cross-account belongs in every account whose logs are collected.',
      'China has no Amazon Cognito user pools: choose a part with oidc there.',
    ],
  },
];
