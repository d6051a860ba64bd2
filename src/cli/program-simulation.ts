import { run as demo } from './commands/demo.js';
import type { SimulatorCommandOptions } from './commands/simulator.js';
import { run as simulator } from './commands/simulator.js';
import { positiveNumber, wholeNumber } from './options.js';
import type { Registration } from './registration.js';

/** Commands that need no AWS, because they bring their own. */
export function simulationCommands({ program, context, exit, runProgram }: Registration): void {
  program
    .command('simulator')
    .description('Run an AWS on this machine only, for any AWS client, until interrupted.')
    .option('--port <n>', 'the port to listen on; 0 takes a free one', wholeNumber(0), 4566)
    .option('--organization <name>', '"empty", "demo", or a YAML or JSON file', 'demo')
    .option('--speed <n>', 'simulated seconds for each second', positiveNumber, 60)
    .option('--seed <n>', 'everything random comes from it', wholeNumber(0))
    .addHelpText(
      'after',
      "\nExamples:\n  evenkeel simulator --port 4566\n  evenkeel simulator --organization organization.yaml --speed 600 --seed 7\n\nAn account id as access key is that account's administrator, with any secret.\n",
    )
    .action(async (options: SimulatorCommandOptions) => {
      exit(await simulator(options, context));
    });

  program
    .command('demo')
    .description('Show a reconcile from end to end on a simulated Organization. Needs no AWS, and touches none.')
    .addHelpText('after', '\nExample:\n  evenkeel demo\n')
    .action(async () => {
      exit(await demo({ runProgram }, context));
    });
}
