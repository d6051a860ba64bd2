import { createHash } from 'node:crypto';
import type { OrganizationFile } from '../../src/simulator/kernel/contract.js';
import type { PlacedInstance, PlacedStack } from '../../src/simulator/kernel/placed.js';

export const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1'] as const;

/** What is loaded, in numbers. */
export type LoadSize = {
  readonly accounts: number;
  readonly regions: number;
  readonly stacksAtEachPlace: number;
  readonly templates: number;
};

export const SIZE: LoadSize = { accounts: 1_000, regions: REGIONS.length, stacksAtEachPlace: 20, templates: 60 };

const HUB = '200000000000';
export const accountId = (n: number): string => String(300_000_000_000 + n);
const uuid = (key: string): string =>
  createHash('md5')
    .update(key)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** About as much as a stack of a landing zone has: a role, a function, a queue, a topic and an alarm. */
const template = (n: number): string => `AWSTemplateFormatVersion: "2010-09-09"
Description: Building block ${n} of somebody else.
Parameters:
  Retention: { Type: Number, Default: 30, AllowedValues: [30, 90, 365] }
  Environment: { Type: String, Default: shared, AllowedValues: [shared, prod] }
  Secret: { Type: String, NoEcho: true, MinLength: 8 }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Action: [sqs:SendMessage, sqs:ReceiveMessage], Resource: !GetAtt Queue.Arn }]
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Runtime: nodejs22.x
      Handler: index.handler
      Code: { ZipFile: "exports.handler = async () => {};" }
      Environment: { Variables: { ENVIRONMENT: !Ref Environment, SECRET: !Ref Secret, QUEUE: !Ref Queue } }
  Queue:
    Type: AWS::SQS::Queue
    Properties: { MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true }
  Topic:
    Type: AWS::SNS::Topic
    Properties: { KmsMasterKeyId: alias/aws/sns }
  Log:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: !Sub "/block-${n}/\${Environment}/\${AWS::StackName}", RetentionInDays: !Ref Retention }
Outputs:
  QueueUrl: { Value: !Ref Queue }
  TopicArn: { Value: !Ref Topic, Export: { Name: !Sub "\${AWS::StackName}-topic" } }
`;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The last stack of each place is an instance of the one stack set. */
export function organizationOf(size: LoadSize): OrganizationFile {
  const texts = Array.from({ length: size.templates }, (_, n) => template(n));
  const keys = texts.map(digest);
  const regions = REGIONS.slice(0, size.regions);
  const accounts = Array.from({ length: size.accounts }, (_, n) => accountId(n));
  const instances: PlacedInstance[] = [];
  const places = accounts.flatMap((account) =>
    regions.map((region) => {
      const stacks = Array.from({ length: size.stacksAtEachPlace }, (_, n) => stackOf(account, region, n, size, keys));
      instances.push({
        account,
        region,
        unit: 'ou-root-00000001',
        stackId: stacks.at(-1)!.id,
        status: 'CURRENT',
        detailedStatus: 'SUCCEEDED',
        operation: uuid('operation'),
      });
      return { account, region, stacks };
    }),
  );
  return {
    formatVersion: 1,
    takenAt: '2026-11-22T16:00:00.000Z',
    partition: 'aws',
    organizationId: 'o-exampleorgid',
    rootId: 'r-root',
    controller: HUB,
    managementAccount: { id: '999999999999', name: 'management' },
    units: [{ path: '/Workloads', id: 'ou-root-00000001' }],
    accounts: [
      { id: HUB, name: 'hub', unit: '/' },
      ...accounts.map((id, n) => ({
        id,
        name: `account-${n}`,
        unit: '/Workloads',
        tags: { owner: `team-${n % 40}`, 'cost-center': String(4000 + (n % 100)) },
        roles: ['evenkeel-plan', 'evenkeel-apply', 'evenkeel-cloudformation'],
      })),
    ],
    trustedServices: ['member.org.stacksets.cloudformation.amazonaws.com'],
    delegatedAdministrators: [{ account: HUB, service: 'member.org.stacksets.cloudformation.amazonaws.com' }],
    buckets: [],
    templates: Object.fromEntries(keys.map((key, n) => [key, texts[n]!])),
    places,
    stackSets: [
      { account: HUB, region: 'us-east-1', callAs: 'SELF', stackSets: [] },
      {
        account: HUB,
        region: 'us-east-1',
        callAs: 'DELEGATED_ADMIN',
        stackSets: [
          {
            name: 'baseline',
            id: `baseline:${uuid('baseline')}`,
            arn: `arn:aws:cloudformation:us-east-1:999999999999:stackset/baseline:${uuid('baseline')}`,
            template: keys.at(-1)!,
            parameters: { Retention: '90', Secret: '****' },
            permissionModel: 'SERVICE_MANAGED',
            autoDeployment: { enabled: true, retainStacks: false },
            managedExecution: true,
            units: ['ou-root-00000001'],
            instances,
          },
        ],
      },
    ],
  };
}

function stackOf(account: string, region: string, n: number, size: LoadSize, keys: readonly string[]): PlacedStack {
  const isInstance = n === size.stacksAtEachPlace - 1;
  const place = `${account}/${region}/${n}`;
  const name = isInstance ? `StackSet-baseline-${uuid(place)}` : `block-${n}-of-a-team`;
  const suffix = uuid(`name ${place}`).slice(0, 12).toUpperCase();
  // Where there are more templates than stacks of a place, each stack has another.
  const serial =
    (Number(account.slice(3)) * size.regions + REGIONS.indexOf(region as never)) * size.stacksAtEachPlace + n;
  return {
    id: `arn:aws:cloudformation:${region}:${account}:stack/${name}/${uuid(place)}`,
    status: n % 3 === 0 ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
    createdAt: `2025-03-${String(1 + (n % 28)).padStart(2, '0')}T10:00:00.000Z`,
    ...(n % 3 === 0 ? {} : { updatedAt: '2026-05-05T10:00:00.000Z' }),
    template: isInstance ? keys.at(-1)! : keys[serial % (keys.length - 1)]!,
    parameters: { Environment: 'shared', Retention: '90', Secret: '****' },
    tags: { owner: `team-${n}`, 'cost-center': '4711', 'managed-by': 'somebody' },
    capabilities: ['CAPABILITY_IAM'],
    outputs: [
      { key: 'QueueUrl', value: `https://sqs.${region}.amazonaws.com/${account}/${name}-Queue-${suffix}` },
      {
        key: 'TopicArn',
        value: `arn:aws:sns:${region}:${account}:${name}-Topic-${suffix}`,
        exportName: `${name}-topic`,
      },
    ],
    operations: [{ type: n % 3 === 0 ? 'CREATE_STACK' : 'UPDATE_STACK', id: uuid(`operation ${place}`) }],
  };
}
