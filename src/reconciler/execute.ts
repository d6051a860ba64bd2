import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { manifestOf, parseAddress, targetOf } from '../model/address.js';
import type { Address } from '../model/address.js';
import type { Hold } from '../model/hold.js';
import type { RunId } from '../model/identifiers.js';
import type { Known, Observation } from '../model/observed.js';
import type { Change, Plan, Refusal, Scope } from '../model/plan.js';
import type { HistoryHead } from '../model/recorded.js';
import type { ChangeOutcome, Run } from '../model/run.js';
import { targetKey } from '../model/target.js';
import { carryOut, NOTHING_CARRIED } from './carry-out.js';
import type { Carried } from './carry-out.js';
import { createPoller } from './poller.js';
import type { PollInterval } from './poller.js';
import { LedgerConflict } from './ports.js';
import type { Clock, Driver, Drivers, Lease, Ledger, Progress } from './ports.js';
import type { Attribution } from '../model/drift.js';
import { isStopped } from './rollout.js';
import { createTurns } from './turns.js';
import type { Stopped } from './turns.js';
import type { IsActive, Unit } from './units.js';

/** How many changes are under way at once; those that only wait cost nothing but a place in the shared look. */
const CONCURRENT_STEPS = 256;
/** Milliseconds after which a lease that nobody renews falls to somebody else. */
export const LEASE_TTL = 5 * 60 * 1000;

export type Execution = {
  readonly drivers: Drivers;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly pollInterval: PollInterval;
  readonly installation: string;
  readonly run: RunId;
  readonly revision: Run['revision'];
  readonly scope: Scope;
  readonly isActive: IsActive;
  /** When everything was looked at, in milliseconds since the epoch. */
  readonly surveyedAt: number;
  /** Planned changes that are not among the jobs: what needs them, and the waves after them, are skipped. */
  readonly dropped: readonly Job[];
  /** A job whose turn has come, with what its references came out as; `seen` knows what has been changed so far. */
  readonly complete: (job: Job, seen: (address: Address) => Observation | undefined) => Completed;
  readonly progress: (event: Progress) => void;
  readonly signal: AbortSignal;
};

/** `settled`: what it refers to came out as it was, so that nothing is left to do. */
export type Completed =
  | { readonly type: 'complete'; readonly job: Job }
  | { readonly type: 'settled' }
  | { readonly type: 'skip'; readonly why: string };

/** A rollout that stopped; where the ledger could not be told, only this run knows. */
export type Held = { readonly hold: Hold; readonly written: boolean };

export type Touched = { readonly change: Change; readonly observed: Known };

export type Executed =
  | {
      readonly type: 'executed';
      readonly outcomes: readonly ChangeOutcome[];
      readonly heads: readonly HistoryHead[];
      readonly timedOut: boolean;
      /** What is done and left something standing, as it was seen at its end. */
      readonly touched: readonly Touched[];
      /** Rollouts that stopped. */
      readonly holds: readonly Held[];
    }
  | { readonly type: 'lease-held'; readonly refusal: Refusal };

export type Job = { readonly unit: Unit; readonly change: Change; readonly observed: Observation };

/** Carries out what the guard let through, under leases; one change that fails stops no other. */
export async function execute(jobs: readonly Job[], on: Execution): Promise<Executed> {
  const holder = `${on.installation}:${on.run}`;
  const names = [...new Set(jobs.map((job) => leaseName(job.change.address)))].sort();
  const acquired = await on.ledger.acquire(names, holder, LEASE_TTL, on.clock.now());
  if (acquired.type === 'held') return { type: 'lease-held', refusal: heldRefusal(acquired) };

  const generations = new Map(acquired.leases.map((lease) => [lease.name, lease.generation]));
  const keeper = keepLeases(acquired.leases, holder, on);
  const signal = AbortSignal.any([on.signal, keeper.lost]);
  // An interrupt keeps the rest from beginning; what runs is waited for. Whoever cannot wait ends the process, and the journal says what was begun.
  const uninterrupted = new AbortController().signal;
  setMaxListeners(0, uninterrupted);
  const poller = createPoller(on.drivers, on.clock, uninterrupted, on.pollInterval);
  const by = (): Attribution => ({ revision: on.revision, run: on.run, at: on.clock.now().toISOString() });
  const limit = pLimit(CONCURRENT_STEPS);
  const changed = new Map<Address, Observation>();
  const holds: Held[] = [];
  const stop = async (hold: Hold): Promise<void> => {
    const written = await on.ledger.hold(hold).then(
      () => true,
      () => false,
    );
    holds.push({ hold, written });
  };
  const turns = createTurns(jobs, {
    dropped: on.dropped,
    // What only stood in the way stops this run, and not the next one.
    stopped: async (stopped) => {
      if (stopped.failures.some(({ stops }) => stops)) await stop(holdOf(stopped, jobs, by()));
    },
  });
  const end = (ended: Carried): Carried => {
    on.progress({
      type: 'step-ended',
      address: ended.address,
      result: ended.result,
      detail: ended.detail,
    });
    return ended;
  };

  async function begin(job: Job): Promise<Carried> {
    const { change, unit } = job;
    if (signal.aborted)
      return skipped(change, keeper.lost.aborted ? 'the lease was lost' : 'interrupted before it began');
    on.progress({ type: 'step-begun', address: change.address, doing: change.action, total: jobs.length });
    const completed = on.complete(job, (address) => changed.get(address));
    if (completed.type === 'skip') return end(skipped(change, completed.why));
    if (completed.type === 'settled') return end(unneeded(change, unit));
    const ended = await carryOut(completed.job.unit, completed.job.change, job.observed, {
      ...on,
      signal: uninterrupted,
      by,
      poller: { next: async (subject) => (await keeper.renew(), poller.next(subject)) },
      driver: whileHeld(on.drivers.get(unit.subject.driver)!, keeper.lost),
      generation: generations.get(leaseName(change.address))!,
    }).catch((error: unknown) => unfinished(change, error));
    if (ended.observed !== null) changed.set(change.address, ended.observed);
    // A stack set is rolled out inside its own step: where that failed, AWS has stopped it.
    if (ended.stops && isStopped(unit) && targetOf(change.address) === null)
      await stop(holdOf({ manifest: manifestOf(change.address), wave: null, failures: [ended] }, jobs, by()));
    return end(ended);
  }

  try {
    const started = new Map(
      inTurn(jobs).map((job) => [
        job,
        turns.take(job, (turn) =>
          turn.type === 'skip' ? Promise.resolve(end(skipped(job.change, turn.why))) : limit(() => begin(job)),
        ),
      ]),
    );
    const carried = await Promise.all(jobs.map((job) => started.get(job)!));
    return {
      type: 'executed',
      outcomes: carried.map(({ address, action, result, detail }) => ({ address, action, result, detail })),
      heads: carried.flatMap((each) => each.heads),
      touched: carried.flatMap(({ observed }, index) =>
        observed === null ? [] : [{ change: jobs[index]!.change, observed }],
      ),
      timedOut: carried.some((each) => each.timedOut),
      holds,
    };
  } finally {
    // A lease that could not be given back falls free by itself, and what was done is told all the same.
    await on.ledger.release(acquired.leases, holder).catch(() => undefined);
  }
}

/** What spans accounts first, because it takes longest; then target by target, so that those who wait at one time are served by few walks. */
function inTurn(jobs: readonly Job[]): readonly Job[] {
  const turnOf = (job: Job): string => {
    const target = targetOf(job.change.address);
    return target === null ? '' : targetKey(target);
  };
  const turns = new Map(jobs.map((job) => [job, turnOf(job)]));
  return jobs.toSorted((one, other) =>
    turns.get(one)! < turns.get(other)! ? -1 : turns.get(one) === turns.get(other) ? 0 : 1,
  );
}

/** Begins nothing more once the lease is lost: somebody else may be at it, with another revision. */
function whileHeld(driver: Driver, lost: AbortSignal): Driver {
  return {
    ...driver,
    apply: (step, signal) =>
      lost.aborted
        ? Promise.resolve({
            type: 'in-doubt',
            diagnostic: {
              code: 'EK6016',
              severity: 'error',
              address: step.subject.address,
              message: 'the lease was lost while the change was under way',
              remedy: 'run again: it looks first',
            },
          })
        : driver.apply(step, signal),
  };
}

/** Accounts and stack sets are what controllers exclude one another from. */
export function leaseName(address: Address): string {
  const target = targetOf(address);
  return target === null ? `stack-set:${parseAddress(address)?.manifest ?? address}` : `account:${target.account}`;
}

/** Which jobs of a plan there are, joined with what was seen of each. */
export function jobsOf(plan: Plan, units: readonly Unit[], observed: ReadonlyMap<Address, Observation>): Job[] {
  const unitOf = new Map(units.map((unit) => [unit.subject.address, unit]));
  return plan.changes.map((change) => ({
    change,
    unit: unitOf.get(change.address)!,
    observed: observed.get(change.address)!,
  }));
}

/** Renews while somebody waits; a lease that is lost stops what has not begun. What has, the generation keeps from writing. */
function keepLeases(
  leases: readonly Lease[],
  holder: string,
  on: Execution,
): { readonly lost: AbortSignal; renew(): Promise<void> } {
  const lost = new AbortController();
  let renewed = on.clock.now().getTime();
  let renewing: Promise<void> | null = null;
  const renew = async (): Promise<void> => {
    const now = on.clock.now();
    if (now.getTime() - renewed < LEASE_TTL / 3 || lost.signal.aborted) return;
    try {
      if (!(await on.ledger.renew(leases, holder, LEASE_TTL, now))) lost.abort(new Error('the lease was lost'));
      else renewed = now.getTime();
    } catch (error) {
      // A ledger that does not answer is asked again; a lease that has run out by then is no longer ours.
      if (now.getTime() - renewed >= LEASE_TTL) lost.abort(error);
    }
  };
  return { lost: lost.signal, renew: () => (renewing ??= renew().finally(() => (renewing = null))) };
}

function skipped(change: Change, detail: string): Carried {
  return { ...NOTHING_CARRIED, address: change.address, action: change.action, result: 'skipped', detail };
}

/** What it was to be given is what it has: nothing was begun, and the journal need not say so. */
function unneeded(change: Change, unit: Unit): Carried {
  const detail = 'what it refers to came out as it was';
  return {
    ...NOTHING_CARRIED,
    address: change.address,
    action: change.action,
    result: 'done',
    detail,
    entry: unit.entry,
  };
}

function holdOf({ manifest, wave, failures }: Stopped, jobs: readonly Job[], by: Attribution): Hold {
  const first = failures[0]!;
  const job = jobs.find(({ change }) => change.address === first.address)!;
  return {
    manifest,
    artifactSha256: job.unit.wanted!.artifact.sha256,
    wave,
    failed: failures.map(({ address }) => address),
    reason: first.cause ?? first.detail,
    run: by.run,
    at: by.at,
    resumed: null,
  };
}

/** A lost race for the entry, an interrupt, or a bug of ours: the journal holds what was begun, the next reconcile looks first, and the other changes go on. */
function unfinished(change: Change, error: unknown): Carried {
  const stale = error instanceof LedgerConflict;
  const interrupted = error instanceof Error && error.name === 'AbortError';
  const detail = stale
    ? 'another controller has written the entry'
    : interrupted
      ? 'interrupted; the operation goes on'
      : isRefusal(error)
        ? `stopped, because AWS refused a call: ${error.name}: ${error.message}`
        : `stopped by an error of Evenkeel's own: ${error instanceof Error ? error.message : String(error)}`;
  return {
    ...NOTHING_CARRIED,
    address: change.address,
    action: change.action,
    result: stale ? 'stale' : 'in-doubt',
    detail,
  };
}

/** AWS's answers carry `$metadata`, whichever service they are from. */
const isRefusal = (error: unknown): error is Error => error instanceof Error && '$metadata' in error;

function heldRefusal(held: { readonly name: string; readonly holder: string; readonly until: string }): Refusal {
  return {
    code: 'EK6016',
    address: null,
    message: `${held.holder} holds the lease of ${held.name} until ${held.until}`,
    remedy: 'wait until it has ended; a lease whose holder has died falls free by itself at that time',
  };
}
