import type { Command } from 'commander';
import type { DriftAcceptOptions } from './commands/drift-accept.js';
import { run as accept } from './commands/drift-accept.js';
import { ledgerOption, printOptions, sourceOptions } from './options.js';
import type { Registration } from './registration.js';

/** How somebody agrees that a deployment may differ. */
export function acceptCommand(drift: Command, { context, exit }: Registration): void {
  const accepting = drift
    .command('accept')
    .description('Write into a manifest that something may differ from it, for review. Writes into ./desired-state.')
    .argument('<address>', 'Kind/name, or Kind/name@account/region; the rule goes into its manifest')
    .requiredOption('--reason <text>', 'why it may differ; kept in the manifest')
    .option('--resource <id>', 'the logical id, Child.Id in a nested stack, or AWS::CloudFormation::Stack')
    .option('--property <pointer>', 'the JSON pointer into its properties, such as /VisibilityTimeout; / for all of it')
    .option('--expires <date>', 'the last day on which it may differ, in UTC, or a time; for ever where none is named')
    .addHelpText(
      'after',
      '\nWithout --resource and --property: the one thing that the ledger says is open there. With --ledger, a rule\nthat accepts nothing of what is open is refused.\n\nExamples:\n  evenkeel drift accept Stack/queue --reason "tuned by its owner" --ledger .evenkeel\n  evenkeel drift accept Stack/queue --resource Queue --property /VisibilityTimeout \\\n    --reason "tuned by its owner" --expires 2027-01-31\n',
    )
    .action(async (address: string, options: Omit<DriftAcceptOptions, 'address'>) => {
      exit(await accept({ ...options, address }, context));
    });
  printOptions(ledgerOption(sourceOptions(accepting)));
}
