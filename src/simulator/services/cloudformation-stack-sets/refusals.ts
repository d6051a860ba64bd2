import { AwsError } from '../../kernel/contract.js';

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
export const operationIdExists = (id: string): AwsError =>
  new AwsError('OperationIdAlreadyExistsException', `Operation ${id} already exists`, 409);
