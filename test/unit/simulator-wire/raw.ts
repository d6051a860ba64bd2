import type { Simulator } from '../../../src/simulator/kernel/contract.js';

export type RawRequest = {
  readonly method?: string;
  readonly hostname?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The error's code, wherever its protocol puts it; undefined for a success, and for an error that is not AWS's form. */
  readonly code: string | undefined;
};

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What an administrator's client signs; nothing is calculated, because nothing is checked. */
export function signed(service: string, key = '100000000004', region = 'us-east-1'): Record<string, string> {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20300101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    'x-amz-date': '20300101T000000Z',
  };
}

export const target = (operation: string): Record<string, string> => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
});

export const form = (action: string, rest = ''): string => `Action=${action}&Version=2010-05-15${rest}`;

/** Sends bytes to the simulator as they are, past the SDK. */
export async function send(
  simulator: Pick<Simulator, 'requestHandler'>,
  { method = 'POST', hostname = '127.0.0.1', path = '/', query = {}, headers = {}, body = '' }: RawRequest,
): Promise<RawAnswer> {
  const request = { method, hostname, path, query, headers, body };
  const { response } = await simulator.requestHandler.handle(request);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const status = response.statusCode as number;
  const answered = response.headers as Record<string, string>;
  return { status, headers: answered, text, code: status < 400 ? undefined : codeOf(text, answered) };
}

export function codeOf(text: string, headers: Readonly<Record<string, string>>): string | undefined {
  if (text.startsWith('{')) {
    const json = JSON.parse(text) as {
      readonly __type?: string;
      readonly message?: unknown;
      readonly Message?: unknown;
    };
    return json.__type ?? headers['x-amzn-errortype'];
  }
  return /^(?:<\?xml[^>]*>\s*)?<(?:ErrorResponse|Error)[ >].*<Code>([A-Za-z]+)<\/Code>/s.exec(text)?.[1];
}
