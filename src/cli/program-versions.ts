import type { OutdatedOptions } from './commands/outdated.js';
import { run as outdated } from './commands/outdated.js';
import type { UpgradeOptions } from './commands/upgrade.js';
import { run as upgrade } from './commands/upgrade.js';
import { ledgerOption, printOptions, sourceOptions } from './options.js';
import type { Registration } from './registration.js';

/** Commands for those who keep building blocks up to date. */
export function versionCommands({ program, context, exit }: Registration): void {
  const outdating = program
    .command('outdated')
    .description(
      'Show newer versions of what is pinned. Asks the publishers, and writes nothing. Reads ./desired-state.',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all is current, 2 something is not, 1 nobody could say.\n\nExamples:\n  evenkeel outdated\n  evenkeel outdated --revision main --output markdown\n',
    )
    .action(async (options: OutdatedOptions) => {
      exit(await outdated(options, context));
    });
  printOptions(ledgerOption(sourceOptions(outdating)));

  const upgrading = program
    .command('upgrade')
    .description('Pin another version of a building block, and show what it changes. Writes into ./desired-state.')
    .argument('<address>', 'the manifest, such as ServerlessApplication/lambda-janitor')
    .option('--to <version>', 'the version to pin, older ones too; the newest where none is named')
    .option('--dry-run', 'show what would change, and write nothing', false)
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel upgrade ServerlessApplication/lambda-janitor\n  evenkeel upgrade Solution/response --to v3.1.5 --dry-run\n',
    )
    .action(async (address: string, options: UpgradeOptions) => {
      exit(await upgrade(address, options, context));
    });
  printOptions(ledgerOption(sourceOptions(upgrading)));
}
