import { AwsError } from '../kernel/contract.js';

/** Organizations' errors carry a reason beside the code, from a closed list of the service model. */
export const invalidInput = (Reason: string, message: string): AwsError =>
  new AwsError('InvalidInputException', message, 400, { Reason });

export const constraintViolated = (Reason: string, message: string): AwsError =>
  new AwsError('ConstraintViolationException', message, 400, { Reason });

export const accountNotFound = (): AwsError =>
  new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.");

export const parentNotFound = (): AwsError =>
  new AwsError('ParentNotFoundException', "You specified parent that doesn't exist.");
