import type { Diagnostic } from './diagnostic.js';
import type { AccountId, Partition, Region, Sha256 } from './identifiers.js';
import type { AccountState } from './organization.js';
import type { UnknownTarget } from './plan.js';
import type { Target } from './target.js';

/** Grows with every change that an older reader would misunderstand. */
export const SNAPSHOT_FORMAT_VERSION = 1;

type Texts = Readonly<Record<string, string>>;

/** Why nothing is known of something: what AWS answered. Never the same as nothing being there. */
export type Unread = { readonly code: string; readonly message: string };

/** Times are ISO 8601. Account, Region and name stand in the id. Members without a value are left out: there are tens of thousands of stacks. */
export type SnapshotStack = {
  readonly id: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly template: Sha256 | Unread;
  /** As DescribeStacks shows it, where the template does not tell it. */
  readonly description?: string;
  /** As DescribeStacks shows them: a NoEcho value is `****`. */
  readonly parameters?: Texts;
  /** What SSM parameters gave, where it is another value. */
  readonly resolved?: Texts;
  readonly tags?: Texts;
  readonly capabilities?: readonly string[];
  readonly outputs?: readonly {
    readonly key: string;
    readonly value: string;
    readonly description?: string;
    readonly exportName?: string;
  }[];
  readonly roleArn?: string;
  readonly terminationProtection?: boolean;
  readonly disableRollback?: boolean;
  readonly notificationArns?: readonly string[];
  readonly timeoutInMinutes?: number;
  readonly parentId?: string;
  readonly rootId?: string;
  /** Newest first. */
  readonly operations?: readonly { readonly type: string; readonly id: string }[];
  readonly drift?: { readonly status: string; readonly checkedAt?: string };
};

/** One account in one Region: every stack of it, or why none is known. */
export type SnapshotPlace = { readonly account: AccountId; readonly region: Region } & (
  { readonly stacks: readonly SnapshotStack[] } | { readonly unread: Unread }
);

export type SnapshotInstance = {
  readonly account: string;
  readonly region: string;
  readonly unit?: string;
  readonly stackId?: string;
  readonly overrides?: Texts;
  readonly status: string;
  readonly detailedStatus?: string;
  readonly reason?: string;
  readonly operation?: string;
};

export type SnapshotStackSet =
  | { readonly name: string; readonly unread: Unread }
  | {
      readonly name: string;
      readonly id: string;
      readonly arn: string;
      readonly description?: string;
      readonly template: Sha256;
      readonly parameters?: Texts;
      readonly capabilities?: readonly string[];
      readonly tags?: Texts;
      readonly permissionModel: 'SELF_MANAGED' | 'SERVICE_MANAGED';
      readonly administrationRoleArn?: string;
      readonly executionRoleName?: string;
      readonly autoDeployment?: {
        readonly enabled: boolean;
        readonly retainStacks: boolean;
        readonly dependsOn?: readonly string[];
      };
      readonly managedExecution: boolean;
      readonly units?: readonly string[];
      readonly instances: readonly SnapshotInstance[];
    };

/** The stack sets that the controller sees, as itself or as delegated administrator: all of them, or why none is known. */
export type SnapshotStackSets = {
  readonly account: AccountId;
  readonly region: Region;
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
} & ({ readonly stackSets: readonly SnapshotStackSet[] } | { readonly unread: Unread });

export type SnapshotRole = string | { readonly name: string; readonly externalId: string };

export type SnapshotAccount = {
  readonly id: AccountId;
  readonly name: string;
  readonly unit: string;
  readonly state?: AccountState;
  readonly joinedAt?: string;
  readonly tags?: Texts;
  readonly roles?: readonly SnapshotRole[];
};

/** An organization with what CloudFormation has in it, as it was read: a file from which the simulator starts. Everything is sorted. */
export type Snapshot = {
  readonly formatVersion: typeof SNAPSHOT_FORMAT_VERSION;
  readonly takenAt: string;
  readonly partition: Partition;
  readonly organizationId: string;
  readonly rootId: string;
  readonly controller: AccountId;
  readonly managementAccount: SnapshotAccount;
  readonly units: readonly { readonly path: string; readonly id: string; readonly name?: string }[];
  readonly accounts: readonly SnapshotAccount[];
  readonly trustedServices: readonly string[];
  readonly delegatedAdministrators: readonly { readonly account: AccountId; readonly service: string }[];
  readonly buckets: readonly { readonly name: string; readonly account: AccountId; readonly region: Region }[];
  /** By their SHA-256: each text once. */
  readonly templates: Readonly<Record<Sha256, string>>;
  readonly places: readonly SnapshotPlace[];
  readonly stackSets: readonly SnapshotStackSets[];
};

/** Something that could not be read, and is unknown in the copy too. */
export type SnapshotGap = {
  /** The account and Region; null where it is stack sets. */
  readonly target: Target | null;
  /** The StackId, where it is what one stack alone holds. */
  readonly stack?: string;
  readonly cause: UnknownTarget['cause'];
  /** Whether the desired state deploys there: `plan` could not look there either. */
  readonly wanted: boolean;
  readonly diagnostic: Diagnostic;
};
