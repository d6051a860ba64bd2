import { manifestOf, parseAddress } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import { describeHistory, knownAddresses } from '../../reconciler/describe-ledger.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { withLedger } from '../opening.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type HistoryOptions = PrintOptions & SourceOptions & LedgerOptions & { readonly address: string };

/** Everything that was ever done at one address. */
export async function run(options: HistoryOptions, context: Context): Promise<ExitCode> {
  const { address } = options;
  if (parseAddress(address) === null) {
    throw new UsageError(
      `"${address}" is not an address: write Kind/name or Kind/name@account/region, such as Stack/guardrails@111122223333/us-east-1`,
    );
  }
  return withLedger(options, context, async (ledger) => {
    const manifest = manifestOf(address as Address);
    const [events, holds] = await Promise.all([ledger.history(address as Address), ledger.holds(manifest)]);
    // Only for who may have misspelt it: everything is read then.
    const known = events.length > 0 ? [] : knownAddresses((await ledger.status()).entries);
    print(describeHistory(address as Address, events, known, holds), options, context);
    return EXIT.done;
  });
}
