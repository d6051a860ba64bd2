import type { Address } from '../model/address.js';
import type { CheckBook, Pass } from '../model/checks.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { RunId } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Entry, HistoryHead } from '../model/recorded.js';
import type { Run } from '../model/run.js';
import { begin, look, NOTHING_URGENT } from './drift/round.js';
import type { Round, RoundPorts } from './drift/round.js';
import { unreadableBooks } from './drift/unreadable.js';
import { watchedOf } from './drift/watched.js';
import type { Watched } from './drift/watched.js';
import type { Urgent } from './drift/due.js';
import type { Touched } from './execute.js';
import { beat, tell } from './notices/tell.js';
import type { DriftProbe, Messenger, Trail } from './ports.js';
import { settle } from './settle.js';
import type { Survey, SurveyPorts, SurveyWatch } from './survey.js';

export type PassPorts = SurveyPorts & {
  readonly probe: DriftProbe;
  readonly trail: Trail;
  readonly messenger: Messenger;
  /** Calls of AWS since this was last asked, by `service:Operation`. */
  readonly takeCalls: () => Readonly<Record<string, number>>;
};

/** A pass in which everything has been looked at, and nothing changed yet. */
export type OpenPass = {
  readonly door: Pass['door'];
  readonly run: RunId;
  /** The survey with the ledger brought up to it. */
  readonly from: Survey;
  readonly round: Round;
  /** Everything recorded in scope, as it was. */
  readonly before: readonly Entry[];
  readonly unsettled: ReadonlySet<Address>;
  /** Of the histories that were moved. */
  readonly heads: readonly HistoryHead[];
};

export type Opening = { readonly door: Pass['door']; readonly run: RunId; readonly urgent?: Urgent };

/** What other methods than the walk found is taken in, and the ledger is brought up to all of it. */
export async function openPass(
  surveyed: Survey,
  ports: PassPorts,
  { door, run, urgent = NOTHING_URGENT }: Opening,
  { signal }: SurveyWatch,
): Promise<OpenPass> {
  const newest = await ports.ledger.pass();
  const round = await look(surveyed, roundPorts(ports), { now: ports.clock.now(), urgent, signal });
  const at = new Date(surveyed.at).toISOString();
  // A clock that was put back since says nothing of what was seen before.
  const when = { at, before: newest !== null && newest.at < at ? newest.at : null };
  const { units, unsettled, heads } = await settle(surveyed, ports, {
    run,
    when,
    looks: round.looks,
    // Without a schedule for drift, nobody has allowed the calls that come with it.
    trail: ports.controller.drift === null && urgent === NOTHING_URGENT ? null : ports.trail,
    signal,
  });
  return {
    door,
    run,
    from: { ...surveyed, units },
    round,
    before: surveyed.units.flatMap(({ entry }) => entry ?? []),
    unsettled,
    heads,
  };
}

export type Closed = { readonly pass: Pass; readonly warnings: readonly Diagnostic[] };

/** Checks are begun, notices told, and the pass recorded. None of it makes a pass fail: what could not be done is a warning. */
export async function closePass(
  open: OpenPass,
  ports: PassPorts,
  ended: { readonly touched: readonly Touched[]; readonly run: RunId | null },
  { signal }: SurveyWatch,
): Promise<Closed> {
  const { from, round, door } = open;
  const warnings: Diagnostic[] = [];
  const attempt = async <T>(what: string, call: () => Promise<T>, otherwise: T): Promise<T> =>
    call().catch((error: unknown) => {
      warnings.push(undone(what, error));
      return otherwise;
    });
  const unsettled = new Set<Address>(
    round.watching.stacks.flatMap(({ unit, address }) => (open.unsettled.has(unit.subject.address) ? [address] : [])),
  );
  const now = ports.clock.now();
  const checks = await attempt(
    'the checks of resources could not be begun',
    () => begin(round, roundPorts(ports), { now, touched: touchedStacks(open, ended.touched), unsettled }),
    { begun: { detections: 0, sweeps: 0 }, waiting: 0 },
  );
  const books: readonly CheckBook[] = [...round.books.values()];
  const after = from.units.flatMap(({ entry }) => entry ?? []);
  const { ledger, messenger, clock, controller } = ports;
  const told = await attempt(
    'the notices could not be told',
    () => tell({ ledger, messenger, clock, controller, before: open.before, after, books, run: ended.run, signal }),
    [],
  );
  const pass: Pass = {
    at: ports.clock.now().toISOString(),
    run: ended.run,
    door,
    durationMs: ports.clock.now().getTime() - from.began,
    calls: ports.takeCalls(),
    deployments: from.units.reduce((sum, unit) => sum + (unit.wanted?.deployments.length ?? 0), 0),
    unknown: from.plan.unknowns.length,
    ...checks,
  };
  // Where nothing was changed, what was found has a run of its own: its root covers the histories that it moved.
  if (ended.run === null && open.heads.length > 0)
    await attempt('what was found could not be recorded as a run', () => recordFindings(open, ports), undefined);
  // What is narrowed to one account says nothing of all the others.
  const isWhole = from.plan.scope.type === 'all';
  if (isWhole) await attempt('the pass could not be recorded', () => ports.ledger.recordPass(pass), undefined);
  const beaten = isWhole
    ? await attempt('the heartbeat could not be sent', () => beat(messenger, controller, pass, signal), [])
    : [];
  const unreadable = unreadableBooks(books, from.plan.scope);
  return { pass, warnings: [...warnings, ...unreadable, ...told, ...beaten] };
}

async function recordFindings(
  { from, run: id, door, heads }: OpenPass,
  { ledger, clock, files }: PassPorts,
): Promise<void> {
  const begun: Run = {
    id,
    door,
    scope: from.plan.scope,
    revision: files.revision,
    planDigest: from.plan.digest,
    startedAt: new Date(from.began).toISOString(),
    finishedAt: null,
    outcome: null,
    changes: [],
    historyRoot: null,
  };
  await ledger.startRun(begun);
  await ledger.finishRun({ ...begun, finishedAt: clock.now().toISOString(), outcome: 'succeeded' }, heads);
}

/** The stacks of what was changed, as they were seen when that was verified. */
function touchedStacks({ from }: OpenPass, touched: readonly Touched[]): readonly Watched[] {
  if (touched.length === 0) return [];
  const observed = new Map<Address, Observation>(touched.map(({ change, observed: seen }) => [change.address, seen]));
  const changes = new Map(touched.map(({ change }) => [change.address, change]));
  const units = from.units.filter(({ subject }) => observed.has(subject.address));
  return watchedOf({ units, observed, plan: from.plan }).stacks.filter(({ unit, address }) => {
    const change = changes.get(unit.subject.address)!;
    return (
      change.fields.length > 0 || change.members.length === 0 || change.members.some((each) => each.address === address)
    );
  });
}

function roundPorts({ probe, ledger, controller }: PassPorts): RoundPorts {
  return { probe, ledger, controller };
}

function undone(what: string, error: unknown): Diagnostic {
  return {
    code: 'EK6019',
    severity: 'warning',
    message: `${what}: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'the next pass tries again; look at the ledger if it lasts',
  };
}
