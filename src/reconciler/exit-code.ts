import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import type { Refusal } from '../model/plan.js';
import type { ChangeOutcome } from '../model/run.js';
import type { Executed } from './execute.js';
import { EXIT, firstOf } from './outcome.js';
import type { ExitCode, Planned } from './outcome.js';

/** Errors that are not the author's: AWS or the ledger could not be reached, or somebody else is at work. All others mean that the desired state is not valid. */
const NOT_THE_AUTHORS: Readonly<Partial<Record<DiagnosticCode, ExitCode>>> = {
  EK4023: EXIT.failed,
  EK4024: EXIT.failed,
  EK4030: EXIT.failed,
  EK6011: EXIT.credentials,
  EK6012: EXIT.credentials,
  EK6013: EXIT.failed,
  EK6016: EXIT.leaseHeld,
  EK6017: EXIT.failed,
  EK6018: EXIT.credentials,
  EK6019: EXIT.failed,
  EK6023: EXIT.credentials,
};

/** What errors among the diagnostics tell the shell; warnings tell it nothing. */
export function exitOfDiagnostics(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return firstOf(errors.map(({ code }) => NOT_THE_AUTHORS[code] ?? EXIT.invalid));
}

/** For a door that only plans. */
export function planExitCode({ plan, verdict, diagnostics }: Planned): ExitCode {
  if (plan === null) return hasErrors(diagnostics) ? exitOfDiagnostics(diagnostics) : EXIT.failed;
  const causes = new Set(plan.unknowns.map(({ cause }) => cause));
  return firstOf([
    EXIT.done,
    ...(plan.changes.length + plan.drift.length > 0 ? [EXIT.changes] : []),
    ...(verdict.blocks.length > 0 || plan.refusals.length > 0 ? [EXIT.blocked] : []),
    ...(causes.has('unreachable') ? [EXIT.credentials] : []),
    ...(causes.has('listing-failed') || causes.has('region-disabled') ? [EXIT.failed] : []),
  ]);
}

/** For a door that applied, or would have; `executed` is null where nothing was begun. */
export function applyExitCode(
  planned: Planned,
  executed: Executed | null,
  stale: readonly ChangeOutcome[],
  refusals: readonly Refusal[],
): ExitCode {
  const plan = planned.plan!;
  const results = executed?.type === 'executed' ? executed.outcomes.map((each) => each.result) : [];
  const failed = results.some((result) => result !== 'done');
  const unseen = plan.unknowns.some((unknown) => unknown.cause !== 'not-ready');
  return firstOf([
    EXIT.done,
    ...(executed?.type === 'lease-held' ? [EXIT.leaseHeld] : []),
    ...(stale.length > 0 || results.includes('stale') ? [EXIT.stale] : []),
    ...(plan.refusals.length + refusals.length > 0 ? [EXIT.blocked] : []),
    ...(executed?.type === 'executed' && executed.timedOut ? [EXIT.timedOut] : []),
    ...(failed ? [results.includes('done') ? EXIT.partlyApplied : EXIT.failed] : []),
    ...(unseen ? [EXIT.partlyApplied] : []),
    ...(plan.drift.length > 0 ? [EXIT.changes] : []),
  ]);
}
