import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../reconciler/ports.js';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal });
  },
};
