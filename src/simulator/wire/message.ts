/** An HTTP request, however it came: path still percent-encoded, names of headers in lower case, query already decoded. */
export type WireRequest = {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type WireResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

const UTF8 = new TextEncoder();

export function textResponse(status: number, headers: Readonly<Record<string, string>>, body: string): WireResponse {
  return { status, headers, body: UTF8.encode(body) };
}

export function bodyText(request: WireRequest): string {
  return Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength).toString('utf8');
}
