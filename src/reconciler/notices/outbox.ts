import pLimit from 'p-limit';
import { byText } from '../describe-wording.js';
import type { Controller } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Channel, Delivery, Notice, Outgoing } from '../../model/notice.js';
import { channelKey } from '../../model/notice.js';
import type { Clock, Ledger, Messenger } from '../ports.js';
import { afterFailure, claimed, isDue } from './retries.js';
import type { Waiting } from './retries.js';
import { createTrouble } from './trouble.js';
import type { Trouble } from './trouble.js';

const AT_ONCE = 8;
/** Of all that waits; the rest is the next pass's. */
const MOST_AT_A_TIME = 500;
const WHOLE = 60_000;
/** Of the whole: after this, nothing is begun that might not end within it. */
const BEGINNINGS = 0.75;
/** A channel that was silent so often in one pass is left alone until the next. */
const SILENCES = 3;

export type Outbox = {
  readonly ledger: Pick<Ledger, 'addNotice' | 'outgoing' | 'moveOutgoing'>;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly controller: Pick<Controller, 'notify' | 'at'>;
  readonly notices: readonly Notice[];
  readonly signal: AbortSignal;
  /** Milliseconds for all of it; a minute where nothing is said. */
  readonly patience?: number;
};

/**
 * Keeps the notices, and delivers all that waits and is due, these and earlier ones. Each is told once through each channel that
 * wants its kind, whichever controller finds it; where one dies, or loses the ledger, between a delivery and its record, it is told again.
 * Takes a minute at most, never throws, and answers what it could not do as warnings.
 */
export async function notify(outbox: Outbox): Promise<readonly Diagnostic[]> {
  const trouble = createTrouble(outbox.controller);
  const { patience = WHOLE } = outbox;
  const timer = new AbortController();
  const timeUp = setTimeout(() => timer.abort(), patience);
  const lastBeginning = Date.now() + BEGINNINGS * patience;
  const isOver = (): boolean => outbox.signal.aborted || Date.now() > lastBeginning;
  const signal = AbortSignal.any([outbox.signal, timer.signal]);
  try {
    await Promise.race([
      keepAndDeliver({ ...outbox, signal }, trouble, isOver),
      new Promise<void>((resolve) => timer.signal.addEventListener('abort', () => resolve())),
    ]);
    if (timer.signal.aborted) trouble.outOfTime();
  } catch (error) {
    trouble.ledger(error);
  } finally {
    clearTimeout(timeUp);
  }
  return trouble.warnings();
}

async function keepAndDeliver(outbox: Outbox, trouble: Trouble, isOver: () => boolean): Promise<void> {
  const { ledger, notices, clock, controller } = outbox;
  const limit = pLimit(AT_ONCE);
  await Promise.all(
    notices.map((notice) =>
      limit(async () => {
        const channels = controller.notify.filter(({ on }) => on.includes(notice.kind)).map(channelKey);
        if (channels.length === 0) return;
        await ledger.addNotice(notice, channels, clock.now()).catch((error: unknown) => trouble.ledger(error));
      }),
    ),
  );
  const waiting = [...(await ledger.outgoing((id, why) => trouble.edited(id, why)))].sort(
    (one, other) => byText(one.notice.at, other.notice.at) || byText(one.notice.id, other.notice.id),
  );
  const silences = new Map<string, number>();
  const send = createSending(outbox, trouble, silences);
  await Promise.all(
    waiting.slice(0, MOST_AT_A_TIME).map((outgoing) =>
      limit(async () => {
        if (isOver()) return trouble.outOfTime();
        await send(outgoing).catch((error: unknown) => trouble.ledger(error));
      }),
    ),
  );
}

function createSending(
  { ledger, messenger, clock, controller, signal }: Outbox,
  trouble: Trouble,
  silences: Map<string, number>,
): (outgoing: Outgoing) => Promise<void> {
  const channels = new Map(controller.notify.map((channel) => [channelKey(channel), channel]));
  const isSilent = (key: string): boolean => (silences.get(key) ?? 0) >= SILENCES;

  async function tell(notice: Notice, channel: Channel, { attempts }: Waiting): Promise<Delivery> {
    const key = channelKey(channel);
    const told = await messenger.deliver({ notice, channel, attempt: attempts }, signal);
    if (told.type === 'delivered') {
      silences.delete(key);
      return { type: 'delivered', at: clock.now().toISOString(), reference: told.reference };
    }
    if (told.cause !== 'refused') silences.set(key, (silences.get(key) ?? 0) + 1);
    const next = afterFailure(told, { notice, channel: key, attempts }, clock.now());
    trouble.undelivered(channel, told, next);
    return next;
  }

  return async (outgoing) => {
    const now = clock.now();
    const { notice } = outgoing;
    const waiting = Object.entries(outgoing.deliveries).flatMap(([key, delivery]) =>
      delivery.type === 'waiting' ? [{ key, delivery, channel: channels.get(key) ?? null }] : [],
    );
    const gone = waiting.filter(({ channel }) => channel === null);
    const due = waiting.flatMap(({ key, delivery, channel }) =>
      channel !== null && isDue(delivery, now) && !isSilent(key)
        ? [{ key, channel, delivery: claimed(delivery, now) }]
        : [],
    );
    if (gone.length + due.length === 0) return;
    const begun: Outgoing = {
      ...outgoing,
      deliveries: {
        ...outgoing.deliveries,
        ...Object.fromEntries(gone.map(({ key }) => [key, givenUp('the Controller no longer names the channel', now)])),
        ...Object.fromEntries(due.map(({ key, delivery }) => [key, delivery])),
      },
    };
    // Somebody else moved it, and so somebody else tells it.
    if (!(await ledger.moveOutgoing(begun)) || due.length === 0) return;
    const told = await Promise.all(
      due.map(async ({ key, channel, delivery }) => [key, await tell(notice, channel, delivery)] as const),
    );
    const ended: Outgoing = {
      ...begun,
      deliveries: { ...begun.deliveries, ...Object.fromEntries(told) },
      version: begun.version + 1,
    };
    if (!(await ledger.moveOutgoing(ended))) trouble.unrecorded(notice);
  };
}

function givenUp(error: string, now: Date): Delivery {
  return { type: 'given-up', at: now.toISOString(), error };
}
