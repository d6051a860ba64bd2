import { parseAddress } from '../../model/address.js';
import { describeResumed } from '../../reconciler/describe-holds.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { withLedger } from '../opening.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';

export type ResumeOptions = PrintOptions &
  SourceOptions &
  LedgerOptions & { readonly address: string; readonly reason: string };

/** Lets a rollout that a failed wave has stopped go on at the next reconcile. */
export async function run(options: ResumeOptions, context: Context): Promise<ExitCode> {
  const address = parseAddress(options.address);
  if (address === null)
    throw new UsageError(`"${options.address}" is not an address: write Kind/name, such as StackSet/guardrails`);
  if (options.reason.trim() === '')
    throw new UsageError('--reason is empty: say why the rollout may go on, for those who read the ledger later');
  return withLedger(options, context, async (ledger) => {
    const resumed = await ledger.resume(address.manifest, options.reason.trim());
    print(describeResumed(address.manifest, resumed), options, context);
    return resumed.type === 'resumed' ? EXIT.done : EXIT.failed;
  });
}
