import { Command, CommanderError, Help } from 'commander';
import type { Option } from 'commander';
import { EVENKEEL_VERSION } from '../model/version.js';
import { EXIT } from '../reconciler/outcome.js';
import type { ExitCode } from '../reconciler/outcome.js';
import type { Context } from './context.js';
import { explainFailure } from './failure.js';
import { blockCommands } from './program-blocks.js';
import { driftCommands } from './program-drift.js';
import { ledgerCommands } from './program-ledger.js';
import { reconcileCommands } from './program-reconcile.js';
import { simulationCommands } from './program-simulation.js';
import { snapshotCommands } from './program-snapshot.js';
import { desiredStateCommands } from './program-desired-state.js';
import { versionCommands } from './program-versions.js';
import type { Registration } from './registration.js';

const EXIT_CODES = `
Exit codes:
  0  done, or nothing to do            6  the plan is stale
  1  failed                            7  partly applied
  2  there are changes, or drift       8  timed out; the operation goes on
  3  the desired state is not valid    9  credentials, or role assumption
  4  blocked: budget, policy, freeze  64  the command was called wrongly
  5  another controller has the lease
`;

/** Runs the command line and answers the exit code; whatever goes wrong is said on stderr, and nothing is thrown. */
export async function runProgram(argv: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = new Command('evenkeel')
    .description('Keeps every account of an AWS Organization true to the desired state in a Git repository.')
    // Else --version after a command's name would be the program's own.
    .enablePositionalOptions()
    .version(EVENKEEL_VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .helpCommand('help [command]', 'Explain a command.')
    .configureHelp({ optionDescription: describedOption })
    .showHelpAfterError('Try --help for what is possible.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 100,
      getErrHelpWidth: () => context.stderr.columns ?? 100,
    });
  const registration: Registration = { program, context, exit: (ended) => (code = ended), runProgram };
  blockCommands(registration);
  desiredStateCommands(registration);
  versionCommands(registration);
  reconcileCommands(registration);
  driftCommands(registration);
  ledgerCommands(registration);
  snapshotCommands(registration);
  simulationCommands(registration);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed what was wrong, or the help that was asked for, before it throws.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const failure = explainFailure(error, { env: context.env, interrupted: context.signal.aborted });
    context.stderr.write(failure.text);
    return failure.code;
  }
}

/** That a switch is off by default goes without saying. */
function describedOption(this: Help, option: Option): string {
  return option.defaultValue === false ? option.description : Help.prototype.optionDescription.call(this, option);
}
