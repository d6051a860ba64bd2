import type { AwsError } from '../kernel/contract.js';
import { invalid } from './refusal.js';

export const SERVERLESS_TRANSFORM = 'AWS::Serverless-2016-10-31';

/** The transform's refusal of one resource, in the words in which CloudFormation passes it on. */
export function refusedResource(logicalId: string, why: string): AwsError {
  return invalid(
    `Transform ${SERVERLESS_TRANSFORM} failed with: Invalid Serverless Application Specification document. ` +
      `Number of errors found: 1. Resource with id [${logicalId}] is invalid. ${why}`,
  );
}
