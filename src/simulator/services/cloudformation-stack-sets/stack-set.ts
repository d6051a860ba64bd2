import type { StackInstanceResourceDriftsSummary } from '@aws-sdk/client-cloudformation';
import type { Declaration } from './template.js';

export type PermissionModel = 'SELF_MANAGED' | 'SERVICE_MANAGED';
export type AutoDeployment = {
  readonly enabled: boolean;
  readonly retainStacks: boolean;
  readonly dependsOn: readonly string[];
};

/** What CreateStackSet and UpdateStackSet say; replaced as a whole by each update. */
export type Content = {
  readonly description: string | undefined;
  readonly template: string;
  /** Read from the template once, because every instance asks. */
  readonly declared: ReadonlyMap<string, Declaration>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly permissionModel: PermissionModel;
  /** Undefined: the role that AWS documents as the default one. */
  readonly administrationRoleArn: string | undefined;
  readonly executionRoleName: string;
  readonly autoDeployment: AutoDeployment;
  readonly managedExecution: boolean;
};

export type DetailedStatus =
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'INOPERABLE'
  | 'SKIPPED_SUSPENDED_ACCOUNT'
  | 'FAILED_IMPORT';

/** What the stack set's own drift detection saw last; a detection on the stack itself does not count. */
export type InstanceDrift = { readonly status: 'NOT_CHECKED' | 'IN_SYNC' | 'DRIFTED'; readonly at: Date | undefined };

export type StackInstance = {
  readonly account: string;
  readonly region: string;
  /** The unit that was targeted, not the one that the account is in; undefined where the stack set is self-managed. */
  unitId: string | undefined;
  stackId: string | undefined;
  overrides: ReadonlyMap<string, string>;
  status: 'CURRENT' | 'OUTDATED' | 'INOPERABLE';
  detailedStatus: DetailedStatus;
  reason: string | undefined;
  lastOperationId: string;
  /** Which of the stack set's templates its stack has; 0 where it has none. */
  templateRevision: number;
  drift: InstanceDrift;
};

export type StackSet = {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** Where it lives: for a delegated administrator's sets that is the management account. */
  readonly account: string;
  readonly region: string;
  readonly token: string | undefined;
  status: 'ACTIVE' | 'DELETED';
  content: Content;
  /** Grows with each change of template or parameters, which is what makes instances OUTDATED. */
  revision: number;
  /** Grows with each change of the template alone. */
  templateRevision: number;
  readonly instances: Map<string, StackInstance>;
  readonly operations: Map<string, Operation>;
  /** Units that automatic deployment watches, and the Regions it deploys to. */
  readonly watched: Map<string, Set<string>>;
  /** The newest drift detection that has ended. */
  lastDriftDetection: Operation | undefined;
};

export type Target = { readonly account: string; readonly region: string; readonly unitId: string | undefined };

/** Absent keeps every override; a list sets what it names and resets what it does not. */
export type OverrideChange =
  | { readonly type: 'keep' }
  | { readonly type: 'replace'; readonly overrides: ReadonlyMap<string, string | typeof PREVIOUS> };
export const PREVIOUS = Symbol('UsePreviousValue');

export type OperationKind =
  | { readonly type: 'create'; readonly overrides: OverrideChange }
  | { readonly type: 'update-set' }
  | { readonly type: 'update-instances'; readonly overrides: OverrideChange }
  | { readonly type: 'delete'; readonly retainStacks: boolean }
  | { readonly type: 'import'; /** By account and Region. */ readonly stackIds: ReadonlyMap<string, string> }
  | { readonly type: 'detect-drift'; /** What it has seen so far, by account and Region. */ readonly seen: DriftsSeen };

/** The resources of one instance's stack, as a detection found them. */
export type DriftsSeen = Map<string, readonly StackInstanceResourceDriftsSummary[]>;

export type OperationResult = {
  readonly target: Target;
  status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  reason: string | undefined;
  gate: { readonly Status: 'SUCCEEDED' | 'FAILED' | 'SKIPPED'; readonly StatusReason?: string } | undefined;
};

export type Operation = {
  readonly id: string;
  readonly kind: OperationKind;
  /** Started by an account's move; AWS neither refuses it nor applies preferences to it. */
  readonly automatic: boolean;
  readonly targets: readonly Target[];
  readonly preferences: Preferences;
  /** As the caller sent them, for describing. */
  readonly sent: { readonly preferences: unknown; readonly deploymentTargets: unknown };
  readonly createdAt: Date;
  /** Of other stack sets: it begins when all of them have succeeded. */
  readonly waitsFor: readonly Operation[];
  /** Called once, when it has ended. */
  readonly onEnd: (() => void)[];
  endedAt: Date | undefined;
  reason: string | undefined;
  status: 'QUEUED' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
  readonly results: Map<string, OperationResult>;
};

export type Preferences = {
  readonly regionOrder: readonly string[];
  readonly regionsInParallel: boolean;
  readonly concurrent: Share;
  readonly tolerance: Share;
  readonly strict: boolean;
};
/** A number of accounts in a Region, or a percentage of them. */
export type Share =
  { readonly type: 'count'; readonly count: number } | { readonly type: 'percentage'; readonly percentage: number };

export const placeOf = (place: { readonly account: string; readonly region: string }): string =>
  `${place.account}/${place.region}`;

export const isOpen = (operation: Operation): boolean =>
  operation.status === 'QUEUED' || operation.status === 'RUNNING' || operation.status === 'STOPPING';
