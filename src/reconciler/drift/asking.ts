import pLimit from 'p-limit';
import { targetKey } from '../../model/target.js';
import type { Target, TargetKey } from '../../model/target.js';
import type { Unseen } from '../ports.js';
import type { Books } from './books.js';
import { callsLeft } from './spending.js';

const CONCURRENT_CALLS = 16;

/** The one gate to AWS of a round of checks. */
export type Asking = {
  readonly signal: AbortSignal;
  /** Null where the budget of that account and Region is spent, where it has asked to be left alone, or once we are interrupted. */
  ask<Answer extends { readonly type: string }>(
    target: Target,
    call: (signal: AbortSignal) => Promise<Answer | Unseen>,
    /** How many calls of AWS it stands for; 1 where nothing is said. */
    cost?: number,
  ): Promise<Answer | Unseen | null>;
  /** Calls that were made, by account and Region. */
  readonly calls: ReadonlyMap<TargetKey, number>;
};

/** Calls beside one another, never more of them than the budget has left; who is throttled is asked nothing more in this round. */
export function createAsking(
  books: Books,
  { budget, now, signal }: { readonly budget: number; readonly now: Date; readonly signal: AbortSignal },
): Asking {
  const limit = pLimit(CONCURRENT_CALLS);
  const calls = new Map<TargetKey, number>();
  const throttled = new Set<TargetKey>();
  return {
    signal,
    calls,
    ask: (target, call, cost = 1) =>
      limit(async () => {
        const key = targetKey(target);
        // The smallest budget must be enough for anything.
        const made = (calls.get(key) ?? 0) + Math.min(cost, budget);
        if (signal.aborted || throttled.has(key) || made > callsLeft(books.get(key)?.spent, budget, now)) return null;
        calls.set(key, made);
        try {
          const answer = await call(signal);
          if (!isThrottled(answer)) return answer;
          throttled.add(key);
          return null;
        } catch (error) {
          if (signal.aborted) return null;
          throw error;
        }
      }),
  };
}

function isThrottled(answer: { readonly type: string } | Unseen): boolean {
  return answer.type === 'failed' && 'isThrottled' in answer && answer.isThrottled;
}
