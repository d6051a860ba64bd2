import { dirname } from 'node:path';
import { DescribeStacksCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Context } from '../../src/cli/context.js';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { runProgram } from '../../src/cli/program.js';
import { manifestSchema, open, openLedgerOnly, validate } from '../../src/installation/installation.js';
import type { AwsElsewhere, OpenOptions } from '../../src/installation/session.js';
import type { ExitCode } from '../../src/reconciler/outcome.js';
import { HUB } from './world.js';
import type { World } from './world.js';

/** What a person would see who had typed the line. */
export type Ended = { readonly code: ExitCode; readonly stdout: string; readonly stderr: string };

export type Shell = {
  /** What is typed where the program asks; null where there is no terminal to ask on. */
  readonly answer?: string | null;
  readonly columns?: number;
  /** Where AWS is, where it is not the simulator with the controller's credentials. */
  readonly aws?: AwsElsewhere;
};

/** The folder that a world's lines are typed in: `desired-state` and `ledger` lie in it. */
export const whereTyped = (world: World): string => dirname(world.folder);

/** Runs one line as a shell would, in the folder of the world, with the simulator in the place of AWS. */
export async function typed(world: World, line: string | readonly string[], shell: Shell = {}): Promise<Ended> {
  const argv = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({ isTTY: false, columns: shell.columns ?? 100, write: (text: string) => (written[name] += text) });
  const clock = simulatedClock(world.simulator);
  const context: Context = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: { isTTY: typeof shell.answer === 'string', readLine: () => Promise.resolve(shell.answer ?? null) },
    env: {},
    cwd: whereTyped(world),
    clock,
    signal: new AbortController().signal,
    installations: {
      open: (options: OpenOptions) => open({ ...options, clock, aws: shell.aws ?? simulatedAws(world.simulator, HUB) }),
      validate,
      openLedgerOnly,
      manifestSchema,
    },
  };
  const code = await runProgram(argv, context);
  return { code, ...written };
}
