import { describeStatus } from '../../reconciler/describe-ledger.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import type { Context } from '../context.js';
import { withLedger } from '../opening.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

/** What the ledger knows to stand in AWS, how it drifts, and how the latest runs ended; AWS itself is not asked. */
export async function run(options: PrintOptions & SourceOptions & LedgerOptions, context: Context): Promise<ExitCode> {
  return withLedger(options, context, async (ledger) => {
    const [{ entries, runs, holds }, checks, outgoing] = await Promise.all([
      ledger.status(),
      ledger.checks(),
      ledger.outgoing(),
    ]);
    const now = context.clock.now();
    print(describeStatus(entries, runs, holds, { ...checks, outgoing, now }), options, context);
    return EXIT.done;
  });
}
