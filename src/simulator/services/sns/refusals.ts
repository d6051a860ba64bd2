import { AwsError, type Call } from '../../kernel/contract.js';

export const invalidParameter = (what: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${what}`, 400);

export const topicMissing = (): AwsError => new AwsError('NotFoundException', 'Topic does not exist', 404);

/** IAM's refusal for a topic whose policy lets nobody else in, which says nothing of whether it is there. */
export function notAuthorized({ principal }: Call, action: string, arn: string): AwsError {
  const message = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${arn} because no resource-based policy allows the ${action} action`;
  return new AwsError('AuthorizationErrorException', message, 403);
}
