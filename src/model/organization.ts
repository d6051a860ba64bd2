import type { AccountId, OrganizationalUnitId } from './identifiers.js';

/** Organizations' own words for an account's life. Only ACTIVE accounts are targets. */
export type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';

export type Account = {
  readonly id: AccountId;
  readonly name: string;
  readonly state: AccountState;
  readonly parentId: OrganizationalUnitId;
  /** Milliseconds since the epoch; null where the endpoint does not say. */
  readonly joinedAt: number | null;
  /** Null where no selector or reference needs tags, so none were read. */
  readonly tags: Readonly<Record<string, string>> | null;
};

export type OrganizationalUnit = {
  readonly id: OrganizationalUnitId;
  /** Null for the root. */
  readonly parentId: OrganizationalUnitId | null;
  readonly name: string;
  /** `/` for the root, else `/Workloads/Prod`. */
  readonly path: string;
};

/** The whole tree, or nothing: a tree that was read in part is never built. */
export type Organization = {
  readonly id: string;
  readonly managementAccountId: AccountId;
  readonly units: readonly OrganizationalUnit[];
  readonly accounts: readonly Account[];
};
