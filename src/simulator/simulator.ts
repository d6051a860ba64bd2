import type { Fault, OrganizationFile, Simulator, SimulatorOptions } from './kernel/contract.js';
import type { Hands } from './kernel/hands.js';
import { AttendedClock } from './kernel/attended-clock.js';
import { BucketStore } from './kernel/bucket-store.js';
import { CountedCalls } from './kernel/counted-calls.js';
import { InjectedFaults } from './kernel/injected-faults.js';
import { keepPace } from './kernel/pace.js';
import { RateLimits } from './kernel/rate-limits.js';
import { isRegionOf } from './kernel/regions.js';
import { SeededIdentifiers } from './kernel/seeded-identifiers.js';
import { Sessions } from './kernel/sessions.js';
import { HeapClock } from './kernel/virtual-clock.js';
import { foreignStacks } from './organizations/foreign-stacks.js';
import { DEMO_ORGANIZATION } from './organizations/demo.js';
import { newestTime } from './organizations/placed-world.js';
import { OrganizationTree } from './organizations/organization-tree.js';
import { baselineRoles, populate } from './organizations/population.js';
import type { StackDesk } from './services/cloudformation/service.js';
import { Trail } from './services/cloudtrail/trail.js';
import { createHands } from './services/hands.js';
import { assembleServices } from './services/registry.js';
import { Topics, type PublishedMessage } from './services/sns/topics.js';
import { publishSolutions } from './services/s3-publishers.js';
import { arrangeTrouble } from './trouble/arrangement.js';
import { DynamoDbProxy } from './wire/dynamodb.js';
import { inputViolations } from './wire/endpoints.js';
import { Gateway } from './wire/gateway.js';
import { listen } from './wire/listener.js';
import { InProcessHandler } from './wire/request-handler.js';

/** Fixed, so that the same seed gives the same world; in the future, so that clients that look at their own clock keep their sessions. */
const BEGINNING = new Date('2030-01-01T00:00:00.000Z');

/** A simulator with its stacks at hand, for stories in which somebody changes one behind CloudFormation's back. */
export type StorySimulator = Simulator & {
  readonly stacks: StackDesk;
  /** People, as CloudTrail names them. */
  readonly hands: Hands;
  /** What was published to topics, oldest first; the newest 10,000 messages. */
  published(): readonly PublishedMessage[];
};

/** AWS in process. Nothing is started before it is needed, and everything stops with `close`. */
export function createSimulator(options: SimulatorOptions): StorySimulator {
  const seed = options.seed ?? 1;
  const file = organizationFile(options.organization ?? 'empty');
  const partition = options.partition ?? file?.partition ?? 'aws';
  const clock = new AttendedClock(new HeapClock(options.startAt ?? beginning(file)));
  const identifiers = new SeededIdentifiers(seed, 'world');
  const organization = new OrganizationTree();
  if (file !== null) populate({ tree: organization, clock, identifiers }, file);
  const sessions = new Sessions(partition, clock, new SeededIdentifiers(seed, 'sessions'));
  const trail = new Trail(clock, new SeededIdentifiers(seed, 'trail'), options.trail);
  const topics = new Topics(partition, clock);
  const base = { partition, clock, identifiers, organization, objects: new BucketStore(clock) };
  publishSolutions(base.objects, partition);
  const { world, stacks, services } = assembleServices(base, {
    sessions,
    trail,
    topics,
    baselineRoles: file === null ? new Map<string, string | null>() : baselineRoles(file),
    file,
  });
  for (const { name, account, region } of file?.buckets ?? []) base.objects.create(name, account, region);
  if (file !== null) for (const request of foreignStacks(file, organization.accounts.values())) stacks.place(request);
  const calls = new CountedCalls();
  const faults = new InjectedFaults();
  const onCall = options.onCall ?? (() => {});
  const trouble = arrangeTrouble(options.trouble ?? 'none', {
    seed,
    clock,
    world,
    stacks,
    services,
    record: (call) => {
      calls.record(call);
      onCall(call);
    },
    tell: options.onDeed ?? (() => {}),
  });
  const dynamoDb = new DynamoDbProxy();
  const gateway = new Gateway({
    isRegion: (region) => isRegionOf(partition, region),
    clock,
    requestIds: new SeededIdentifiers(seed, 'requests'),
    sessions,
    services: trouble.services,
    calls,
    onCall,
    faults: { striking: (call, input) => faults.striking(call) ?? trouble.strikes.striking(call, input) },
    limits: new RateLimits(clock, options.throttling === true ? organization : null),
    violations: inputViolations,
    dynamoDb: (request, call) => dynamoDb.forward(request, call),
  });
  const pace = keepPace(clock, options.speed ?? 0);
  const listeners = new Set<{ close(): Promise<void> }>();
  return {
    world,
    stacks,
    hands: createHands(stacks, sessions),
    published: () => topics.published(),
    calls,
    operations: new Set(
      [...services.values()].flatMap(({ id, operations }) => Object.keys(operations).map((name) => `${id}:${name}`)),
    ),
    requestHandler: new InProcessHandler(gateway),
    credentials: (accountId: string) => ({ accessKeyId: accountId, secretAccessKey: 'simulator' }),
    inject: (fault: Fault) => faults.inject(fault),
    clearFaults: () => faults.clear(),
    calm: () => trouble.calm(),
    async listen(port: number) {
      const listener = await listen(gateway, port);
      listeners.add(listener);
      return listener;
    },
    async close() {
      pace.stop();
      for (const listener of listeners) await listener.close();
      listeners.clear();
      await dynamoDb.close();
    },
  };
}

/** Not before anything that the file tells of. */
function beginning(file: OrganizationFile | null): Date {
  const newest = file === null ? null : newestTime(file);
  return newest !== null && newest > BEGINNING ? newest : BEGINNING;
}

function organizationFile(choice: 'empty' | 'demo' | OrganizationFile): OrganizationFile | null {
  if (choice === 'empty') return null;
  return choice === 'demo' ? DEMO_ORGANIZATION : choice;
}
