import { Option } from 'commander';
import { GROUPINGS } from '../reconciler/describe-drift-groups.js';
import type { DriftOptions } from './commands/drift.js';
import { run as drift } from './commands/drift.js';
import type { DriftDetectOptions } from './commands/drift-detect.js';
import { run as detect } from './commands/drift-detect.js';
import type { ExplainOptions } from './commands/explain.js';
import { run as explain } from './commands/explain.js';
import type { MetricsOptions } from './commands/metrics.js';
import { run as metrics } from './commands/metrics.js';
import { ledgerOption, printOptions, scopeOption, sourceOptions } from './options.js';
import { acceptCommand } from './program-drift-accept.js';
import type { Registration } from './registration.js';

/** What differs although nobody changed the desired state: to look at it, to look anew, and to learn where it comes from. */
export function driftCommands(registration: Registration): void {
  const { program, context, exit } = registration;
  const showing = program
    .command('drift')
    .description('Show where AWS differs from what was deployed, and what could not be checked. Asks only the ledger.')
    .addOption(new Option('--by <what>', 'put the findings under headings').choices(GROUPINGS))
    .option('--account <account>', 'show this account only, by its id or its name')
    .option('--address <address>', 'show this manifest or deployment only')
    .option('--all', 'name everything, however long it is', false)
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel drift\n  evenkeel drift --by ou --ledger .evenkeel\n  evenkeel drift --address Stack/janitor --output markdown\n\nExits with 2 where there is drift that nobody accepts, or an expired rule.\n',
    )
    .action(async (options: DriftOptions) => {
      exit(await drift(options, context));
    });
  printOptions(ledgerOption(sourceOptions(showing)));

  const detecting = showing
    .command('detect')
    .description('Have CloudFormation look at the resources of every stack now, and show what it found.')
    .option('--wait', 'wait until every detection has ended', false)
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel drift detect --account 111122223333 --wait\n  evenkeel drift detect --revision main\n',
    )
    .action(async (options: DriftDetectOptions) => {
      exit(await detect(options, context));
    });
  printOptions(scopeOption(ledgerOption(sourceOptions(detecting))));

  acceptCommand(showing, registration);

  const explaining = program
    .command('explain')
    .description(
      'Show where a deployment comes from: from the stack in AWS back to the line in Git, and who changed it.',
    )
    .argument('<address>', 'Kind/name, or Kind/name@account/region')
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel explain Stack/janitor@111122223333/us-east-1\n  evenkeel explain StackSet/guardrails --ledger .evenkeel --revision main\n\nWith --ledger alone no manifest is read; add --revision or --path for its line\nand its commit.\n',
    )
    .action(async (address: string, options: Omit<ExplainOptions, 'address'>) => {
      exit(await explain({ ...options, address }, context));
    });
  printOptions(ledgerOption(sourceOptions(explaining)));

  const measuring = program
    .command('metrics')
    .description('Print what is known of drift, checks and budgets as metrics for Prometheus. Asks only the ledger.')
    .option('--file <file>', "write this file as a whole, for the node exporter's textfile collector")
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel metrics --ledger .evenkeel\n  evenkeel metrics --revision main --file /var/lib/node_exporter/evenkeel.prom\n\nWith --ledger alone the budgets are not known; add --revision or --path.\n',
    )
    .action(async (options: MetricsOptions) => {
      exit(await metrics(options, context));
    });
  ledgerOption(sourceOptions(measuring));
}
