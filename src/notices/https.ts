import { connectionError } from './failure.js';

const MOST_BYTES = 1024;

/** What came back of one POST, or why nothing did. */
export type Answer =
  | {
      readonly type: 'answered';
      readonly status: number;
      readonly retryAfter: string | null;
      /** At most a kilobyte of the body; empty where it was taken. */
      readonly excerpt: string;
    }
  | { readonly type: 'silent'; readonly error: string };

/** What is wrong with an URL that something is to be sent to; null where nothing is. In the clear only to this very machine. */
export function addressMistake(url: string): string | null {
  if (!URL.canParse(url)) return 'its URL cannot be read';
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return 'its URL holds credentials, and Git is no place for them';
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal) ? null : 'its URL is not https';
}

/** Posts JSON once; follows no redirect, and reads no more than a kilobyte of what comes back. Never throws. */
export async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'user-agent': 'evenkeel', ...headers },
      body,
      signal,
    });
    const excerpt = await excerptOf(response);
    return { type: 'answered', status: response.status, retryAfter: response.headers.get('retry-after'), excerpt };
  } catch (error) {
    return { type: 'silent', error: connectionError(error, signal) };
  }
}

/** The answer counts, however its body ends. */
async function excerptOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  try {
    for (let size = 0; !response.ok && size < MOST_BYTES;) {
      const { done, value } = (await reader.read()) as { done: boolean; value: Uint8Array | undefined };
      if (done || value === undefined) break;
      chunks.push(value.subarray(0, MOST_BYTES - size));
      size += value.byteLength;
    }
  } catch {
    // What was read is enough.
  }
  await reader.cancel().catch(() => undefined);
  return Buffer.concat(chunks).toString('utf8');
}
