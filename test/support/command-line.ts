import { dirname } from 'node:path';
import type { Context } from '../../src/cli/context.js';
import { simulatedAws, simulatedClock } from '../../src/cli/demo/simulated-aws.js';
import { runProgram } from '../../src/cli/program.js';
import { add } from '../../src/installation/add.js';
import { card } from '../../src/installation/card.js';
import { manifestSchema, open, openLedgerOnly, validate } from '../../src/installation/installation.js';
import type { AwsElsewhere, OpenOptions } from '../../src/installation/session.js';
import type { ExitCode } from '../../src/reconciler/outcome.js';
import { HUB } from './world.js';
import type { World } from './world.js';

/** What a person sees who typed a line. */
export type Ended = { readonly stdout: string; readonly stderr: string; readonly code: ExitCode };

export type Shell = {
  /** What is typed where the program asks; without it there is no terminal to ask on. */
  readonly answer?: string;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where AWS is, if it is not the simulator with the credentials of the controller's account. */
  readonly aws?: AwsElsewhere;
};

/** Where a world's desired state and ledger are, from where its lines are typed. */
export const HERE = '--path desired-state --ledger ledger';
export const APPLY = `apply ${HERE} --allow-path --yes`;
export const PLAN = `plan ${HERE}`;

/** The folder that a world's lines are typed in. */
export const whereTyped = (world: World): string => dirname(world.folder);

/** Runs one line as a shell would, with the simulator in the place of AWS; words are parted by spaces. */
export async function typed(world: World, line: string, shell: Shell = {}): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    columns: shell.columns ?? 100,
    write: (text: string) => (written[name] += text),
  });
  const clock = simulatedClock(world.simulator);
  const context: Context = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: { isTTY: shell.answer !== undefined, readLine: () => Promise.resolve(shell.answer ?? null) },
    env: shell.env ?? {},
    cwd: whereTyped(world),
    clock,
    signal: new AbortController().signal,
    installations: {
      open: (options: OpenOptions) => open({ ...options, clock, aws: shell.aws ?? simulatedAws(world.simulator, HUB) }),
      validate,
      openLedgerOnly,
      card: (options, watch) =>
        card({ ...options, clock, aws: shell.aws ?? simulatedAws(world.simulator, HUB) }, watch),
      add: (options, watch) => add({ ...options, clock, aws: shell.aws ?? simulatedAws(world.simulator, HUB) }, watch),
      manifestSchema,
    },
  };
  const code = await runProgram(line.split(' ').filter(Boolean), context);
  return { ...written, code };
}

/** The calls since the last reset that change something in AWS. */
export function effects(world: World): readonly string[] {
  const reading = /:(Describe|List|Get|Head|AssumeRole|BatchGet|Query|Scan)/;
  return Object.keys(world.simulator.calls.byOperation()).filter((operation) => !reading.test(operation));
}

/** What the ledger has recorded, as `status` prints it for a machine; when it was last looked at is no part of it. */
export async function recordedIn(world: World): Promise<unknown> {
  const { stdout, code } = await typed(world, 'status --ledger ledger --output json');
  if (code !== 0) throw new Error(`the ledger cannot be read: ${stdout}`);
  const { entries, runs, holds } = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  return { entries, runs, holds };
}

/** The text with zeros for what differs from run to run or with every release, so that it can be held against a golden file. */
export function lasting(text: string): string {
  return text
    .replace(/\brun-\d{8}T\d{6}Z-[0-9a-f]{8}/g, 'run-00000000T000000Z-00000000')
    .replace(/(?<=\bcontent-)[0-9a-f]{12}\b/g, '0'.repeat(12))
    .replace(/(?<=\bPlan )[0-9a-f]{8}\b/g, '0'.repeat(8))
    .replace(/(?<=\brevision )[0-9a-f]{12}\b/g, '0'.repeat(12))
    .replace(/(?<=\bLast pass )\S+Z/g, '0000-00-00T00:00:00Z')
    .replace(/(?<=, in )\d+\.\d(?= s: )/g, '0.0');
}
