import type { Diagnostic } from '../model/diagnostic.js';
import type { Plan, Refusal } from '../model/plan.js';
import type { Run } from '../model/run.js';

/** One budget, judged: what the plan would spend on top of what the window has seen. */
export type BudgetLine = {
  readonly name: 'delete' | 'replace' | 'accounts';
  readonly planned: number;
  readonly spent: number;
  readonly limit: number;
};

/** What the guard says of a plan as a whole. Nothing may be executed while `blocks` is not empty. */
export type Verdict = { readonly blocks: readonly Refusal[]; readonly budgets: readonly BudgetLine[] };

export type AccountNames = Readonly<Record<string, string>>;

/** A plan, what was found on the way to it, and whether it may be executed. */
export type Planned = {
  /** Null where the desired state is not valid, or the organization could not be read whole: `diagnostics` says why. */
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly verdict: Verdict;
  /** The name of each account by its id, as far as they are known: people know accounts by their names. */
  readonly accountNames: AccountNames;
};

/** How an apply ended. `run` is null where nothing was begun: blocked, lease held, or nothing to do. */
export type Report = {
  readonly planned: Planned;
  readonly run: Run | null;
  readonly refusals: readonly Refusal[];
  /** What was to be done besides, and could not: notices, checks, the heartbeat. */
  readonly warnings: readonly Diagnostic[];
  readonly exitCode: number;
};

/** DESIGN's table: what the shell is told. */
export const EXIT = {
  done: 0,
  failed: 1,
  changes: 2,
  invalid: 3,
  blocked: 4,
  leaseHeld: 5,
  stale: 6,
  partlyApplied: 7,
  timedOut: 8,
  credentials: 9,
  usage: 64,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Where several hold, the first of these wins. */
const PRECEDENCE: readonly ExitCode[] = [64, 3, 5, 6, 4, 7, 8, 9, 1, 2, 0];

export function firstOf(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.done;
}
