/** Where a kind of trouble may strike; everywhere where nothing is said. */
export type Where = {
  /** `service:Operation`, `*` for any letters, such as `cloudformation:Describe*`. */
  readonly operations?: readonly string[];
  /** The accounts that call; for `sts:AssumeRole`, those of the roles. */
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
};

/** The share of calls that is struck, from 0 to 1. At 1 every call is, for good, whatever `mostInARow` says. */
export type Share = number | (Where & { readonly rate: number });

/** A share of calls, and how many real milliseconds each of them waits. */
export type Wait = number | (Where & { readonly rate: number; readonly milliseconds?: number });

/**
 * What goes wrong in the simulator by itself, all of it drawn from the seed. Whether a call is struck depends on the seed, its service
 * and operation, the account, the Region, and how many such calls came before (first and later pages apart); so concurrency does not
 * change the story, and the same seed and the same calls give the same trouble. A call is struck by one kind at most, in the order
 * below; `latency` comes on top.
 */
export type Trouble = {
  /** Nothing happens; the service says that there are too many requests, each in its own words. */
  readonly throttling?: Share;
  /** Nothing happens; the service says 500 or 503. */
  readonly errors?: Share;
  /** Nothing happens; the connection breaks. */
  readonly resets?: Share;
  /** The effect takes place; the connection breaks before the answer. */
  readonly lostAnswers?: Share;
  /**
   * The effect takes place; no answer comes. In process the client is told so after `milliseconds`, 20 where nothing is said; over HTTP
   * it waits until it gives up, or the connection breaks after `milliseconds`, 90,000 where nothing is said.
   */
  readonly timeouts?: Wait;
  /** Nothing happens; the service says that the session has expired. */
  readonly expired?: Share;
  /** Nothing happens; the principal is not authorized. `sts:GetCallerIdentity` is spared, as AWS denies it to nobody. */
  readonly denied?: Share;
  /** The second page of a listing, or a later one, is throttled, fails, or finds the session expired. */
  readonly pages?: Share;
  /** The answer comes late, by up to `milliseconds` of real time, 100 where nothing is said. */
  readonly latency?: Wait;
  /**
   * For up to so many simulated seconds, a listing does not show what was made, shows what was changed as it saw it last, and still
   * shows what is gone. Each listing is late by itself. A new account's roles cannot be assumed for as long. ListStackSets, which
   * AWS documents as strongly consistent, and what is asked for by name or id are never late.
   */
  readonly lateListings?: number | (Where & { readonly seconds: number });
  /**
   * A detection of drift that is begun goes wrong: it fails half-way, does not end before six simulated hours have passed, or is shown
   * one to ten simulated minutes late in what describes the stack, whichever the seed says. `operations` does not narrow it.
   */
  readonly detections?: Share;
  /**
   * So many times in a simulated hour, somebody changes a stack, one of its resources, or a stack set: while time advances, never
   * while it jumps to what is due next. `operations` narrows what they do: `UpdateStack`, `DeleteStack`, `UpdateTerminationProtection`
   * and `UpdateStackSet` of `cloudformation`, and `hand:ChangeResource` and `hand:DeleteResource` behind CloudFormation's back;
   * `cloudformation:DetectStackDrift` only where it is named.
   * `most` is how many times in all; there is no end where it is absent.
   */
  readonly people?: number | (Where & { readonly rate: number; readonly most?: number });
  /** How many calls of one operation, account and Region are struck in a row at most, so that who tries again gets through; 2 where it is absent. */
  readonly mostInARow?: number;
};

/** What goes wrong with one detection of drift. */
export type DetectionTrouble =
  /** Half of the resources, rounded down, have results; the others are UNKNOWN, and the detection is DETECTION_FAILED. */
  | { readonly type: 'fails-half-way' }
  /** It stays in progress for so many simulated seconds and fails then, without results; null for ever. */
  | { readonly type: 'hangs'; readonly seconds: number | null }
  /** Somebody deletes the stack half-way, and the detection fails once it is gone. */
  | { readonly type: 'stack-disappears' }
  /** It ends in time; the stack's DriftInformation says so later by so many simulated seconds. */
  | { readonly type: 'shown-late'; readonly seconds: number };

/** What one of the people did. `outcome` is `ok` or AWS's code, where AWS refused. */
export type Deed = {
  readonly at: Date;
  readonly person: string;
  readonly account: string;
  readonly region: string;
  /** `cloudformation:UpdateStack`, or `hand:ChangeResource` for what no log of CloudFormation's shows. */
  readonly operation: string;
  /** Names of what it was done to, such as `evenkeel-queue/Queue`. */
  readonly subject: string;
  readonly outcome: string;
};

export type TroubleName = 'none' | 'some' | 'much';

/** What a plain name asks for: `some` is a bad day that clients survive, `much` is worse than AWS has ever been. */
export const TROUBLES: Readonly<Record<TroubleName, Trouble>> = {
  none: {},
  some: {
    throttling: 0.05,
    errors: 0.01,
    resets: 0.01,
    lostAnswers: 0.01,
    timeouts: 0.002,
    pages: 0.02,
    latency: { rate: 0.1, milliseconds: 20 },
    lateListings: 20,
    detections: 0.05,
    people: 1,
  },
  much: {
    throttling: 0.2,
    errors: 0.05,
    resets: 0.05,
    lostAnswers: 0.05,
    timeouts: 0.01,
    expired: 0.01,
    denied: 0.005,
    pages: 0.1,
    latency: { rate: 0.3, milliseconds: 100 },
    lateListings: 120,
    detections: 0.2,
    people: 12,
    mostInARow: 4,
  },
};
