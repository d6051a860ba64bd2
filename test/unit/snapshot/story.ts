import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { OrganizationFile, Simulator } from '../../../src/simulator/kernel/contract.js';
import type { StorySimulator } from '../../../src/simulator/simulator.js';
import { accountId, createWorld, HUB, queueTemplate, smallOrganization, stackManifest } from '../../support/world.js';
import type { World } from '../../support/world.js';

export const REGIONS = ['us-east-1', 'us-west-2'] as const;
const ROLES = [
  { name: 'evenkeel-plan', externalId: 'held-apart' },
  { name: 'evenkeel-apply', externalId: 'held-apart' },
  'evenkeel-cloudformation',
  'AWSCloudFormationStackSetExecutionRole',
];

/** Six accounts: the last but one is suspended, and nobody may enter the last. */
export function troubledOrganization(): OrganizationFile {
  const plain = smallOrganization(6, { roles: [], foreignStacks: { regions: REGIONS, count: 3 } });
  return {
    ...plain,
    accounts: plain.accounts.map((account) => ({
      ...account,
      roles: account.id === accountId(6) ? [] : [...ROLES, ...(account.roles ?? [])],
      ...(account.id === accountId(5) ? { state: 'SUSPENDED' as const } : {}),
    })),
  };
}

export const CONTROLLER = `apiVersion: evenkeel/v1
kind: Controller
metadata: { name: evenkeel }
spec:
  partition: aws
  homeRegion: us-east-1
  table: evenkeel
  artifactBucket: evenkeel-artifacts-\${account.id}-\${region}
  roles: { plan: evenkeel-plan, apply: evenkeel-apply, cloudformation: evenkeel-cloudformation, externalId: held-apart }
  budgets: { delete: 50, replace: 20, accounts: 100%, window: 24h }
`;

const EVERYWHERE = `targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]`;
const OVERRIDE = `overrides: [{ where: { organizationalUnits: [/Workloads/Prod] }, parameters: { Delay: "5" } }]`;

const ENTERED = EVERYWHERE.replace(' }]', `, except: { accounts: ["${accountId(6)}"] } }]`);

/** All at once: these stories are not about rollouts. */
export const AT_ONCE = 'rollout: { maxConcurrent: 100%, regionConcurrency: parallel }';

const setManifest = (name: string, spec: string): string =>
  stackManifest(name, `${spec}\n${AT_ONCE}`).replace('kind: Stack', 'kind: StackSet');

const SECRETIVE = `Parameters:
  Password: { Type: String, NoEcho: true, MinLength: 12 }
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: !Ref Password }
Outputs:
  Topic: { Value: !Ref Topic, Export: { Name: the-topic } }
`;

const PARENT = (bucket: string): string => `Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: "https://${bucket}.s3.us-east-1.amazonaws.com/child.yaml", Parameters: { Delay: "7" } }
Outputs:
  Url: { Value: !GetAtt Child.Outputs.Url }
`;

const FAILING = `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Metadata: { Simulator: { Fail: create } }
`;

const cloudFormation = (simulator: Simulator, account: string, region: string): CloudFormationClient =>
  new CloudFormationClient({
    region,
    credentials: simulator.credentials(account),
    requestHandler: simulator.requestHandler,
  });

function settle({ world: { clock } }: Simulator): void {
  while (clock.advanceToNext());
}

/** A desired state that was applied, and everything that befell it afterwards; then the next commit, not yet applied. */
export async function troubledWorld(): Promise<World> {
  const world = await createWorld({
    organization: troubledOrganization(),
    files: {
      'controller.yaml': CONTROLLER,
      'templates/queue.yaml': queueTemplate(),
      'templates/set.yaml': queueTemplate(31),
      'queue.yaml': stackManifest('queue', `${EVERYWHERE}\n${OVERRIDE}\nterminationProtection: true`),
      'short.yaml': stackManifest('short', EVERYWHERE),
      'own.yaml': setManifest('own', `${ENTERED}\npermissionModel: self-managed\n${OVERRIDE}`).replace(
        'queue.yaml',
        'set.yaml',
      ),
      'managed.yaml': setManifest(
        'managed',
        `${EVERYWHERE}\npermissionModel: service-managed\ncallAs: delegated-admin\nautoDeployment: { enabled: true }`,
      ),
    },
  });
  await world.reconcile();
  await befall(world.simulator);
  await world.write({
    'templates/queue.yaml': queueTemplate(60),
    'short.yaml': null,
    'late.yaml': stackManifest('late', EVERYWHERE),
  });
  return world;
}

async function befall(simulator: StorySimulator): Promise<void> {
  const in1 = cloudFormation(simulator, accountId(1), 'us-east-1');
  const in2 = cloudFormation(simulator, accountId(2), 'us-west-2');
  const tampering = { TemplateBody: queueTemplate(), Parameters: [{ ParameterKey: 'Delay', ParameterValue: '9' }] };
  await in1.send(new UpdateStackCommand({ StackName: 'evenkeel-queue', ...tampering }));
  await in2.send(new DeleteStackCommand({ StackName: 'evenkeel-short' }));
  const instance = instanceStack(simulator, accountId(3), 'us-east-1', 'own');
  await cloudFormation(simulator, accountId(3), 'us-east-1').send(
    new UpdateStackCommand({ StackName: instance, ...tampering }),
  );
  await in1.send(
    new CreateStackCommand({
      StackName: 'evenkeel-late',
      TemplateBody: FAILING,
      Tags: [
        { Key: 'evenkeel:installation', Value: 'evenkeel' },
        { Key: 'evenkeel:address', Value: 'Stack/late' },
      ],
    }),
  );
  await in2.send(
    new CreateStackCommand({
      StackName: 'secretive',
      TemplateBody: SECRETIVE,
      Parameters: [{ ParameterKey: 'Password', ParameterValue: 'correct horse battery' }],
      EnableTerminationProtection: true,
    }),
  );
  const bucket = `evenkeel-artifacts-${HUB}-us-east-1`;
  await new S3Client({
    region: 'us-east-1',
    credentials: simulator.credentials(HUB),
    requestHandler: simulator.requestHandler,
  }).send(new PutObjectCommand({ Bucket: bucket, Key: 'child.yaml', Body: queueTemplate() }));
  await in1.send(new CreateStackCommand({ StackName: 'family', TemplateBody: PARENT(bucket) }));
  settle(simulator);
  // Since then a policy denies one Region to one account.
  for (const operation of ['DescribeStacks', 'GetTemplate'])
    simulator.inject({
      service: 'cloudformation',
      operation,
      account: accountId(4),
      region: 'us-west-2',
      when: 'before',
      error: {
        code: 'AccessDenied',
        message: `User is not authorized to perform: cloudformation:${operation} with an explicit deny in a service control policy`,
        status: 403,
      },
    });
}

function instanceStack({ stacks }: StorySimulator, account: string, region: string, set: string): string {
  const found = stacks
    .standing()
    .find(
      (stack) =>
        stack.accountId === account && stack.region === region && stack.name.startsWith(`StackSet-evenkeel-${set}-`),
    );
  if (found === undefined) throw new Error(`no instance of ${set} in ${account}/${region}`);
  return found.stackId;
}
