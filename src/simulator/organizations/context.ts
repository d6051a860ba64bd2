import type { Handler, Identifiers, VirtualClock } from '../kernel/contract.js';
import type { Audience } from './access.js';
import type { AccountCreations } from './account-creation.js';
import type { OrganizationIds } from './identity.js';
import type { OrganizationTree } from './organization-tree.js';

export type OrganizationsParts = {
  readonly partition: string;
  readonly clock: VirtualClock;
  readonly identifiers: Identifiers;
  readonly tree: OrganizationTree;
  readonly baselineRoles: ReadonlyMap<string, string | null>;
};

/** What the operations of Organizations work with. */
export type Organizations = OrganizationsParts & {
  readonly ids: OrganizationIds;
  readonly creations: AccountCreations;
};

/** An operation with those who may call it. */
export type Guarded = { readonly audience: Audience | 'anybody'; readonly handler: Handler };
