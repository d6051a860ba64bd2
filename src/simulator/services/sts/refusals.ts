import { AwsError } from '../../kernel/contract.js';

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message, 400);

/** What is said where a value is well formed and cannot be, by the parameter's meaning. */
export const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', message, 400);

export const denied = (caller: string, action: string, resource: string): AwsError =>
  new AwsError('AccessDenied', `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`, 403);
