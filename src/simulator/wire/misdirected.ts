import { AwsError, type ServiceId } from '../kernel/contract.js';
import type { Endpoint } from './endpoints.js';
import { bodyText, type WireRequest } from './message.js';
import type { Asked } from './protocol.js';
import { serviceHost } from './service-host.js';

/** What only one service's requests carry. */
const VERSIONS: Readonly<Record<string, ServiceId>> = {
  '2011-06-15': 'sts',
  '2010-05-15': 'cloudformation',
  '2010-03-31': 'sns',
};
const TARGETS: Readonly<Record<string, ServiceId>> = {
  AWSOrganizationsV20161128: 'organizations',
  CloudTrail_20131101: 'cloudtrail',
  DynamoDB_20120810: 'dynamodb',
};

/**
 * What a request asks of the endpoint. Where the host names no service, a signature for one and a body for another contradict
 * each other, which AWS, whose hosts always do, sees in the signature.
 */
export function askedOf({ id, protocol, model }: Endpoint, request: WireRequest): Asked {
  try {
    return protocol.ask(request, model);
  } catch (error) {
    const meant = serviceHost(request.hostname) === undefined ? meantService(request) : undefined;
    if (meant === undefined || meant === id) throw error;
    const complaint = `Credential should be scoped to correct service: '${meant}'.`;
    throw new AwsError(protocol.codes.signatureDoesNotMatch, complaint, protocol.codes.unauthenticated);
  }
}

function meantService(request: WireRequest): ServiceId | undefined {
  const target = request.headers['x-amz-target']?.split('.').at(-2);
  if (target !== undefined) return Object.hasOwn(TARGETS, target) ? TARGETS[target] : undefined;
  const version = /(?:^|&)Version=([\d-]{10})(?:&|$)/.exec(bodyText(request))?.[1];
  return version !== undefined && Object.hasOwn(VERSIONS, version) ? VERSIONS[version] : undefined;
}
