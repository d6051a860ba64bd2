import { describeLock } from '../../reconciler/describe-lock.js';
import type { LockOutcome } from '../../reconciler/describe-lock.js';
import { exitOfDiagnostics } from '../../reconciler/exit-code.js';
import { EXIT, firstOf } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { withProgress, withSession } from '../opening.js';
import { workingSource } from '../options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type LockOptions = PrintOptions &
  SourceOptions &
  LedgerOptions & { readonly check: boolean; readonly all: boolean };

/** Asks AWS once what each building block resolves to and writes it down for review; with `--check`, whether AWS still serves the same. */
export async function run(options: LockOptions, context: Context): Promise<ExitCode> {
  const { check, all } = options;
  if (!check && options.revision !== undefined) {
    throw new UsageError(
      'lock writes into the desired-state folder, and a revision cannot be written: leave --revision out, or add --check',
    );
  }
  return withSession({ ...options, source: workingSource(options, context) }, context, async (session) => {
    const outcome = await withProgress(context, (watch) => session.lock({ check, all }, watch));
    print(describeLock(outcome), options, context);
    return exitOfLock(outcome);
  });
}

function exitOfLock({ lines, diagnostics }: LockOutcome): ExitCode {
  const differs = lines.some(({ result }) => result === 'differs');
  const failed = lines.some(({ result }) => result === 'failed');
  return firstOf([
    exitOfDiagnostics(diagnostics),
    ...(failed ? [EXIT.failed] : []),
    ...(differs ? [EXIT.changes] : []),
  ]);
}
