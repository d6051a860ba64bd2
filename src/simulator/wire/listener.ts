import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { NoAnswer } from '../kernel/strike.js';
import type { Gateway } from './gateway.js';
import type { WireRequest, WireResponse } from './message.js';

/** Real milliseconds for which a client is left without an answer, where nothing else was asked for. */
const LONGEST_SILENCE = 90_000;

/** Larger than any template or code archive that the simulator is for. */
const LARGEST_BODY_BYTES = 256 * 1024 * 1024;

const TOO_LARGE: WireResponse = {
  status: 413,
  headers: { 'content-type': 'text/xml', connection: 'close' },
  body: Buffer.from(
    '<ErrorResponse><Error><Type>Sender</Type><Code>RequestEntityTooLarge</Code><Message>Request entity too large.</Message></Error></ErrorResponse>',
  ),
};

/** What HTTP cannot carry in a header. */
const NO_HEADER_TEXT = /[^\t\x20-\x7e\x80-\xff]/g;

/** Serves the gateway on the loopback, for any AWS client; `port` 0 takes a free one. */
export async function listen(
  gateway: Gateway,
  port: number,
  largestBody = LARGEST_BODY_BYTES,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    // A request that broke off no longer knows its socket.
    const { socket } = incoming;
    answer(gateway, incoming, outgoing, largestBody).catch((error: unknown) => leave(socket, error));
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

/** Breaks the connection: at once, or once the client has waited for nothing long enough, unless it gives up before. */
function leave(socket: Socket, error: unknown): void {
  if (!(error instanceof NoAnswer) || error.how.type === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  const patience = setTimeout(() => socket.destroy(), error.how.milliseconds ?? LONGEST_SILENCE);
  socket.once('close', () => clearTimeout(patience));
}

async function answer(
  gateway: Gateway,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  largestBody: number,
): Promise<void> {
  const body = await bodyOf(incoming, largestBody);
  const {
    status,
    headers,
    body: bytes,
  } = body === undefined ? TOO_LARGE : await gateway.handle(wireRequest(incoming, body));
  // The answer to HEAD names the length of what GET would send, and sends nothing.
  const length = incoming.method === 'HEAD' ? headers : { ...headers, 'content-length': String(bytes.byteLength) };
  const written = Object.entries(length).map(([name, value]) => [name, value.replace(NO_HEADER_TEXT, ' ')]);
  outgoing.writeHead(status, Object.fromEntries(written) as Record<string, string>);
  outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
}

/** Undefined where it is larger than allowed. What is too much is read and dropped: many clients listen only after they have said all. */
async function bodyOf(incoming: IncomingMessage, largest: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > 2 * largest) throw new Error('the request does not end');
    if (size <= largest) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > largest ? undefined : Buffer.concat(chunks);
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
