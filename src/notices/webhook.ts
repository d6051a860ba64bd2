import { createHmac } from 'node:crypto';
import type { Channel, Notice } from '../model/notice.js';
import type { Undelivered } from '../reconciler/ports.js';
import { final, passing, presentable, retryAfterOf, withoutSecret } from './failure.js';
import { addressMistake, post } from './https.js';
import type { Outlet } from './outlet.js';

type Webhook = Extract<Channel, { type: 'webhook' }>;

/**
 * `v1=` and the hex HMAC-SHA-256 of the timestamp, a dot and the body, byte for byte as they were sent: a receiver that
 * refuses old timestamps refuses replays.
 */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** Posts the notice as JSON. 2xx means that it was taken; 408, 429, 5xx and a dead line are tried again, and all else is not. */
export async function deliverToWebhook(
  notice: Notice,
  channel: Webhook,
  { env, clock, signal }: Outlet,
): Promise<{ readonly type: 'delivered'; readonly reference: null } | Undelivered> {
  const mistake = addressMistake(channel.url);
  if (mistake !== null) return final(mistake);
  const secret = channel.secretEnv === null ? null : (env[channel.secretEnv] ?? '');
  // An unsigned notice would teach the receiver to take any.
  if (secret === '') return withoutSecret(channel.secretEnv!);
  const { id, kind, address, title, lines, at } = notice;
  const body = JSON.stringify({ schemaVersion: 1, id, kind, address, title, lines, at });
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  const headers = {
    'evenkeel-id': id,
    'evenkeel-timestamp': timestamp,
    ...(secret === null ? {} : { 'evenkeel-signature': signature(secret, timestamp, body) }),
  };
  const answer = await post(channel.url, body, headers, signal);
  if (answer.type === 'silent') return passing('unreachable', answer.error);
  const { status } = answer;
  if (status >= 200 && status < 300) return { type: 'delivered', reference: null };
  const said = presentable(answer.excerpt, secret === null ? [] : [secret]);
  const error = `it answered ${String(status)}${said === '' ? '' : `: ${said}`}`;
  if (status >= 300 && status < 400) return final(`it answered ${String(status)}, and redirects are not followed`);
  if (status === 408 || status === 429 || status >= 500)
    return passing('refused', error, retryAfterOf(answer.retryAfter, clock.now()));
  return final(error);
}
