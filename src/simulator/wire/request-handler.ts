import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import type { Gateway } from './gateway.js';
import type { WireRequest } from './message.js';

/** What the SDK's HttpRequest looks like, of whichever version of the SDK it is. */
type SdkRequest = {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

type SdkOptions = { readonly abortSignal?: { readonly aborted: boolean } };

/** The transport of an SDK client that is connected to the simulator without a socket. */
export class InProcessHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };

  constructor(private readonly gateway: Gateway) {}

  async handle(request: SdkRequest, options: SdkOptions = {}): Promise<{ response: HttpResponse }> {
    // Real requests give timers a turn, and code that polls the simulator in a loop relies on it.
    await new Promise((resolve) => setImmediate(resolve));
    if (options.abortSignal?.aborted === true)
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    const { status, headers, body } = await this.gateway.handle(await wireRequest(request));
    const response = new HttpResponse({
      statusCode: status,
      headers: { ...headers },
      body: Readable.from([body], { objectMode: false }),
    });
    return { response };
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {}
}

async function wireRequest(request: SdkRequest): Promise<WireRequest> {
  const query = Object.entries(request.query ?? {}).map(([name, value]): [string, readonly string[]] => [
    name,
    typeof value === 'string' ? [value] : (value ?? ['']),
  ]);
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: request.method,
    hostname: request.hostname,
    path: request.path === '' ? '/' : request.path,
    query: new Map(query),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: await bytes(request.body),
  };
}

async function bytes(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
