import type { AwsOptions } from '../aws/clients.js';
import type { Address, ManifestAddress } from '../model/address.js';
import type { Anchor } from '../model/anchor.js';
import type { Commit } from '../model/commit.js';
import type { Controller, Deployment, Desired, ExcludedAccount } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Hold } from '../model/hold.js';
import type { Region, Revision, RunId } from '../model/identifiers.js';
import type { Outgoing } from '../model/notice.js';
import type { BudgetUse, Plan, Scope } from '../model/plan.js';
import type { Entry, HistoryEvent } from '../model/recorded.js';
import type { Run } from '../model/run.js';
import type { AcceptOutcome } from '../reconciler/describe-accept.js';
import type { DetectOutcome } from '../reconciler/describe-detection.js';
import type { LedgerDrift } from '../reconciler/describe-drift-report.js';
import type { LockOutcome } from '../reconciler/describe-lock.js';
import type { UpgradeOutcome } from '../reconciler/describe-upgrade.js';
import type { OutdatedOutcome } from '../reconciler/describe-versions.js';
import type { SnapshotOutcome } from '../reconciler/describe-snapshot.js';
import type { Planned, Report } from '../reconciler/outcome.js';
import type { PollInterval } from '../reconciler/poller.js';
import type { Clock, Progress, Verification } from '../reconciler/ports.js';
import type { Resumed } from './resume.js';

/** Where the desired state is read: a folder as it lies there, or a revision of a Git repository. */
export type Source =
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'git'; readonly repository: string; readonly ref: string; readonly folder: string };

/** The Controller's own table, or an embedded ledger in a folder. */
export type LedgerChoice = { readonly type: 'table' } | { readonly type: 'folder'; readonly path: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** How a call is interrupted, and whom it tells how far it is. */
export type SessionWatch = { readonly signal: AbortSignal; readonly progress: (event: Progress) => void };

/** What can be read of a ledger without any desired state. */
export type LedgerSession = {
  status(): Promise<{
    readonly entries: readonly Entry[];
    readonly runs: readonly Run[];
    readonly holds: readonly Hold[];
  }>;
  /** What is not in sync, when each stack was looked at, and the newest pass: three queries. */
  drift(): Promise<LedgerDrift>;
  /** When each stack was looked at beyond the walk, and the newest pass: two queries. */
  checks(): Promise<Omit<LedgerDrift, 'rows'>>;
  /** Notices with a delivery that waits. */
  outgoing(): Promise<readonly Outgoing[]>;
  /** What happened on one day (`2026-11-23`), oldest first. */
  eventsOf(day: string): Promise<readonly HistoryEvent[]>;
  entry(address: Address): Promise<Entry | null>;
  run(id: RunId): Promise<Run | null>;
  /** What was spent inside the newest `window` milliseconds. */
  spent(window: number): Promise<BudgetUse>;
  history(address: Address): Promise<readonly HistoryEvent[]>;
  /** Where a rollout of this manifest stopped; the newest only. */
  holds(manifest: ManifestAddress): Promise<readonly Hold[]>;
  /** Whether everything in the ledger is what was written to it; with an anchor, also whether it goes on from there. */
  verify(anchor: Anchor | null, watch: SessionWatch): Promise<Verification>;
  /** Lets a rollout go on that a failed wave has stopped. */
  resume(manifest: ManifestAddress, reason: string): Promise<Resumed>;
  close(): Promise<void>;
};

export type UpgradeWish = {
  /** As a person typed it. */
  readonly address: string;
  /** Null for the newest. */
  readonly to: string | null;
  /** Writes nothing. */
  readonly dryRun: boolean;
};

export type AcceptWish = {
  readonly address: Address;
  /** Null, of both or of one: what the ledger says is open. */
  readonly resource: string | null;
  readonly property: string | null;
  readonly reason: string;
  /** ISO date or time; null for never. */
  readonly expires: string | null;
  /** Whether the ledger is asked if a rule that is named in full accepts anything. */
  readonly check: boolean;
};

/** Selectors laid over the organization, for a person to look at. */
export type Targets = {
  readonly deployments: ReadonlyMap<ManifestAddress, readonly Deployment[]>;
  readonly excluded: readonly ExcludedAccount[];
  readonly diagnostics: readonly Diagnostic[];
};

/** An opened installation. */
export type Session = LedgerSession & {
  readonly controller: Controller;
  readonly desired: readonly Desired[];
  readonly files: DesiredFiles;
  readonly diagnostics: readonly Diagnostic[];
  plan(scope: Scope, watch: SessionWatch): Promise<Planned>;
  /** Applies exactly the changes of `planned` that still come out the same. */
  apply(planned: Planned, door: Run['door'], watch: SessionWatch): Promise<Report>;
  /** Applies nothing: what the plan has seen is recorded and told, where nothing may be done about it. */
  record(planned: Planned, door: Run['door'], watch: SessionWatch): Promise<readonly Diagnostic[]>;
  /** The same as `apply` for a plan that was stored. */
  applyFile(plan: Plan, watch: SessionWatch): Promise<Report>;
  targets(scope: Scope, watch: SessionWatch): Promise<Targets>;
  createLedger(): Promise<'created' | 'existed'>;
  /** Looks at the resources of every stack in scope now, whatever the schedule says; where it does not wait, the next pass sees how it ended. */
  detectDrift(scope: Scope, mode: { readonly wait: boolean }, watch: SessionWatch): Promise<DetectOutcome>;
  /** The newest commit that changed a file of the desired state, as the history of that revision has it; null where Git does not know. */
  commitOf(file: string, revision: Revision): Promise<Commit | null>;
  /** Reads the whole organization, in these Regions and those that the desired state and the ledger name. */
  snapshot(regions: readonly Region[], watch: SessionWatch): Promise<SnapshotOutcome>;
  lock(mode: { readonly check: boolean; readonly all: boolean }, watch: SessionWatch): Promise<LockOutcome>;
  /** What is pinned, and which newer versions there are of it. */
  outdated(watch: SessionWatch): Promise<OutdatedOutcome>;
  /** Pins another version of one manifest's building block, and locks it. */
  upgrade(wish: UpgradeWish, watch: SessionWatch): Promise<UpgradeOutcome>;
  /** Writes into a manifest that something may differ from it. */
  accept(wish: AcceptWish): Promise<AcceptOutcome>;
};

/** Where AWS is, for those who do not mean the real one: the demo, the tests, a benchmark. */
export type AwsElsewhere = Pick<AwsOptions, 'requestHandler' | 'endpoint' | 'credentials' | 'onCall'> & {
  /** How what stands behind an address that AWS served is fetched; https otherwise. */
  readonly fetch?: (url: string) => Promise<Uint8Array>;
};

export type OpenOptions = {
  readonly source: Source;
  /** The Controller to act as; null where there is only one. */
  readonly installation: string | null;
  readonly ledger: LedgerChoice;
  readonly env: Environment;
  readonly clock?: Clock;
  readonly aws?: AwsElsewhere;
  readonly pollInterval?: PollInterval;
};
