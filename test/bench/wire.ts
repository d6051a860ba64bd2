import { fork } from 'node:child_process';
import { join } from 'node:path';
import Table from 'cli-table3';
import { MACHINE, type Machine } from './machine.js';
import { INPUT } from './input.js';
import { isBroken, round, type Limit } from './limits.js';
import type { WireMeasure } from './wire-process.js';
import { MIX } from './wire-requests.js';

/** What the simulator itself costs: every test and every demo pays it. */
const LEAST_REQUESTS_A_SECOND = 2_000;

export type WireRow = Omit<WireMeasure, 'failures'> & {
  readonly row: 'the wire';
  readonly machine: Machine;
  readonly input: {
    readonly accounts: number;
    readonly regions: number;
    readonly stacks: number;
    readonly mix: typeof MIX;
  };
  readonly requestsPerSecond: number;
  readonly limits: readonly Limit[];
  readonly failures: readonly string[];
};

export type WireOptions = {
  readonly bundle: string;
  readonly profiles: string | null;
  readonly say: (text: string) => void;
};

/** A mix of requests at a populated world, in a process of its own that uses one core. */
export async function benchWire({ bundle, profiles, say }: WireOptions): Promise<WireRow> {
  say('the wire');
  const execArgv = profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profiles, 'wire')}`];
  const measure = await new Promise<WireMeasure>((resolve, reject) => {
    const child = fork(join(bundle, 'wire-process.js'), { execArgv });
    child.once('message', (message) => resolve(message as WireMeasure));
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
  });
  // By the time that the process worked: on a machine that others use, that is less than the time that passed.
  const requestsPerSecond = Math.round(measure.requests / measure.cpuSeconds);
  const { accounts, regions, foreignStacksAtEachTarget } = INPUT;
  return {
    row: 'the wire',
    machine: MACHINE,
    input: { accounts, regions, stacks: accounts * regions * foreignStacksAtEachTarget, mix: MIX },
    ...measure,
    requestsPerSecond,
    limits: [
      { what: 'requests that failed', found: measure.failures.length, most: 0, least: 0 },
      {
        what: 'requests a second of one core',
        found: requestsPerSecond,
        most: Number.MAX_SAFE_INTEGER,
        least: LEAST_REQUESTS_A_SECOND,
      },
    ],
  };
}

/** The row for a person to read. */
export function wireReport({ row, input, limits, ...found }: WireRow): string {
  const table = new Table({ style: { head: [], border: [] }, head: ['request', 'of each hundred', 'milliseconds'] });
  for (const [kind, share] of Object.entries(input.mix))
    table.push([kind, share, (found.milliseconds[kind] ?? 0).toFixed(2)]);
  const broken = limits
    .filter(isBroken)
    .map(({ what, found: is, least }) => `  BROKEN: ${what}: ${is}, at least ${least}`);
  return [
    `${row}: the simulator alone, ${input.accounts} accounts × ${input.regions} Regions with ${input.stacks} stacks`,
    table.toString(),
    `  ${found.requests} requests in ${round(found.seconds)} s, ${round(found.cpuSeconds)} s of one core: ${found.requestsPerSecond} a second; the floor is ${LEAST_REQUESTS_A_SECOND}`,
    `  peak RSS ${round(found.peakRssMiB)} MiB`,
    ...broken,
    ...found.failures.slice(0, 5).map((failure) => `  ${failure}`),
  ].join('\n');
}
