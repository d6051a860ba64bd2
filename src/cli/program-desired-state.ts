import type { LockOptions } from './commands/lock.js';
import { run as lock } from './commands/lock.js';
import { run as schema } from './commands/schema.js';
import type { TargetsOptions } from './commands/targets.js';
import { run as targets } from './commands/targets.js';
import { run as validate } from './commands/validate.js';
import { ledgerOption, printOptions, scopeOption, sourceOptions } from './options.js';
import type { PrintOptions, SourceOptions } from './options.js';
import type { Registration } from './registration.js';

/** Commands for those who write the desired state. */
export function desiredStateCommands({ program, context, exit }: Registration): void {
  const validating = program
    .command('validate')
    .description('Find every mistake in the desired state, offline. Reads ./desired-state as it lies there.')
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel validate\n  evenkeel validate --path examples/desired-state\n  evenkeel validate --revision main --output json\n',
    )
    .action(async (options: PrintOptions & SourceOptions) => {
      exit(await validate(options, context));
    });
  printOptions(sourceOptions(validating));

  const targeting = program
    .command('targets')
    .description('Show which accounts and Regions each manifest selects. Reads HEAD.')
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel targets\n  evenkeel targets --path desired-state --account 111122223333\n',
    )
    .action(async (options: TargetsOptions) => {
      exit(await targets(options, context));
    });
  printOptions(scopeOption(ledgerOption(sourceOptions(targeting))));

  const locking = program
    .command('lock')
    .description('Pin what each building block resolves to, for review. Writes into ./desired-state.')
    .option('--check', 'write nothing; say whether AWS still serves what is locked', false)
    .option('--all', 'resolve every building block anew, not only those that changed', false)
    .addHelpText('after', '\nExamples:\n  evenkeel lock\n  evenkeel lock --check --revision main\n')
    .action(async (options: LockOptions) => {
      exit(await lock(options, context));
    });
  printOptions(ledgerOption(sourceOptions(locking)));

  program
    .command('schema')
    .description('Print the JSON Schema of a manifest, for editors.')
    .addHelpText('after', '\nExample:\n  evenkeel schema > desired-state/schema.json\n')
    .action(async () => {
      exit(await schema({}, context));
    });
}
