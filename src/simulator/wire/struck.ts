import { setTimeout as pause } from 'node:timers/promises';
import { AwsError } from '../kernel/contract.js';
import { NoAnswer, type Ending, type Strike } from '../kernel/strike.js';
import type { Refusal } from './service-model.js';

/** An injected fault goes out exactly as it was asked for, whatever the service's model says of its code. */
export class Struck extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** Runs the effect as the trouble has it: later, not at all, or without its answer. Throws AwsError, Struck or NoAnswer. */
export async function carryOut<Result>(strike: Strike, effect: () => Promise<Result>): Promise<Result> {
  const { when, delay, ending } = strike;
  if (delay > 0) await pause(delay);
  if (ending.type === 'answer') return effect();
  if (when === 'before') throw endOf(ending);
  try {
    await effect();
  } catch (error) {
    // A refusal is an answer, which gets lost as well where no answer goes out.
    if (ending.type === 'refusal' || ending.type === 'error' || !(error instanceof AwsError)) throw error;
  }
  throw endOf(ending);
}

function endOf(ending: Exclude<Ending, { type: 'answer' }>): Error {
  switch (ending.type) {
    case 'refusal':
      return ending.error;
    case 'error':
      return new Struck({ ...ending, members: {}, shape: undefined });
    case 'reset':
    case 'silence':
      return new NoAnswer(ending);
  }
}
