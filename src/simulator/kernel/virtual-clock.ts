import type { VirtualClock } from './contract.js';

type Due = { readonly at: number; readonly order: number; readonly effect: () => void; cancelled: boolean };

/** Time that moves only when it is told to; a heap, because a large organization has thousands of operations under way. */
export class HeapClock implements VirtualClock {
  readonly #heap: Due[] = [];
  #now: number;
  /** What the wall says besides, in milliseconds. */
  #jumped = 0;
  #order = 0;

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now + this.#jumped);
  }

  after(seconds: number, effect: () => void): { cancel(): void } {
    const due: Due = { at: this.#now + Math.max(0, seconds) * 1000, order: this.#order++, effect, cancelled: false };
    this.#push(due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  advance(seconds: number): void {
    const until = this.#now + Math.max(0, seconds) * 1000;
    for (let next = this.#next(); next !== undefined && next.at <= until; next = this.#next()) this.#run(next);
    this.#now = until;
  }

  jump(seconds: number): void {
    this.#jumped += seconds * 1000;
  }

  advanceToNext(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#run(next);
    return true;
  }

  #run(due: Due): void {
    this.#pop();
    this.#now = Math.max(this.#now, due.at);
    due.effect();
  }

  #next(): Due | undefined {
    while (this.#heap[0]?.cancelled === true) this.#pop();
    return this.#heap[0];
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!earlier(due, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child += 1;
      if (!earlier(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function earlier(left: Due, right: Due): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}
