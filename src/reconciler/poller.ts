import type { Address } from '../model/address.js';
import type { DriverKind } from '../model/desired.js';
import type { Observation } from '../model/observed.js';
import type { Subject } from '../model/step.js';
import type { Clock, Drivers } from './ports.js';

/** Milliseconds between two looks at what is being waited for: the first, and the longest it grows to while nothing moves. */
export type PollInterval = { readonly first: number; readonly longest: number };
export const POLL_INTERVAL: PollInterval = { first: 4_000, longest: 20_000 };

/** Everybody who waits is served by the same look: its cost is that of the walks, however many operations there are. */
export type Poller = { next(subject: Subject): Promise<Observation> };

export function createPoller(
  drivers: Drivers,
  clock: Clock,
  signal: AbortSignal,
  interval: PollInterval = POLL_INTERVAL,
): Poller {
  type Waiting = {
    readonly subject: Subject;
    readonly resolve: (observation: Observation) => void;
    readonly reject: (error: unknown) => void;
  };
  let waiting: Waiting[] = [];
  let pause = interval.first;
  let running = false;

  async function look(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const before = waiting.length;
      try {
        await clock.sleep(pause, signal);
        const served = waiting;
        waiting = [];
        await serve(served);
      } catch (error) {
        const failed = waiting;
        waiting = [];
        for (const each of failed) each.reject(error);
      }
      // Those who were served come back, if they must, before the next turn of the loop.
      await new Promise<void>((resolve) => setImmediate(resolve));
      pause = waiting.length < before ? interval.first : Math.min(interval.longest, pause * 1.25);
    }
    running = false;
  }

  async function serve(served: readonly Waiting[]): Promise<void> {
    try {
      const kinds = new Set<DriverKind>(served.map((each) => each.subject.driver));
      const seen = new Map<Address, Observation>();
      for (const kind of kinds) {
        const subjects = served.filter((each) => each.subject.driver === kind).map((each) => each.subject);
        const answers = await drivers
          .get(kind)!
          .observe(subjects, { signal, freshness: 'poll', progress: () => undefined });
        for (const [address, observation] of answers) seen.set(address, observation);
      }
      for (const each of served) each.resolve(seen.get(each.subject.address)!);
    } catch (error) {
      for (const each of served) each.reject(error);
    }
  }

  return {
    next(subject) {
      return new Promise((resolve, reject) => {
        waiting.push({ subject, resolve, reject });
        if (!running) void look();
      });
    },
  };
}
