import type { Action, Announced } from './action.js';
import type { Address, ManifestAddress } from './address.js';
import type { DriverKind } from './desired.js';
import type { DriftState, FindingEvent } from './drift.js';
import type { Revision, RunId, Sha256, StackName, Token } from './identifiers.js';
import type { NestedStack } from './observed.js';
import type { MemberSettings, Settings } from './settings.js';

import type { TargetKey } from './target.js';

export type RecordedMember = {
  readonly settings: MemberSettings;
  readonly identity: string | null;
  readonly operation: string | null;
  readonly sha256: Sha256;
  /** Stacks nested in the instance's; absent where there are none. */
  readonly nested?: Readonly<Record<string, NestedStack>>;
};

/** What the ledger knows to stand in AWS: written after it was verified, never before. */
export type Recorded = {
  readonly driver: DriverKind;
  readonly stackName: StackName;
  /** StackId or StackSetId. */
  readonly identity: string;
  readonly settings: Settings;
  readonly members: Readonly<Record<TargetKey, RecordedMember>>;
  readonly artifactSha256: Sha256;
  /** Known.sha256 when it was verified: equal means that nobody touched it, and its template need not be read. */
  readonly observedSha256: Sha256;
  /** Stacks nested in it, as they were when it was verified; absent where there are none. */
  readonly nested?: Readonly<Record<string, NestedStack>>;
  /** What to do when it is removed from Git: the manifest that said so is gone by then. */
  readonly deletion: 'delete' | 'retain';
  /** What its manifest refers to and depends on, which is taken away after it; absent where that is nothing. */
  readonly needs?: readonly ManifestAddress[];
  /** Moves only when the deployment does. */
  readonly revision: Revision;
  readonly run: RunId;
  /** ISO 8601. */
  readonly at: string;
};

/** How to find again what was begun and never verified: by then the manifest that said so may be gone. */
export type Reach = {
  readonly driver: DriverKind;
  readonly stackName: StackName;
  readonly options: Settings['options'];
  readonly targets: readonly TargetKey[];
  readonly deletion: 'delete' | 'retain';
};

type Begun = {
  readonly action: Action;
  /** How often this very intent has been begun, this time included. */
  readonly attempt: number;
  /** Digest of what the unit was to become. */
  readonly intentSha256: Sha256;
  readonly reach: Reach;
  readonly run: RunId;
  /** ISO 8601. */
  readonly at: string;
};

/** The journal's half of an entry: whether a change was begun, and how the last one ended. */
export type JournalStep =
  | { readonly type: 'idle' }
  | ({ readonly type: 'in-doubt'; readonly token: Token } & Begun)
  | ({ readonly type: 'failed'; readonly reason: string; readonly announced: Announced } & Begun);

export type SyncStatus = 'IN_SYNC' | 'DRIFTED' | 'NOT_CHECKABLE' | 'NOT_CHECKED' | 'UNKNOWN';

/** One unit in the ledger: inventory and journal together, so that one conditional write moves both. */
export type Entry = {
  /** A deployment's address, or a manifest's where one step covers all of its deployments. */
  readonly address: Address;
  /** Null before the first success and after a delete. */
  readonly recorded: Recorded | null;
  readonly step: JournalStep;
  readonly sync: SyncStatus;
  /** Of the unit itself: a stack, or a stack set's own definition. */
  readonly drift: DriftState;
  /** Of a stack set's instances; one that has none is left out. */
  readonly memberDrift: Readonly<Record<TargetKey, DriftState>>;
  /** The lease generation of the last writer: a writer with an older one is refused. */
  readonly generation: number;
  /** Counts writes; a write names the version it read. */
  readonly version: number;
  readonly historyHead: HistoryHead | null;
};

export type HistoryHead = { readonly sequence: number; readonly sha256: Sha256 };

/** One line of an address's history: append-only, each with the digest of the one before. */
export type HistoryEvent = {
  readonly address: Address;
  readonly sequence: number;
  readonly previousSha256: Sha256 | null;
  readonly at: string;
  readonly run: RunId;
  readonly revision: Revision;
  readonly event:
    | 'begun'
    | 'created'
    | 'updated'
    | 'replaced'
    | 'deleted'
    | 'adopted'
    | 'forgotten'
    | 'failed'
    | 'appeared'
    | 'changed'
    | 'accepted'
    | 'reverted'
    | 'gone';
  /** One sentence for people, redacted. */
  readonly summary: string;
  readonly fields: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[];
  /** What drift it is about: of `appeared`, `changed`, `accepted`, `reverted` and `gone`. Absent in all other events. */
  readonly finding?: FindingEvent;
};
