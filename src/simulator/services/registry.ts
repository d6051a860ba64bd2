import type { BucketStore } from '../kernel/bucket-store.js';
import type { Call, OrganizationFile, Service, ServiceId, World } from '../kernel/contract.js';
import type { Sessions } from '../kernel/sessions.js';
import type { OrganizationTree } from '../organizations/organization-tree.js';
import { placementOf } from '../organizations/placed-world.js';
import { createCloudFormation, type StackDesk } from './cloudformation/service.js';
import { recorded } from './cloudtrail/recorded.js';
import { cloudTrailService } from './cloudtrail/service.js';
import { recordedDesk } from './cloudtrail/stack-set-calls.js';
import type { Trail } from './cloudtrail/trail.js';
import { TrailWitness } from './cloudtrail/witness.js';
import { refusedWhereUnread } from './cloudformation/unread.js';
import { stackSetOperations } from './cloudformation-stack-sets/service.js';
import { organizationsService } from './organizations.js';
import { simpleStorageService } from './s3.js';
import { createServerlessRepository } from './serverlessrepo/service.js';
import { notificationService } from './sns/service.js';
import type { Topics } from './sns/topics.js';
import { securityTokenService } from './sts.js';

export type Base = Omit<World, 'stacks' | 'organization' | 'objects'> & {
  readonly organization: OrganizationTree;
  readonly objects: BucketStore;
};

type Extras = {
  readonly sessions: Sessions;
  readonly trail: Trail;
  readonly topics: Topics;
  readonly baselineRoles: ReadonlyMap<string, string | null>;
  /** What stands from the beginning; null where the world begins empty. */
  readonly file: OrganizationFile | null;
};

export type Assembly = {
  readonly world: World;
  readonly stacks: StackDesk;
  readonly services: ReadonlyMap<ServiceId, Service>;
};

/** Every service over one world: the one place where they are put together. */
export function assembleServices(base: Base, { sessions, trail, topics, baselineRoles, file }: Extras): Assembly {
  const witness = new TrailWitness(trail, sessions);
  const stacks = createCloudFormation(base, witness);
  const placement = placementOf(file, base.organization);
  if (placement !== null) stacks.engine.placeStacks(placement);
  const stackOperations = refusedWhereUnread(stacks.operations, stacks.unread);
  const world: World = { ...base, stacks: stacks.engine };
  const desk = { ...stacks, engine: recordedDesk(stacks.engine, trail, sessions) };
  const operations = { ...stackOperations, ...stackSetOperations(world, desk, placement) };
  const onlooker = {
    stackOf: (input: Readonly<Record<string, unknown>>, call: Call) => stacks.stackNamed(input, call),
    ordered: witness.ordered.bind(witness),
  };
  const services: readonly Service[] = [
    securityTokenService(world, sessions),
    organizationsService({ ...base, tree: base.organization, baselineRoles }),
    simpleStorageService(base),
    { id: 'cloudformation', operations: recorded(trail, operations, onlooker) },
    notificationService(topics, stacks.engine),
    cloudTrailService(trail, base.clock, base.partition, sessions),
    createServerlessRepository(world, stackOperations['CreateChangeSet']!).service,
  ];
  return { world, stacks: stacks.engine, services: new Map(services.map((service) => [service.id, service])) };
}
