import { Option } from 'commander';
import { run as demo } from './commands/demo.js';
import type { SimulatorCommandOptions } from './commands/simulator.js';
import { run as simulator } from './commands/simulator.js';
import { positiveNumber, wholeNumber } from './options.js';
import type { Registration } from './registration.js';

const SIMULATOR_HELP = `
An account id as access key is that account's administrator, with any secret.

Trouble, each as a share of calls from 0 to 1:
  throttling   too many requests, in the words of each service
  errors       500 and 503
  resets       the connection breaks, and nothing happened
  lostAnswers  the connection breaks after the effect took place
  timeouts     the effect takes place, and no answer comes
  expired      the session has expired
  denied       the principal is not authorized
  pages        a listing fails at its second page, or a later one
  latency      the answer comes late
and besides:
  lateListings for so many simulated seconds, listings may lag behind
  detections   the share of drift detections that fail half-way, or hang, or lag
  people       so many times in a simulated hour, somebody changes something
  mostInARow   calls of one kind that are struck in a row at most (2)
In a file, each may be a mapping with operations, accounts and regions:
  denied: { rate: 1, operations: ["s3:*"], accounts: ["100000000021"] }
The same seed and the same calls give the same trouble.

Examples:
  evenkeel simulator --port 4566
  evenkeel simulator --organization organization.yaml --speed 600 --seed 7
  evenkeel simulator --trouble some --verbose
  evenkeel simulator --seed 4711 --trouble throttling=0.05,resets=0.01,people=4
`;

/** Commands that need no AWS, because they bring their own. */
export function simulationCommands({ program, context, exit, runProgram }: Registration): void {
  program
    .command('simulator')
    .description('Run an AWS on this machine only, for any AWS client, until interrupted.')
    .option('--port <n>', 'the port to listen on; 0 takes a free one', wholeNumber(0), 4566)
    .option('--organization <name>', '"empty", "demo", or a YAML or JSON file', 'demo')
    .addOption(
      new Option('--from <file>', 'start as the organization that "evenkeel snapshot" wrote').conflicts('organization'),
    )
    .option('--speed <n>', 'simulated seconds for each second', positiveNumber, 60)
    .option('--seed <n>', 'everything random comes from it; 1, or any where there is trouble', wholeNumber(0))
    .option('--trouble <spec>', 'what goes wrong: "none", "some", "much", pairs, or a YAML or JSON file', 'none')
    .option('--throttling', 'hold callers to the request rates that AWS Organizations publishes', false)
    .option('--verbose', 'tell each call on stderr', false)
    .option('--no-color', 'print without colours, as NO_COLOR does')
    .addHelpText('after', SIMULATOR_HELP)
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
