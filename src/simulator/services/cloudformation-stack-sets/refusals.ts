import { AwsError } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';

export const invalidOperation = (message: string): AwsError => new AwsError('InvalidOperationException', message);
export const insufficientCapabilities = (needed: readonly string[]): AwsError =>
  new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed.join(', ')}]`);
export const nameExists = (name: string): AwsError =>
  new AwsError('NameAlreadyExistsException', `StackSet ${name} already exists`, 409);
export const createdButModified = (name: string): AwsError =>
  new AwsError(
    'CreatedButModifiedException',
    `StackSet ${name} was created with this token and has been modified since`,
    409,
  );
export const setNotFound = (name: string): AwsError =>
  new AwsError('StackSetNotFoundException', `StackSet ${name} not found`, 404);
export const setNotEmpty = (): AwsError => new AwsError('StackSetNotEmptyException', 'StackSet is not empty', 409);
export const instanceNotFound = (set: string, account: string, region: string): AwsError =>
  new AwsError(
    'StackInstanceNotFoundException',
    `Stack instance not found for StackSet: ${set}, account: ${account}, region: ${region}`,
    404,
  );
export const operationNotFound = (id: string, set: string): AwsError =>
  new AwsError('OperationNotFoundException', `Operation ${id} for StackSet ${set} not found`, 404);
export const operationInProgress = (arn: string): AwsError =>
  new AwsError('OperationInProgressException', `Another Operation on StackSet ${arn} is in progress`, 409);
/** A call that looked at the stack set before another operation on it was accepted. */
export const staleRequest = (name: string): AwsError =>
  new AwsError(
    'StaleRequestException',
    `Another operation has been performed on StackSet ${name} since the specified operation was performed`,
    409,
  );
export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceededException', message);
export const stackNotFound = (id: string): AwsError =>
  new AwsError('StackNotFoundException', `Stack with id ${id} does not exist`, 404);
/** The check that the service makes of a member before anything else. */
export const constraint = (value: string, member: string, rule: string): AwsError =>
  invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);
export const operationIdExists = (id: string): AwsError =>
  new AwsError('OperationIdAlreadyExistsException', `Operation ${id} already exists`, 409);
