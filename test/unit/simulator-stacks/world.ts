import {
  CloudFormationClient,
  type CreateStackCommandInput,
  CreateStackCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { BucketStore } from '../../../src/simulator/kernel/bucket-store.js';
import { CountedCalls } from '../../../src/simulator/kernel/counted-calls.js';
import { InjectedFaults } from '../../../src/simulator/kernel/injected-faults.js';
import { RateLimits } from '../../../src/simulator/kernel/rate-limits.js';
import { SeededIdentifiers } from '../../../src/simulator/kernel/seeded-identifiers.js';
import { Sessions } from '../../../src/simulator/kernel/sessions.js';
import { HeapClock } from '../../../src/simulator/kernel/virtual-clock.js';
import { OrganizationTree } from '../../../src/simulator/organizations/organization-tree.js';
import { populate } from '../../../src/simulator/organizations/population.js';
import { createCloudFormation, type StackDesk } from '../../../src/simulator/services/cloudformation/service.js';
import { inputViolations } from '../../../src/simulator/wire/endpoints.js';
import { Gateway } from '../../../src/simulator/wire/gateway.js';
import { InProcessHandler } from '../../../src/simulator/wire/request-handler.js';

export const MANAGEMENT = '111111111111';
export const MEMBER = '222222222222';
export const REGION = 'us-east-1';

export type Bench = {
  readonly clock: HeapClock;
  readonly objects: BucketStore;
  readonly organization: OrganizationTree;
  readonly engine: StackDesk;
  readonly client: CloudFormationClient;
  readonly clientOf: (accountId: string, region?: string) => CloudFormationClient;
  readonly settle: () => void;
  readonly create: (name: string, template: unknown, more?: Partial<CreateStackCommandInput>) => Promise<string>;
  readonly describe: (nameOrId: string) => Promise<Stack>;
};

/** CloudFormation alone behind the simulator's wire, two accounts, and a client of the member's administrator. */
export function bench(): Bench {
  const clock = new HeapClock(new Date('2030-01-01T00:00:00Z'));
  const identifiers = new SeededIdentifiers(1, 'world');
  const organization = new OrganizationTree();
  populate(
    { tree: organization, clock, identifiers },
    {
      managementAccount: { id: MANAGEMENT, name: 'management' },
      units: [{ path: '/Workloads' }],
      accounts: [{ id: MEMBER, name: 'member', unit: '/Workloads', roles: ['cloudformation'] }],
    },
  );
  const objects = new BucketStore(clock);
  const { engine, operations } = createCloudFormation({ partition: 'aws', clock, identifiers, organization, objects });
  const gateway = new Gateway({
    clock,
    requestIds: new SeededIdentifiers(1, 'requests'),
    sessions: new Sessions('aws', clock, new SeededIdentifiers(1, 'sessions')),
    services: new Map([['cloudformation', { id: 'cloudformation', operations }]]),
    calls: new CountedCalls(),
    faults: new InjectedFaults(),
    limits: new RateLimits(clock, null),
    violations: inputViolations,
    dynamoDb: () => {
      throw new Error('there is no DynamoDB here');
    },
  });
  const clientOf = (accountId: string, region = REGION): CloudFormationClient =>
    new CloudFormationClient({
      region,
      credentials: { accessKeyId: accountId, secretAccessKey: 'simulator' },
      requestHandler: new InProcessHandler(gateway) as never,
      maxAttempts: 1,
    });
  const client = clientOf(MEMBER);
  return {
    clock,
    objects,
    organization,
    engine,
    client,
    clientOf,
    settle: () => {
      while (clock.advanceToNext());
    },
    create: async (name, template, more = {}) => {
      const body = typeof template === 'string' ? template : JSON.stringify(template);
      const { StackId } = await client.send(new CreateStackCommand({ StackName: name, TemplateBody: body, ...more }));
      return StackId ?? '';
    },
    describe: async (nameOrId) => {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: nameOrId }));
      return Stacks![0]!;
    },
  };
}

/** A template of one topic with a name that follows the stack's. */
export function topic(properties: Record<string, unknown> = {}, metadata?: Record<string, unknown>): object {
  return {
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: properties, ...(metadata ? { Metadata: metadata } : {}) },
    },
    Outputs: { Arn: { Value: { Ref: 'Topic' } } },
  };
}
