import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from './gateway.js';
import type { WireRequest, WireResponse } from './message.js';

/** Larger than any template or code archive that the simulator is for. */
const LARGEST_BODY_BYTES = 256 * 1024 * 1024;

const TOO_LARGE: WireResponse = {
  status: 413,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('the request is too large'),
};

/** Serves the gateway on the loopback, for any AWS client; `port` 0 takes a free one. */
export async function listen(
  gateway: Gateway,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    answer(gateway, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(gateway: Gateway, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await bodyOf(incoming);
  const {
    status,
    headers,
    body: bytes,
  } = body === undefined ? TOO_LARGE : await gateway.handle(wireRequest(incoming, body));
  // The answer to HEAD names the length of what GET would send, and sends nothing.
  const length = incoming.method === 'HEAD' ? headers : { ...headers, 'content-length': String(bytes.byteLength) };
  outgoing.writeHead(status, length);
  outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function wireRequest(incoming: IncomingMessage, body: Uint8Array): WireRequest {
  const [path = '/', search = ''] = splitOnce(incoming.url ?? '/', '?');
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search)) query.set(name, [...(query.get(name) ?? []), value]);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? 'GET',
    hostname: (incoming.headers.host ?? '').replace(/:\d+$/, ''),
    path,
    query,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
