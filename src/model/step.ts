import type { Announced } from './action.js';
import type { Address } from './address.js';
import type { Artifact } from './artifact.js';
import type { Deployment, DriverKind, Rollout } from './desired.js';
import type { Diagnostic } from './diagnostic.js';
import type { StackName, Token } from './identifiers.js';
import type { Absent, Known } from './observed.js';
import type { Change, Scope } from './plan.js';
import type { Recorded } from './recorded.js';
import type { Settings } from './settings.js';
import type { Target } from './target.js';

/** One unit to look at: a stack, or a stack set with its instances. What is desired of it counts before what is recorded. */
export type Subject = {
  readonly address: Address;
  readonly driver: DriverKind;
  readonly stackName: StackName;
  /** The options that say how to reach it, such as `callAs`; the desired ones, or the recorded ones where the manifest is gone. */
  readonly options: Settings['options'];
  /** Where it stands: one target for a stack; for a stack set, every target that is desired or recorded. */
  readonly targets: readonly Target[];
  readonly recorded: Recorded | null;
  /** Tokens of steps that this controller has begun on it and not yet finished. */
  readonly tokens: readonly Token[];
};

/** What a unit is to become. */
export type Wanted = {
  readonly settings: Settings;
  readonly artifact: Artifact;
  readonly deployments: readonly Deployment[];
  readonly rollout: Rollout;
};

/** A change being carried out. `observed` is the newest observation: apply is called again with a newer one until it says that it is done. */
export type Step = {
  readonly subject: Subject;
  readonly change: Change;
  /** Derived from the change and the attempt: a call repeated after a crash is the same call. */
  readonly token: Token;
  /** Null where the unit is to go. */
  readonly wanted: Wanted | null;
  readonly observed: Known | Absent;
  /** What the whole reconcile is narrowed to: members outside it are left as they are. */
  readonly scope: Scope;
};

/** Nothing is left to do: observed is what was wanted. */
export type Done = {
  readonly type: 'done';
  /** A drift-aware change set had nothing to change: what was to be put right stays as it is. */
  readonly nothingReverted?: boolean;
};
/** An operation of this step is under way; observe, and call apply again once the unit is no longer busy. */
export type Running = { readonly type: 'running'; readonly doing: string };
/** It cannot be done, or it failed: AWS's word, classified. `announced` is what a change set said beyond the plan, so that the next plan says it too. */
export type Refused = {
  readonly type: 'refused';
  readonly diagnostic: Diagnostic;
  readonly announced?: Announced;
  /** It failed for some, no more than the rollout tolerates: all the rest has been carried out. */
  readonly isTolerated?: boolean;
};
/** The effect was asked for and nobody knows whether it took place: look first, next time. */
export type InDoubt = { readonly type: 'in-doubt'; readonly diagnostic: Diagnostic };
export type Applied = Done | Running | Refused | InDoubt;
