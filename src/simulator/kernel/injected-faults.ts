import type { Call, Fault } from './contract.js';

/** The faults that tests asked for, each with its own count of the calls that it matched. */
export class InjectedFaults {
  readonly #armed: { readonly fault: Fault; matched: number }[] = [];

  inject(fault: Fault): void {
    this.#armed.push({ fault, matched: 0 });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** The fault that strikes this call: the first that was injected, where several do. Counts the call for all of them. */
  striking(call: Call): Fault | undefined {
    let struck: Fault | undefined;
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.service !== call.service || fault.operation !== call.operation) continue;
      if (fault.account !== undefined && fault.account !== call.principal.accountId) continue;
      if (fault.region !== undefined && fault.region !== call.region) continue;
      armed.matched += 1;
      if (fault.calls === undefined || fault.calls.includes(armed.matched)) struck ??= fault;
    }
    return struck;
  }
}
