import type { Call, Handler } from '../../kernel/contract.js';
import { staleRequest } from './refusals.js';
import type { StackSet } from './stack-set.js';

/**
 * Refuses a call that looked at the stack set, and found another operation accepted when it came to write. Between the two lies one turn
 * of the event loop, so that only calls that are sent together can meet there.
 */
export function unlessOvertaken(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler's input
  find: (input: any, call: Call) => StackSet | undefined,
  handler: Handler,
): Handler {
  return async (input, call) => {
    const set = find(input, call);
    const seen = set?.operations.size;
    await new Promise((resolve) => setImmediate(resolve));
    // Its own id comes first: that refusal tells a repeated call that it was heard.
    if (set !== undefined && set.operations.size !== seen && !set.operations.has(input.OperationId))
      throw staleRequest(set.name);
    return handler(input, call);
  };
}
