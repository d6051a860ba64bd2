import { describeUpgrade } from '../../reconciler/describe-upgrade.js';
import type { UpgradeOutcome } from '../../reconciler/describe-upgrade.js';
import { exitOfDiagnostics } from '../../reconciler/exit-code.js';
import { EXIT, firstOf } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { folderOf } from '../located.js';
import { withProgress, withSession } from '../opening.js';
import { workingSource } from '../options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type UpgradeOptions = PrintOptions &
  SourceOptions &
  LedgerOptions & { readonly to?: string; readonly dryRun: boolean };

/** Pins another version of one building block and says what that changes; with `--dry-run` it only says so. */
export async function run(address: string, options: UpgradeOptions, context: Context): Promise<ExitCode> {
  if (options.revision !== undefined) {
    throw new UsageError(
      'upgrade writes into the desired-state folder, and a revision cannot be written: leave --revision out',
    );
  }
  const source = workingSource(options, context);
  return withSession({ ...options, source }, context, async (session) => {
    const wish = { address, to: options.to ?? null, dryRun: options.dryRun };
    const outcome = await withProgress(context, (watch) => session.upgrade(wish, watch));
    print(describeUpgrade(outcome, folderOf(source, context)), options, context);
    return exitOfUpgrade(outcome);
  });
}

function exitOfUpgrade({ result, diagnostics }: UpgradeOutcome): ExitCode {
  const found = exitOfDiagnostics(diagnostics);
  switch (result) {
    case 'upgraded':
    case 'already-there':
      return found;
    case 'would-upgrade':
      return firstOf([found, EXIT.changes]);
    case 'refused':
      // The desired state is as good as it was.
      return found === EXIT.credentials ? found : EXIT.failed;
  }
}
