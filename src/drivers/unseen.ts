import { isRegionRefusal } from '../aws/errors.js';
import type { Failure } from '../aws/errors.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { StackPlace, Unseen } from '../reconciler/ports.js';
import { unknownOf } from './stack-walk.js';

/** Why a stack could not be looked at, as the plan role. Throws only where we stopped waiting ourselves. */
export function unseenOf(failure: Failure, stack: StackPlace, operation: string, signal: AbortSignal): Unseen {
  if (signal.aborted) throw failure.error;
  if (failure.kind === 'not-found') return { type: 'gone' };
  return {
    type: 'failed',
    diagnostic: diagnosticOf(failure, stack, operation),
    isThrottled: failure.kind === 'throttled',
  };
}

function diagnosticOf(failure: Failure, { target, stackId }: StackPlace, operation: string): Diagnostic {
  if (failure.kind === 'role-not-assumable' || isRegionRefusal(failure))
    return unknownOf(failure.error, target).diagnostic;
  const name = stackId.split('/')[1] ?? stackId;
  return {
    code: 'EK6011',
    severity: 'error',
    message: `${operation} of the stack ${name} in ${target.account}/${target.region} had no answer: ${failure.name}: ${failure.message}`,
    remedy:
      failure.kind === 'access-denied'
        ? `allow the plan role in account ${target.account} cloudformation:${operation}`
        : 'run again; nothing is assumed about what was not read',
  };
}
