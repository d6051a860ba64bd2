import type { CheckBook, Pass } from '../../model/checks.js';
import type { Controller } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { RunId } from '../../model/identifiers.js';
import type { Entry } from '../../model/recorded.js';
import type { Clock, Ledger, Messenger } from '../ports.js';
import { notify } from './outbox.js';
import { createTrouble } from './trouble.js';
import { noticesOf } from './write.js';
import type { Kept } from './write.js';

/** How far back a run without an end is looked for. */
const RUNS = 50;

export type Telling = {
  readonly ledger: Pick<Ledger, 'addNotice' | 'outgoing' | 'moveOutgoing' | 'runs' | 'pass'>;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly controller: Controller;
  /** Everything recorded, as it was when the pass began. */
  readonly before: readonly Entry[];
  /** What the pass wrote over it; or everything as it is now. */
  readonly after: readonly Kept[];
  readonly books: readonly CheckBook[];
  /** The pass's own; null where it changes nothing. */
  readonly run: RunId | null;
  readonly signal: AbortSignal;
};

/**
 * Tells whoever wants to know what a pass has found, and what is still to be told of earlier ones. To be called before the pass is
 * recorded: what an interrupted pass found and did not tell is what changed after the newest pass that is recorded.
 * Never throws and takes little more than a minute; what could not be done is answered as warnings.
 */
export async function tell(telling: Telling): Promise<readonly Diagnostic[]> {
  const { ledger, messenger, clock, controller, before, after, books, run, signal } = telling;
  const trouble = createTrouble(controller);
  const wanted = new Set(controller.notify.flatMap(({ on }) => on));
  const reading = async <T>(read: () => Promise<T>, otherwise: T): Promise<T> =>
    read().catch((error: unknown) => {
      trouble.ledger(error);
      return otherwise;
    });
  const [runs, newest] = await Promise.all([
    wanted.has('stalled') ? reading(() => ledger.runs(RUNS), []) : [],
    wanted.size > 0 ? reading(() => ledger.pass(), null) : null,
  ]);
  const now = clock.now();
  const since = newest?.at ?? null;
  const found = { controller, before, after: laidOver(before, after), since, entries: before, books, runs, run, now };
  const notices = wanted.size === 0 ? [] : noticesOf(found).filter(({ kind }) => wanted.has(kind));
  const warnings = await notify({ ledger, messenger, clock, controller, notices, signal });
  return [...trouble.warnings(), ...warnings];
}

/** Units that the pass did not move are as they were. */
function laidOver(before: readonly Kept[], after: readonly Kept[]): readonly Kept[] {
  return [...new Map([...before, ...after].map((kept) => [kept.address, kept])).values()];
}

/** Says that a pass has ended, to whoever notices when nobody says so any more. */
export async function beat(
  messenger: Messenger,
  controller: Pick<Controller, 'heartbeat' | 'at'>,
  pass: Pass,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  if (controller.heartbeat === null) return [];
  const answer = await messenger.beat(controller.heartbeat, pass, signal);
  if (answer.type === 'delivered') return [];
  return [
    {
      code: 'EK6044',
      severity: 'warning',
      place: controller.at('spec', 'heartbeat'),
      message: `the heartbeat could not be sent: ${answer.error}`,
      remedy: 'see whether its receiver is well; the next pass sends the next one',
    },
  ];
}
