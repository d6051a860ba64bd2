import type { Session, SessionWatch } from '../installation/session.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Run } from '../model/run.js';
import { describeWarnings } from '../reconciler/describe-diagnostics.js';
import { describePlan } from '../reconciler/describe-plan.js';
import { describeRun } from '../reconciler/describe-run.js';
import { EXIT } from '../reconciler/outcome.js';
import type { ExitCode, Planned, Report } from '../reconciler/outcome.js';
import { planExitCode } from '../reconciler/exit-code.js';
import { isApproved } from './approval.js';
import type { Context } from './context.js';
import { withProgress } from './opening.js';
import { scopeOf } from './options.js';
import type { ApprovalOptions, LedgerOptions, PrintOptions, ScopeOptions, SourceOptions } from './options.js';

import { print, printAside } from './printer.js';

export type PassOptions = PrintOptions & SourceOptions & LedgerOptions & ScopeOptions & ApprovalOptions;

/** One pass with its result: `quiet` where there was nothing to do and nothing to say. */
export type PassResult = { readonly code: ExitCode; readonly quiet: Planned | null };

/** Plan, show, ask, apply, report. */
export async function reconcileOnce(
  session: Session,
  door: Run['door'],
  options: PassOptions,
  context: Context,
): Promise<PassResult> {
  const planned = await withProgress(context, (watch) => session.plan(scopeOf(options), watch));
  const code = planExitCode(planned);
  const quiet = door === 'watch' && code === EXIT.done && planned.plan?.changes.length === 0 ? planned : null;
  if (quiet === null) showPlan(planned, options, context);
  if (planned.plan === null || planned.verdict.blocks.length > 0) {
    // What was seen is recorded and told all the same; that nothing may be done is said by the plan.
    const warnings =
      planned.plan === null ? [] : await withProgress(context, (watch) => session.record(planned, door, watch));
    return { code: withoutApplying(planned, { code, warnings }, options, context), quiet: null };
  }
  return { code: await applyShown(planned, options, context, (watch) => session.apply(planned, door, watch)), quiet };
}

/**
 * Asks where there are changes, applies, and prints how it ended. Without changes the call is made all the same: whether there is
 * drift to record is not for the shell to know.
 */
export async function applyShown(
  planned: Planned,
  options: PassOptions,
  context: Context,
  apply: (watch: SessionWatch) => Promise<Report>,
): Promise<ExitCode> {
  const { plan } = planned;
  const changes = plan?.changes.length ?? 0;
  if (plan !== null && changes > 0 && !(await isApproved(plan, options, context))) {
    return withoutApplying(planned, { code: EXIT.changes, warnings: [] }, options, context);
  }
  const report = await withProgress(context, apply);
  const { warnings } = report;
  if (changes > 0 || report.run !== null || report.refusals.length > 0 || options.output === 'json') {
    // Set apart from the plan that stands above it.
    if (options.output !== 'json') context.stdout.write('\n');
    print(describeRun(report), options, context);
  } else if (warnings.length > 0) {
    printAside(describeWarnings(warnings), options, context);
  }
  return report.exitCode as ExitCode;
}

/** The plan on stdout; where stdout is to carry one JSON value, on stderr for whoever is to approve it. */
export function showPlan(planned: Planned, options: PassOptions, context: Context): void {
  if (options.output !== 'json') print(describePlan(planned), options, context);
  else if (!options.yes) printAside(describePlan(planned), options, context);
}

type Ended = { readonly code: ExitCode; readonly warnings: readonly Diagnostic[] };

/** Where nothing is applied, JSON still gets its one value. */
function withoutApplying(
  planned: Planned,
  { code, warnings }: Ended,
  options: PassOptions,
  context: Context,
): ExitCode {
  if (options.output === 'json') {
    print(
      describeRun({ planned, run: null, refusals: planned.verdict.blocks, warnings, exitCode: code }),
      options,
      context,
    );
  } else if (warnings.length > 0) {
    printAside(describeWarnings(warnings), options, context);
  }
  return code;
}
