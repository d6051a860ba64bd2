import { EXIT } from '../reconciler/outcome.js';
import type { ExitCode } from '../reconciler/outcome.js';
import type { Environment } from '../installation/session.js';
import { UsageError } from './context.js';
import { visibleText } from './render/visible-text.js';

/** Names under which the AWS SDK and AWS say that credentials are missing, expired or not allowed. */
const CREDENTIALS = /credential|expiredtoken|invalidclienttoken|unrecognizedclient|accessdenied|signaturedoesnotmatch/i;

export type Failure = { readonly text: string; readonly code: ExitCode };

/**
 * What a thrown error is told as. A call that was wrong, an interruption, AWS's and the machine's refusals are the world's; whatever
 * is left is a mistake of ours, one line, with how to see where.
 */
export function explainFailure(
  error: unknown,
  where: { readonly env: Environment; readonly interrupted: boolean },
): Failure {
  const told = toldAs(error);
  const stack = error instanceof Error && (where.env['EVENKEEL_DEBUG'] ?? '') !== '' ? (error.stack ?? '') : '';
  const failure = (text: string, code: ExitCode): Failure => ({
    text: `${visibleText(text)}\n${stack === '' ? '' : `${stack}\n`}`,
    code,
  });
  if (error instanceof UsageError) return { text: `error: ${visibleText(error.message)}\n`, code: EXIT.usage };
  if (where.interrupted) return failure('Interrupted; nothing more was begun.', EXIT.failed);
  if (CREDENTIALS.test(nameOf(error))) {
    return failure(
      `error: the credentials do not work (${told}): sign in, or export credentials of the controller's account`,
      EXIT.credentials,
    );
  }
  if (nameOf(error) === 'ResourceNotFoundException') {
    return failure(
      `error: AWS does not have it (${told}): if it is the table that is missing, "evenkeel ledger create" makes it`,
      EXIT.failed,
    );
  }
  if (isFromOutside(error)) return failure(`error: ${told}`, EXIT.failed);
  return failure(
    `evenkeel failed, and it is a mistake of ours: ${told}. Set EVENKEEL_DEBUG=1 to see where.`,
    EXIT.failed,
  );
}

/** Sentences of ours say what to do by themselves; the name of anybody else's error is half of what it says. */
function toldAs(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return EXPLAINED.has(error.name) ? error.message : `${error.name}: ${error.message}`;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Errors of ours that say what the world refused, and what to do. */
const EXPLAINED: ReadonlySet<string> = new Set(['LedgerError', 'RoleNotAssumable']);

/** AWS's answers carry `$metadata`; the operating system's carry the name of the call that failed. */
function isFromOutside(error: unknown): boolean {
  return error instanceof Error && (EXPLAINED.has(error.name) || '$metadata' in error || 'syscall' in error);
}
