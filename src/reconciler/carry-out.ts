import type { Sha256 } from '../model/identifiers.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { NO_DRIFT } from '../model/drift.js';
import type { Absent, Known, Observation } from '../model/observed.js';
import type { Change, Scope } from '../model/plan.js';
import type { Entry, HistoryHead, JournalStep, Reach, Recorded } from '../model/recorded.js';
import type { ChangeOutcome } from '../model/run.js';
import type { Announced } from '../model/action.js';
import type { Step, Subject } from '../model/step.js';
import { targetKey } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import { afterChange, givenUp, hasOpenDrift } from './drift/unit-drift.js';
import { isGone } from './plan-removal.js';
import { LedgerConflict } from './ports.js';
import type { Clock, Driver, Ledger, Progress, Written } from './ports.js';
import type { Poller } from './poller.js';
import { eventOf, failureEvent, memberEvents, recordOf } from './record.js';
import type { Attribution } from '../model/drift.js';
import { ATTEMPTS, attemptOf, intentOf, isPassing } from './tokens.js';
import { deletionOf, isWhole } from './units.js';
import type { IsActive, Unit } from './units.js';
import { isReached, isTakenAsGiven, leftOf, syncAfter } from './verify.js';

/** Of one operation: a custom resource may hang for an hour before CloudFormation gives up on it. */
export const OPERATION_DEADLINE = 90 * 60 * 1000;
/** Rounds of one step: a stack set takes one for each group of instances that differ in what they override. */
const MOST_APPLIES = 2_000;
/** Rounds in which nothing moves; CloudFormation may take a few to compute a change set. */
const MOST_IDLE_ROUNDS = 60;
/** Looks that fail in a row, before a step is left in doubt. */
const MOST_BLIND_LOOKS = 3;
/** Milliseconds for which what was seen may be acted on without another look. */
const FRESH = 60_000;

export type CarryOut = {
  readonly driver: Driver;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly poller: Poller;
  readonly installation: string;
  readonly generation: number;
  readonly scope: Scope;
  readonly isActive: IsActive;
  readonly surveyedAt: number;
  readonly by: () => Attribution;
  readonly progress: (event: Progress) => void;
  readonly signal: AbortSignal;
};

export type Carried = ChangeOutcome & {
  readonly entry: Entry | null;
  /** Of the histories that its end has moved. */
  readonly heads: readonly HistoryHead[];
  readonly timedOut: boolean;
  /** What was seen at the end of a change that is done and left something standing. */
  readonly observed: Known | null;
  /** A failure that says something about what was wanted, and is more than its rollout tolerates. */
  readonly stops: boolean;
  /** Why it failed, without what to do about it; null where it did not. */
  readonly cause: string | null;
};

/** What is common to all that ended without AWS being asked for anything. */
export const NOTHING_CARRIED = {
  entry: null,
  heads: [],
  timedOut: false,
  observed: null,
  stops: false,
  cause: null,
} as const;

/** One change, from intent to record. Whatever happens on the way, the journal says what was begun. */
export async function carryOut(unit: Unit, change: Change, surveyed: Observation, on: CarryOut): Promise<Carried> {
  const seen = await freshly(unit, change, surveyed, on);
  if (seen === 'moved')
    return {
      ...NOTHING_CARRIED,
      ...outcome(change, 'stale', 'it changed while it waited for its turn'),
      entry: unit.entry,
    };
  // What an earlier controller began is waited for under its own name: were this one to die meanwhile, the next one would know it too.
  const rested = change.action === 'forget' ? atRest(seen) : await untilAtRest(unit.subject, seen, on);
  if (rested.type === 'in-doubt')
    return {
      ...NOTHING_CARRIED,
      ...outcome(change, 'in-doubt', rested.reason),
      entry: unit.entry,
      timedOut: rested.timedOut,
    };

  const intent = intentOf(unit);
  const { token, attempt } = attemptOf(on.installation, change.address, unit.entry, intent);
  const { run, at } = on.by();
  const begun = { action: change.action, attempt, intentSha256: intent, reach: reachOf(unit), run, at };
  // What a complete look does not show stands no more: what is made in its place has not been recorded yet.
  const standing = rested.observed.type === 'absent' ? null : (unit.entry?.recorded ?? null);
  let entry: Entry;
  try {
    entry = await write(unit, on, {
      from: unit.entry,
      recorded: standing,
      step: { type: 'in-doubt', token, ...begun },
    });
  } catch (error) {
    if (error instanceof LedgerConflict)
      return {
        ...NOTHING_CARRIED,
        ...outcome(change, 'stale', 'the ledger moved since it was read'),
        entry: unit.entry,
      };
    throw error;
  }

  const subject = { ...unit.subject, recorded: standing, tokens: [token] };
  // Judged as it was planned: that a step is in doubt now says nothing of who changed what before.
  const judged: Unit = { ...unit, subject, entry: { ...entry, step: unit.entry?.step ?? { type: 'idle' } } };
  const step = {
    subject,
    change,
    token,
    wanted: unit.wanted,
    scope: on.scope,
    observed: rested.observed,
  };
  const ended = await drive(judged, step, on);
  switch (ended.type) {
    case 'done': {
      const by = on.by();
      const { observed } = ended;
      const sync = observed === null ? 'IN_SYNC' : syncAfter(judged, change, observed, on);
      const isWholly = isWhole(unit, on.scope) && sync !== 'DRIFTED';
      const recorded =
        observed === null ? null : recordOf({ ...judged, entry }, observed, isWholly ? 'whole' : 'members', by);
      const nothingReverted = ended.nothingReverted === true;
      const drift = afterChange({ ...judged, entry }, change, { recorded, nothingReverted }, by);
      const moved = await on.ledger.write({
        address: change.address,
        expected: entry.version,
        generation: on.generation,
        recorded,
        // Of what nothing wants and nobody recorded, the journal is all that is known.
        step: observed !== null && recorded === null ? (unit.entry?.step ?? { type: 'idle' }) : { type: 'idle' },
        sync: hasOpenDrift(drift) ? 'DRIFTED' : sync,
        drift: drift.drift,
        memberDrift: drift.memberDrift,
        events: [eventOf(change, by), ...drift.events],
        memberEvents: [...memberEvents(change, by), ...drift.memberEvents],
      });
      return { ...NOTHING_CARRIED, ...outcome(change, 'done', ''), entry: moved, heads: moved.heads, observed };
    }
    case 'failed': {
      const { reason, announced } = ended;
      const isGivenUp = change.reverts !== undefined && (ended.isBeyond || (!ended.isPassing && attempt >= ATTEMPTS));
      // What else there is to do need not be given up with it.
      const tried = isGivenUp ? 0 : ended.isPassing ? attempt - 1 : attempt;
      const failed: JournalStep = { type: 'failed', reason, announced, ...begun, attempt: tried };
      const event = failureEvent(reason, on.by());
      const why = ended.isBeyond ? ended.cause : `it was tried ${String(attempt)} times: ${ended.cause}`;
      const from = isGivenUp ? { ...entry, drift: givenUp(entry, change, why) } : entry;
      const moved = await write(unit, on, { from, recorded: standing, step: failed, event });
      return {
        ...NOTHING_CARRIED,
        ...outcome(change, 'failed', reason),
        entry: moved,
        heads: moved.heads,
        // That drift could not be put right says nothing against what is rolled out.
        stops: !ended.isPassing && !ended.isTolerated && change.reason !== 'drifted',
        cause: ended.cause,
      };
    }
    case 'in-doubt':
      return { ...NOTHING_CARRIED, ...outcome(change, 'in-doubt', ended.reason), entry, timedOut: ended.timedOut };
    default:
      return unreachable(ended);
  }
}

type Ended =
  | {
      readonly type: 'done';
      /** Null where it is gone, as was wanted. */
      readonly observed: Known | null;
      /** CloudFormation found nothing to change in what was to be put right. */
      readonly nothingReverted?: boolean;
    }
  | {
      readonly type: 'failed';
      readonly reason: string;
      /** The reason without what to do about it. */
      readonly cause: string;
      readonly announced: Announced;
      /** What stood in the way says nothing about the intent: it is no attempt. */
      readonly isPassing: boolean;
      readonly isTolerated: boolean;
      /** A drift-aware change set would write over what no plan can name. */
      readonly isBeyond: boolean;
    }
  | InDoubt;

type InDoubt = { readonly type: 'in-doubt'; readonly reason: string; readonly timedOut: boolean };
type AtRest = { readonly type: 'at-rest'; readonly observed: Known | Absent };

const NOTHING_ANNOUNCED: Announced = { replaces: [], removes: [] };

/** What was seen is the change's precondition; after a while it is looked at again, and must be the same. */
async function freshly(
  unit: Unit,
  change: Change,
  surveyed: Observation,
  on: CarryOut,
): Promise<Observation | 'moved'> {
  const isFresh = on.clock.now().getTime() - on.surveyedAt <= FRESH;
  if (isFresh || change.action === 'forget' || change.reason === 'interrupted') return surveyed;
  const seen = await on.poller.next(unit.subject);
  if (seen.type === 'unknown') return seen;
  return (seen.type === 'known' ? seen.sha256 : null) === change.observedSha256 ? seen : 'moved';
}

/** Observe, apply, observe again, until AWS is what was wanted. */
async function drive(unit: Unit, step: Step, on: CarryOut): Promise<Ended> {
  const { change } = step;
  if (change.action === 'forget') return { type: 'done', observed: null };
  let seen: Observation = step.observed;
  const reverts = change.reverts !== undefined;
  let created = false;
  let mark: Sha256 | null = null;
  let idle = 0;
  for (let applies = 0; applies < MOST_APPLIES; applies += 1) {
    const rested = await untilAtRest(step.subject, seen, on);
    if (rested.type === 'in-doubt') return rested;
    const { observed } = rested;
    if (unit.wanted === null && isGone(unit, observed)) return { type: 'done', observed: null };
    // What no walk shows has not been put right before the driver says so.
    if (applies > 0 && !reverts && observed.type === 'known' && isReached(unit, change, observed, on))
      return { type: 'done', observed };
    const condition = observed.type === 'known' ? observed.condition : null;
    const isClearedFirst = unit.wanted === null || (change.action === 'replace' && !created);
    if (condition?.type === 'failed-creation' && !isClearedFirst) return failed((observed as Known).status);
    if (condition?.type === 'stuck' && applies > 0) return failed(`${(observed as Known).status}; ${condition.remedy}`);

    const now = observed.type === 'known' ? observed.sha256 : null;
    idle = applies > 0 && now === mark ? idle + 1 : 0;
    mark = now;
    if (idle > MOST_IDLE_ROUNDS)
      return failed(`nothing has moved in ${MOST_IDLE_ROUNDS} rounds, and AWS still differs from what was wanted`);

    created = observed.type === 'absent';
    const applied = await on.driver.apply({ ...step, observed }, on.signal);
    switch (applied.type) {
      case 'running':
        on.progress({ type: 'step-running', address: change.address, doing: applied.doing });
        seen = await on.poller.next(step.subject);
        break;
      case 'done':
        seen = await on.poller.next(step.subject);
        if (seen.type === 'known' && unit.wanted !== null) {
          // CloudFormation calls some differences no change, and shows no NoEcho value: what it was given is then what is recorded.
          const left = leftOf(unit, change, seen, on);
          if (left.isSettled && left.members.length === 0 && left.fields.every(isTakenAsGiven))
            return { type: 'done', observed: seen, nothingReverted: applied.nothingReverted === true };
          if (left.fields.length > 0 && !left.fields.every(isTakenAsGiven))
            return failed(
              `CloudFormation has nothing to change, and these still differ: ${left.fields.map((field) => field.path).join(', ')}`,
            );
        }
        break;
      case 'refused':
        return {
          type: 'failed',
          reason: said(applied.diagnostic),
          cause: applied.diagnostic.message,
          announced: applied.announced ?? NOTHING_ANNOUNCED,
          isPassing: isPassing(applied.diagnostic.code),
          isTolerated: applied.isTolerated ?? false,
          isBeyond: applied.diagnostic.code === 'EK6010' && applied.announced === undefined,
        };
      case 'in-doubt':
        return { type: 'in-doubt', reason: said(applied.diagnostic), timedOut: false };
      default:
        unreachable(applied);
    }
  }
  return failed(`AWS still differs from what was wanted after ${MOST_APPLIES} operations`);
}

function failed(reason: string): Ended {
  const [isPassing, isTolerated, isBeyond] = [false, false, false];
  return { type: 'failed', reason, cause: reason, announced: NOTHING_ANNOUNCED, isPassing, isTolerated, isBeyond };
}

/** Looks until no operation runs on it any more. */
async function untilAtRest(subject: Subject, first: Observation, on: CarryOut): Promise<AtRest | InDoubt> {
  const deadline = on.clock.now().getTime() + OPERATION_DEADLINE;
  let seen = first;
  let blind = 0;
  while (
    (seen.type === 'known' && seen.condition.type === 'busy') ||
    (seen.type === 'unknown' && blind < MOST_BLIND_LOOKS)
  ) {
    blind = seen.type === 'unknown' ? blind + 1 : 0;
    const status = seen.type === 'known' ? seen.status : 'out of sight';
    if (on.clock.now().getTime() > deadline)
      return { type: 'in-doubt', reason: `still ${status}; the operation goes on`, timedOut: true };
    on.progress({ type: 'step-running', address: subject.address, doing: status });
    seen = await on.poller.next(subject);
  }
  return atRest(seen);
}

function atRest(seen: Observation): AtRest | InDoubt {
  if (seen.type === 'unknown') return { type: 'in-doubt', reason: said(seen.diagnostic), timedOut: false };
  return { type: 'at-rest', observed: seen };
}

function reachOf(unit: Unit): Reach {
  return {
    driver: unit.subject.driver,
    stackName: unit.subject.stackName,
    options: unit.subject.options,
    targets: unit.subject.targets.map(targetKey),
    deletion: deletionOf(unit),
  };
}

type Write = {
  readonly from: Entry | null;
  readonly recorded: Recorded | null;
  readonly step: JournalStep;
  readonly event?: ReturnType<typeof failureEvent>;
};

function write(unit: Unit, on: CarryOut, { from, recorded, step, event }: Write): Promise<Written> {
  return on.ledger.write({
    address: unit.subject.address,
    expected: from?.version ?? 0,
    generation: on.generation,
    recorded,
    step,
    sync: from?.sync ?? 'NOT_CHECKED',
    drift: from?.drift ?? NO_DRIFT,
    memberDrift: from?.memberDrift ?? {},
    events: event === undefined ? [] : [event],
    memberEvents: [],
  });
}

function outcome(change: Change, result: ChangeOutcome['result'], detail: string): ChangeOutcome {
  return { address: change.address, action: change.action, result, detail };
}

function said(diagnostic: Diagnostic): string {
  return `${diagnostic.message} [${diagnostic.code}]; ${diagnostic.remedy}`;
}
