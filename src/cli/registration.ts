import type { Command } from 'commander';
import type { ExitCode } from '../reconciler/outcome.js';
import type { Context } from './context.js';

/** The whole command line over again, which is how the demo shows what a person would see. */
export type RunProgram = (argv: readonly string[], context: Context) => Promise<ExitCode>;

/** What a group of commands registers itself with; `exit` keeps what the chosen command ended in. */
export type Registration = {
  readonly program: Command;
  readonly context: Context;
  readonly exit: (code: ExitCode) => void;
  readonly runProgram: RunProgram;
};
