import type { CallLog, LoggedCall } from './contract.js';

/** How many entries are kept; the counts stay exact beyond it. */
export const KEPT_ENTRIES = 100_000;

/** Counts every call, and keeps the latest ones in order. */
export class CountedCalls implements CallLog {
  readonly #counts = new Map<string, number>();
  #entries: LoggedCall[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  record(entry: LoggedCall): void {
    const key = `${entry.service}:${entry.operation}`;
    this.#total += 1;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#entries.push(entry);
    // Dropping half at a time keeps the cost of a record constant.
    if (this.#entries.length > KEPT_ENTRIES) this.#entries = this.#entries.slice(KEPT_ENTRIES / 2);
  }

  byOperation(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  entries(): readonly LoggedCall[] {
    return [...this.#entries];
  }

  reset(): void {
    this.#counts.clear();
    this.#entries = [];
    this.#total = 0;
  }
}
