import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../src/reconciler/ports.js';
import type { Desk } from './desk.js';

/** Simulated time that passes while the reconciler waits, and only then: how busy this machine is changes no count. */
export function waitedTime(desk: Desk, startingAt: number): Clock {
  let now = startingAt;
  return {
    now: () => new Date(now),
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      now = (await desk.advance(milliseconds)).now;
    },
  };
}

/** The machine's own pace, begun where simulated time stands: what has to wait, waits. */
export function ownPace(startingAt: number): Clock {
  const begun = performance.now();
  return {
    now: () => new Date(startingAt + performance.now() - begun),
    sleep: async (milliseconds, signal) => {
      await wait(milliseconds, undefined, { signal });
    },
  };
}
