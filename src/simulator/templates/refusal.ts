import { AwsError } from '../kernel/contract.js';

/** CloudFormation refuses nearly everything that is wrong with a request under this one code; the text tells them apart. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
