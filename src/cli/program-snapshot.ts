import { InvalidArgumentError, Option } from 'commander';
import { REGION } from '../model/identifiers.js';
import type { Region } from '../model/identifiers.js';
import type { SnapshotOptions } from './commands/snapshot.js';
import { run as snapshot } from './commands/snapshot.js';
import { ledgerOption, printOptions, sourceOptions } from './options.js';
import type { Registration } from './registration.js';

/** The copy of an organization that a rehearsal is held on. */
export function snapshotCommands({ program, context, exit }: Registration): void {
  const taking = program
    .command('snapshot')
    .description(
      'Write the Organization, its stacks and stack sets to a file that the simulator starts from. Only reads. Reads HEAD.',
    )
    .argument('[file]', 'the file to write', 'organization.json')
    .addOption(
      new Option(
        '--regions <names>',
        'Regions to read besides those that the desired state and the ledger name, with commas',
      ).argParser(regionNames),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel snapshot\n  evenkeel snapshot before.json --revision main --regions eu-west-1,eu-central-1\n\nExits with 9 or 1 where what the desired state deploys to could not be read;\nthe file is written all the same, and says so.\n\nNot in the file, and not in the copy: stack policies, stack events, change\nsets, and operations of stack sets. NoEcho values are ****, and GetTemplate\nanswers ? for what is not ASCII.\n',
    )
    .action(async (file: string, options: Omit<SnapshotOptions, 'file'>) => {
      exit(await snapshot({ ...options, file }, context));
    });
  printOptions(ledgerOption(sourceOptions(taking)));
}

function regionNames(text: string): readonly Region[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !REGION.test(name));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is no Region: write such as us-east-1,eu-west-1.`);
  return names as Region[];
}
