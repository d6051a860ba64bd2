import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAws } from '../../../src/aws/clients.js';
import type { Region } from '../../../src/model/identifiers.js';
import type { Notice } from '../../../src/model/notice.js';
import { createMessenger } from '../../../src/notices/messenger.js';
import type { MessengerOptions } from '../../../src/notices/messenger.js';
import type { Clock } from '../../../src/reconciler/ports.js';

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
export type Answering = (request: Received, response: ServerResponse, count: number) => void;

export type Receiver = { readonly url: string; readonly received: readonly Received[]; close(): Promise<void> };

/** A server on this machine that answers as it is told to. */
export async function receiver(answer: Answering): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(one);
      answer(one, response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Time that moves when it is told to. */
export type ManualClock = Clock & { advance(milliseconds: number): void };

export function manualClock(start = '2026-11-22T16:00:00.000Z'): ManualClock {
  let now = Date.parse(start);
  const advance = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { now: () => new Date(now), advance, sleep: async (milliseconds) => advance(milliseconds) };
}

/** The messenger with clients that no test of webhooks or issues ever uses. */
export function messenger(over: Partial<MessengerOptions> = {}) {
  const clock = over.clock ?? manualClock();
  const roles = { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null };
  const aws = createAws({ partition: 'aws', homeRegion: 'us-east-1' as Region, roles, clock });
  return createMessenger({ aws, env: {}, clock, patience: 10_000, ...over });
}

export function notice(over: Partial<Notice> = {}): Notice {
  return {
    id: 'a'.repeat(64),
    kind: 'drift',
    address: 'Stack/janitor@111111111111/us-east-1',
    title: 'Stack/janitor@111111111111/us-east-1: Queue (AWS::SQS::Queue) differs in /VisibilityTimeout',
    lines: ['Expected → actual:', '  /VisibilityTimeout: "30" → "60"'],
    at: '2026-11-22T16:00:00.000Z',
    ...over,
  };
}

/** What a text must not do to whoever shows it. */
export const HOSTILE =
  '@acme/everyone ![x](https://evil.example/p.png) <img src=x onerror=alert(1)> #1 \u001b[2J\u202egnp\u2028``` ````` \n\r\n```\n@team';
