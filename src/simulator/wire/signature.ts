import type { WireRequest } from './message.js';

/** Who says to have signed the request, and for which service and Region. The signature itself is not checked. */
export type Signature = {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | undefined;
};

/** Of the Authorization header, or of a presigned URL; undefined for a request that nobody signed. */
export function signatureOf(request: WireRequest): Signature | undefined {
  const header = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const credential = header ?? request.query.get('X-Amz-Credential')?.[0];
  const [accessKeyId, , region, service] = credential?.split('/') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const sessionToken = request.headers['x-amz-security-token'] ?? request.query.get('X-Amz-Security-Token')?.[0];
  return { accessKeyId, region, service, sessionToken };
}
