import { AwsError } from '../kernel/contract.js';
import { isS3Host } from '../kernel/s3-address.js';
import { endpointFor, ENDPOINTS, type Endpoint } from './endpoints.js';
import { bodyText, type WireRequest } from './message.js';
import { serviceHost, type ServiceHost } from './service-host.js';
import { signingOf, type Signature } from './signature.js';

/** Whom a request is for and who signed it, or why nobody here answers it; `speaker` knows the form of the answer. */
export type Entrance =
  | { readonly type: 'signed'; readonly endpoint: Endpoint; readonly signature: Signature }
  | { readonly type: 'anonymous'; readonly endpoint: Endpoint }
  | { readonly type: 'refused'; readonly speaker: Endpoint; readonly error: AwsError };

/** Operations that are called before there are credentials to sign with. */
const UNSIGNED_ACTIONS = /(?:^|&)Action=(?:AssumeRoleWithSAML|AssumeRoleWithWebIdentity)(?:&|$)/;
const TERMINATOR = 'aws4_request';

/** Judges a request by its host and its signature alone. */
export function enter(request: WireRequest): Entrance {
  const host = serviceHost(request.hostname);
  const signing = signingOf(request);
  const named = host ?? (signing.type === 'signed' ? signing : undefined);
  const endpoint = named === undefined ? undefined : endpointFor(named.service);
  if (named !== undefined && endpoint === undefined)
    return refused(
      speakerFor(request),
      new AwsError('NotImplemented', `The service ${named.service} is not simulated.`, 501),
    );
  switch (signing.type) {
    case 'none':
      return unsigned(request, endpoint);
    case 'incomplete': {
      const speaker = endpoint ?? speakerFor(request);
      return refused(speaker, new AwsError(speaker.protocol.codes.incompleteSignature, signing.why, 400));
    }
    case 'signed': {
      const wrong = endpoint === undefined ? '' : scopeComplaint(signing, host, endpoint);
      if (wrong !== '') return refused(endpoint!, unauthenticated(endpoint!, 'signatureDoesNotMatch', wrong));
      return { type: 'signed', endpoint: endpoint!, signature: signing };
    }
  }
}

const refused = (speaker: Endpoint, error: AwsError): Entrance => ({ type: 'refused', speaker, error });

function unauthenticated(
  { protocol: { codes } }: Endpoint,
  code: 'signatureDoesNotMatch' | 'missingToken',
  message: string,
) {
  return new AwsError(codes[code], message, codes.unauthenticated);
}

/** All that is wrong with the scope at this host; where the host names no service, only the scope itself can be. */
function scopeComplaint({ service, region, terminator }: Signature, host: ServiceHost | undefined, endpoint: Endpoint) {
  const complaints: string[] = [];
  if (host !== undefined && region !== host.region) complaints.push('Credential should be scoped to a valid region.');
  if (service !== endpoint.id) complaints.push(`Credential should be scoped to correct service: '${endpoint.id}'.`);
  if (terminator !== TERMINATOR)
    complaints.push(`Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${terminator}'.`);
  return complaints.join(' ');
}

/** Whoever does not sign may read objects of S3, as SAR's template URLs are read, and ask STS what needs no signature. */
function unsigned(request: WireRequest, named: Endpoint | undefined): Entrance {
  if (request.method === 'POST' && (named ?? ENDPOINTS.sts).id === 'sts' && UNSIGNED_ACTIONS.test(bodyText(request)))
    return { type: 'anonymous', endpoint: ENDPOINTS.sts };
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (named === undefined && reads && (isS3Host(request.hostname) || !request.query.has('Action')))
    return { type: 'anonymous', endpoint: ENDPOINTS.s3 };
  const speaker = named ?? speakerFor(request);
  return refused(speaker, unauthenticated(speaker, 'missingToken', 'Request is missing Authentication Token'));
}

/** Who answers where nobody was named: somebody who speaks JSON, or XML where the request was no JSON. */
function speakerFor(request: WireRequest): Endpoint {
  const json = 'x-amz-target' in request.headers || (request.headers['content-type'] ?? '').includes('json');
  return json ? ENDPOINTS.organizations : ENDPOINTS.sts;
}
