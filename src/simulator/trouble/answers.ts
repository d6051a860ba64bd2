import { AwsError, type Call, type ServiceId } from '../kernel/contract.js';
import { resourceOf, type Input } from './resource-named.js';

type Answer = readonly [code: string, message: string, status: number];

const THROTTLED: Readonly<Record<ServiceId, Answer>> = {
  cloudformation: ['Throttling', 'Rate exceeded', 400],
  sts: ['Throttling', 'Rate exceeded', 400],
  organizations: ['TooManyRequestsException', 'AWS Organizations is throttling your requests. Try again later.', 400],
  cloudtrail: ['ThrottlingException', 'Rate exceeded', 400],
  sns: ['Throttled', 'Rate exceeded', 429],
  serverlessrepo: ['TooManyRequestsException', 'Too Many Requests', 429],
  s3: ['SlowDown', 'Please reduce your request rate.', 503],
  dynamodb: ['ThrottlingException', 'Rate of requests exceeds the allowed throughput.', 400],
};

const QUERY_FAILURE: Answer = ['InternalFailure', 'An internal error occurred.', 500];

const FAILED: Readonly<Record<ServiceId, Answer>> = {
  cloudformation: QUERY_FAILURE,
  sts: QUERY_FAILURE,
  organizations: ['ServiceException', 'AWS Organizations cannot complete your request. Try again later.', 500],
  cloudtrail: ['InternalFailure', 'An internal error occurred.', 500],
  sns: ['InternalError', 'An internal error occurred.', 500],
  serverlessrepo: ['InternalServerErrorException', 'Internal server error', 500],
  s3: ['InternalError', 'We encountered an internal error. Please try again.', 500],
  dynamodb: ['InternalServerError', 'The request processing has failed because of an unknown error.', 500],
};

const EXPIRED_TEXT = 'The security token included in the request is expired';
/** AWS JSON answers 400 to whatever is the client's fault. */
const EXPIRED_IN_JSON: Answer = ['ExpiredTokenException', EXPIRED_TEXT, 400];
const EXPIRED_IN_REST: Answer = ['ExpiredTokenException', EXPIRED_TEXT, 403];
const EXPIRED_IN_XML: Answer = ['ExpiredToken', EXPIRED_TEXT, 403];

const EXPIRED: Readonly<Record<ServiceId, Answer>> = {
  cloudformation: EXPIRED_IN_XML,
  sts: EXPIRED_IN_XML,
  organizations: EXPIRED_IN_JSON,
  cloudtrail: EXPIRED_IN_JSON,
  sns: EXPIRED_IN_XML,
  serverlessrepo: EXPIRED_IN_REST,
  s3: ['ExpiredToken', 'The provided token has expired.', 400],
  dynamodb: EXPIRED_IN_JSON,
};

const DENIED: Readonly<Record<ServiceId, readonly [code: string, status: number]>> = {
  cloudformation: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
  organizations: ['AccessDeniedException', 400],
  cloudtrail: ['AccessDeniedException', 400],
  sns: ['AuthorizationError', 403],
  serverlessrepo: ['AccessDeniedException', 403],
  s3: ['AccessDenied', 403],
  dynamodb: ['AccessDeniedException', 400],
};

/** S3 authorizes some operations under the name of another. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListBuckets: 'ListAllMyBuckets',
};

/** Too many requests, as this service says it. */
export function throttled({ service, operation }: Call): AwsError {
  const [code, message, status] = THROTTLED[service];
  return new AwsError(code, message, status, service === 'organizations' ? { Type: operation } : {});
}

/** A failure of the service: 500 as this service names it, or 503, which all of them name alike. */
export function failed({ service }: Call, which: 'internal' | 'unavailable'): AwsError {
  if (which === 'unavailable') return new AwsError('ServiceUnavailable', 'Service is unable to handle request.', 503);
  return new AwsError(...FAILED[service]);
}

/** The session has expired, as this service's protocol says it. */
export function expired({ service }: Call): AwsError {
  return new AwsError(...EXPIRED[service]);
}

/** IAM's refusal, which names who wanted to do what, and to which resource where the operation is about one. */
export function denied(call: Call, partition: string, input: Input | undefined): AwsError {
  const [code, status] = DENIED[call.service];
  const renamed = call.service === 's3' ? S3_ACTIONS[call.operation] : undefined;
  const action = `${call.service}:${renamed ?? call.operation}`;
  const resource = resourceOf(call, partition, input);
  const about = resource === undefined ? '' : ` on resource: ${resource}`;
  const message = `User: ${call.principal.arn} is not authorized to perform: ${action}${about} because no identity-based policy allows the ${action} action`;
  return new AwsError(code, message, status);
}
