import type { Address } from '../../model/address.js';
import type { Controller } from '../../model/desired.js';
import type { Pass } from '../../model/checks.js';
import { targetKey } from '../../model/target.js';
import type { DriftProbe, Ledger } from '../ports.js';
import type { Survey } from '../survey.js';
import { createAsking } from './asking.js';
import type { Asking } from './asking.js';
import { beginDetections } from './begin.js';
import { booksByTarget, layOutcomes, writeBooks } from './books.js';
import type { Books, Entries, Outcome } from './books.js';
import { dueChecks } from './due.js';
import type { Urgent } from './due.js';
import { harvest } from './harvest.js';
import type { Look } from './look.js';
import { sweep } from './sweep.js';
import { watchedOf } from './watched.js';
import type { Watched, Watching } from './watched.js';

export type RoundPorts = {
  readonly probe: DriftProbe;
  readonly ledger: Pick<Ledger, 'checkBooks' | 'writeCheckBook' | 'coverage' | 'learnCoverage'>;
  readonly controller: Pick<Controller, 'drift' | 'budgets'>;
};

/** What was looked at before the ledger is settled, and what is to be begun after the changes are carried out. */
export type Round = {
  readonly looks: readonly Look[];
  readonly watching: Watching;
  /** As they were read. */
  readonly books: Books;
  readonly outcomes: readonly Outcome[];
  readonly asking: Asking;
  readonly detect: readonly Watched[];
  readonly swept: number;
  readonly waiting: number;
  readonly from: Survey;
};

export type Asked = { readonly now: Date; readonly urgent: Urgent; readonly signal: AbortSignal };

/** No stack in particular: what the schedule says. */
export const NOTHING_URGENT: Urgent = new Set();

/**
 * Takes in the detections that have ended, sweeps the templates that are due, and chooses what is to be detected next. Without a
 * schedule, and nobody asking, nothing is asked beyond what the walk shows, but for the end of what was begun.
 */
export async function look(from: Survey, ports: RoundPorts, { now, urgent, signal }: Asked): Promise<Round> {
  const { controller, ledger, probe } = ports;
  const books = booksByTarget(await ledger.checkBooks());
  const watching = readable(watchedOf(from), books);
  const asking = createAsking(books, { budget: controller.budgets.checks, now, signal });
  const asks = controller.drift !== null || 'since' in urgent;
  const harvested = await harvest(watching.stacks, books, ports, {
    asking,
    now,
    mayAsk: (checks) => asks || checks?.pending != null,
  });
  const { outcomes } = harvested;
  const known = layOutcomes(books, { outcomes, calls: asking.calls, now });
  const due = dueChecks({
    watched: watching.stacks,
    books: known,
    schedule: controller.drift,
    now,
    budget: controller.budgets.checks,
    urgent,
  });
  const swept = await sweep(due.sweep, known, probe, asking, now);
  return {
    looks: [...harvested.looks, ...swept.looks],
    watching,
    books,
    outcomes: [...outcomes, ...swept.outcomes],
    asking,
    detect: due.detect,
    swept: due.sweep.length - swept.waiting,
    waiting: due.waiting + swept.waiting,
    from,
  };
}

export type Ending = {
  readonly now: Date;
  /** What was changed in this pass, as it was seen when it was verified: it comes first. */
  readonly touched: readonly Watched[];
  /** Whose findings could not be written: their looks count as not taken, and are taken again. */
  readonly unsettled: ReadonlySet<Address>;
};

/** Begins the detections that are due, those of what was changed first, and writes the books. */
export async function begin(
  round: Round,
  ports: RoundPorts,
  { now, touched, unsettled }: Ending,
): Promise<Pick<Pass, 'begun' | 'waiting'>> {
  const { asking, books, from, watching } = round;
  const looked = round.outcomes.filter(({ watched }) => !unsettled.has(watched.address));
  const entries = { ...entriesOf(from, watching, ports, now), outcomes: looked, calls: asking.calls };
  const known = layOutcomes(books, entries);
  const urgent = dueChecks({
    watched: touched.filter((each) => isReadable(each, books)),
    books: known,
    schedule: null,
    now,
    budget: ports.controller.budgets.checks,
    urgent: new Set(ports.controller.drift === null ? [] : touched.map(({ stack }) => stack.stackId)),
  });
  const first = new Set(urgent.detect.map(({ stack }) => stack.stackId));
  const due = [...urgent.detect, ...round.detect.filter(({ stack }) => !first.has(stack.stackId))];
  const begun = await beginDetections(due, known, ports.probe, asking, now);
  await writeBooks(ports.ledger, books, { ...entries, outcomes: [...looked, ...begun.outcomes], calls: asking.calls });
  return {
    begun: { detections: begun.begun, sweeps: round.swept },
    waiting: round.waiting + urgent.waiting + begun.waiting,
  };
}

function entriesOf(
  { organization, plan }: Survey,
  watching: Watching,
  { controller }: RoundPorts,
  now: Date,
): Omit<Entries, 'outcomes' | 'calls'> {
  return { watching, scope: plan.scope, organization, enters: controller.drift !== null, now };
}

/** Where the book is unreadable, nobody knows what was looked at and what is left of the budget: nothing is asked there. */
function readable({ stacks, unseen }: Watching, books: Books): Watching {
  return { stacks: stacks.filter((each) => isReadable(each, books)), unseen };
}

function isReadable({ target }: Watched, books: Books): boolean {
  return books.get(targetKey(target))?.unreadable === undefined;
}
