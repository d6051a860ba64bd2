import { assumptionRemedy, classify, isAmbiguous } from '../aws/errors.js';
import type { Failure } from '../aws/errors.js';
import type { Address } from '../model/address.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import type { Token } from '../model/identifiers.js';
import type { Announced } from '../model/action.js';
import type { Applied, InDoubt, Refused, Running } from '../model/step.js';
import { ArtifactsNotPublished } from '../reconciler/ports.js';

/** A call's answer, or AWS's refusal as a value. */
export type Answer<T> =
  { readonly type: 'answered'; readonly value: T } | { readonly type: 'failed'; readonly failure: Failure };

/** Wraps exactly one API call. */
export async function ask<T>(send: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { type: 'answered', value: await send() };
  } catch (error) {
    return { type: 'failed', failure: classify(error) };
  }
}

export function running(doing: string): Running {
  return { type: 'running', doing };
}

export function refused(
  code: DiagnosticCode,
  address: Address,
  message: string,
  remedy: string,
  announced?: Announced,
): Refused {
  return {
    type: 'refused',
    diagnostic: { code, severity: 'error', address, message, remedy },
    ...(announced === undefined ? {} : { announced }),
  };
}

/** What a mutating call that failed means for the step. `doing` completes "… failed" and "whether … took place". */
export function failedEffect(address: Address, doing: string, failure: Failure): Applied {
  if (isAmbiguous(failure))
    return inDoubt(address, `nobody knows whether ${doing} took place: ${failure.name}: ${failure.message}`);
  return failedRead(address, doing, failure);
}

/** The same for a call without effect. What AWS would answer a little later leaves the step open: the next reconcile goes on with it. */
export function failedRead(address: Address, doing: string, failure: Failure): Refused | InDoubt {
  const { kind, message, error } = failure;
  if (isAmbiguous(failure) || kind === 'throttled' || kind === 'expired')
    return inDoubt(address, `${doing} had no answer for now: ${failure.name}: ${message}`);
  if (error instanceof ArtifactsNotPublished) {
    const { code, message: told, remedy } = error.diagnostic;
    return refused(code, address, told, remedy);
  }
  if (kind === 'role-not-assumable') {
    return refused(
      'EK6011',
      address,
      message,
      assumptionRemedy(
        error,
        "create the role in that account, or correct its trust policy: it must name the controller's role and the installation's external id",
      ),
    );
  }
  if (kind === 'region-disabled') {
    return refused(
      'EK6018',
      address,
      `${doing} was refused: ${message}`,
      'enable the Region in that account, lift the policy that denies it, or leave the Region out of the targets',
    );
  }
  if (kind === 'busy' || kind === 'stale') {
    return refused(
      'EK6008',
      address,
      `${doing} was refused, because another operation came in between: ${message}`,
      'wait until it has ended; the next reconcile looks again',
    );
  }
  if (kind === 'access-denied') {
    return refused(
      'EK6017',
      address,
      `${doing} was denied: ${message}`,
      'compare the role with the permissions that Evenkeel lists, and with the policies above the account',
    );
  }
  return refused(
    'EK6017',
    address,
    `${doing} failed: ${failure.name}: ${message}`,
    'correct what AWS names, then reconcile again',
  );
}

function inDoubt(address: Address, message: string): InDoubt {
  const remedy = 'run again: it looks first, and a call that is repeated is the same call';
  return { type: 'in-doubt', diagnostic: { code: 'EK6017', severity: 'error', address, message, remedy } };
}

/** A second effect of one step needs a token of its own: AWS knows the first one for another operation. */
export function phaseToken(token: Token, phase: string): string {
  return `${token}-${phase}`;
}

/** Whether a token or operation id that AWS shows was given by this step. */
export function isOfStep(shown: string | null | undefined, token: Token): boolean {
  return shown != null && (shown === token || shown.startsWith(`${token}-`));
}
