import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Ready } from './aws-process.js';
import { openDesk } from './desk.js';
import type { Calls } from './desk.js';
import { measureFloor, withCreations } from './floor.js';
import type { Floor } from './floor.js';
import { HUB, INPUT, REGIONS, writeDesiredState } from './input.js';
import { MACHINE, type Machine } from './machine.js';
import { limitsOfFirst, limitsOfSettled, round } from './limits.js';
import type { Counts, Limit } from './limits.js';
import type { Outcome, Task } from './reconciler-process.js';

export type Row = {
  readonly row: string;
  readonly machine: Machine;
  readonly input: typeof INPUT;
  readonly floor: Floor;
  /** The ledger's apart. */
  readonly calls: number;
  readonly callsByOperation: Calls;
  readonly ledgerCalls: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
  readonly limits: readonly Limit[];
  readonly failures: readonly string[];
};

export type BenchOptions = {
  /** Where the bundled processes are. */
  readonly bundle: string;
  /** A folder for CPU profiles; null makes none. */
  readonly profiles: string | null;
  readonly say: (text: string) => void;
};

/** Two reconciles of two thousand deployments, each in a process of its own, against a simulator in a third. */
export async function bench({ bundle, profiles, say }: BenchOptions): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-bench-'));
  const aws = fork(join(bundle, 'aws-process.js'));
  try {
    say(`an organization of ${INPUT.accounts} accounts`);
    const { endpoint, desk: deskUrl } = await firstMessage<Ready>(aws);
    const desk = openDesk(deskUrl);
    await writeDesiredState(folder);
    for (const region of REGIONS) {
      const s3 = new S3Client({
        endpoint,
        region,
        forcePathStyle: true,
        credentials: { accessKeyId: HUB, secretAccessKey: 'simulator' },
      });
      await s3.send(new CreateBucketCommand({ Bucket: `evenkeel-artifacts-${HUB}-${region}` }));
    }
    const run = async (type: Task['type']): Promise<{ readonly outcome: Outcome; readonly calls: Calls }> => {
      await desk.reset();
      const task: Task = { type, folder, endpoint, desk: deskUrl };
      const execArgv =
        profiles === null || type === 'prepare' ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profiles, type)}`];
      const outcome = await firstMessage<Outcome>(
        fork(join(bundle, 'reconciler-process.js'), [JSON.stringify(task)], { execArgv }),
      );
      return { outcome, calls: (await desk.standing()).calls };
    };

    say('the lock and the ledger');
    const prepared = await run('prepare');
    if (prepared.outcome.failures.length > 0) throw new Error(prepared.outcome.failures.join('\n'));
    say('the first reconcile');
    const first = await run('first');
    if (first.outcome.failures.length > 0)
      throw new Error(`the first reconcile did not succeed:\n${first.outcome.failures.slice(0, 10).join('\n')}`);
    say('a reconcile that changes nothing');
    const settled = await run('settled');
    say('the floor');
    const floor = await measureFloor(endpoint);
    return [
      rowOf('first reconcile', first, withCreations(floor), limitsOfFirst(first.calls, first.outcome)),
      rowOf('nothing to change', settled, floor, limitsOfSettled(split(settled.calls), floor, settled.outcome)),
    ];
  } finally {
    aws.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function rowOf(
  row: string,
  { outcome, calls }: { readonly outcome: Outcome; readonly calls: Calls },
  floor: Floor,
  limits: readonly Limit[],
): Row {
  const { total, ledger, byOperation } = split(calls);
  return {
    row,
    machine: MACHINE,
    input: INPUT,
    floor,
    calls: total,
    callsByOperation: byOperation,
    ledgerCalls: ledger,
    seconds: round(outcome.seconds),
    cpuSeconds: round(outcome.cpuSeconds),
    peakRssMiB: round(outcome.peakRssMiB),
    limits,
    failures: outcome.failures,
  };
}

function split(calls: Calls): Counts {
  const sum = (entries: readonly (readonly [string, number])[]): number =>
    entries.reduce((total, [, times]) => total + times, 0);
  const entries = Object.entries(calls);
  const ledger = entries.filter(([operation]) => operation.startsWith('dynamodb:'));
  const others = entries.filter(([operation]) => !operation.startsWith('dynamodb:'));
  return {
    total: sum(others),
    byOperation: Object.fromEntries(others),
    ledger: sum(ledger),
    ledgerWrites: sum(ledger.filter(([operation]) => !/:(Get|BatchGet|Query|Scan|Describe)/.test(operation))),
  };
}

/** What a process has to say; an end before that is an error. */
function firstMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${child.spawnargs[1] ?? 'a process'} ended with ${code ?? 'a signal'} before it had answered`)),
    );
  });
}
