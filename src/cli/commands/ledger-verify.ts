import { describeVerification } from '../../reconciler/describe-verification.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { anchorText, readAnchorFile } from '../anchor-file.js';
import type { Context } from '../context.js';
import { withLedger, withProgress } from '../opening.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';
import { visibleText } from '../render/visible-text.js';
import { wholeFile } from '../whole-file.js';

export type VerifyOptions = PrintOptions &
  SourceOptions &
  LedgerOptions & { readonly anchor?: string; readonly writeAnchor?: string };

/** Proves that the ledger is what was written to it. Nothing in it is changed, and AWS itself is not asked. */
export async function run(options: VerifyOptions, context: Context): Promise<ExitCode> {
  const anchor = options.anchor === undefined ? null : await readAnchorFile(options.anchor, context);
  const file = options.writeAnchor === undefined ? null : await wholeFile(options.writeAnchor, context.cwd);
  return withLedger(options, context, async (ledger) => {
    const at = context.clock.now();
    const verification = await withProgress(context, (watch) => ledger.verify(anchor, watch));
    const isWhole = verification.breaks.length === 0;
    if (file !== null && isWhole) await file.write([anchorText(verification, at)]);
    print(describeVerification(verification, anchor), options, context);
    if (options.writeAnchor !== undefined) {
      const name = visibleText(options.writeAnchor);
      context.stderr.write(
        isWhole
          ? `The anchor is in ${name}. Keep it where nobody who can write the ledger can write it too.\n`
          : `No anchor was written to ${name}: it would vouch for a ledger that is broken.\n`,
      );
    }
    return isWhole ? EXIT.done : EXIT.failed;
  });
}
