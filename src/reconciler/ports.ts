import type { Address, ManifestAddress } from '../model/address.js';
import type { Artifact } from '../model/artifact.js';
import type { Deployment, Desired, DriverKind } from '../model/desired.js';
import type { Diagnostic, Result } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Hold } from '../model/hold.js';
import type { AccountId, Region, RunId, Token } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Organization } from '../model/organization.js';
import type { BudgetUse } from '../model/plan.js';
import type { Entry, HistoryEvent, HistoryHead, JournalStep, Recorded, SyncStatus } from '../model/recorded.js';
import type { Run } from '../model/run.js';
import type { Settings } from '../model/settings.js';
import type { Applied, Step, Subject } from '../model/step.js';
import type { TemplateCheck } from '../model/template-check.js';

/** An action that a role must allow, and why: the roles are generated from these. */
export type IamAction = {
  readonly action: `${string}:${string}`;
  readonly role: 'plan' | 'apply' | 'controller';
  readonly reason: string;
  readonly source?: string;
};

/** All that is known about one way to deploy. A driver is one file; the reconciler never asks which. */
export interface Driver {
  readonly kind: DriverKind;
  /** What one step covers: one deployment, or all of a manifest's. */
  readonly grain: 'deployment' | 'manifest';
  /** What it may call, with the reason. */
  readonly iamActions: readonly IamAction[];
  /** What AWS would refuse. Pure. */
  check(desired: Desired, artifact: Artifact, deployments: readonly Deployment[]): Diagnostic[];
  /** The manifest in the words that `observe` answers in. Pure. `deployments` is one for the grain `deployment`, else all of them. */
  settings(desired: Desired, artifact: Artifact, deployments: readonly Deployment[]): Settings;
  /**
   * What AWS has. One answer for each subject, never fewer: what could not be read is `unknown`.
   * `progress` is told how many of how many targets have been read.
   */
  observe(subjects: readonly Subject[], watch: Watch): Promise<ReadonlyMap<Address, Observation>>;
  /** The text of the template that stands in AWS now; null where it cannot be read. Asked only where a template or a parameter changes, to predict replacements. */
  template(subject: Subject, signal: AbortSignal): Promise<string | null>;
  /** Observe, ensure, sync; safe to call twice. Makes at most one mutating call that starts an operation, and never waits for it. */
  apply(step: Step, signal: AbortSignal): Promise<Applied>;
}

export type Watch = {
  readonly signal: AbortSignal;
  readonly progress: (done: number, of: number) => void;
  /** `poll`: an operation is being waited for, so listings are read again. */
  readonly freshness: 'reuse' | 'poll';
};

/** The organization's tree, whole or not at all: a page that failed is a diagnostic, and stops the run. */
export interface OrganizationSource {
  discover(
    needs: { readonly tags: boolean },
    watch: { readonly signal: AbortSignal; readonly progress: (accounts: number) => void },
  ): Promise<Result<Organization>>;
}

/** Building blocks, made of the locked files; asks nobody. */
export interface ArtifactSource {
  resolve(desired: Desired, files: DesiredFiles): Result<Artifact>;
}

/** What is wrong with templates, whichever driver deploys them. */
export interface Checks {
  /** What AWS would refuse. Pure. */
  check(input: TemplateCheck): readonly Diagnostic[];
  /** What CloudFormation's own rules say of templates that stand nowhere yet: warnings only. Asks nobody. */
  advise(input: TemplateCheck, signal: AbortSignal): Promise<readonly Diagnostic[]>;
}

/** Real time, or a simulator's. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What one step deletes and replaces. A step that is begun again after a crash is the same step, and is paid for once. */
export type Charge = { readonly token: Token; readonly deletes: number; readonly replaces: number };
export type Spending = { readonly charges: readonly Charge[]; readonly accounts: readonly AccountId[] };

export type Lease = { readonly name: string; readonly generation: number };

/** What one conditional write does to an entry; `expected` is the version that was read, 0 for an entry that is not there yet. */
export type EntryWrite = {
  readonly address: Address;
  readonly expected: number;
  readonly generation: number;
  readonly recorded: Recorded | null;
  readonly step: JournalStep;
  readonly sync: SyncStatus;
  /** Appended to the address's history before the entry moves. */
  readonly event: Omit<HistoryEvent, 'address' | 'sequence' | 'previousSha256'> | null;
  /** Events of members, appended to their own histories. */
  readonly memberEvents: readonly Omit<HistoryEvent, 'sequence' | 'previousSha256'>[];
};

/** The entry moved since it was read, or a newer lease has written it. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
}

/** DynamoDB, or a folder that speaks it. Every write is conditional. */
export interface Ledger {
  /** Makes the table with all its indexes; says whether it was there already. */
  create(): Promise<'created' | 'existed'>;
  /** Every unit of the installation, also those whose manifest is gone; strongly consistent. */
  inventory(): Promise<readonly Entry[]>;
  write(write: EntryWrite): Promise<Entry>;
  history(address: Address, limit: number): Promise<readonly HistoryEvent[]>;
  /** An account's deployments, from the index: for `status`, never for planning. */
  account(
    account: AccountId,
  ): Promise<
    readonly { readonly address: Address; readonly sync: SyncStatus; readonly status: string; readonly at: string }[]
  >;
  startRun(run: Run): Promise<void>;
  finishRun(run: Run, heads: readonly HistoryHead[]): Promise<void>;
  runs(limit: number): Promise<readonly Run[]>;
  /** All of them or none: the holder of the first that is taken is named. Times out by itself after `ttl` milliseconds. */
  acquire(
    names: readonly string[],
    holder: string,
    ttl: number,
    now: Date,
  ): Promise<
    | { readonly type: 'acquired'; readonly leases: readonly Lease[] }
    | { readonly type: 'held'; readonly name: string; readonly holder: string; readonly until: string }
  >;
  renew(leases: readonly Lease[], holder: string, ttl: number, now: Date): Promise<boolean>;
  release(leases: readonly Lease[], holder: string): Promise<void>;
  /** What was spent inside the window, through every door, apart from what was spent on these steps. */
  spent(window: number, now: Date, apartFrom: readonly Token[]): Promise<BudgetUse>;
  /** Adds to what is spent, unless somebody else spent since `known` was read: then it answers false and the guard judges again. */
  spend(spending: Spending, known: BudgetUse, run: RunId, window: number, now: Date): Promise<boolean>;
  /** Rollouts that stopped, those that were resumed since among them: the newest of each manifest. */
  holds(): Promise<readonly Hold[]>;
  /** Writes a hold, or that it was resumed, over the one that the manifest had. */
  hold(hold: Hold): Promise<void>;
  close(): Promise<void>;
}

/** What a person is told while it goes on; the doors draw it. */
export type Progress =
  | { readonly type: 'discovering'; readonly accounts: number }
  | { readonly type: 'observing'; readonly done: number; readonly of: number }
  | { readonly type: 'step-begun'; readonly address: Address; readonly doing: string; readonly total: number }
  | { readonly type: 'step-running'; readonly address: Address; readonly doing: string }
  | {
      readonly type: 'step-ended';
      readonly address: Address;
      readonly result: 'done' | 'failed' | 'skipped' | 'stale' | 'in-doubt';
      readonly detail: string;
    };

/** The bucket of a Region cannot be used: which, where and what to do stand in the message, and apart in the diagnostic. */
export class ArtifactsNotPublished extends Error {
  override readonly name = 'ArtifactsNotPublished';
  constructor(readonly diagnostic: Diagnostic) {
    super(`${diagnostic.message}: ${diagnostic.remedy}`);
  }
}

/** What is asked of AWS once for each Region before a deployment there can read its template and code. */
export interface ArtifactStore {
  /** The https URL of the template in this Region's bucket; uploads it, and what it refers to, where it is not there yet. */
  publish(artifact: Artifact, region: Region, signal: AbortSignal): Promise<{ readonly templateUrl: string }>;
}

export type Drivers = ReadonlyMap<DriverKind, Driver>;
export type { ManifestAddress, Token };
