import type { AwsError } from './contract.js';

/** How a call ends that was struck. */
export type Ending =
  | { readonly type: 'answer' }
  /** As the service's model has it. */
  | { readonly type: 'refusal'; readonly error: AwsError }
  /** Exactly so, whatever the service's model says of the code. */
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly status: number }
  | { readonly type: 'reset' }
  /** Real milliseconds that a client waits; null leaves it to the transport. */
  | { readonly type: 'silence'; readonly milliseconds: number | null };

/** Trouble that strikes one call. */
export type Strike = {
  /** The key of Trouble, or `fault` for one that was injected. */
  readonly kind: string;
  /** Whether the effect takes place. */
  readonly when: 'before' | 'after';
  /** Real milliseconds that the call takes longer. */
  readonly delay: number;
  readonly ending: Ending;
};

/** No answer goes out. Each transport shows it as a client would see it. */
export class NoAnswer extends Error {
  constructor(readonly how: Extract<Ending, { type: 'reset' | 'silence' }>) {
    super(how.type === 'reset' ? 'the connection broke' : 'no answer came');
  }

  /** For the log. */
  get outcome(): string {
    return this.how.type === 'reset' ? 'ECONNRESET' : 'ETIMEDOUT';
  }
}
