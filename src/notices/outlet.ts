import type { Clock } from '../reconciler/ports.js';

/** What every way out of the house has at hand. */
export type Outlet = {
  /** Where secrets are: a channel names a variable, never a value. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};
