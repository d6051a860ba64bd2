import type { Region } from '../../model/identifiers.js';
import { snapshotText } from '../../model/snapshot-text.js';
import { describeSnapshot, snapshotExitCode } from '../../reconciler/describe-snapshot.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { withProgress, withSession } from '../opening.js';
import { revisionSource } from '../options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';
import { visibleText } from '../render/visible-text.js';
import { wholeFile } from '../whole-file.js';

export type SnapshotOptions = PrintOptions &
  SourceOptions &
  LedgerOptions & { readonly file: string; readonly regions?: readonly Region[] };

/** Reads the Organization and writes it down for the simulator; nothing is changed. */
export async function run(options: SnapshotOptions, context: Context): Promise<ExitCode> {
  const file = await wholeFile(options.file, context.cwd);
  return withSession({ ...options, source: revisionSource(options, context) }, context, async (session) => {
    const outcome = await withProgress(context, (watch) => session.snapshot(options.regions ?? [], watch));
    if (outcome.snapshot !== null) {
      context.signal.throwIfAborted();
      await file.write(snapshotText(outcome.snapshot));
    }
    print(describeSnapshot(outcome), options, context);
    if (outcome.snapshot !== null) {
      const name = visibleText(options.file);
      context.stderr.write(
        `The snapshot is in ${name}. It holds what templates, parameters and outputs hold, secrets too where somebody wrote them there: only you can read it (mode 0600).\n` +
          `It does not hold stack policies, stack events, change sets and operations of stack sets: the copy has none, whatever AWS has.\n` +
          `To rehearse on it:\n  evenkeel simulator --from ${name}\n`,
      );
    }
    return snapshotExitCode(outcome);
  });
}
