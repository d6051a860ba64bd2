import { AwsError, type Call } from '../../kernel/contract.js';

const refusal = (code: string, status: number, message: string): AwsError =>
  new AwsError(code, message, status, { ErrorCode: code, Message: message });

export const badRequest = (message: string): AwsError => refusal('BadRequestException', 400, message);
export const notFound = (message: string): AwsError => refusal('NotFoundException', 404, message);
export const conflict = (message: string): AwsError => refusal('ConflictException', 409, message);

/** Whoever may not is told so in IAM's words and code, which the service's model does not list; the ARN is named in the Region that was asked. */
export function accessDenied(call: Call, applicationId: string): AwsError {
  const [arn, partition, service, , ...rest] = applicationId.split(':');
  const resource = [arn, partition, service, call.region, ...rest].join(':');
  const message = `User: ${call.principal.arn} is not authorized to perform: serverlessrepo:${call.operation} on resource: ${resource}`;
  return refusal('AccessDeniedException', 403, message);
}
