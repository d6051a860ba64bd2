import type { Check, PendingDetection, StackChecks } from '../../model/checks.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Sighting } from '../../model/drift.js';
import { targetKey } from '../../model/target.js';
import { unreachable } from '../../model/unreachable.js';
import type { DriftProbe, Ledger } from '../ports.js';
import type { Asking } from './asking.js';
import type { Books, Outcome } from './books.js';
import { coverageOf } from './coverage.js';
import type { Coverage } from './coverage.js';
import type { Look } from './look.js';
import { isAhead, isOverdue, sawAt, SKEW } from './looked-at.js';
import { newsOf } from './news.js';
import type { News } from './news.js';
import { refusedCheck } from './refused.js';
import { byPlace } from './sweep.js';
import { openSubjects } from './unit-findings.js';
import type { Watched } from './watched.js';

export type Harvest = { readonly looks: readonly Look[]; readonly outcomes: readonly Outcome[] };

/** What one detection came to, before it is known which types it cannot check. */
export type Gathered = {
  readonly watched: Watched;
  readonly checks: StackChecks | null;
  readonly at: string;
  readonly sightings: readonly Sighting[];
  /** What could not be read, and why; empty and null where all of it was. */
  readonly unread: readonly string[];
  readonly error: string | null;
  /** CloudFormation's own word on the whole stack. */
  readonly isDrifted: boolean;
  /** Types of which it looked at least at one; null where the resources were not asked for. */
  readonly checked: readonly string[] | null;
};

/** A check that ended without a look: nothing is known, and what was known stays. */
type Failed = { readonly watched: Watched; readonly outcome: Outcome };

export type HarvestPorts = {
  readonly probe: Pick<DriftProbe, 'status' | 'resources' | 'types'>;
  readonly ledger: Pick<Ledger, 'coverage' | 'learnCoverage'>;
};

/**
 * Takes in the detections that have ended since the books were written: what is in sync at no cost, what has drifted with its
 * resources read, and what CloudFormation could not say with the reason. What cannot be asked now waits for the next round.
 * `mayAsk`: of which stacks more may be asked than the walk shows.
 */
export async function harvest(
  watched: readonly Watched[],
  books: Books,
  ports: HarvestPorts,
  {
    asking,
    mayAsk,
    now,
  }: { readonly asking: Asking; readonly mayAsk: (checks: StackChecks | null) => boolean; readonly now: Date },
): Promise<Harvest> {
  const news = watched.flatMap((each) => {
    const checks = books.get(targetKey(each.target))?.stacks[each.stack.stackId] ?? null;
    const one = newsOf(each.stack, checks, now);
    return one === null || (one.type !== 'in-sync' && !mayAsk(checks)) ? [] : [{ each, checks, one }];
  });
  const gathered: Gathered[] = [];
  const failed: Failed[] = [];
  await Promise.all(
    news.map(async ({ each, checks, one }) => {
      const end = await endOf(each, checks, one, { probe: ports.probe, asking, now });
      if (end === null) return;
      if ('outcome' in end) failed.push(end);
      else gathered.push(end);
    }),
  );
  gathered.sort((one, other) => (one.watched.stack.stackId < other.watched.stack.stackId ? -1 : 1));
  const coverage = await coverageOf(gathered, ports, asking);
  return {
    looks: gathered.map((each) => lookOf(each, now)).sort(byPlace),
    outcomes: [...gathered.map((each) => outcomeOf(each, coverage, now)), ...failed.map(({ outcome }) => outcome)],
  };
}

type Asked = { readonly probe: HarvestPorts['probe']; readonly asking: Asking; readonly now: Date };

/** Null where nothing more is known than before. */
async function endOf(
  watched: Watched,
  checks: StackChecks | null,
  news: News,
  asked: Asked,
): Promise<Gathered | Failed | null> {
  const pending = checks?.pending ?? null;
  switch (news.type) {
    case 'in-sync':
      return { watched, checks, at: news.at, ...NOTHING_FOUND };
    case 'drifted':
      return resourcesOf(watched, checks, { at: news.at, isDrifted: true, reason: null }, asked);
    case 'unknown': {
      if (pending === null || pending.id === '')
        return resourcesOf(watched, checks, { at: news.at, isDrifted: false, reason: UNSAID }, asked);
      return statusOf(watched, checks, pending, { ...asked, shownAt: news.at });
    }
    case 'late':
      if (pending === null) return null;
      if (pending.id !== '') return statusOf(watched, checks, pending, { ...asked, shownAt: null });
      return isOverdue(pending, asked.now) ? unfinished(watched, pending, asked.now) : null;
    default:
      return unreachable(news);
  }
}

const NOTHING_FOUND = { sightings: [], unread: [], error: null, isDrifted: false, checked: null };
const UNSAID = 'CloudFormation could not tell whether its resources have drifted, and gives no reason';
const UNFINISHED = 'the detection did not finish within an hour';

/** `shownAt`: since when the walk shows its results; null where it does not, so that a part of them cannot be told from older ones. */
async function statusOf(
  watched: Watched,
  checks: StackChecks | null,
  pending: PendingDetection,
  asked: Asked & { readonly shownAt: string | null },
): Promise<Gathered | Failed | null> {
  const { asking, probe, now, shownAt } = asked;
  const place = placeOf(watched);
  const status = await asking.ask(watched.target, (signal) => probe.status(place, pending.id, signal));
  const at = shownAt ?? begunAt(pending, now);
  switch (status?.type) {
    case undefined:
      return null;
    case 'running':
      return isOverdue(pending, now) ? unfinished(watched, pending, now) : null;
    case 'complete':
      return resourcesOf(watched, checks, { at, isDrifted: false, reason: null }, asked);
    case 'failed-in-part':
      if (shownAt === null) return unknown(watched, { at, pending: null }, status.reason);
      return resourcesOf(watched, checks, { at, isDrifted: false, reason: status.reason }, asked);
    case 'gone':
      return { watched, outcome: { watched, pending: null } };
    case 'failed':
      return failed(watched, { at, pending: null }, status.diagnostic);
  }
}

/** The resources, and the template that says which values are secrets. */
const READS = 2;

type Ended = { readonly at: string; readonly isDrifted: boolean; readonly reason: string | null };

async function resourcesOf(
  watched: Watched,
  checks: StackChecks | null,
  { at, isDrifted, reason }: Ended,
  { probe, asking }: Asked,
): Promise<Gathered | Failed | null> {
  const { nested } = watched.stack;
  const answer = await asking.ask(watched.target, (signal) => probe.resources(placeOf(watched), nested, signal), READS);
  switch (answer?.type) {
    case undefined:
      return null;
    case 'gone':
      return { watched, outcome: { watched, pending: null } };
    case 'failed':
      return failed(watched, { at, pending: pendingAfter(checks, at) }, answer.diagnostic);
    case 'drifts': {
      const { sightings, checked } = answer;
      const [first] = answer.unread;
      const error = reason ?? first?.reason ?? null;
      const named = answer.unread.map(({ subject }) => subject);
      // Where it is not said what could not be read, it may be anything that this look does not show.
      const unread = error === null || named.length > 0 ? named : openSubjects(watched);
      return { watched, checks, at, sightings, unread, error, isDrifted: isDrifted || sightings.length > 0, checked };
    }
  }
}

function unfinished(watched: Watched, pending: PendingDetection, now: Date): Failed {
  return unknown(watched, { at: begunAt(pending, now), pending: null }, UNFINISHED);
}

/** What it sees is as old as its beginning; that of a clock that has been put back says nothing. */
function begunAt({ since }: PendingDetection, now: Date): string {
  return isAhead(since, now) ? now.toISOString() : since;
}

function failed(
  watched: Watched,
  { at, pending }: { readonly at: string; readonly pending: PendingDetection | null },
  diagnostic: Diagnostic,
): Failed {
  return { watched, outcome: { watched, detection: refusedCheck(diagnostic, at), pending } };
}

function unknown(
  watched: Watched,
  { at, pending }: { readonly at: string; readonly pending: PendingDetection | null },
  error: string,
): Failed {
  const detection: Check = { at, status: 'UNKNOWN', error, notCheckable: [] };
  return { watched, outcome: { watched, detection, pending } };
}

/** What was begun before this look has ended with it; what was begun later goes on. */
function pendingAfter(checks: StackChecks | null, at: string): PendingDetection | null {
  const pending = checks?.pending ?? null;
  return pending !== null && Date.parse(pending.since) - SKEW > Date.parse(at) ? pending : null;
}

function lookOf({ watched, checks, at, sightings, unread }: Gathered, now: Date): Look {
  const look = {
    address: watched.address,
    nested: watched.stack.nested,
    layer: 'resource',
    method: 'detection',
    at,
    before: sawAt(checks?.detection ?? null, now),
    sightings,
  } as const;
  return unread.length === 0 ? look : { ...look, unread };
}

function outcomeOf({ watched, checks, at, error, isDrifted }: Gathered, coverage: Coverage, now: Date): Outcome {
  const { notCheckable, isEverything } = coverage(watched);
  const status = isDrifted ? 'DRIFTED' : error !== null ? 'UNKNOWN' : isEverything ? 'NOT_CHECKABLE' : 'IN_SYNC';
  return {
    watched,
    detection: { at, seen: now.toISOString(), ...ownBeginning(checks, at), status, error, notCheckable },
    pending: pendingAfter(checks, at),
  };
}

function ownBeginning(checks: StackChecks | null, at: string): Pick<Check, 'begun'> {
  const pending = checks?.pending ?? null;
  return pending === null || pendingAfter(checks, at) !== null ? {} : { begun: pending.since };
}

function placeOf({ target, stack }: Watched) {
  return { target, stackId: stack.stackId };
}
