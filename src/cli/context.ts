import type { Clock } from '../reconciler/ports.js';
import type { Environment } from '../installation/session.js';
import type { Installations } from './ports.js';

/** Somewhere to write text: a standard stream, or a test's memory. */
export type Output = { write(text: string): unknown; readonly isTTY: boolean; readonly columns: number | undefined };

/** Somebody who can be asked: null from `readLine` means that the input ended. */
export type Input = { readonly isTTY: boolean; readLine(question: string): Promise<string | null> };

/** All that a command touches of the world outside: nothing in `commands/` reads a global. */
export type Context = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborted by the first SIGINT: what runs is finished, nothing new is begun. */
  readonly signal: AbortSignal;
  readonly installations: Installations;
};

/** The command was called wrongly: said on stderr, exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
