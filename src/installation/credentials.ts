import type { Diagnostic } from '../model/diagnostic.js';

/** The controller's own credentials did not work at all: nothing was asked of anybody else. */
export function credentialsDiagnostic(error: unknown): Diagnostic {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'EK6023',
    severity: 'error',
    message: `AWS could not be asked who this is (${reason})`,
    remedy:
      'sign in ("aws sso login"), or export credentials of the controller\'s account; AWS_ENDPOINT_URL must point at a simulator only where one is meant',
  };
}
