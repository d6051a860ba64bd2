import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OrganizationFile } from '../../src/simulator/kernel/contract.js';

export const REGIONS = ['us-east-1', 'us-west-2'] as const;
export const HOME = REGIONS[0];
/** The controller's own account: no target. */
export const HUB = '200000000000';
export const TABLE = 'evenkeel-bench';

const ACCOUNTS = 100;
const UNITS = ['Prod', 'Staging', 'Dev', 'Data'] as const;
const STACKS = ['alerts', 'budgets', 'events', 'findings', 'inventory', 'retention'] as const;
const FOREIGN = 40;

/** What the numbers are about, in numbers. */
export const INPUT = {
  accounts: ACCOUNTS,
  regions: REGIONS.length,
  manifests: STACKS.length + 4,
  deployments: ACCOUNTS * REGIONS.length * (STACKS.length + 4),
  /** By CreateStack: six Stack and two ServerlessApplication manifests; stack sets create the rest. */
  createdStacks: ACCOUNTS * REGIONS.length * (STACKS.length + 2),
  stackSets: 2,
  foreignStacksAtEachTarget: FOREIGN,
} as const;

export const targetAccounts: readonly string[] = Array.from({ length: ACCOUNTS }, (_, n) =>
  String(300_000_000_000 + n),
);

const SERVICE = 'member.org.stacksets.cloudformation.amazonaws.com';

/** 25 accounts in each of four units: more than one page of Organizations holds. */
export const organization: OrganizationFile = {
  managementAccount: { id: '999999999999', name: 'management' },
  units: [{ path: '/Hub' }, ...UNITS.map((unit) => ({ path: `/Workloads/${unit}` }))],
  accounts: [
    { id: HUB, name: 'hub', unit: '/Hub', roles: ['AWSCloudFormationStackSetAdministrationRole'] },
    ...targetAccounts.map((id, n) => ({ id, name: `account-${n}`, unit: `/Workloads/${UNITS[n % UNITS.length]!}` })),
  ],
  roles: ['evenkeel-plan', 'evenkeel-apply', 'evenkeel-cloudformation', 'AWSCloudFormationStackSetExecutionRole'],
  foreignStacks: { regions: REGIONS, count: FOREIGN },
  trustedServices: [SERVICE],
  delegatedAdministrators: [{ account: HUB, service: SERVICE }],
};

const CONTROLLER = `apiVersion: evenkeel/v1
kind: Controller
metadata: { name: evenkeel }
spec:
  partition: aws
  homeRegion: ${HOME}
  table: ${TABLE}
  artifactBucket: evenkeel-artifacts-\${account.id}-\${region}
  roles: { plan: evenkeel-plan, apply: evenkeel-apply, cloudformation: evenkeel-cloudformation }
  budgets: { delete: 5, replace: 2, accounts: 100%, window: 24h }
`;

const manifest = (kind: string, name: string, spec: string): string =>
  `apiVersion: evenkeel/v1
kind: ${kind}
metadata: { name: ${name}, labels: { owner: platform-security } }
spec:
${spec.trim().replace(/^/gm, '  ')}
  tags: { cost-center: "4711" }
  targets: [{ organizationalUnits: [/Workloads/**], regions: [${REGIONS.join(', ')}] }]
`;

/** A topic, a queue with its policy, a log group and an alarm: about as much as a baseline stack has. */
const template = (name: string, title: string): string => `AWSTemplateFormatVersion: "2010-09-09"
Description: ${title} of the benchmark.
Parameters:
  Retention: { Type: Number, Default: 30, AllowedValues: [30, 90, 365] }
  Threshold: { Type: Number, Default: 1, MinValue: 1 }
  Environment: { Type: String, Default: shared, AllowedValues: [shared, prod] }
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { TopicName: ${name}, KmsMasterKeyId: alias/aws/sns }
  Queue:
    Type: AWS::SQS::Queue
    Properties: { QueueName: ${name}, MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true }
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Principal: { Service: sns.amazonaws.com }, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn }
  Log:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Sub "/\${Environment}/${name}", RetentionInDays: !Ref Retention }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateAgeOfOldestMessage
      Dimensions: [{ Name: QueueName, Value: !GetAtt Queue.QueueName }]
      Statistic: Maximum
      Period: 300
      EvaluationPeriods: 2
      Threshold: !Ref Threshold
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: [!Ref Topic]
Outputs:
  TopicArn: { Value: !Ref Topic }
  QueueUrl: { Value: !Ref Queue }
`;

const OVERRIDE = `overrides: [{ where: { organizationalUnits: [/Workloads/Prod] }, parameters: { Retention: "365", Environment: prod } }]`;

const ROLLOUT = 'rollout: { maxConcurrent: 100%, regionConcurrency: parallel }';

const files: Readonly<Record<string, string>> = {
  'controller.yaml': CONTROLLER,
  ...Object.fromEntries(
    STACKS.flatMap((name) => [
      [
        `stacks/${name}.yaml`,
        manifest('Stack', name, `template: templates/${name}.yaml\nparameters: { Threshold: "600" }\n${OVERRIDE}`),
      ],
      [`templates/${name}.yaml`, template(name, name)],
    ]),
  ),
  'sets/audit.yaml': manifest(
    'StackSet',
    'audit',
    `template: templates/audit.yaml\npermissionModel: self-managed\n${OVERRIDE}\n${ROLLOUT}`,
  ),
  'templates/audit.yaml': template('audit', 'Audit'),
  'sets/guard.yaml': manifest(
    'StackSet',
    'guard',
    `template: templates/guard.yaml\npermissionModel: service-managed\ncallAs: delegated-admin\n${ROLLOUT}`,
  ),
  'templates/guard.yaml': template('guard', 'Guard'),
  'applications/janitor.yaml': manifest(
    'ServerlessApplication',
    'janitor',
    `application: arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor
version: 1.7.0
parameters: { VersionsToKeep: "3" }
acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]`,
  ),
  'applications/rotation.yaml': manifest(
    'ServerlessApplication',
    'rotation',
    `application: arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSMySQLRotationSingleUser
version: 1.1.671
parameters: { endpoint: "https://secretsmanager.\${region}.\${dnsSuffix}", functionName: rotation }
acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]`,
  ),
};

/** Writes the ten manifests with their templates. */
export async function writeDesiredState(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
