import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/model/notice.js';
import { signature } from '../../../src/notices/webhook.js';
import { HOSTILE, manualClock, messenger, notice, receiver } from './receiver.js';
import type { Answering, Receiver } from './receiver.js';

const SECRET = 'a very secret secret';
const never = new AbortController().signal;
let open: Receiver[] = [];

afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open = [];
});

async function listening(answer: Answering): Promise<Receiver> {
  const one = await receiver(answer);
  open.push(one);
  return one;
}

const hook = (url: string, secretEnv: string | null = null): Channel => ({
  type: 'webhook',
  url,
  secretEnv,
  on: ['drift'],
});
const deliver = (channel: Channel, options: Parameters<typeof messenger>[0] = {}, over = {}) =>
  messenger(options).deliver({ notice: notice(over), channel, attempt: 1 }, never);

describe('a webhook', () => {
  it('gets the notice as JSON, with a signature that proves who wrote it and when', async () => {
    const there = await listening((_, response) => response.writeHead(204).end());
    const clock = manualClock('2026-11-22T16:00:00.400Z');
    const told = await deliver(hook(`${there.url}/in?x=1`, 'HOOK'), { env: { HOOK: SECRET }, clock });
    expect(told).toEqual({ type: 'delivered', reference: null });
    const [request] = there.received;
    expect(request).toMatchObject({ method: 'POST', url: '/in?x=1' });
    expect(JSON.parse(request!.body)).toEqual({ schemaVersion: 1, ...notice() });
    const { headers, body } = request!;
    expect(headers['content-type']).toBe('application/json');
    expect(headers['evenkeel-id']).toBe(notice().id);
    const timestamp = headers['evenkeel-timestamp'] as string;
    expect(Number(timestamp)).toBe(Date.parse('2026-11-22T16:00:00Z') / 1000);
    const wanted = `v1=${createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex')}`;
    expect(timingSafeEqual(Buffer.from(headers['evenkeel-signature'] as string), Buffer.from(wanted))).toBe(true);
  });

  it('is verified by the lines that the page tells a receiver to use, and no other body, secret or time is', () => {
    const page = readFileSync(new URL('../../../docs/notices.md', import.meta.url), 'utf8');
    const [, code] = /```js\n([^]*?)```/.exec(page)!;
    type Verify = (headers: object, body: string, secret: string) => boolean;
    const load = runInThisContext(`(require) => { ${code!}; return isFromEvenkeel; }`) as (load: unknown) => Verify;
    const isFromEvenkeel = load(createRequire(import.meta.url));
    const signed = (seconds: number, body: string) => {
      const timestamp = String(Math.floor(Date.now() / 1000) + seconds);
      return { 'evenkeel-timestamp': timestamp, 'evenkeel-signature': signature(SECRET, timestamp, body) };
    };
    expect(isFromEvenkeel(signed(0, 'ä → b'), 'ä → b', SECRET)).toBe(true);
    expect(isFromEvenkeel(signed(-600, 'a'), 'a', SECRET)).toBe(false);
    expect(isFromEvenkeel(signed(0, 'a'), 'b', SECRET)).toBe(false);
    expect(isFromEvenkeel(signed(0, 'a'), 'a', 'another')).toBe(false);
    expect(isFromEvenkeel({}, 'a', SECRET)).toBe(false);
  });

  it('gets no signature where the Controller names no secret', async () => {
    const there = await listening((_, response) => response.writeHead(200).end('thanks'));
    expect((await deliver(hook(there.url))).type).toBe('delivered');
    expect(there.received[0]!.headers).not.toHaveProperty('evenkeel-signature');
  });

  it('gets nothing while the environment lacks its secret, or has an empty one', async () => {
    const there = await listening((_, response) => response.writeHead(200).end());
    for (const env of [{}, { HOOK: '' }]) {
      expect(await deliver(hook(there.url, 'HOOK'), { env })).toEqual({
        type: 'failed',
        cause: 'no-secret',
        error: 'the environment variable HOOK is not set',
        isFinal: false,
        retryAfter: null,
      });
    }
    expect(there.received).toEqual([]);
  });

  it('that is down is tried again', async () => {
    const there = await listening(() => {});
    await there.close();
    open = [];
    expect(await deliver(hook(there.url))).toMatchObject({
      cause: 'unreachable',
      error: 'the connection failed (ECONNREFUSED)',
      isFinal: false,
    });
  });

  it('that never answers is given up after its time, and tried again', async () => {
    const there = await listening(() => {});
    const began = Date.now();
    expect(await deliver(hook(there.url), { patience: 150 })).toMatchObject({
      cause: 'unreachable',
      error: 'no answer in time',
      isFinal: false,
    });
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  it('that answers slowly, and without end, is taken at its first word', async () => {
    const there = await listening((_, response) => {
      response.writeHead(200);
      setTimeout(() => response.write('x'.repeat(100_000)), 50);
    });
    expect((await deliver(hook(there.url), { patience: 5_000 })).type).toBe('delivered');
  });

  it.each([
    [408, false],
    [429, false],
    [500, false],
    [503, false],
    [400, true],
    [401, true],
    [404, true],
    [410, true],
  ])('that answers %i is given up: %s', async (status, isFinal) => {
    const there = await listening((_, response) => response.writeHead(status).end('no'));
    expect(await deliver(hook(there.url))).toEqual({
      type: 'failed',
      cause: 'refused',
      error: `it answered ${status}: no`,
      isFinal,
      retryAfter: null,
    });
  });

  it.each([
    ['120', 120_000],
    ['999999', 6 * 3_600_000],
    ['Sun, 22 Nov 2026 16:10:00 GMT', 600_000],
    ['Sun, 22 Nov 2026 15:00:00 GMT', null],
    ['soon', null],
    ['-5', null],
  ])('that says Retry-After: %s is left alone for %s milliseconds', async (header, retryAfter) => {
    const there = await listening((_, response) => response.writeHead(503, { 'retry-after': header }).end());
    expect(await deliver(hook(there.url))).toMatchObject({ isFinal: false, retryAfter });
  });

  it('that redirects is not followed', async () => {
    const elsewhere = await listening((_, response) => response.writeHead(200).end());
    const there = await listening((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect(await deliver(hook(there.url, 'HOOK'), { env: { HOOK: SECRET } })).toMatchObject({
      isFinal: true,
      error: 'it answered 307, and redirects are not followed',
    });
    expect(elsewhere.received).toEqual([]);
  });

  it('that answers with a huge body is read for a kilobyte, and what it says is shown harmless', async () => {
    let sent = 0;
    const there = await listening((_, response) => {
      response.writeHead(500);
      const more = (): void => {
        while (!response.destroyed && response.write(`${SECRET} \u001b[2J`.repeat(500))) sent += 1;
      };
      response.on('drain', more);
      more();
    });
    const answer = await deliver(hook(there.url, 'HOOK'), { env: { HOOK: SECRET } });
    expect(answer).toMatchObject({ type: 'failed', isFinal: false });
    const { error } = answer as { readonly error: string };
    expect(error.length).toBeLessThan(350);
    expect(error).not.toContain(SECRET);
    expect(error).not.toContain('\u001b');
    expect(sent).toBeLessThan(10_000);
  });

  it.each([
    ['http://example.com/in', 'its URL is not https'],
    ['https://user:hunter2@example.com/in', 'its URL holds credentials, and Git is no place for them'],
    ['ftp://example.com/', 'its URL is not https'],
    ['example.com', 'its URL cannot be read'],
  ])('at %s gets nothing', async (url, error) => {
    expect(await deliver(hook(url))).toMatchObject({ isFinal: true, error });
  });

  it('gets hostile text as JSON says it, whole', async () => {
    const there = await listening((_, response) => response.writeHead(200).end());
    await deliver(hook(there.url), {}, { title: HOSTILE, lines: [HOSTILE] });
    expect(JSON.parse(there.received[0]!.body)).toMatchObject({ title: HOSTILE, lines: [HOSTILE] });
  });
});

describe('the heartbeat', () => {
  const pass = {
    at: '2026-11-22T16:00:00.000Z',
    run: null,
    door: 'reconcile',
    durationMs: 1234,
    calls: { 'cloudformation:DescribeStacks': 4 },
    deployments: 12,
    unknown: 0,
    begun: { detections: 0, sweeps: 0 },
    waiting: 0,
  } as const;

  it('is the pass as JSON, and unsigned', async () => {
    const there = await listening((_, response) => response.writeHead(200).end());
    expect(await messenger().beat(there.url, pass, never)).toEqual({ type: 'delivered' });
    expect(JSON.parse(there.received[0]!.body)).toEqual({ schemaVersion: 1, ...pass });
    expect(there.received[0]!.headers).not.toHaveProperty('evenkeel-signature');
  });

  it('that nobody takes is a failure, and no more than that', async () => {
    const there = await listening((_, response) => response.writeHead(500).end());
    expect(await messenger().beat(there.url, pass, never)).toEqual({ type: 'failed', error: 'it answered 500' });
    expect(await messenger().beat('http://example.com', pass, never)).toEqual({
      type: 'failed',
      error: 'its URL is not https',
    });
  });
});
