import type { AddCommandOptions } from './commands/add.js';
import { run as add } from './commands/add.js';
import type { CatalogOptions } from './commands/catalog.js';
import { run as catalog } from './commands/catalog.js';
import type { ShowOptions } from './commands/show.js';
import { run as show } from './commands/show.js';
import { printOptions, sourceOptions } from './options.js';
import type { Registration } from './registration.js';

type Parsed<Options> = Omit<Options, 'block' | 'blockVersion'> & { readonly version?: string };

/** Commands for those who choose a building block. */
export function blockCommands({ program, context, exit }: Registration): void {
  const listing = program
    .command('catalog')
    .description('Find a building block among those that are known. Asks nobody.')
    .argument('[words...]', 'show only those in which every word occurs')
    .addHelpText('after', '\nExamples:\n  evenkeel catalog\n  evenkeel catalog rotation postgres\n')
    .action(async (words: readonly string[], options: Omit<CatalogOptions, 'words'>) => {
      exit(await catalog({ ...options, words }, context));
    });
  printOptions(listing);

  const showing = program
    .command('show')
    .description('Show what a building block is and may do, before you choose it.')
    .argument('<block>', 'an address, the ARN of an application, or an id of the catalog')
    .option('--version <version>', 'show this version, not the newest')
    .option('--part <part>', 'show this template of a solution, such as member')
    .option('--offline', 'ask nobody; show what is known here', false)
    .addHelpText(
      'after',
      '\nAn address is read from the manifest and its locked files, and nobody is asked.\n\nExamples:\n  evenkeel show ServerlessApplication/lambda-janitor\n  evenkeel show SO0111 --part member\n  evenkeel show aws-eventbridge-lambda --output json\n',
    )
    .action(async (block: string, { version, ...options }: Parsed<ShowOptions>) => {
      exit(await show({ ...options, block, ...(version === undefined ? {} : { blockVersion: version }) }, context));
    });
  printOptions(sourceOptions(showing));

  const adding = program
    .command('add')
    .description('Write the manifest of a building block into ./desired-state.')
    .argument('<block>', 'an id of the catalog, or the ARN of an application')
    .option('--name <name>', 'what to call the manifest')
    .option('--version <version>', 'deploy this version, not the newest')
    .option('--part <part>', 'deploy this template of a solution, such as member')
    .option('--path <dir>', 'the desired-state folder, if it is another one')
    .option('--file <file>', 'write this file of the folder')
    .option('--offline', 'ask nobody; write what is known here', false)
    .addHelpText(
      'after',
      '\nNothing is overwritten. What you must decide is left empty; validate names it.\n\nExamples:\n  evenkeel add lambda-janitor\n  evenkeel add SO0111 --part member --name security-response-member\n',
    )
    .action(async (block: string, { version, ...options }: Parsed<AddCommandOptions>) => {
      exit(await add({ ...options, block, ...(version === undefined ? {} : { blockVersion: version }) }, context));
    });
  printOptions(adding);
}
