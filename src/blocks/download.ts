import type { Download } from './served-objects.js';

const MAXIMUM_BYTES = 50 * 1024 * 1024;

const S3_HOST =
  /^(?:(.+)\.)?s3(?:[.-][a-z0-9.-]+?)?\.(?:amazonaws\.(?:com|com\.cn|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

export type DownloadOptions = {
  /** Where S3 is asked instead of at its own addresses, as AWS_ENDPOINT_URL says; null for AWS itself. */
  readonly endpoint: string | null;
  readonly signal: AbortSignal;
};

/** Addresses over the network: no redirects, no more than 50 MiB, and only S3's own hosts unless an endpoint stands in for them. */
export function createDownload({ endpoint, signal }: DownloadOptions): Download {
  return {
    hosts: endpoint === null ? 's3' : 'any',
    fetch: async (url) => {
      const response = await fetch(endpoint === null ? url : atEndpoint(url, endpoint), { redirect: 'error', signal });
      if (!response.ok) throw new Error(`the answer is ${response.status} ${response.statusText}`);
      return bounded(response);
    },
  };
}

/** The same object in path style, which needs no host name of its own. */
export function atEndpoint(url: string, endpoint: string): string {
  const { hostname, pathname, search } = new URL(url);
  const match = S3_HOST.exec(hostname);
  if (match === null) return url;
  const bucket = match[1] === undefined ? '' : `/${match[1]}`;
  return `${endpoint.replace(/\/$/, '')}${bucket}${pathname}${search}`;
}

async function bounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body === null) return new Uint8Array();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAXIMUM_BYTES) throw new Error(`the answer has more than ${MAXIMUM_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
