import type { Download } from './served-objects.js';

const MAXIMUM_BYTES = 50 * 1024 * 1024;
const MAXIMUM_MILLISECONDS = 5 * 60_000;

const S3_HOST =
  /^(?:(.+)\.)?s3(?:[.-][a-z0-9.-]+?)?\.(?:amazonaws\.(?:com|com\.cn|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

export type DownloadOptions = {
  /** Where S3 is asked instead of at its own addresses, as AWS_ENDPOINT_URL says; null for AWS itself. */
  readonly endpoint: string | null;
  readonly signal: AbortSignal;
};

/** Why an address does not give what it should. */
export class DownloadRefused extends Error {
  override readonly name = 'DownloadRefused';
  constructor(
    readonly reason:
      | { readonly type: 'status'; readonly status: number }
      | {
          readonly type: 'redirect';
          /** Host of the place that it leads to; null where the answer does not name one. */
          readonly host: string | null;
          /** Where S3 says that the bucket is. */
          readonly bucketRegion: string | null;
        }
      | { readonly type: 'too-large' },
    message: string,
  ) {
    super(message);
  }
}

/** Addresses over the network: no redirects, no more than 50 MiB or what is asked for, for no longer than five minutes, and only S3's own hosts unless an endpoint stands in for them. */
export function createDownload({ endpoint, signal }: DownloadOptions): Download {
  return {
    hosts: endpoint === null ? 's3' : 'any',
    fetch: async (url, maximumBytes = MAXIMUM_BYTES) => {
      const response = await fetch(endpoint === null ? url : atEndpoint(url, endpoint), {
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(MAXIMUM_MILLISECONDS)]),
      });
      const refused = refusalOf(response, maximumBytes);
      if (refused === null) return bounded(response, maximumBytes);
      await response.body?.cancel();
      throw refused;
    },
  };
}

function refusalOf({ status, statusText, ok, headers, url }: Response, maximumBytes: number): DownloadRefused | null {
  const location = headers.get('location');
  if (status >= 300 && status < 400) {
    const host = location !== null && URL.canParse(location, url) ? new URL(location, url).host : null;
    const reason = { type: 'redirect', host, bucketRegion: headers.get('x-amz-bucket-region') } as const;
    return new DownloadRefused(
      reason,
      `the answer is ${status}, which leads ${host === null ? 'elsewhere' : `to ${host}`}`,
    );
  }
  if (!ok) return new DownloadRefused({ type: 'status', status }, `the answer is ${status} ${statusText}`.trim());
  return Number(headers.get('content-length') ?? 0) > maximumBytes ? tooLarge(maximumBytes) : null;
}

function tooLarge(maximumBytes: number): DownloadRefused {
  return new DownloadRefused({ type: 'too-large' }, `the answer has more than ${maximumBytes} bytes`);
}

/** The same object in path style, which needs no host name of its own. */
export function atEndpoint(url: string, endpoint: string): string {
  const { hostname, pathname, search } = new URL(url);
  const match = S3_HOST.exec(hostname);
  if (match === null) return url;
  const bucket = match[1] === undefined ? '' : `/${match[1]}`;
  return `${endpoint.replace(/\/$/, '')}${bucket}${pathname}${search}`;
}

async function bounded(response: Response, maximumBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body === null) return new Uint8Array();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maximumBytes) throw tooLarge(maximumBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
