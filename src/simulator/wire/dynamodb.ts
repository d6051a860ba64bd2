import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Call } from '../kernel/contract.js';
import { demandObject, parseJson } from './json.js';
import { bodyText, type WireRequest, type WireResponse } from './message.js';

type Dynalite = (options: {
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}) => Server;

/** DynamoDB by dynalite, one for each account and Region so that accounts are isolated; started when it is first asked for. */
export class DynamoDbProxy {
  readonly #servers = new Map<string, Promise<Server>>();

  /** Throws Malformed for what is no JSON object: dynalite would fall over it, and take the process with it. */
  async forward(message: WireRequest, call: Call): Promise<WireResponse> {
    if (message.method === 'POST') demandObject(parseJson(bodyText(message)));
    const server = await this.#server(`${call.principal.accountId}/${call.region}`);
    const { port } = server.address() as AddressInfo;
    const { body, method } = message;
    const headers = withoutHop(message.headers);
    return await new Promise<WireResponse>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port,
        method,
        path: '/',
        headers: { ...headers, 'content-length': body.byteLength },
      };
      const outgoing = httpRequest(options, (incoming) => resolve(received(incoming)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async close(): Promise<void> {
    const servers = await Promise.all(this.#servers.values());
    this.#servers.clear();
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  #server(key: string): Promise<Server> {
    const running = this.#servers.get(key);
    if (running !== undefined) return running;
    const starting = start();
    this.#servers.set(key, starting);
    return starting;
  }
}

async function start(): Promise<Server> {
  // dynalite has neither types nor an ES module, and costs nothing until a ledger asks for it.
  const dynalite = createRequire(import.meta.url)('dynalite') as Dynalite;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  server.unref();
  return server;
}

async function received(incoming: IncomingMessage): Promise<WireResponse> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return { status: incoming.statusCode ?? 500, headers: withoutHop(headers), body: Buffer.concat(chunks) };
}

/** Host, length and connection belong to one hop. */
function withoutHop(headers: Readonly<Record<string, string>>): Record<string, string> {
  const hop = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'expect']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hop.has(name)));
}
