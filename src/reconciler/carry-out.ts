import type { Diagnostic } from '../model/diagnostic.js';
import type { Known, Observation } from '../model/observed.js';
import type { Change, Scope } from '../model/plan.js';
import type { Entry, JournalStep, Reach } from '../model/recorded.js';
import type { ChangeOutcome } from '../model/run.js';
import type { Announced } from '../model/action.js';
import type { Step } from '../model/step.js';
import { targetKey } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import { planUnit } from './plan-unit.js';
import type { UnitPlan } from './plan-unit.js';
import { LedgerConflict } from './ports.js';
import type { Clock, Driver, Ledger, Progress } from './ports.js';
import type { Poller } from './poller.js';
import { eventOf, failureEvent, memberEvents, recordOf } from './record.js';
import type { Attribution } from './record.js';
import { attemptOf, intentOf } from './tokens.js';
import type { IsActive, Unit } from './units.js';

/** A custom resource may hang for an hour before CloudFormation gives up on it. */
export const STEP_DEADLINE = 90 * 60 * 1000;
/** A stack set goes through at most this many operations in one step: create, update, delete, create and update instances, and their retries. */
const MOST_APPLIES = 24;

export type CarryOut = {
  readonly driver: Driver;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly poller: Poller;
  readonly installation: string;
  readonly generation: number;
  readonly scope: Scope;
  readonly isActive: IsActive;
  readonly by: () => Attribution;
  readonly progress: (event: Progress) => void;
  readonly signal: AbortSignal;
};

export type Carried = ChangeOutcome & { readonly entry: Entry | null; readonly timedOut: boolean };

/** One change, from intent to record. Whatever happens on the way, the journal says what was begun. */
export async function carryOut(unit: Unit, change: Change, observed: Observation, on: CarryOut): Promise<Carried> {
  const intent = intentOf(unit, change);
  const { token, attempt } = attemptOf(on.installation, change.address, unit.entry, intent);
  const begun = {
    action: change.action,
    attempt,
    intentSha256: intent,
    reach: reachOf(unit),
    run: on.by().run,
    at: on.by().at,
  };
  let entry: Entry;
  try {
    entry = await write(unit, on, unit.entry, { type: 'in-doubt', token, ...begun });
  } catch (error) {
    if (error instanceof LedgerConflict)
      return { ...outcome(change, 'stale', 'the ledger moved since it was read'), entry: unit.entry, timedOut: false };
    throw error;
  }

  const ended = await drive(
    {
      unit,
      change,
      step: {
        subject: { ...unit.subject, tokens: [token] },
        change,
        token,
        wanted: unit.wanted,
        scope: on.scope,
        observed: stepView(observed),
      },
      observed,
    },
    on,
  );
  switch (ended.type) {
    case 'done': {
      const by = on.by();
      const recorded = ended.observed === null ? null : recordOf(unit, ended.observed, by);
      const moved = await on.ledger.write({
        address: change.address,
        expected: entry.version,
        generation: on.generation,
        recorded,
        step: { type: 'idle' },
        sync:
          ended.observed !== null && remaining(unit, ended.observed, on).unknowns.length > 0 ? 'UNKNOWN' : 'IN_SYNC',
        event: eventOf(change, by),
        memberEvents: memberEvents(change, by),
      });
      return { ...outcome(change, 'done', ''), entry: moved, timedOut: false };
    }
    case 'failed': {
      const failed: JournalStep = { type: 'failed', reason: ended.reason, announced: ended.announced, ...begun };
      const moved = await write(unit, on, entry, failed, failureEvent(ended.reason, on.by()));
      return { ...outcome(change, 'failed', ended.reason), entry: moved, timedOut: false };
    }
    case 'in-doubt':
      return { ...outcome(change, 'in-doubt', ended.reason), entry, timedOut: ended.timedOut };
    default:
      return unreachable(ended);
  }
}

type Ended =
  | { readonly type: 'done'; /** Null where it is gone, as was wanted. */ readonly observed: Known | null }
  | { readonly type: 'failed'; readonly reason: string; readonly announced: Announced }
  | { readonly type: 'in-doubt'; readonly reason: string; readonly timedOut: boolean };

type Driving = { readonly unit: Unit; readonly change: Change; readonly step: Step; readonly observed: Observation };

const NOTHING_ANNOUNCED: Announced = { replaces: [], removes: [] };

/** Observe, apply, observe again, until AWS is what was wanted. */
async function drive({ unit, change, step, observed: first }: Driving, on: CarryOut): Promise<Ended> {
  const deadline = on.clock.now().getTime() + STEP_DEADLINE;
  let observed = first;
  let created = false;
  for (let applies = 0; applies < MOST_APPLIES;) {
    if (observed.type === 'unknown') return { type: 'in-doubt', reason: said(observed.diagnostic), timedOut: false };
    if (observed.type === 'known' && observed.condition.type === 'busy') {
      if (on.clock.now().getTime() > deadline)
        return { type: 'in-doubt', reason: `still ${observed.status}; the operation goes on`, timedOut: true };
      on.progress({ type: 'step-running', address: change.address, doing: observed.status });
      observed = await on.poller.next(step.subject);
      continue;
    }
    if (applies > 0 && isReached(unit, change, observed, on))
      return { type: 'done', observed: observed.type === 'known' ? observed : null };
    if (
      observed.type === 'known' &&
      observed.condition.type === 'failed-creation' &&
      (created || change.action !== 'replace')
    )
      return { type: 'failed', reason: observed.status, announced: NOTHING_ANNOUNCED };
    if (observed.type === 'known' && observed.condition.type === 'stuck' && applies > 0)
      return {
        type: 'failed',
        reason: `${observed.status}; ${observed.condition.remedy}`,
        announced: NOTHING_ANNOUNCED,
      };

    created = observed.type === 'absent';
    applies += 1;
    const applied = await on.driver.apply({ ...step, observed: stepView(observed) }, on.signal);
    switch (applied.type) {
      case 'running':
        on.progress({ type: 'step-running', address: change.address, doing: applied.doing });
        observed = await on.poller.next(step.subject);
        break;
      case 'done':
        if (change.action === 'forget') return { type: 'done', observed: null };
        observed = await on.poller.next(step.subject);
        // CloudFormation calls some differences in a template no change: what it was given is then what is recorded.
        if (observed.type === 'known' && isOnlyTemplate(remaining(unit, observed, on)))
          return { type: 'done', observed };
        break;
      case 'refused':
        return { type: 'failed', reason: said(applied.diagnostic), announced: applied.announced ?? NOTHING_ANNOUNCED };
      case 'in-doubt':
        return { type: 'in-doubt', reason: said(applied.diagnostic), timedOut: false };
      default:
        unreachable(applied);
    }
  }
  return {
    type: 'failed',
    reason: `AWS still differs from what was wanted after ${MOST_APPLIES} operations`,
    announced: NOTHING_ANNOUNCED,
  };
}

/** Verification is planning again: nothing may be left to do. */
function isReached(unit: Unit, change: Change, observed: Observation, on: CarryOut): boolean {
  if (unit.wanted === null && change.action !== 'update') return observed.type === 'absent';
  if (observed.type !== 'known') return false;
  const rest = remaining(unit, observed, on);
  return rest.change === null && rest.refusals.length === 0;
}

function remaining(unit: Unit, observed: Known, on: CarryOut): UnitPlan {
  const desired = unit.desired === null ? null : { ...unit.desired, driftRespond: 'revert' as const };
  return planUnit({ ...unit, desired }, observed, {
    scope: on.scope,
    isActive: on.isActive,
    predicted: NOTHING_ANNOUNCED,
  });
}

function isOnlyTemplate(rest: UnitPlan): boolean {
  return (
    rest.change !== null &&
    rest.change.members.length === 0 &&
    rest.change.fields.every((field) => field.path === 'template')
  );
}

function stepView(observed: Observation): Step['observed'] {
  return observed.type === 'unknown' ? { type: 'absent' } : observed;
}

function reachOf(unit: Unit): Reach {
  return {
    driver: unit.subject.driver,
    stackName: unit.subject.stackName,
    options: unit.subject.options,
    targets: unit.subject.targets.map(targetKey),
    deletion:
      unit.desired?.deletion ??
      unit.entry?.recorded?.deletion ??
      (unit.entry?.step.type === 'idle' ? undefined : unit.entry?.step.reach.deletion) ??
      'retain',
  };
}

function write(
  unit: Unit,
  on: CarryOut,
  entry: Entry | null,
  step: JournalStep,
  event: ReturnType<typeof failureEvent> | null = null,
): Promise<Entry> {
  return on.ledger.write({
    address: unit.subject.address,
    expected: entry?.version ?? 0,
    generation: on.generation,
    recorded: entry?.recorded ?? null,
    step,
    sync: entry?.sync ?? 'NOT_CHECKED',
    event,
    memberEvents: [],
  });
}

function outcome(change: Change, result: ChangeOutcome['result'], detail: string): ChangeOutcome {
  return { address: change.address, action: change.action, result, detail };
}

function said(diagnostic: Diagnostic): string {
  return `${diagnostic.message} [${diagnostic.code}]; ${diagnostic.remedy}`;
}
