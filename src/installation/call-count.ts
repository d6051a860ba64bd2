import type { CountedCall } from '../aws/clients.js';

/** How often each operation of AWS was called. */
export type CallCount = {
  readonly count: (call: CountedCall) => void;
  /** By `service:Operation`, since this was last asked. */
  readonly take: () => Readonly<Record<string, number>>;
};

export function createCallCount(also: ((call: CountedCall) => void) | undefined): CallCount {
  let calls = new Map<string, number>();
  return {
    count(call) {
      const name = `${call.service}:${call.operation}`;
      calls.set(name, (calls.get(name) ?? 0) + 1);
      also?.(call);
    },
    take() {
      const taken = [...calls].sort(([one], [other]) => (one < other ? -1 : 1));
      calls = new Map();
      return Object.fromEntries(taken);
    },
  };
}
