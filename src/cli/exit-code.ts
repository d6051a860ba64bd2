import type { Diagnostic } from '../model/diagnostic.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import { EXIT, firstOf } from '../reconciler/outcome.js';
import type { ExitCode } from '../reconciler/outcome.js';

/** Errors that are not the author's: AWS or the ledger could not be reached, or somebody else is at work. All others mean that the desired state is not valid. */
const NOT_THE_AUTHORS: Readonly<Partial<Record<DiagnosticCode, ExitCode>>> = {
  EK6011: EXIT.credentials,
  EK6012: EXIT.credentials,
  EK6013: EXIT.credentials,
  EK6016: EXIT.leaseHeld,
  EK6017: EXIT.failed,
  EK6018: EXIT.credentials,
  EK6019: EXIT.failed,
  EK6023: EXIT.credentials,
};

/** What errors among the diagnostics tell the shell; warnings tell it nothing. */
export function exitOfDiagnostics(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return firstOf(errors.map(({ code }) => NOT_THE_AUTHORS[code] ?? EXIT.invalid));
}
