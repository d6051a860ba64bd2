import type { AwsElsewhere } from '../../installation/session.js';
import type { PollInterval } from '../../reconciler/poller.js';
import type { Clock } from '../../reconciler/ports.js';
import type { Simulator } from '../../simulator/kernel/contract.js';

/** Simulated time as the reconciler sees it: waiting moves it. */
export function simulatedClock(simulator: Simulator): Clock {
  return {
    now: () => simulator.world.clock.now(),
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      simulator.world.clock.advance(milliseconds / 1000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

/** Milliseconds of simulated time, which pass at once, while each look takes real time. */
export const SIMULATED_POLL_INTERVAL: PollInterval = { first: 30_000, longest: 60_000 };

/** The simulator in the place of AWS, in process, for a controller that runs in `account`. */
export function simulatedAws(simulator: Simulator, account: string): AwsElsewhere {
  return {
    requestHandler: simulator.requestHandler,
    credentials: simulator.credentials(account),
    fetch: (url) => {
      const bytes = simulator.world.objects.fetch(url);
      return bytes === undefined ? Promise.reject(new Error(`${url} does not exist`)) : Promise.resolve(bytes);
    },
  };
}
