import type { Call, Fault } from './contract.js';
import type { Ending, Strike } from './strike.js';

/** The faults that tests asked for, each with its own count of the calls that it matched. */
export class InjectedFaults {
  readonly #armed: { readonly fault: Fault; matched: number }[] = [];

  inject(fault: Fault): void {
    this.#armed.push({ fault, matched: 0 });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** What strikes this call: the first fault that was injected, where several do. Counts the call for all of them. */
  striking(call: Call): Strike | undefined {
    let struck: Fault | undefined;
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.service !== call.service || fault.operation !== call.operation) continue;
      if (fault.account !== undefined && fault.account !== call.principal.accountId) continue;
      if (fault.region !== undefined && fault.region !== call.region) continue;
      armed.matched += 1;
      if (fault.calls === undefined || fault.calls.includes(armed.matched)) struck ??= fault;
    }
    return struck && { kind: 'fault', when: struck.when, delay: struck.delay ?? 0, ending: endingOf(struck) };
  }
}

function endingOf({ error }: Fault): Ending {
  switch (error) {
    case 'none':
      return { type: 'answer' };
    case 'reset':
      return { type: 'reset' };
    case 'silence':
      return { type: 'silence', milliseconds: null };
    default:
      return { type: 'error', ...error };
  }
}
