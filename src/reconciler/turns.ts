import pLimit from 'p-limit';
import { manifestOf, targetOf } from '../model/address.js';
import type { Address, ManifestAddress } from '../model/address.js';
import { NOTHING_CARRIED } from './carry-out.js';
import type { Carried } from './carry-out.js';
import type { Job } from './execute.js';
import { paceOf, regionTurn, wavesOf } from './rollout.js';

/** Whether a change may begin, or why it may not. */
export type Turn = { readonly type: 'begin' } | { readonly type: 'skip'; readonly why: string };

/** A rollout that stopped: which wave, where that is known, and what failed in it. */
export type Stopped = {
  readonly manifest: ManifestAddress;
  readonly wave: number | null;
  readonly failures: readonly Carried[];
};

export type Turns = {
  /** Carries a job out when all that it needs has been, in its wave's turn; skips it where something before it failed. */
  readonly take: (job: Job, carry: (turn: Turn) => Promise<Carried>) => Promise<Carried>;
};

export type TurnsOptions = {
  /** Planned changes that are not made in this run. */
  readonly dropped: readonly Job[];
  /** Told before anything that waited for the wave is let go or skipped. */
  readonly stopped: (stop: Stopped) => Promise<void>;
};

/** In which order jobs begin: what they depend on first, then wave by wave. There is no cycle among them. */
export function createTurns(jobs: readonly Job[], options: TurnsOptions): Turns {
  const planned = [...jobs, ...options.dropped];
  const dropped = new Set(options.dropped);
  const ends = new Map(planned.map((job) => [job, deferred<Carried>()]));
  for (const job of dropped) ends.get(job)!.resolve(leftOut(job));
  const byAddress = new Map<Address, Job>(planned.map((job) => [job.change.address, job]));
  const memberJobs = groupBy(planned, (job) => membership(manifestOf(job.change.address), job));
  const awaited = new Map<string, Promise<string | null>>();
  const rollouts = createRollouts(planned, (job) => ends.get(job)!.promise, options.stopped);

  /** Why what stands for an address did not come about; null where it did. Of a manifest, what is wanted waits for what is wanted, and what goes for what goes. */
  function obstacleIn(address: Address, by: Job): Promise<string | null> {
    const key = membership(address, by);
    const before = awaited.get(key);
    if (before !== undefined) return before;
    const own = byAddress.get(address);
    const needed = own === undefined ? (memberJobs.get(key) ?? []) : [own];
    const obstacle = Promise.all(needed.map(obstacleOf)).then((found) => found.find((why) => why !== null) ?? null);
    awaited.set(key, obstacle);
    return obstacle;
  }

  async function obstacleOf(job: Job): Promise<string | null> {
    const { address, result } = await ends.get(job)!.promise;
    if (result === 'done') return null;
    return `${address}, which it needs, ${dropped.has(job) ? 'is not changed in this run' : WORDS[result]}`;
  }

  async function turnOf(job: Job): Promise<Turn> {
    const obstacles = await Promise.all(job.change.dependsOn.map((address) => obstacleIn(address, job)));
    const why = obstacles.find((obstacle) => obstacle !== null);
    return why === undefined ? { type: 'begin' } : { type: 'skip', why };
  }

  return {
    async take(job, carry) {
      const turn = await turnOf(job);
      const ended = await rollouts.take(job, turn, carry);
      ends.get(job)!.resolve(ended);
      return ended;
    },
  };
}

/** The jobs of a manifest that are wanted, or those that take something of it away. */
function membership(address: Address, { unit }: Job): string {
  return `${unit.wanted === null ? 'leaving' : 'wanted'} ${address}`;
}

function leftOut({ change: { address, action } }: Job): Carried {
  return { ...NOTHING_CARRIED, address, action, result: 'skipped', detail: 'it is not changed in this run' };
}

const WORDS: Readonly<Record<Carried['result'], string>> = {
  done: 'is done',
  failed: 'failed',
  skipped: 'was skipped',
  stale: 'came out differently',
  'in-doubt': 'is in doubt',
};

type Wave = {
  readonly tolerated: number | null;
  readonly limit: ReturnType<typeof pLimit>;
  readonly failures: Carried[];
  /** What has ended, and is not as it should be. */
  readonly undone: Carried[];
  stop: string | null;
};
/** Why a job may not begin; null where it may. Waits for the waves and Regions before its own. */
type Place = { readonly wave: Wave; readonly mayBegin: Promise<string | null> };

function createRollouts(jobs: readonly Job[], endOf: (job: Job) => Promise<Carried>, stopped: TurnsOptions['stopped']) {
  const placeOf = new Map<Job, Place>();
  for (const waves of wavesOf(jobs).values()) {
    let before: Promise<string | null> = Promise.resolve(null);
    for (const [, members] of [...waves].sort(([one], [other]) => one - other)) {
      const { rollout } = members[0]!.unit.wanted!;
      const pace = paceOf(rollout, members.length);
      const wave: Wave = {
        tolerated: pace.tolerated,
        limit: pLimit(pace.atOnce),
        failures: [],
        undone: [],
        stop: null,
      };
      const turns = groupBy(members, (job) => regionTurn(rollout, targetOf(job.change.address)!.region));
      for (const [, together] of [...turns].sort(([one], [other]) => one - other)) {
        const mayBegin = before;
        for (const job of together) placeOf.set(job, { wave, mayBegin });
        before = Promise.all([mayBegin, Promise.all(together.map(endOf))]).then(([earlier, ended]) => {
          wave.undone.push(...ended.filter(({ result }) => result !== 'done'));
          return earlier ?? wave.stop ?? whyUndone(wave, members[0]!);
        });
      }
    }
  }

  /** Counts a failure; the one that is too many stops its wave, and is told before anybody who waits hears of it. */
  async function note(job: Job, wave: Wave, ended: Carried): Promise<void> {
    if (ended.result !== 'failed' && ended.result !== 'in-doubt') return;
    wave.failures.push(ended);
    if (wave.tolerated === null || wave.failures.length !== wave.tolerated + 1) return;
    wave.stop = `wave ${job.change.wave + 1} has stopped: ${ended.address} ${WORDS[ended.result]}`;
    await stopped({ manifest: manifestOf(job.change.address), wave: job.change.wave, failures: wave.failures });
  }

  return {
    async take(job: Job, turn: Turn, carry: (turn: Turn) => Promise<Carried>): Promise<Carried> {
      const place = placeOf.get(job);
      if (place === undefined || turn.type === 'skip') return carry(turn);
      const { wave } = place;
      const earlier = await place.mayBegin;
      return wave.limit(async () => {
        const why = earlier ?? wave.stop;
        const ended = await carry(why === null ? turn : { type: 'skip', why });
        await note(job, wave, ended);
        return ended;
      });
    },
  };
}

/** Nobody has seen a wave do well whose deployments were left out or skipped, beyond what it tolerates; null where that is not so. */
function whyUndone({ tolerated, undone }: Wave, { change }: Job): string | null {
  if (tolerated === null || undone.length <= tolerated) return null;
  const { address, detail } = undone[0]!;
  return `wave ${change.wave + 1} is not done: ${address}: ${detail}`;
}

type Deferred<Value> = { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void };

function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): ReadonlyMap<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
