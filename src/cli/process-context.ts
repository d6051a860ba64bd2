import { createInterface } from 'node:readline/promises';
import { systemClock } from '../installation/clock.js';
import type { Context, Input } from './context.js';
import type { Installations } from './ports.js';

/** The composition root is loaded when it is first asked, so that `--help` does not wait for the AWS SDK. */
const installations: Installations = {
  open: async (options) => (await import('../installation/installation.js')).open(options),
  validate: async (options) => (await import('../installation/installation.js')).validate(options),
  openLedgerOnly: async (folder) => (await import('../installation/installation.js')).openLedgerOnly(folder),
  card: async (options, watch) => (await import('../installation/card.js')).card(options, watch),
  add: async (options, watch) => (await import('../installation/add.js')).add(options, watch),
  manifestSchema: async () => (await import('../installation/installation.js')).manifestSchema(),
};

/** The world outside, of this process. */
export function processContext(signal: AbortSignal): Context {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: terminalInput(signal),
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    signal,
    installations,
  };
}

/** Questions go to stderr, because stdout is for data. Lines are left to the terminal, so that Ctrl-C stays a signal. */
function terminalInput(signal: AbortSignal): Input {
  return {
    isTTY: Boolean(process.stdin.isTTY),
    readLine: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
      const ended = new Promise<null>((end) => {
        lines.once('close', () => {
          end(null);
        });
        signal.addEventListener(
          'abort',
          () => {
            end(null);
          },
          { once: true },
        );
      });
      try {
        return await Promise.race([lines.question(question), ended]);
      } finally {
        lines.close();
      }
    },
  };
}
