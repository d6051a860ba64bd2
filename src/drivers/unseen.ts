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
  if (failure.kind === 'access-denied')
    return {
      code: 'EK6011',
      severity: 'error',
      message: `the plan role in account ${target.account} is not allowed cloudformation:${operation} in ${target.region}${reasonOf(failure.message)}`,
      remedy: `allow the plan role in account ${target.account} cloudformation:${operation}`,
    };
  const name = stackId.split('/')[1] ?? stackId;
  return {
    code: 'EK6011',
    severity: 'error',
    message: `${operation} of the stack ${name} in ${target.account}/${target.region} had no answer: ${failure.name}: ${failure.message}`,
    remedy: 'nothing is assumed about what was not read, and it is asked again when it is due again',
  };
}

/** IAM's own word on which policy it was, without the session and the stack: it is the same for every stack there. */
function reasonOf(message: string): string {
  const reason = /\b(?:because|with an explicit deny)\b.*$/su.exec(message)?.[0];
  return reason === undefined ? '' : `, ${reason}`;
}
