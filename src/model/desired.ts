import type { DeployableKind, DeploymentAddress, ManifestAddress } from './address.js';
import type { Place } from './diagnostic.js';
import type { AccountId, Capability, Partition, Region, StackName } from './identifiers.js';
import type { Account } from './organization.js';
import type { JsonObject } from './json.js';
import type { Channel } from './notice.js';
import type { OutputReference } from './output-reference.js';
import type { Schedule } from './schedule.js';
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
  | { readonly type: 'serverless-application'; readonly application: string; readonly version: string }
  | Solution
  | Construct;

/** An AWS solution implementation: by the address of a template, or by its id and the name of one of its templates. */
export type Solution = {
  readonly type: 'solution';
  /** https URL; null where the id says it. */
  readonly template: string | null;
  /** Such as `SO0111`; null where the address says it. */
  readonly solution: string | null;
  /** Which of the solution's templates, such as `member-roles`; null for its main one. */
  readonly part: string | null;
  /** As the publisher writes it, such as `v3.1.5`; null where an address alone says what is meant. */
  readonly version: string | null;
};

/** A pattern of AWS Solutions Constructs. */
export type Construct = {
  readonly type: 'construct';
  /** As the manifest writes it, which may be a name that was given up. */
  readonly construct: string;
  readonly version: string;
  readonly props: JsonObject;
};

/** What is written into the template of a block that does not provide for it. */
export type Transform = {
  /** Of every resource that takes tags and can be told so. */
  readonly tags: Readonly<Record<string, string>>;
  /** Name of a managed policy in each target account, or an ARN; null leaves roles and users as they are. */
  readonly permissionsBoundary: string | null;
  /** Path of IAM resources, such as `/evenkeel/`; null leaves them as they are. */
  readonly rolePath: string | null;
};

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

/** In which order, and how many at once, a manifest's deployments are changed. */
export type Rollout = {
  readonly maxConcurrent: number | `${number}%` | null;
  readonly failureTolerance: number | `${number}%` | null;
  readonly concurrencyMode: 'soft' | 'strict';
  readonly regionOrder: readonly Region[];
  readonly regionConcurrency: 'sequential' | 'parallel';
  /** One after the other; a deployment belongs to the first that selects it. Empty: all at once. */
  readonly waves: readonly AccountSelector[];
  /** False where the manifest speaks neither of waves nor of failures: then one failure stops nobody else. */
  readonly stops: boolean;
};

/** A reference to an output, where the manifest writes it. */
export type WrittenReference = { readonly reference: OutputReference; readonly path: readonly (string | number)[] };

/** What must have been changed first, for want of a reference that would say so. */
export type Dependency = {
  readonly manifest: ManifestAddress;
  /** All that this reconcile touches of it, or only what stands at the same target. */
  readonly at: 'every-target' | 'same-target';
};

export type Suspension = {
  readonly by: string;
  readonly reason: string;
  /** ISO date; null means until it is removed. */ readonly until: string | null;
};

/** Drift that somebody has accepted: it is neither reported as drift nor put right. */
export type IgnoreRule = {
  /** A logical id, `Child.LogicalId` in a nested stack, or `AWS::CloudFormation::Stack` for the stack's own settings. */
  readonly resource: string;
  /** A JSON pointer; all below it is meant too. */
  readonly path: string;
  readonly reason: string;
  /** ISO date, which is the last day on which it counts (UTC), or the time at which it ends; null for never. */
  readonly expires: string | null;
  readonly place: Place;
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
  /** Of its parameters and overrides. */
  readonly references: readonly WrittenReference[];
  readonly dependsOn: readonly Dependency[];
  readonly targets: readonly TargetSelector[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly overrides: readonly Override[];
  readonly acknowledge: readonly Capability[];
  /** Null where nothing is injected. */
  readonly transform: Transform | null;
  readonly stackName: StackName;
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  readonly deletion: 'delete' | 'retain';
  readonly driftRespond: 'report' | 'revert';
  readonly driftIgnore: readonly IgnoreRule[];
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
    /** Calls that drift detection and the sweep of templates may make in each account and Region in an hour. */
    readonly checks: number;
  };
  readonly freeze: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  /** Name of a managed policy in each account, or an ARN, that every role and user must have as its boundary; null demands none. */
  readonly permissionsBoundary: string | null;
  /** When `--watch` reconciles. */
  readonly reconcile: Schedule;
  /** How often each stack's resources are checked, and its template is swept; null where they are checked when somebody asks. */
  readonly drift: Schedule | null;
  readonly notify: readonly Channel[];
  /** https URL that is told of every pass that ended; null where nobody listens. */
  readonly heartbeat: string | null;
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
  /** Those whose value is made of other deployments' outputs; they are not among `parameters`. */
  readonly references: Readonly<Record<string, readonly ValuePart[]>>;
  /** Which of both differ from what the manifest says for every target: a stack set's ParameterOverrides. */
  readonly overridden: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Which wave of its manifest's rollout it belongs to, counted from 0. */
  readonly wave: number;
};

/** A stretch of a value: text, or an output of another deployment. */
export type ValuePart =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'output'; readonly reference: OutputReference };

/** An account that the selectors name or contain and that is not ACTIVE: named in the plan, never a target. */
export type ExcludedAccount = { readonly id: AccountId; readonly name: string; readonly state: string };
