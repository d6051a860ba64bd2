import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Table from 'cli-table3';
import { snapshotText } from '../../src/model/snapshot-text.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Limit } from './limits.js';
import { isBroken, round } from './limits.js';
import { accountId, organizationOf, REGIONS, SIZE } from './load-input.js';
import type { LoadSize } from './load-input.js';
import type { Loaded, LoadTask } from './load-process.js';

const MOST_SECONDS = 10;
const MOST_RSS_MIB = 1_500;

export type LoadRow = {
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number; readonly memoryMiB: number };
  readonly input: LoadSize;
  readonly found: Loaded;
  readonly limits: readonly Limit[];
};

export type LoadOptions = {
  readonly bundle: string;
  readonly profiles: string | null;
  readonly say: (text: string) => void;
  readonly size?: LoadSize;
};

/** An organization of eighty thousand stacks, written as `evenkeel snapshot` writes it and loaded by a fresh process. */
export async function benchLoad({ bundle, profiles, say, size = SIZE }: LoadOptions): Promise<LoadRow> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-load-'));
  const file = join(folder, 'organization.json');
  try {
    const stacks = size.accounts * size.regions * size.stacksAtEachPlace;
    say(`a file of ${stacks} stacks`);
    // The simulator's type leaves more out than the snapshot's, and brands nothing.
    await pipeline(Readable.from(snapshotText(organizationOf(size) as unknown as Snapshot)), createWriteStream(file));
    say('loading it');
    const task: LoadTask = { file, account: accountId(size.accounts - 1), regions: REGIONS.slice(0, size.regions) };
    const found = await loadedBy(join(bundle, 'load-process.js'), task, profiles);
    const seconds = found.readSeconds + found.startSeconds;
    return {
      machine: {
        node: process.version,
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: availableParallelism(),
        memoryMiB: Math.round(totalmem() / 1024 / 1024),
      },
      input: size,
      found,
      limits: [
        { what: 'seconds until it is loaded', found: round(seconds), most: MOST_SECONDS, least: 0 },
        { what: 'peak RSS in MiB', found: round(found.peakRssMiB), most: MOST_RSS_MIB, least: 0 },
        exactly('stacks of one account', found.walkedStacks, size.regions * size.stacksAtEachPlace),
        exactly('instances of the stack set', found.instances, size.accounts * size.regions),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const exactly = (what: string, found: number, wanted: number): Limit => ({ what, found, most: wanted, least: wanted });

function loadedBy(script: string, task: LoadTask, profiles: string | null): Promise<Loaded> {
  const execArgv = profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profiles, 'load')}`];
  return new Promise((resolve, reject) => {
    const child = fork(script, [JSON.stringify(task)], { execArgv });
    let loaded: Loaded | undefined;
    child.once('message', (message) => (loaded = message as Loaded));
    child.once('error', reject);
    child.once('exit', (code) =>
      loaded === undefined ? reject(new Error(`the process ended with ${code ?? 'a signal'}`)) : resolve(loaded),
    );
  });
}

/** The row for a person to read. */
export function loadReport({ machine, input, found, limits }: LoadRow): string {
  const stacks = input.accounts * input.regions * input.stacksAtEachPlace;
  const table = new Table({ style: { head: [], border: [] }, head: ['', 'found', 'allowed', ''] });
  for (const limit of limits) {
    const allowed = limit.least === limit.most ? String(limit.most) : `up to ${limit.most}`;
    table.push([limit.what, limit.found, allowed, isBroken(limit) ? 'BROKEN' : 'kept']);
  }
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryMiB} MiB, Node ${machine.node}`,
    `${input.accounts} accounts × ${input.regions} Regions × ${input.stacksAtEachPlace} stacks = ${stacks} stacks with ${input.templates} templates, in a file of ${round(found.fileMiB)} MiB`,
    `read ${found.readSeconds.toFixed(2)} s, started ${found.startSeconds.toFixed(2)} s, then ${round(found.rssMiB)} MiB`,
    `the first walk of an account ${(found.walkSeconds * 1000).toFixed(0)} ms, the second ${(found.secondWalkSeconds * 1000).toFixed(0)} ms, a listing of all instances ${(found.instancesSeconds * 1000).toFixed(0)} ms`,
    table.toString(),
    '',
  ].join('\n');
}
