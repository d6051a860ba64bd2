import type { HistoryOptions } from './commands/history.js';
import { run as history } from './commands/history.js';
import { run as ledgerCreate } from './commands/ledger-create.js';
import type { VerifyOptions } from './commands/ledger-verify.js';
import { run as ledgerVerify } from './commands/ledger-verify.js';
import type { ResumeOptions } from './commands/resume.js';
import { run as resume } from './commands/resume.js';
import { run as status } from './commands/status.js';
import { ledgerOption, printOptions, sourceOptions } from './options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from './options.js';
import type { Registration } from './registration.js';

/** What the ledger knows. With `--ledger DIR` none of the reading commands needs a desired state. */
export function ledgerCommands({ program, context, exit }: Registration): void {
  const stating = program
    .command('status')
    .description('Show what the ledger knows to stand in AWS, and the latest runs.')
    .addHelpText('after', '\nExamples:\n  evenkeel status\n  evenkeel status --ledger .evenkeel --output json\n')
    .action(async (options: PrintOptions & SourceOptions & LedgerOptions) => {
      exit(await status(options, context));
    });
  printOptions(ledgerOption(sourceOptions(stating)));

  const remembering = program
    .command('history')
    .description('Show everything that was done at one address.')
    .argument('<address>', 'Kind/name, or Kind/name@account/region')
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel history StackSet/guardrails\n  evenkeel history Stack/janitor@111122223333/us-east-1 --ledger .evenkeel\n',
    )
    .action(async (address: string, options: Omit<HistoryOptions, 'address'>) => {
      exit(await history({ ...options, address }, context));
    });
  printOptions(ledgerOption(sourceOptions(remembering)));

  const resuming = program
    .command('resume')
    .description('Let a rollout go on that a failed wave has stopped.')
    .argument('<address>', 'Kind/name of its manifest')
    .requiredOption('--reason <text>', 'why it may go on; kept in the ledger')
    .addHelpText('after', '\nExample:\n  evenkeel resume StackSet/guardrails --reason "quota raised in a1"\n')
    .action(async (address: string, options: Omit<ResumeOptions, 'address'>) => {
      exit(await resume({ ...options, address }, context));
    });
  printOptions(ledgerOption(sourceOptions(resuming)));

  const ledger = program.command('ledger').description('Manage the table that keeps the record.');
  const creating = ledger
    .command('create')
    .description("Create the Controller's table with all its indexes.")
    .addHelpText('after', '\nExample:\n  evenkeel ledger create --revision main\n')
    .action(async (options: PrintOptions & SourceOptions & LedgerOptions) => {
      exit(await ledgerCreate(options, context));
    });
  printOptions(ledgerOption(sourceOptions(creating)));

  const verifying = ledger
    .command('verify')
    .description('Prove that nothing in the ledger was altered or is missing.')
    .option('--anchor <file>', 'prove also that it goes on from this anchor')
    .option('--write-anchor <file>', 'write an anchor for later, where the ledger is whole')
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel ledger verify --write-anchor anchor.json\n  evenkeel ledger verify --anchor anchor.json --ledger .evenkeel\n',
    )
    .action(async (options: VerifyOptions) => {
      exit(await ledgerVerify(options, context));
    });
  printOptions(ledgerOption(sourceOptions(verifying)));
}
