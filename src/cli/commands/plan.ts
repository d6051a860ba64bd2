import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describePlan } from '../../reconciler/describe-plan.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { planExitCode } from '../../reconciler/exit-code.js';
import { applyLine } from '../command-line.js';
import type { Context } from '../context.js';
import { withProgress, withSession } from '../opening.js';
import { revisionSource, scopeOf } from '../options.js';
import type { LedgerOptions, PrintOptions, ScopeOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';
import { visibleText } from '../render/visible-text.js';

export type PlanOptions = PrintOptions & SourceOptions & LedgerOptions & ScopeOptions & { readonly out?: string };

/** What a reconcile would do, and what it would refuse; nothing is changed. */
export async function run(options: PlanOptions, context: Context): Promise<ExitCode> {
  return withSession({ ...options, source: revisionSource(options, context) }, context, async (session) => {
    const planned = await withProgress(context, (watch) => session.plan(scopeOf(options), watch));
    print(describePlan(planned), options, context);
    if (options.out !== undefined && planned.plan !== null) {
      await writeFile(resolve(context.cwd, options.out), `${JSON.stringify(planned.plan, null, 2)}\n`);
      const line = visibleText(applyLine(options.out, planned.plan, options));
      context.stderr.write(`The plan is in ${visibleText(options.out)}; to apply exactly it:\n  ${line}\n`);
    }
    return planExitCode(planned);
  });
}
