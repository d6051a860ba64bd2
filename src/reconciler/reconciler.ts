import type { Address } from '../model/address.js';
import { canonicalJson } from '../model/canonical.js';
import type { RunId } from '../model/identifiers.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { BudgetUse, Change, Plan, Refusal, Scope } from '../model/plan.js';
import type { HistoryHead } from '../model/recorded.js';
import type { ChangeOutcome, Run, RunOutcome } from '../model/run.js';
import { complete } from './complete.js';
import type { DetectOutcome } from './describe-detection.js';
import { detectAll } from './detect.js';
import { execute, jobsOf } from './execute.js';
import type { Executed, Held, Job, Touched } from './execute.js';
import { applyExitCode, planExitCode } from './exit-code.js';
import { guard, spendingOf } from './guard.js';
import { EXIT, firstOf } from './outcome.js';
import type { Planned, Report, Verdict } from './outcome.js';
import { stoppedWave } from './plan.js';
import { POLL_INTERVAL } from './poller.js';
import type { PollInterval } from './poller.js';
import type { Spending } from './ports.js';
import { closePass, openPass } from './pass.js';
import type { PassPorts } from './pass.js';
import { survey } from './survey.js';
import type { Survey, SurveyWatch } from './survey.js';
import { newRunId } from './run-id.js';
import { chargeKeyOf, isExhausted } from './tokens.js';

export type ReconcilerPorts = PassPorts & {
  readonly pollInterval?: PollInterval;
  /** Names the run and the revision in the role sessions that are made from here on. */
  readonly attribute: (session: { readonly run: RunId; readonly revision: Run['revision'] }) => void;
};

/** One pass: observe, plan, guard, execute, verify. The doors differ in scope, and in whether they may apply. */
export interface Reconciler {
  /** Reads only. */
  plan(scope: Scope, watch: SurveyWatch): Promise<Planned>;
  /** Carries out exactly the changes of `planned` that still come out the same, after looking again where time has passed. */
  apply(planned: Planned, door: Run['door'], watch: SurveyWatch): Promise<Report>;
  /** Applies nothing: what the plan has seen is recorded and told. */
  record(planned: Planned, door: Run['door'], watch: SurveyWatch): Promise<readonly Diagnostic[]>;
  /** The same as `apply` for a plan that was stored. */
  applyPlan(stored: Plan, watch: SurveyWatch): Promise<Report>;
  /** Has CloudFormation look at the resources of every stack in scope now, and changes nothing. */
  detect(scope: Scope, mode: { readonly wait: boolean }, watch: SurveyWatch): Promise<DetectOutcome>;
}

type Judged = {
  readonly verdict: Verdict;
  readonly spending: Spending;
  readonly spent: BudgetUse;
  readonly now: Date;
};

const NO_VERDICT: Verdict = { blocks: [], budgets: [] };

export function createReconciler(ports: ReconcilerPorts): Reconciler {
  /** What the newest plan was made of; a plan that is applied at once need not be made again. */
  let latest: { readonly planned: Planned; readonly survey: Survey; readonly at: number } | null = null;

  async function planOnce(scope: Scope, watch: SurveyWatch): Promise<{ planned: Planned; survey: Survey | null }> {
    const surveyed = await survey(ports, scope, watch);
    if (surveyed.survey === null)
      return {
        planned: { plan: null, diagnostics: surveyed.diagnostics, verdict: NO_VERDICT, accountNames: {} },
        survey: null,
      };
    const planned = {
      plan: surveyed.survey.plan,
      diagnostics: surveyed.diagnostics,
      verdict: (await judge(surveyed.survey.plan, surveyed.survey)).verdict,
      accountNames: Object.fromEntries(surveyed.survey.organization.accounts.map(({ id, name }) => [id, name])),
    };
    latest = { planned, survey: surveyed.survey, at: ports.clock.now().getTime() };
    return { planned, survey: surveyed.survey };
  }

  /** Judges against what has been spent by now; what was spent on a step that is begun again is not counted twice. */
  async function judge(plan: Plan, from: Survey): Promise<Judged> {
    const now = ports.clock.now();
    const units = new Map(from.units.map((unit) => [unit.subject.address, unit]));
    const spending = spendingOf(plan.changes, (change) =>
      chargeKeyOf(ports.controller.name, units.get(change.address)!),
    );
    const steps = spending.charges.map((charge) => charge.token);
    const spent = await ports.ledger.spent(ports.controller.budgets.window, now, steps);
    const verdict = guard({
      plan,
      controller: ports.controller,
      spent,
      activeAccounts: activeAccounts(from),
      now,
    });
    return { verdict, spending, spent, now };
  }

  async function applyChosen(chosen: Plan, door: Run['door'], watch: SurveyWatch): Promise<Report> {
    const fresh =
      latest !== null && latest.planned.plan === chosen && ports.clock.now().getTime() - latest.at < FRESH
        ? latest
        : null;
    const { planned, survey: surveyed } = fresh ?? (await planOnce(chosen.scope, watch));
    latest = null;
    if (surveyed === null || planned.plan === null)
      return { planned, run: null, refusals: [], warnings: [], exitCode: planExitCode(planned) };

    const run = newRunId(ports.clock.now());
    const open = await openPass(surveyed, ports, { door, run }, watch);
    const { touched, ...report } = await applyFrom(
      open.from,
      { chosen, planned, plan: planned.plan, door, run, heads: open.heads },
      watch,
    );
    const { warnings } = await closePass(open, ports, { touched, run: report.run?.id ?? null }, watch);
    return { ...report, warnings };
  }

  type Choice = {
    readonly chosen: Plan;
    readonly planned: Planned;
    readonly plan: Plan;
    readonly door: Run['door'];
    readonly run: RunId;
    /** Of the histories that the pass has moved before anything is changed. */
    readonly heads: readonly HistoryHead[];
  };
  type Applied = Omit<Report, 'warnings'> & { readonly touched: readonly Touched[] };

  async function applyFrom(
    from: Survey,
    { chosen, planned, plan, door, run, heads }: Choice,
    watch: SurveyWatch,
  ): Promise<Applied> {
    const { same, stale } = stillTheSame(chosen, plan);
    const exhausted =
      door === 'apply' ? [] : jobsOf(plan, from.units, from.observed).filter((job) => isExhausted(job.unit));
    const held = new Set<Address>(exhausted.map((job) => job.change.address));
    const changes = same.filter((change) => !held.has(change.address));
    const refusals = exhausted.map((job) => exhaustedRefusal(job));

    const narrowed = { ...plan, changes };
    const reserved = await reserve(narrowed, from, run);
    if (reserved.blocks.length > 0)
      return {
        planned: { ...planned, verdict: reserved },
        run: null,
        refusals: [...reserved.blocks, ...refusals],
        exitCode: EXIT.blocked,
        touched: [],
      };
    return carryOutAll(
      jobsOf(narrowed, from.units, from.observed),
      { planned, from, door, refusals, stale, run, heads },
      watch,
    );
  }

  /** Judges again against what has been spent by now, and takes its share before the first effect. */
  async function reserve(plan: Plan, from: Survey, run: RunId): Promise<Verdict> {
    for (;;) {
      const { verdict, spending, spent, now } = await judge(plan, from);
      const isFree = spending.charges.length + spending.accounts.length === 0;
      if (verdict.blocks.length > 0 || isFree) return verdict;
      if (await ports.ledger.spend(spending, spent, run, ports.controller.budgets.window, now)) return verdict;
    }
  }

  type Chosen = {
    readonly planned: Planned;
    readonly from: Survey;
    readonly door: Run['door'];
    readonly refusals: readonly Refusal[];
    readonly stale: readonly ChangeOutcome[];
    readonly run: RunId;
    readonly heads: readonly HistoryHead[];
  };

  async function carryOutAll(jobs: readonly Job[], chosen: Chosen, watch: SurveyWatch): Promise<Applied> {
    const { planned, from, door, stale } = chosen;
    if (jobs.length === 0) {
      const refusals = [...chosen.refusals, ...stale.map(staleRefusal)];
      return { planned, run: null, refusals, exitCode: applyExitCode(planned, null, stale, refusals), touched: [] };
    }

    const revision = ports.files.revision;
    ports.attribute({ run: chosen.run, revision });
    const started: Run = {
      id: chosen.run,
      door,
      scope: from.plan.scope,
      revision,
      planDigest: from.plan.digest,
      startedAt: ports.clock.now().toISOString(),
      finishedAt: null,
      outcome: null,
      changes: [],
      historyRoot: null,
    };
    await ports.ledger.startRun(started);
    const active = activeIds(from);
    const isActive = (account: string): boolean => active.has(account);
    const begun = new Set<Address>(jobs.map((job) => job.change.address));
    const executed = await execute(jobs, {
      drivers: ports.drivers,
      ledger: ports.ledger,
      clock: ports.clock,
      pollInterval: ports.pollInterval ?? POLL_INTERVAL,
      installation: ports.controller.name,
      run: chosen.run,
      revision,
      scope: from.plan.scope,
      isActive,
      surveyedAt: from.at,
      dropped: jobsOf(planned.plan!, from.units, from.observed).filter(({ change }) => !begun.has(change.address)),
      complete: (job, seen) => complete(job, { from, drivers: ports.drivers, isActive, seen }),
      progress: watch.progress,
      signal: watch.signal,
    });
    const finished: Run = {
      ...started,
      finishedAt: ports.clock.now().toISOString(),
      outcome: runOutcome(executed, stale),
      changes: [...(executed.type === 'executed' ? executed.outcomes : []), ...stale],
    };
    const heads = [...chosen.heads, ...(executed.type === 'executed' ? executed.heads : [])];
    const unwritten = await ports.ledger.finishRun(finished, heads).then(() => null, unwrittenEnd);
    const refusals = [
      ...chosen.refusals,
      ...(executed.type === 'lease-held' ? [executed.refusal] : executed.holds.flatMap(stoppedRefusals)),
    ];
    // A rollout that stopped now is a failure of this run; it blocks the ones that come after.
    const before = executed.type === 'lease-held' ? refusals : chosen.refusals;
    const exitCode = applyExitCode(planned, executed, stale, before);
    const touched = executed.type === 'executed' ? executed.touched : [];
    if (unwritten === null) return { planned, run: finished, refusals, exitCode, touched };
    return {
      planned,
      run: finished,
      refusals: [...refusals, unwritten],
      exitCode: firstOf([exitCode, EXIT.failed]),
      touched,
    };
  }

  return {
    async plan(scope, watch) {
      return (await planOnce(scope, watch)).planned;
    },
    apply(planned, door, watch) {
      if (planned.plan === null)
        return Promise.resolve({ planned, run: null, refusals: [], warnings: [], exitCode: planExitCode(planned) });
      return applyChosen(planned.plan, door, watch);
    },
    async record(planned, door, watch) {
      const from =
        latest !== null && planned.plan !== null && latest.planned.plan === planned.plan ? latest.survey : null;
      if (from === null) return [];
      const open = await openPass(from, ports, { door, run: newRunId(ports.clock.now()) }, watch);
      return (await closePass(open, ports, { touched: [], run: null }, watch)).warnings;
    },
    applyPlan(stored, watch) {
      return applyChosen(stored, 'apply', watch);
    },
    detect: (scope, mode, watch) => detectAll({ ports, survey: (of) => planOnce(of, watch) }, scope, mode, watch),
  };
}

/** Milliseconds within which a plan may be carried out without looking again. */
const FRESH = 60_000;

/** Promise of the plan: a change goes ahead only as it was planned; one that comes out differently is reported, one that is new is left for the next plan. */
function stillTheSame(
  chosen: Plan,
  now: Plan,
): { readonly same: readonly Change[]; readonly stale: readonly ChangeOutcome[] } {
  if (chosen === now) return { same: now.changes, stale: [] };
  // A change says how AWS would move, not all that Git says: of another revision it is another change.
  if (chosen.revision !== now.revision || chosen.lockSha256 !== now.lockSha256)
    return {
      same: [],
      stale: chosen.changes.map((change) =>
        staleBecause(change, `it was planned at revision ${chosen.revision}, and this is ${now.revision}`),
      ),
    };
  const standing = new Map(now.changes.map((change) => [change.address, promised(change)]));
  const isSame = (change: Change): boolean => standing.get(change.address) === promised(change);
  return {
    same: chosen.changes.filter(isSame),
    stale: chosen.changes
      .filter((change) => !isSame(change))
      .map((change) => staleBecause(change, whyStale(change, now))),
  };
}

/** All of a change but its place in the order: that something before it is done already takes nothing from it. */
function promised({ dependsOn: _before, ...change }: Change): string {
  return canonicalJson(change);
}

function stoppedRefusals({ hold, written }: Held): readonly Refusal[] {
  const stopped: Refusal = {
    code: 'EK6030',
    address: hold.manifest,
    message: `${stoppedWave(hold)} has stopped, and nothing more of it begins: ${hold.reason}`,
    remedy: `release another version or template; or, where this one was not to blame, evenkeel resume ${hold.manifest} --reason "…"`,
  };
  const unwritten: Refusal = {
    code: 'EK6019',
    address: hold.manifest,
    message:
      'that the rollout has stopped could not be written to the ledger, so the next reconcile would try it again',
    remedy: 'write "suspend" into the manifest until the cause is known',
  };
  return written ? [stopped] : [stopped, unwritten];
}

function staleBecause({ address, action }: Change, detail: string): ChangeOutcome {
  return { address, action, result: 'stale', detail };
}

function whyStale({ address }: Change, now: Plan): string {
  if (now.changes.some((change) => change.address === address)) return 'it comes out differently now';
  if (now.unknowns.some((unknown) => unknown.address === address)) return 'it could not be looked at this time';
  if (now.refusals.some((refusal) => refusal.address === address)) return 'it would be refused now';
  return 'there is nothing left to do';
}

/** What was done is done, and each change is in its own entry: only the run's summary is missing from the ledger. */
function unwrittenEnd(error: unknown): Refusal {
  return {
    code: 'EK6019',
    address: null,
    message: `the end of the run could not be written to the ledger: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'reconcile again: every change is recorded with its deployment, and what is in doubt is looked at first',
  };
}

/** Where no change came out as planned there is no run to say so. */
function staleRefusal({ address, action, detail }: ChangeOutcome): Refusal {
  return {
    code: 'EK6009',
    address,
    message: `${action} was planned, and ${detail}`,
    remedy: 'plan again, and apply the new plan',
  };
}

function runOutcome(executed: Executed, stale: readonly ChangeOutcome[]): RunOutcome {
  if (executed.type === 'lease-held') return 'lease-held';
  if (stale.length > 0) return 'stale';
  if (executed.timedOut) return 'timed-out';
  const done = executed.outcomes.filter((each) => each.result === 'done').length;
  if (done === executed.outcomes.length) return 'succeeded';
  return done === 0 ? 'failed' : 'partly-applied';
}

function exhaustedRefusal({ change, unit }: Job): Refusal {
  const reason = unit.entry?.step.type === 'failed' ? unit.entry.step.reason : '';
  return {
    code: 'EK6014',
    address: change.address,
    message: `${change.action} has failed as often as a schedule tries it; the last time: ${reason}`,
    remedy:
      'change the manifest or its building block; or run "evenkeel apply", which tries again because a person asks for it',
  };
}

function activeIds(from: Survey): ReadonlySet<string> {
  return new Set(
    from.organization.accounts.filter((account) => account.state === 'ACTIVE').map((account) => account.id),
  );
}

function activeAccounts(from: Survey): number {
  return activeIds(from).size;
}
