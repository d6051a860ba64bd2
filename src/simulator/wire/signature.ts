import type { WireRequest } from './message.js';

/** Who says to have signed the request, and for which service and Region. The signature itself is not checked, nor is its date. */
export type Signature = {
  readonly type: 'signed';
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** `aws4_request`, where the client is in order. */
  readonly terminator: string;
  readonly sessionToken: string | undefined;
};

/** `why` is AWS's text for a signature of which a part is missing. */
export type Signing = Signature | { readonly type: 'none' } | { readonly type: 'incomplete'; readonly why: string };

const ALGORITHM = 'AWS4-HMAC-SHA256';
const IN_HEADER = ['Credential', 'Signature', 'SignedHeaders'] as const;
const IN_URL = ['X-Amz-Credential', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Signature'] as const;

/** What the Authorization header says, or a presigned URL. */
export function signingOf(request: WireRequest): Signing {
  const header = request.headers['authorization'];
  if (header !== undefined) return signedByHeader(request, header);
  return request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Credential')
    ? signedByUrl(request)
    : { type: 'none' };
}

function signedByHeader(request: WireRequest, header: string): Signing {
  const parts = new Map<string, string>();
  for (const part of header.slice(header.indexOf(' ') + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const missing = IN_HEADER.filter((name) => !parts.get(name)).map(
    (name) => `Authorization header requires '${name}' parameter.`,
  );
  if (!('x-amz-date' in request.headers) && !('date' in request.headers))
    missing.push(`Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`);
  if (missing.length > 0 || !header.startsWith(`${ALGORITHM} `))
    return { type: 'incomplete', why: `${missing.join(' ')} Authorization=${header}`.trimStart() };
  return scoped(parts.get('Credential')!, request.headers['x-amz-security-token']);
}

function signedByUrl({ query }: WireRequest): Signing {
  const missing = IN_URL.filter((name) => !query.get(name)?.[0]).map(
    (name) => `AWS query-string parameters must include '${name}'.`,
  );
  if (missing.length > 0) return { type: 'incomplete', why: missing.join(' ') };
  return scoped(query.get('X-Amz-Credential')![0]!, query.get('X-Amz-Security-Token')?.[0]);
}

function scoped(credential: string, sessionToken: string | undefined): Signing {
  const elements = credential.split('/');
  const [accessKeyId, date, region, service, terminator] = elements;
  if (elements.length !== 5 || elements.includes('') || date === undefined)
    return {
      type: 'incomplete',
      why: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    };
  return {
    type: 'signed',
    accessKeyId: accessKeyId!,
    region: region!,
    service: service!,
    terminator: terminator!,
    sessionToken,
  };
}
