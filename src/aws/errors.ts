import { RoleNotAssumable } from './contract.js';

/**
 * What an AWS failure means for whoever made the call.
 * - `transient`: the answer was lost or the service failed; a mutating call may have taken place.
 * - `aborted`: we stopped waiting; a mutating call may have taken place.
 * - `submitted`: the operation id or token is known already, so it is our own repeated call.
 * - `busy`: another operation holds the stack or the stack set.
 * - `detecting`: a drift detection is under way on the stack already.
 * - `stale`: something else happened on the stack set in between; read again.
 * - `region-disabled`: the Region is not enabled for the account, or a policy denies it explicitly.
 */
export type FailureKind =
  | 'transient'
  | 'aborted'
  | 'throttled'
  | 'access-denied'
  | 'expired'
  | 'not-found'
  | 'already-exists'
  | 'submitted'
  | 'no-changes'
  | 'busy'
  | 'detecting'
  | 'stale'
  | 'region-disabled'
  | 'not-in-organization'
  | 'role-not-assumable'
  | 'limit'
  | 'validation'
  | 'other';

export type Failure = {
  readonly kind: FailureKind;
  /** The error's name as the SDK gives it. */
  readonly name: string;
  readonly message: string;
  readonly error: unknown;
};

/** Every text in AWS's answers that has to be understood is in this table: CloudFormation says most refusals as `ValidationError`. First match wins. */
const TEXTS: readonly { readonly pattern: RegExp; readonly kind: FailureKind }[] = [
  { pattern: /with an explicit deny in a (service|resource) control policy/i, kind: 'region-disabled' },
  { pattern: /no updates are to be performed|didn'?t contain changes/i, kind: 'no-changes' },
  { pattern: /drift detection is already (in progress|running)/i, kind: 'detecting' },
  { pattern: /does not exist/i, kind: 'not-found' },
  { pattern: /is in [A-Z_]*IN_PROGRESS state/, kind: 'busy' },
  { pattern: /cannot be deleted while in status [A-Z_]*IN_PROGRESS/, kind: 'busy' },
  { pattern: /rate exceeded/i, kind: 'throttled' },
];

/** Errors whose name does not settle the meaning: their text is looked at. */
const SPEAKING = new Set([
  'ValidationError',
  'ValidationException',
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'InvalidOperationException',
]);

const NAMES: Readonly<Record<string, FailureKind>> = {
  AbortError: 'aborted',
  TimeoutError: 'transient',
  RequestTimeout: 'transient',
  RequestTimeoutException: 'transient',
  InternalFailure: 'transient',
  InternalError: 'transient',
  InternalServerError: 'transient',
  InternalServerErrorException: 'transient',
  ServiceException: 'transient',
  ServiceUnavailable: 'transient',
  ServiceUnavailableException: 'transient',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  SlowDown: 'throttled',
  AccessDenied: 'access-denied',
  AccessDeniedException: 'access-denied',
  AccessDeniedForDependencyException: 'access-denied',
  UnauthorizedOperation: 'access-denied',
  InvalidClientTokenId: 'access-denied',
  UnrecognizedClientException: 'access-denied',
  SignatureDoesNotMatch: 'access-denied',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  RequestExpired: 'expired',
  OptInRequired: 'region-disabled',
  RegionDisabledException: 'region-disabled',
  AWSOrganizationsNotInUseException: 'not-in-organization',
  StackNotFoundException: 'not-found',
  ChangeSetNotFound: 'not-found',
  ChangeSetNotFoundException: 'not-found',
  StackSetNotFoundException: 'not-found',
  StackInstanceNotFoundException: 'not-found',
  OperationNotFoundException: 'not-found',
  AlreadyExistsException: 'already-exists',
  NameAlreadyExistsException: 'already-exists',
  CreatedButModifiedException: 'already-exists',
  OperationIdAlreadyExists: 'submitted',
  OperationIdAlreadyExistsException: 'submitted',
  TokenAlreadyExistsException: 'submitted',
  OperationInProgressException: 'busy',
  StackSetNotEmptyException: 'busy',
  StaleRequestException: 'stale',
  LimitExceeded: 'limit',
  LimitExceededException: 'limit',
  ConcurrentResourcesLimitExceededException: 'limit',
  ValidationError: 'validation',
  ValidationException: 'validation',
  InvalidInputException: 'validation',
  InvalidOperationException: 'validation',
  InvalidChangeSetStatus: 'validation',
  InvalidChangeSetStatusException: 'validation',
  InsufficientCapabilitiesException: 'validation',
};

/** The one place that knows what AWS's errors mean. */
export function classify(error: unknown): Failure {
  if (error instanceof RoleNotAssumable)
    return { kind: 'role-not-assumable', name: error.name, message: error.message, error };
  const { name, message, status, system } = partsOf(error);
  return { kind: kindOf(name, message, status, system), name, message, error };
}

function kindOf(name: string, message: string, status: number | undefined, system: boolean): FailureKind {
  if (SPEAKING.has(name)) {
    const text = TEXTS.find((each) => each.pattern.test(message));
    if (text !== undefined) return text.kind;
  }
  const named = NAMES[name];
  if (named !== undefined) return named;
  if (system || (status !== undefined && status >= 500)) return 'transient';
  return 'other';
}

function partsOf(error: unknown) {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), status: undefined, system: false };
  const sdk = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number }; readonly code?: unknown };
  // Connection failures have a system code such as ECONNRESET or ENOTFOUND, and no status.
  const system = typeof sdk.code === 'string' && /^E[A-Z_]+$/.test(sdk.code);
  return { name: error.name, message: error.message, status: sdk.$metadata?.httpStatusCode, system };
}

/** Whether the reason of a failed change set is that there was nothing to change. */
export function saysNoChanges(reason: string): boolean {
  return TEXTS.some(({ pattern, kind }) => kind === 'no-changes' && pattern.test(reason));
}

/** Whether a mutating call that failed so may nevertheless have taken place. */
export function isAmbiguous(failure: Failure): boolean {
  return failure.kind === 'transient' || failure.kind === 'aborted';
}

/** Whether the Region itself refuses credentials that are good elsewhere: AWS says so only by not knowing the token. */
export function isRegionRefusal(failure: Failure): boolean {
  return (
    failure.kind === 'region-disabled' ||
    failure.name === 'UnrecognizedClientException' ||
    failure.name === 'InvalidClientTokenId'
  );
}

/** What to do about a role that could not be assumed: where the controller's own credentials are what failed, the role is not to blame. */
export function assumptionRemedy(error: unknown, otherwise: string): string {
  const cause = error instanceof RoleNotAssumable && error.cause instanceof Error ? error.cause.name : '';
  return /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|CredentialsProviderError)/.test(cause)
    ? "sign in again: it is the controller's own credentials that do not work any more"
    : otherwise;
}
