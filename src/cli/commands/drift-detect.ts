import { counted } from '../../reconciler/describe-wording.js';
import { EXIT, firstOf } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { folderOf } from '../located.js';
import { withProgress, withSession } from '../opening.js';
import { revisionSource, scopeOf } from '../options.js';
import type { LedgerOptions, PrintOptions, ScopeOptions, SourceOptions } from '../options.js';
import { showDrift } from './drift.js';

export type DriftDetectOptions = PrintOptions &
  SourceOptions &
  LedgerOptions &
  ScopeOptions & { readonly wait: boolean };

/** Has CloudFormation look at the resources of every stack in scope now, and prints what the ledger then knows. */
export async function run(options: DriftDetectOptions, context: Context): Promise<ExitCode> {
  const source = revisionSource(options, context);
  return withSession({ ...options, source }, context, async (session) => {
    const { begun, looked, pass, diagnostics } = await withProgress(context, (watch) =>
      session.detectDrift(scopeOf(options), { wait: options.wait }, watch),
    );
    context.stderr.write(
      `${counted(begun, 'detection')} begun, ${String(looked)} seen to their end${looked >= begun ? '' : '; the next reconcile sees the others'}.\n`,
    );
    const code = await showDrift(
      { ledger: session, session, folder: folderOf(source, context) },
      { ...options, all: false },
      context,
      diagnostics,
    );
    return pass === null ? firstOf([code, EXIT.failed]) : code;
  });
}
