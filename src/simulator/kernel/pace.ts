import type { VirtualClock } from './contract.js';

const TICK_MILLISECONDS = 20;

/** Lets a virtual clock run along with the machine's, `speed` simulated seconds a second, without keeping the process alive. */
export function keepPace(clock: VirtualClock, speed: number): { stop(): void } {
  if (speed <= 0) return { stop: () => {} };
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    clock.advance(((now - last) / 1000) * speed);
    last = now;
  }, TICK_MILLISECONDS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
