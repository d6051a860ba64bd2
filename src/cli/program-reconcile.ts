import type { ApplyOptions } from './commands/apply.js';
import { run as apply } from './commands/apply.js';
import type { PlanOptions } from './commands/plan.js';
import { run as plan } from './commands/plan.js';
import type { ReconcileOptions } from './commands/reconcile.js';
import { run as reconcile } from './commands/reconcile.js';
import { approvalOptions, ledgerOption, printOptions, scopeOption, sourceOptions } from './options.js';
import type { Registration } from './registration.js';

/** The doors to a reconcile: to look, to apply what was looked at, and to do both. */
export function reconcileCommands({ program, context, exit }: Registration): void {
  const planning = program
    .command('plan')
    .description('Show what a reconcile would change, and change nothing. Reads HEAD.')
    .option('--out <file>', 'write the plan to this file, for "evenkeel apply FILE"')
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel plan\n  evenkeel plan --path desired-state --output markdown\n  evenkeel plan --revision main --out plan.json\n\nExits with 2 where there are changes or drift, with 0 where there are none.\n',
    )
    .action(async (options: PlanOptions) => {
      exit(await plan(options, context));
    });
  printOptions(scopeOption(ledgerOption(sourceOptions(planning))));

  const applying = program
    .command('apply')
    .description(
      'Apply exactly the changes of a plan, each only while it still comes out the same. Without a plan file: plan, ask, apply.',
    )
    .argument('[plan]', 'a file that "evenkeel plan --out" wrote')
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel apply plan.json --revision main\n  evenkeel apply plan.json --revision main --yes\n  evenkeel apply --path desired-state --allow-path\n',
    )
    .action(async (file: string | undefined, options: Omit<ApplyOptions, 'plan'>) => {
      exit(await apply({ ...options, plan: file ?? null }, context));
    });
  printOptions(approvalOptions(scopeOption(ledgerOption(sourceOptions(applying)))));

  const reconciling = program
    .command('reconcile')
    .description('Make AWS true to the desired state: plan, ask, apply. Reads HEAD.')
    .option('--watch', 'go on, at the interval of the Controller, until interrupted', false)
    .addHelpText(
      'after',
      '\nExamples:\n  evenkeel reconcile\n  evenkeel reconcile --account 111122223333 --yes\n  evenkeel reconcile --revision main --watch --yes\n',
    )
    .action(async (options: ReconcileOptions) => {
      exit(await reconcile(options, context));
    });
  printOptions(approvalOptions(scopeOption(ledgerOption(sourceOptions(reconciling)))));
}
