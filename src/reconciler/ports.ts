import type { Address, ManifestAddress } from '../model/address.js';
import type { Anchor } from '../model/anchor.js';
import type { Artifact } from '../model/artifact.js';
import type { CheckBook, Pass, StackId } from '../model/checks.js';
import type { Deployment, Desired, DriverKind } from '../model/desired.js';
import type { Diagnostic, Result } from '../model/diagnostic.js';
import type { Actor, DriftState, Sighting } from '../model/drift.js';
import type { DesiredFiles } from '../model/files.js';
import type { Hold } from '../model/hold.js';
import type { AccountId, Region, RunId, Sha256, Token } from '../model/identifiers.js';
import type { Channel, Notice, Outgoing } from '../model/notice.js';
import type { Observation } from '../model/observed.js';
import type { Organization } from '../model/organization.js';
import type { BudgetUse } from '../model/plan.js';
import type { Entry, HistoryEvent, HistoryHead, JournalStep, Recorded, SyncStatus } from '../model/recorded.js';
import type { Run } from '../model/run.js';
import type { Settings } from '../model/settings.js';
import type { Applied, Step, Subject } from '../model/step.js';
import type { Target, TargetKey } from '../model/target.js';
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

/** A stack that is looked at by itself: a deployment's own, or one nested in it. */
export type StackPlace = { readonly target: Target; readonly stackId: StackId };

/** `gone`: it was there when the walk saw it. `failed`: the diagnostic says why, and nothing is known. */
export type Unseen =
  | { readonly type: 'gone' }
  | { readonly type: 'failed'; readonly diagnostic: Diagnostic; readonly isThrottled: boolean };

/** What CloudFormation found of the resources of one stack. */
export type ResourceDrifts = {
  readonly type: 'drifts';
  /** What is changed or deleted; `expected` and `actual` of every property as CloudFormation shows them, redacted where the template is given it as a secret. */
  readonly sightings: readonly Sighting[];
  /** Types of which CloudFormation looked at least at one. */
  readonly checked: readonly string[];
  /** Types whose resources it could not read, with its reason. */
  readonly unread: readonly { readonly subject: string; readonly reason: string }[];
};

/** CloudFormation's drift detection, and the reading of live templates; everything through the plan role. Never throws for what AWS answers. */
export interface DriftProbe {
  readonly iamActions: readonly IamAction[];
  /** Begins a detection and does not wait for it. `running`: somebody's is under way. `not-now`: the stack's status does not allow it. */
  detect(
    stack: StackPlace,
    signal: AbortSignal,
  ): Promise<
    | { readonly type: 'begun'; readonly id: string }
    | { readonly type: 'running' }
    | { readonly type: 'not-now'; readonly reason: string }
    | Unseen
  >;
  /** Asked only where the walk does not show the end that it should. */
  status(
    stack: StackPlace,
    id: string,
    signal: AbortSignal,
  ): Promise<
    | { readonly type: 'running' }
    | { readonly type: 'complete' }
    | { readonly type: 'failed-in-part'; readonly reason: string }
    | Unseen
  >;
  /** Asked only of what has drifted; pages are read whole. `nested` leads the subjects. */
  resources(stack: StackPlace, nested: string | null, signal: AbortSignal): Promise<ResourceDrifts | Unseen>;
  /**
   * Types of all resources of a stack, from its own listing. Asked once for each artifact. `notChecked`: those of which CloudFormation has
   * compared none; once a detection has ended, those that it cannot check.
   */
  types(
    stack: StackPlace,
    signal: AbortSignal,
  ): Promise<
    { readonly type: 'types'; readonly types: readonly string[]; readonly notChecked: readonly string[] } | Unseen
  >;
  /** The template as it stands, before transforms. */
  template(
    stack: StackPlace,
    signal: AbortSignal,
  ): Promise<{ readonly type: 'template'; readonly text: string } | Unseen>;
}

/** Who changed something by hand, as CloudTrail tells it. */
export interface Trail {
  readonly iamActions: readonly IamAction[];
  /** The newest mutating event that names it between two times, Evenkeel's own and CloudFormation's apart; null where there is none, or it may not be read. */
  who(
    question: {
      readonly target: Target;
      readonly name: string;
      /** Global services keep their events in one Region, which the type tells; absent, or null, where it is not known. */
      readonly resourceType?: string | null;
      readonly after: string | null;
      readonly before: string;
    },
    signal: AbortSignal,
  ): Promise<Actor | null>;
}

/** Why a notice did not arrive. */
export type Undelivered = {
  readonly type: 'failed';
  /** `no-secret`: the environment lacks what the channel names. `refused`: the receiver answered, and did not take it. */
  readonly cause: 'unreachable' | 'refused' | 'no-secret';
  /** Names no secret. */
  readonly error: string;
  /** No repetition would help. */
  readonly isFinal: boolean;
  /** Milliseconds for which the receiver asks to be left alone; null where it asks for nothing. */
  readonly retryAfter: number | null;
};

/** How a notice leaves the house. Bounded in time; never throws. */
export interface Messenger {
  /** `attempt` counts from 1: from the second on, an earlier one may have arrived although its answer was lost. */
  deliver(
    message: { readonly notice: Notice; readonly channel: Channel; readonly attempt: number },
    signal: AbortSignal,
  ): Promise<{ readonly type: 'delivered'; readonly reference: string | null } | Undelivered>;
  beat(
    url: string,
    pass: Pass,
    signal: AbortSignal,
  ): Promise<{ readonly type: 'delivered' } | { readonly type: 'failed'; readonly error: string }>;
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
  readonly drift: DriftState;
  readonly memberDrift: Readonly<Record<TargetKey, DriftState>>;
  /** Appended to the address's history before the entry moves, in this order. */
  readonly events: readonly Omit<HistoryEvent, 'address' | 'sequence' | 'previousSha256'>[];
  /** Events of members, appended to their own histories. */
  readonly memberEvents: readonly Omit<HistoryEvent, 'sequence' | 'previousSha256'>[];
};

/** The entry as it is now, and the heads of all histories that this write moved: its own, and its members'. */
export type Written = Entry & { readonly heads: readonly HistoryHead[] };

/** What an index shows of a deployment, or of a stack set itself. */
export type LedgerRow = {
  readonly address: Address;
  readonly role: 'unit' | 'member';
  readonly sync: SyncStatus;
  /** `deployed`, `in-doubt`, `failed` or `absent`. */
  readonly status: string;
  readonly at: string;
  readonly drift: DriftState;
};

/** Where the ledger is not what was written. */
export type Break = {
  readonly address: Address | null;
  readonly run: RunId | null;
  /** In words, what is neither: `the checks of 111122223333/us-east-1`. Absent where it is one of them, or the anchor. */
  readonly item?: string;
  /** The first event that is wrong or missing; null where it is no event. */
  readonly sequence: number | null;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
};

export type Verification = {
  readonly addresses: number;
  readonly events: number;
  readonly runs: number;
  readonly breaks: readonly Break[];
  /** As the entries name them; kept elsewhere, they prove later that nothing before them was rewritten. */
  readonly heads: Readonly<Record<Address, HistoryHead>>;
  /** Merkle root over all heads. */
  readonly root: Sha256 | null;
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
  write(write: EntryWrite): Promise<Written>;
  /** The newest events of an address, newest first: one query. */
  history(address: Address, limit: number): Promise<readonly HistoryEvent[]>;
  /** An account's deployments, from the index: one query; for people, never for planning. */
  account(account: AccountId): Promise<readonly LedgerRow[]>;
  /** All that is not in sync, and what is only because its drift is accepted, from the index: one query; for people, never for planning. */
  notInSync(): Promise<readonly LedgerRow[]>;
  /** What happened on one day (`2026-11-23`), oldest first, from the index: one query. */
  eventsOf(day: string): Promise<readonly HistoryEvent[]>;
  /** One entry, strongly consistent; null where there is none. */
  entry(address: Address): Promise<Entry | null>;
  /** Every book, or those of one account: one query. One that somebody edited is `unreadable`. */
  checkBooks(account?: AccountId): Promise<readonly CheckBook[]>;
  /** False where it was written since `book.version` was read. */
  writeCheckBook(book: CheckBook): Promise<boolean>;
  /** Types of resources that an artifact makes and CloudFormation cannot check; null where nobody has looked yet. */
  coverage(artifacts: readonly Sha256[]): Promise<ReadonlyMap<Sha256, readonly string[]>>;
  learnCoverage(artifact: Sha256, notCheckable: readonly string[]): Promise<void>;
  /** The newest pass; null before the first. */
  pass(): Promise<Pass | null>;
  recordPass(pass: Pass): Promise<void>;
  /** False where there is one of that id already: it was told, or is being told. */
  addNotice(notice: Notice, channels: readonly string[], now: Date): Promise<boolean>;
  /** Those with a delivery that waits; `edited` is told of those that somebody edited, which nobody can deliver. */
  outgoing(edited?: (id: string, why: string) => void): Promise<readonly Outgoing[]>;
  /** False where somebody else moved it since it was read. */
  moveOutgoing(outgoing: Outgoing): Promise<boolean>;
  /** Reads every history, every row and every run, and names the first break of each chain; with an anchor, also what was rewritten as a whole since. */
  verify(
    watch: { readonly signal: AbortSignal; readonly progress: (done: number, of: number) => void },
    anchor: Anchor | null,
  ): Promise<Verification>;
  startRun(run: Run): Promise<void>;
  finishRun(run: Run, heads: readonly HistoryHead[]): Promise<void>;
  runs(limit: number): Promise<readonly Run[]>;
  /** One run; null where there is none of that id. */
  run(id: RunId): Promise<Run | null>;
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
  | { readonly type: 'verifying'; readonly done: number; readonly of: number }
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
