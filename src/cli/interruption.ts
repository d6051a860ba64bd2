/** As much of a process as an interruption needs. */
export type Interrupted = {
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): unknown;
  readonly stderr: { write(text: string): unknown };
};

/** What a shell expects of a process that SIGINT ended. */
const ENDED_BY_SIGINT = 130;

/** The first signal asks to begin nothing new, the second ends the process; the ledger knows what was begun either way. */
export function interruptible(process: Interrupted): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      process.exit(ENDED_BY_SIGINT);
      return;
    }
    process.stderr.write(
      '\nInterrupted: what is running is waited for, and nothing new is begun. Once more ends it at once; the next run finds what was begun.\n',
    );
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}
