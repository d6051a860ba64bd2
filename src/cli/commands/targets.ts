import { hasErrors } from '../../model/diagnostic.js';
import { describeTargets } from '../../reconciler/describe-targets.js';
import { exitOfDiagnostics } from '../../reconciler/exit-code.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { withProgress, withSession } from '../opening.js';
import { revisionSource, scopeOf } from '../options.js';
import type { LedgerOptions, PrintOptions, ScopeOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type TargetsOptions = PrintOptions & SourceOptions & LedgerOptions & ScopeOptions;

/** Which accounts and Regions each manifest selects in the Organization as it is now. */
export async function run(options: TargetsOptions, context: Context): Promise<ExitCode> {
  return withSession({ ...options, source: revisionSource(options, context) }, context, async (session) => {
    const expansion = await withProgress(context, (watch) => session.targets(scopeOf(options), watch));
    print(describeTargets(expansion), options, context);
    return hasErrors(expansion.diagnostics) ? exitOfDiagnostics(expansion.diagnostics) : EXIT.done;
  });
}
