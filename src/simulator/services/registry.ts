import type { BucketStore } from '../kernel/bucket-store.js';
import type { Service, ServiceId, World } from '../kernel/contract.js';
import type { Sessions } from '../kernel/sessions.js';
import type { OrganizationTree } from '../organizations/organization-tree.js';
import { createCloudFormation, type StackDesk } from './cloudformation/service.js';
import { stackSetOperations } from './cloudformation-stack-sets/service.js';
import { organizationsService } from './organizations.js';
import { simpleStorageService } from './s3.js';
import { createServerlessRepository } from './serverlessrepo/service.js';
import { securityTokenService } from './sts.js';

export type Base = Omit<World, 'stacks' | 'organization' | 'objects'> & {
  readonly organization: OrganizationTree;
  readonly objects: BucketStore;
};

type Extras = { readonly sessions: Sessions; readonly baselineRoles: ReadonlyMap<string, string | null> };

export type Assembly = {
  readonly world: World;
  readonly stacks: StackDesk;
  readonly services: ReadonlyMap<ServiceId, Service>;
};

/** Every service over one world: the one place where they are put together. */
export function assembleServices(base: Base, { sessions, baselineRoles }: Extras): Assembly {
  const stacks = createCloudFormation(base);
  const world: World = { ...base, stacks: stacks.engine };
  const services: readonly Service[] = [
    securityTokenService(world, sessions),
    organizationsService({ ...base, tree: base.organization, baselineRoles }),
    simpleStorageService(base),
    { id: 'cloudformation', operations: { ...stacks.operations, ...stackSetOperations(world) } },
    createServerlessRepository(world).service,
  ];
  return { world, stacks: stacks.engine, services: new Map(services.map((service) => [service.id, service])) };
}
