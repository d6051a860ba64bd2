import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ServerlessApplicationRepositoryClient } from '@aws-sdk/client-serverlessapplicationrepository';
import { BucketStore } from '../../../src/simulator/kernel/bucket-store.js';
import type { OrganizationFile, Service, World } from '../../../src/simulator/kernel/contract.js';
import { CountedCalls } from '../../../src/simulator/kernel/counted-calls.js';
import { InjectedFaults } from '../../../src/simulator/kernel/injected-faults.js';
import { RateLimits } from '../../../src/simulator/kernel/rate-limits.js';
import { SeededIdentifiers } from '../../../src/simulator/kernel/seeded-identifiers.js';
import { Sessions } from '../../../src/simulator/kernel/sessions.js';
import { HeapClock } from '../../../src/simulator/kernel/virtual-clock.js';
import { OrganizationTree } from '../../../src/simulator/organizations/organization-tree.js';
import { populate } from '../../../src/simulator/organizations/population.js';
import { stackSetOperations } from '../../../src/simulator/services/cloudformation-stack-sets/service.js';
import { createCloudFormation } from '../../../src/simulator/services/cloudformation/service.js';
import { createServerlessRepository } from '../../../src/simulator/services/serverlessrepo/service.js';
import { inputViolations } from '../../../src/simulator/wire/endpoints.js';
import { Gateway } from '../../../src/simulator/wire/gateway.js';
import { InProcessHandler } from '../../../src/simulator/wire/request-handler.js';

export const MANAGEMENT = '111111111111';
export const TOOLING = '222222222222';
export const [ALPHA, BETA, GAMMA, OUTSIDE] = ['333333333331', '333333333332', '333333333333', '444444444444'] as const;
export const ADMINISTRATION = 'AWSCloudFormationStackSetAdministrationRole';
export const EXECUTION = 'AWSCloudFormationStackSetExecutionRole';
export const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';

/** Three accounts in /Workloads, one outside, and a delegated administrator; every account has the execution role. */
const FILE: OrganizationFile = {
  managementAccount: { id: MANAGEMENT, name: 'management', roles: [ADMINISTRATION, EXECUTION] },
  units: [{ path: '/Workloads/Prod' }, { path: '/Sandbox' }],
  accounts: [
    { id: TOOLING, name: 'tooling', unit: '/', roles: [ADMINISTRATION, EXECUTION] },
    { id: ALPHA, name: 'alpha', unit: '/Workloads', roles: [EXECUTION] },
    { id: BETA, name: 'beta', unit: '/Workloads', roles: [EXECUTION] },
    { id: GAMMA, name: 'gamma', unit: '/Workloads/Prod', roles: [EXECUTION] },
    { id: OUTSIDE, name: 'outside', unit: '/Sandbox', roles: [EXECUTION] },
  ],
  trustedServices: [STACK_SETS],
  delegatedAdministrators: [{ account: TOOLING, service: STACK_SETS }],
};

/** CloudFormation and the Serverless Application Repository over one small organization, asked through the SDK's own clients. */
export function simulatedAws({ partition = 'aws' } = {}) {
  const clock = new HeapClock(new Date('2030-01-01T00:00:00Z'));
  const identifiers = new SeededIdentifiers(7, 'world');
  const organization = new OrganizationTree();
  populate({ tree: organization, clock, identifiers }, FILE);
  const base = { partition, clock, identifiers, organization, objects: new BucketStore(clock) };
  const stacks = createCloudFormation(base);
  const { engine, operations } = stacks;
  const world: World = { ...base, stacks: engine };
  const services: Service[] = [
    { id: 'cloudformation', operations: { ...operations, ...stackSetOperations(world, stacks) } },
    createServerlessRepository(world, operations['CreateChangeSet']!).service,
  ];
  const gateway = new Gateway({
    clock,
    requestIds: new SeededIdentifiers(7, 'requests'),
    sessions: new Sessions(partition, clock, new SeededIdentifiers(7, 'sessions')),
    services: new Map(services.map((service) => [service.id, service])),
    calls: new CountedCalls(),
    faults: new InjectedFaults(),
    limits: new RateLimits(clock, null),
    violations: inputViolations,
    dynamoDb: () => Promise.reject(new Error('no table is needed here')),
  });
  const options = (account: string, region: string) => ({
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'simulator' },
    requestHandler: new InProcessHandler(gateway),
    maxAttempts: 1,
  });
  const unitOf = (name: string): string => [...organization.units.values()].find((unit) => unit.name === name)!.id;
  return {
    world,
    clock,
    organization,
    engine,
    unitOf,
    cloudFormation: (account: string = MANAGEMENT, region = 'us-east-1') =>
      new CloudFormationClient(options(account, region)),
    serverlessRepository: (account: string = ALPHA, region = 'us-east-1') =>
      new ServerlessApplicationRepositoryClient(options(account, region)),
    account: (id: string) => organization.accounts.get(id)!,
    move(id: string, unitName: string) {
      organization.accounts.get(id)!.parentId = unitOf(unitName);
      organization.changed(id);
    },
  };
}

export type SimulatedAws = ReturnType<typeof simulatedAws>;

/** What went wrong, by the name under which the SDK throws it; fails where nothing did. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
  }
  throw new Error('the call was expected to be refused');
}
