import type { VirtualClock } from '../../kernel/contract.js';

export type Failure = { readonly logicalId: string; readonly reason: string };
export type Done = (failure?: Failure) => void;

/** One resource's part of an operation: it is announced when its turn comes and takes effect when its time is up. */
export type Step = { readonly begin: () => void; readonly finish: (done: Done) => void };

/** Plays the steps one after another over the given time and says how it ended; the first failure ends it. */
export function play(clock: VirtualClock, seconds: number, steps: readonly Step[], ended: Done): { cancel(): void } {
  const slot = seconds / (steps.length + 1);
  let timer: { cancel(): void } | undefined;
  let cancelled = false;
  const next = (at: number): void => {
    if (cancelled) return;
    const step = steps[at];
    step?.begin();
    timer = clock.after(slot, () => {
      if (!step) return ended();
      step.finish((failure) => {
        if (cancelled) return;
        if (failure) ended(failure);
        else next(at + 1);
      });
    });
  };
  next(0);
  return {
    cancel: () => {
      cancelled = true;
      timer?.cancel();
    },
  };
}
