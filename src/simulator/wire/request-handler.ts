import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import { NoAnswer } from '../kernel/strike.js';
import { asClientsSeeIt } from './broken-connection.js';
import type { Gateway } from './gateway.js';
import type { WireRequest, WireResponse } from './message.js';

/** What the SDK's HttpRequest looks like, of whichever version of the SDK it is. */
type SdkRequest = {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Older clients' signals are no EventTargets. */
type SdkOptions = { readonly abortSignal?: { readonly aborted: boolean } };

/** The transport of an SDK client that is connected to the simulator without a socket. */
export class InProcessHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };

  constructor(private readonly gateway: Gateway) {}

  async handle(request: SdkRequest, options: SdkOptions = {}): Promise<{ response: HttpResponse }> {
    // Real requests give timers a turn, and code that polls the simulator in a loop relies on it.
    await new Promise((resolve) => setImmediate(resolve));
    const { status, headers, body } = await unlessAborted(options, () => answered(this.gateway, request));
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

/** Whoever aborts stops waiting; what was asked for takes its course. */
async function unlessAborted<Result>(options: SdkOptions, work: () => Promise<Result>): Promise<Result> {
  const abortSignal = options.abortSignal as Partial<AbortSignal> | undefined;
  const refusal = () => Object.assign(new Error('Request aborted'), { name: 'AbortError' });
  if (abortSignal?.aborted === true) throw refusal();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(refusal());
    abortSignal?.addEventListener?.('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    abortSignal?.removeEventListener?.('abort', stop);
  }
}

async function answered(gateway: Gateway, request: SdkRequest): Promise<WireResponse> {
  try {
    return await gateway.handle(await wireRequest(request));
  } catch (error) {
    throw error instanceof NoAnswer ? await asClientsSeeIt(error) : error;
  }
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
