import type { DeployableKind, DeploymentAddress, ManifestAddress } from './address.js';
import type { Place } from './diagnostic.js';
import type { AccountId, Capability, Partition, Region, StackName } from './identifiers.js';
import type { Account } from './organization.js';
import type { Target } from './target.js';

/** Where a value stands in its file: `at('spec', 'targets', 0, 'accounts', 1)`; the nearest enclosing node where the path does not exist. */
export type At = (...path: readonly (string | number)[]) => Place;

/** Which accounts and Regions; every condition that is present must hold. */
export type AccountSelector = {
  readonly all?: true;
  /** Account ids, or account names where they are unique. */
  readonly accounts?: readonly string[];
  /** OU path globs (`/Workloads/**`) or `ou-…`/`r-…` ids. */
  readonly organizationalUnits?: readonly string[];
  /** Tag key → the values that are accepted. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
};

export type TargetSelector = AccountSelector & {
  readonly regions: readonly Region[];
  readonly partitions?: readonly Partition[];
  readonly except?: AccountSelector & { readonly regions?: readonly Region[] };
};

export type Override = {
  readonly where: AccountSelector & {
    readonly regions?: readonly Region[];
    readonly partitions?: readonly Partition[];
    readonly except?: TargetSelector['except'];
  };
  readonly parameters: Readonly<Record<string, string>>;
};

/** What a manifest deploys. An open set: each building block is one file in `blocks/`. */
export type BlockReference =
  | { readonly type: 'template'; /** Relative to the desired-state folder. */ readonly path: string }
  | { readonly type: 'serverless-application'; readonly application: string; readonly version: string };

/** How a manifest is deployed, in the driver's own words. */
export type DriverKind = 'stack' | 'stack-set';

export type StackSetOptions = {
  readonly permissionModel: 'SELF_MANAGED' | 'SERVICE_MANAGED';
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
  /** Service-managed only; null where auto-deployment is off. */
  readonly autoDeployment: { readonly retainStacksOnAccountRemoval: boolean } | null;
  /** Self-managed only; null means AWS's default name. */
  readonly administrationRoleArn: string | null;
  readonly executionRoleName: string | null;
};

/** What a stack set's operations are told; the `stack` driver takes none of it. */
export type Rollout = {
  readonly maxConcurrent: number | `${number}%` | null;
  readonly failureTolerance: number | `${number}%` | null;
  readonly concurrencyMode: 'soft' | 'strict';
  readonly regionOrder: readonly Region[];
  readonly regionConcurrency: 'sequential' | 'parallel';
};

export type Suspension = {
  readonly by: string;
  readonly reason: string;
  /** ISO date; null means until it is removed. */ readonly until: string | null;
};

/** One manifest of a deployable kind, meant for this installation's partition: checked, and with everything defaulted. */
export type Desired = {
  readonly address: ManifestAddress;
  readonly kind: DeployableKind;
  readonly name: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly controls: readonly string[];
  readonly block: BlockReference;
  readonly driver: DriverKind;
  /** Present exactly where `driver` is `stack-set`. */
  readonly stackSet: StackSetOptions | null;
  readonly rollout: Rollout;
  readonly targets: readonly TargetSelector[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly overrides: readonly Override[];
  readonly acknowledge: readonly Capability[];
  readonly stackName: StackName;
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  readonly deletion: 'delete' | 'retain';
  readonly driftRespond: 'report' | 'revert';
  readonly adopt: boolean;
  readonly suspend: Suspension | null;
  readonly at: At;
};

/** A Controller manifest: one installation. */
export type Controller = {
  readonly name: string;
  readonly partition: Partition;
  readonly homeRegion: Region;
  readonly table: string;
  /** With `${account.id}` (the controller's own account) and `${region}` still to be filled in. */
  readonly artifactBucket: string;
  readonly roles: {
    readonly plan: string;
    readonly apply: string;
    readonly cloudformation: string | null;
    readonly externalId: string | null;
  };
  readonly budgets: {
    readonly delete: number;
    readonly replace: number;
    readonly accounts: number | `${number}%`;
    /** Milliseconds. */ readonly window: number;
  };
  readonly freeze: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  /** Milliseconds between reconciles of `--watch`. */
  readonly reconcileEvery: number;
  readonly at: At;
};

/** One building block at one target: selectors laid over the organization, references to facts resolved. */
export type Deployment = {
  readonly address: DeploymentAddress;
  readonly manifest: ManifestAddress;
  readonly target: Target;
  readonly account: Account;
  /** What the manifest sets, overrides laid over; template defaults are not among them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Which of `parameters` differ from what the manifest says for every target: a stack set's ParameterOverrides. */
  readonly overridden: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
};

/** An account that the selectors name or contain and that is not ACTIVE: named in the plan, never a target. */
export type ExcludedAccount = { readonly id: AccountId; readonly name: string; readonly state: string };
