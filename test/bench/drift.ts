import { fork } from 'node:child_process';
import { join } from 'node:path';
import Table from 'cli-table3';
import { isBroken, round } from './limits.js';
import type { Limit } from './limits.js';
import { MACHINE } from './machine.js';
import type { Machine } from './machine.js';

export type DriftSize = {
  readonly accounts: number;
  readonly regions: number;
  readonly stacksAtEachPlace: number;
  /** One stack of so many has drifted. */
  readonly oneDriftedOf: number;
};

export const DRIFT_SIZE: DriftSize = { accounts: 1_000, regions: 4, stacksAtEachPlace: 20, oneDriftedOf: 1_000 };

const MOST_PLANNER_SECONDS = 1;
const MOST_CALLS_A_STACK = 2.2;
/** A pass may make so many times the calls of the mean one. */
const MOST_UNEVEN = 3;
const MOST_RSS_MIB = 1_500;
const HEAP_MIB = 1_024;

/** What the measured process says. */
export type DriftFound = {
  readonly stacks: number;
  /** The planner with every check of every stack due at once. */
  readonly everything: {
    readonly seconds: number;
    readonly cpuSeconds: number;
    readonly addedMiB: number;
    readonly due: number;
  };
  /** Of a day, in order. */
  readonly passes: readonly {
    readonly calls: number;
    readonly seconds: number;
    readonly plannerSeconds: number;
    readonly plannerCpuSeconds: number;
  }[];
  readonly calls: Readonly<Record<string, number>>;
  readonly books: number;
  readonly bookWrites: number;
  /** Stacks of which both checks have been made by the end of the day. */
  readonly checked: number;
  readonly peakRssMiB: number;
};

export type DriftRow = {
  readonly row: 'drift';
  readonly machine: Machine;
  readonly input: DriftSize;
  readonly found: Omit<DriftFound, 'passes'>;
  readonly callsAStack: number;
  readonly callsOfAPass: { readonly least: number; readonly mean: number; readonly most: number };
  readonly secondsOfAPass: { readonly mean: number; readonly most: number };
  readonly plannerSeconds: { readonly mean: number; readonly most: number };
  readonly limits: readonly Limit[];
};

export type DriftOptions = {
  readonly bundle: string;
  readonly profiles: string | null;
  readonly say: (text: string) => void;
  readonly size?: DriftSize;
};

/** The choice of what to check next, and a day of checks of eighty thousand stacks. */
export async function benchDrift({ bundle, profiles, say, size = DRIFT_SIZE }: DriftOptions): Promise<DriftRow> {
  say(`a day of checks of ${String(size.accounts * size.regions * size.stacksAtEachPlace)} stacks`);
  const { passes, ...found } = await foundBy(join(bundle, 'drift-process.js'), size, profiles);
  const total = Object.values(found.calls).reduce((sum, times) => sum + times, 0);
  const calls = passes.map((pass) => pass.calls);
  const planner = [found.everything.seconds, ...passes.map(({ plannerSeconds }) => plannerSeconds)];
  // In a single pass, what others have left to be collected is counted too.
  const cpuOfAPass = mean(passes.map(({ plannerCpuSeconds }) => plannerCpuSeconds));
  const plannerCpu = Math.max(found.everything.cpuSeconds, cpuOfAPass);
  const seconds = passes.map((pass) => pass.seconds);
  const callsAStack = Math.round((total / found.stacks) * 1000) / 1000;
  const callsOfAPass = { least: Math.min(...calls), mean: Math.round(mean(calls)), most: Math.max(...calls) };
  return {
    row: 'drift',
    machine: MACHINE,
    input: size,
    found,
    callsAStack,
    callsOfAPass,
    secondsOfAPass: { mean: mean(seconds), most: Math.max(...seconds) },
    plannerSeconds: { mean: mean(planner.slice(1)), most: Math.max(...planner) },
    limits: [
      {
        what: 'CPU seconds of the planner',
        found: hundredths(plannerCpu),
        most: MOST_PLANNER_SECONDS,
        least: 0,
      },
      { what: 'calls a stack in a day', found: callsAStack, most: MOST_CALLS_A_STACK, least: 2 },
      { what: 'calls of the busiest pass', found: callsOfAPass.most, most: callsOfAPass.mean * MOST_UNEVEN, least: 1 },
      {
        what: 'stacks that were looked at in the day',
        found: found.checked,
        most: found.stacks,
        least: found.stacks,
      },
      { what: 'peak RSS in MiB', found: round(found.peakRssMiB), most: MOST_RSS_MIB, least: 0 },
    ],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;

function foundBy(script: string, size: DriftSize, profiles: string | null): Promise<DriftFound> {
  const profiled = profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profiles, 'drift')}`];
  // What is not needed is given back only where there is no more.
  const execArgv = [`--max-old-space-size=${String(HEAP_MIB)}`, ...profiled];
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(size)], { execArgv });
    let found: DriftFound | undefined;
    child.once('message', (message) => (found = message as DriftFound));
    child.once('error', reject);
    child.once('exit', (code) =>
      found === undefined ? reject(new Error(`the process ended with ${code ?? 'a signal'}`)) : resolve(found),
    );
  });
}

/** The row for a person to read. */
export function driftReport({ machine, input, found, limits, ...row }: DriftRow): string {
  const table = new Table({ style: { head: [], border: [] }, head: ['', 'found', 'allowed', ''] });
  for (const limit of limits) {
    const allowed = limit.least === limit.most ? String(limit.most) : `${String(limit.least)} to ${String(limit.most)}`;
    table.push([limit.what, limit.found, allowed, isBroken(limit) ? 'BROKEN' : 'kept']);
  }
  const { least, mean: middle, most } = row.callsOfAPass;
  return [
    `${machine.cpu}, ${String(machine.cores)} cores, ${String(machine.memoryMiB)} MiB, ${machine.platform}, Node ${machine.node}`,
    `${String(input.accounts)} accounts × ${String(input.regions)} Regions × ${String(input.stacksAtEachPlace)} stacks = ${String(found.stacks)} stacks, one of ${String(input.oneDriftedOf)} drifted; a pass every 15 minutes, each stack once a day`,
    `the planner with ${String(found.everything.due)} checks due at once: ${found.everything.seconds.toFixed(2)} s and ${found.everything.addedMiB.toFixed(0)} MiB more; in a pass ${row.plannerSeconds.mean.toFixed(2)} s`,
    `calls of a pass: ${String(least)} at least, ${String(middle)} in the mean, ${String(most)} at most; without AWS and the ledger it takes ${row.secondsOfAPass.mean.toFixed(2)} s, ${row.secondsOfAPass.most.toFixed(2)} s at most`,
    ...Object.entries(found.calls).map(([operation, times]) => `  ${String(times).padStart(7)}  ${operation}`),
    table.toString(),
    '',
  ].join('\n');
}
