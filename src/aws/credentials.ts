import type { Diagnostic } from '../model/diagnostic.js';
import { classify } from './errors.js';

/** Names under which the SDK and AWS say that there are no credentials, or that nobody knows them. */
const UNKNOWN = /credentialsprovider|tokenprovider|invalidclienttoken|unrecognizedclient|signaturedoesnotmatch/i;

/** Whether a call failed because of the credentials it was signed with, whatever it asked for. */
export function isCredentialsFailure(error: unknown): boolean {
  const { kind, name } = classify(error);
  return kind === 'expired' || UNKNOWN.test(name);
}

/** The controller's own credentials did not work, or AWS could not be reached with them: nothing was asked of anybody else. */
export function credentialsDiagnostic(error: unknown): Diagnostic {
  const { kind, name, message } = classify(error);
  // An error without a status never reached AWS, and new credentials would not help.
  const remedy =
    kind === 'transient'
      ? 'look at the network, and at AWS_ENDPOINT_URL and AWS_REGION where they are set; then run again'
      : 'sign in (such as with "aws sso login"), or export credentials of the controller\'s account; then run again';
  return {
    code: 'EK6023',
    severity: 'error',
    message: `AWS could not be asked who this is (${name}: ${message})`,
    remedy,
  };
}
