import type { VirtualClock } from './contract.js';

/** Somebody who comes by at certain moments, which depend on nothing but the seed. */
export type Visitor = {
  /** The first moment after that one, in milliseconds; null where there is none any more. */
  next(after: number): number | null;
  visit(moment: number): void;
};

/**
 * A clock that lets visitors in while time advances. They are not among what is due: a jump to what is due next passes them by,
 * so that whoever jumps until nothing is under way gets there.
 */
export class AttendedClock implements VirtualClock {
  #visitor: Visitor | null = null;

  constructor(private readonly clock: VirtualClock) {}

  attend(visitor: Visitor): void {
    this.#visitor = visitor;
  }

  now(): Date {
    return this.clock.now();
  }

  after(seconds: number, effect: () => void): { cancel(): void } {
    return this.clock.after(seconds, effect);
  }

  advance(seconds: number): void {
    const until = this.now().getTime() + Math.max(0, seconds) * 1000;
    for (;;) {
      const moment = this.#visitor?.next(this.now().getTime()) ?? null;
      if (moment === null || moment > until) break;
      this.clock.advance((moment - this.now().getTime()) / 1000);
      this.#visitor?.visit(moment);
    }
    this.clock.advance((until - this.now().getTime()) / 1000);
  }

  advanceToNext(): boolean {
    return this.clock.advanceToNext();
  }

  jump(seconds: number): void {
    this.clock.jump(seconds);
  }
}
