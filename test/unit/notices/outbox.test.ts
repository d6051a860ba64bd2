import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLedger } from '../../../src/ledger/dynamodb-ledger.js';
import { openEmbeddedDynamoDb } from '../../../src/ledger/embedded-dynamodb.js';
import type { EmbeddedDynamoDb } from '../../../src/ledger/embedded-dynamodb.js';
import { NO_DRIFT } from '../../../src/model/drift.js';
import type { Finding } from '../../../src/model/drift.js';
import { channelKey } from '../../../src/model/notice.js';
import type { Channel, Notice } from '../../../src/model/notice.js';
import type { Ledger } from '../../../src/reconciler/ports.js';
import { notify } from '../../../src/reconciler/notices/outbox.js';
import { beat, tell } from '../../../src/reconciler/notices/tell.js';
import { controller, DEPLOYMENT, entry } from '../../support/builders.js';
import { github } from './github-server.js';
import { manualClock, messenger, notice, receiver } from './receiver.js';
import type { Answering, ManualClock, Receiver } from './receiver.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const never = new AbortController().signal;
let folder: string;
let database: EmbeddedDynamoDb;
let ledger: Ledger;
let clock: ManualClock;
let open: Receiver[] = [];
let tables = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-outbox-'));
  database = await openEmbeddedDynamoDb(folder);
});

afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  tables += 1;
  ledger = createLedger({ client: database.client, table: `outbox-${tables}`, installation: 'evenkeel' });
  await ledger.create();
  clock = manualClock();
});

afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open = [];
});

async function listening(answer: Answering): Promise<Receiver> {
  const one = await receiver(answer);
  open.push(one);
  return one;
}

const answering =
  (...statuses: readonly number[]): Answering =>
  (_, response, count) =>
    void response.writeHead(statuses[count - 1] ?? statuses.at(-1)!).end();
const hook = (url: string, over = {}): Channel => ({ type: 'webhook', url, secretEnv: null, on: ['drift'], ...over });
const many = (count: number): Notice[] =>
  Array.from({ length: count }, (_, index) => notice({ id: String(index).padStart(64, '0') }));

function pass(notify_: readonly Channel[], notices: readonly Notice[], over: Parameters<typeof messenger>[0] = {}) {
  return notify({
    ledger,
    messenger: messenger({ clock, patience: 10_000, ...over }),
    clock,
    controller: controller({ notify: notify_ }),
    notices,
    signal: never,
  });
}

describe('the outbox', () => {
  it('tells a notice once, however often it is found', async () => {
    const there = await listening(answering(200));
    expect(await pass([hook(there.url)], [notice()])).toEqual([]);
    expect(await pass([hook(there.url)], [notice()])).toEqual([]);
    expect(there.received).toHaveLength(1);
    expect(await ledger.outgoing()).toEqual([]);
  });

  it('tells each channel only what it wants to know', async () => {
    const drift = await listening(answering(200));
    const overdue = await listening(answering(200));
    const channels = [hook(drift.url), hook(overdue.url, { on: ['overdue'] })];
    await pass(channels, [notice()]);
    expect([drift.received.length, overdue.received.length]).toEqual([1, 0]);
    await pass(channels, [notice({ id: 'c'.repeat(64), kind: 'stalled' })]);
    expect(await ledger.outgoing()).toEqual([]);
  });

  it('keeps what could not be delivered, waits longer each time, and delivers it when the receiver is well again', async () => {
    const there = await listening(answering(500, 503, 200));
    const channel = hook(there.url);
    const first = await pass([channel], [notice()]);
    expect(first).toMatchObject([{ code: 'EK6040', severity: 'warning' }]);
    expect(first[0]!.message).toBe(
      `1 notice could not be delivered to the webhook at ${new URL(there.url).host}: it answered 500`,
    );
    const waits = async (): Promise<number> => {
      const delivery = (await ledger.outgoing())[0]!.deliveries[channelKey(channel)]!;
      return delivery.type === 'waiting' ? Date.parse(delivery.notBefore) - clock.now().getTime() : NaN;
    };
    const firstWait = await waits();
    expect(firstWait).toBeGreaterThanOrEqual(0.8 * MINUTE);
    expect(firstWait).toBeLessThanOrEqual(1.2 * MINUTE);
    expect(await pass([channel], [])).toEqual([]);
    expect(there.received).toHaveLength(1);
    clock.advance(firstWait);
    await pass([channel], []);
    expect(await waits()).toBeGreaterThanOrEqual(1.6 * MINUTE);
    clock.advance(3 * MINUTE);
    expect(await pass([channel], [])).toEqual([]);
    expect(there.received).toHaveLength(3);
    expect(await ledger.outgoing()).toEqual([]);
  });

  it('does not make one receiver wait for another', async () => {
    const well = await listening(answering(200));
    const ill = await listening(answering(500));
    await pass([hook(well.url), hook(ill.url)], [notice()]);
    const [waiting] = await ledger.outgoing();
    expect(waiting!.deliveries).toMatchObject({
      [channelKey(hook(well.url))]: { type: 'delivered' },
      [channelKey(hook(ill.url))]: { type: 'waiting', attempts: 1, error: 'it answered 500' },
    });
    clock.advance(2 * MINUTE);
    await pass([hook(well.url), hook(ill.url)], []);
    expect([well.received.length, ill.received.length]).toEqual([1, 2]);
  });

  it('leaves a receiver alone for as long as it asks', async () => {
    const there = await listening((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    await pass([hook(there.url)], [notice()]);
    clock.advance(HOUR - 1);
    await pass([hook(there.url)], []);
    expect(there.received).toHaveLength(1);
    clock.advance(1);
    await pass([hook(there.url)], []);
    expect(there.received).toHaveLength(2);
  });

  it('gives up at once what no repetition would help, and says so once', async () => {
    const there = await listening(answering(410));
    const channel = hook(there.url);
    expect(await pass([channel], [notice()])).toMatchObject([{ code: 'EK6041' }]);
    clock.advance(7 * HOUR);
    expect(await pass([channel], [notice()])).toEqual([]);
    expect(there.received).toHaveLength(1);
  });

  it('gives up after three days, having tried ever more seldom', async () => {
    const there = await listening(answering(500));
    const channel = hook(there.url);
    await pass([channel], [notice()]);
    const codes: string[] = [];
    for (let quarter = 0; quarter < 4 * 90 && (await ledger.outgoing()).length > 0; quarter += 1) {
      clock.advance(HOUR / 4);
      codes.push(...(await pass([channel], [])).map(({ code }) => code));
    }
    expect(codes.at(-1)).toBe('EK6041');
    expect(codes.filter((code) => code === 'EK6041')).toHaveLength(1);
    const days = (clock.now().getTime() - Date.parse(notice().at)) / (24 * HOUR);
    expect(days).toBeGreaterThanOrEqual(3);
    expect(days).toBeLessThan(3.5);
    expect(there.received.length).toBeGreaterThan(12);
    expect(there.received.length).toBeLessThanOrEqual(30);
  });

  it('tries a notice again that waited while no controller ran, before it gives it up', async () => {
    const there = await listening(answering(500, 200));
    const channel = hook(there.url);
    await pass([channel], [notice()]);
    clock.advance(30 * 24 * HOUR);
    expect(await pass([channel], [])).toEqual([]);
    expect(there.received).toHaveLength(2);
  });

  it('gives up what waits for a channel that the Controller no longer names, and goes on with the others', async () => {
    const there = await listening(answering(500, 200));
    const removed = hook('http://127.0.0.1:1/removed');
    await pass([hook(there.url), removed], [notice()]);
    clock.advance(10 * MINUTE);
    await pass([hook(there.url)], []);
    expect(there.received).toHaveLength(2);
    expect(await ledger.outgoing()).toEqual([]);
    expect(await ledger.addNotice(notice(), [channelKey(removed)], clock.now())).toBe(false);
  });

  it('waits for a secret that the environment lacks, and says which', async () => {
    const there = await listening(answering(200));
    const channel = hook(there.url, { secretEnv: 'HOOK_SECRET' });
    const warnings = await pass([channel], [notice()]);
    expect(warnings).toMatchObject([{ code: 'EK6042' }]);
    expect(warnings[0]!.message).toContain('the environment variable HOOK_SECRET is not set');
    clock.advance(2 * MINUTE);
    expect(await pass([channel], [], { env: { HOOK_SECRET: 'hunter2-hunter2' } })).toEqual([]);
    expect(there.received).toHaveLength(1);
  });

  it('tries a clock that jumped back no longer than any wait', async () => {
    const there = await listening(answering(500, 200));
    clock.advance(365 * 24 * HOUR);
    await pass([hook(there.url)], [notice()]);
    clock.advance(-365 * 24 * HOUR);
    await pass([hook(there.url)], []);
    expect(await ledger.outgoing()).toEqual([]);
  });

  it('leaves a receiver that is silent alone for the rest of the pass, and keeps what was meant for it', async () => {
    const there = await listening(() => {});
    const began = Date.now();
    const warnings = await pass([hook(there.url)], many(100), { patience: 200 });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(there.received.length).toBeLessThan(20);
    expect(warnings.map(({ code }) => code)).toEqual(['EK6040']);
    expect(await ledger.outgoing()).toHaveLength(100);
  });

  it('in two controllers at the same moment tells each notice once', async () => {
    const there = await listening((_, response) => void setTimeout(() => response.writeHead(200).end(), 20));
    const channel = hook(there.url);
    await Promise.all([pass([channel], many(20)), pass([channel], many(20)), pass([channel], many(20))]);
    await pass([channel], many(20));
    const told = there.received.map(({ headers }) => headers['evenkeel-id'] as string).sort();
    expect(told).toEqual(many(20).map(({ id }) => id));
    expect(await ledger.outgoing()).toEqual([]);
  });

  it('tells again what nobody recorded as told: at least once, and a GitHub issue once', async () => {
    const token = 'ghp_0123456789abcdef';
    const there = await github(token);
    open.push(there);
    const channel: Channel = {
      type: 'github',
      repository: 'acme/ops',
      labels: [],
      tokenEnv: 'T',
      apiUrl: there.url,
      on: ['drift'],
    };
    let moves = 0;
    const dying: Ledger = {
      ...ledger,
      moveOutgoing: (outgoing) => {
        moves += 1;
        if (moves === 2) throw new Error('the table is gone');
        return ledger.moveOutgoing(outgoing);
      },
    };
    const options = { env: { T: token } };
    const warnings = await notify({
      ledger: dying,
      messenger: messenger({ clock, ...options }),
      clock,
      controller: controller({ notify: [channel] }),
      notices: [notice()],
      signal: never,
    });
    expect(warnings).toMatchObject([{ code: 'EK6043' }]);
    expect(await pass([channel], [], options)).toEqual([]);
    expect(there.received).toHaveLength(1);
    clock.advance(2 * MINUTE);
    expect(await pass([channel], [], options)).toEqual([]);
    expect(there.received.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(there.issues).toHaveLength(1);
    expect(there.mistakes).toEqual([]);
    expect(await ledger.outgoing()).toEqual([]);
  });

  it('never throws where the ledger does not work, and delivers nothing it cannot keep', async () => {
    const there = await listening(answering(200));
    const gone = createLedger({ client: database.client, table: 'no-such-table', installation: 'evenkeel' });
    const warnings = await notify({
      ledger: gone,
      messenger: messenger({ clock }),
      clock,
      controller: controller({ notify: [hook(there.url)] }),
      notices: many(3),
      signal: never,
    });
    expect(warnings.map(({ code }) => code)).toEqual(['EK6043']);
    expect(warnings[0]!.message).toContain('there is no ledger table no-such-table');
    expect(there.received).toEqual([]);
  });

  it('holds nobody up: where the ledger hangs, or time runs out, the rest is left to the next pass', async () => {
    const there = await listening((_, response) => void setTimeout(() => response.writeHead(200).end(), 100));
    const options = {
      messenger: messenger({ clock }),
      clock,
      controller: controller({ notify: [hook(there.url)] }),
      signal: never,
    };
    for (const one of many(60)) await ledger.addNotice(one, [channelKey(hook(there.url))], clock.now());
    const hanging: Ledger = { ...ledger, outgoing: () => new Promise(() => {}) };
    const began = Date.now();
    const hung = await notify({ ...options, ledger: hanging, notices: [], patience: 300 });
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(hung.map(({ code }) => code)).toEqual(['EK6045']);
    expect(there.received).toEqual([]);
    const late = await notify({ ...options, ledger, notices: [], patience: 400 });
    expect(late.map(({ code }) => code)).toEqual(['EK6045']);
    for (let passes = 0; passes < 10 && (await ledger.outgoing()).length > 0; passes += 1) {
      clock.advance(10 * MINUTE);
      await notify({ ...options, ledger, notices: [] });
    }
    expect(new Set(there.received.map(({ headers }) => headers['evenkeel-id'])).size).toBe(60);
    expect(await ledger.outgoing()).toEqual([]);
  });

  it('keeps what is new where the pass is interrupted, and delivers it in the next one', async () => {
    const there = await listening(answering(200));
    const options = {
      ledger,
      messenger: messenger({ clock }),
      clock,
      controller: controller({ notify: [hook(there.url)] }),
    };
    await notify({ ...options, notices: [notice()], signal: AbortSignal.abort() });
    expect(there.received).toEqual([]);
    await notify({ ...options, notices: [], signal: never });
    expect(there.received).toHaveLength(1);
  });

  it('writes no secret into the ledger or a warning, whatever a receiver says', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const there = await listening((_, response) => response.writeHead(500).end(`no: ${secret}`));
    const channel = hook(`${there.url}/services/T000/B000`, { secretEnv: 'HOOK' });
    const warnings = await pass([channel], [notice()], { env: { HOOK: secret } });
    expect(JSON.stringify(await ledger.outgoing())).not.toContain(secret);
    expect(JSON.stringify(warnings)).not.toContain(secret);
    expect(JSON.stringify(warnings)).not.toContain('T000');
  });
});

describe('a pass', () => {
  const finding: Finding = {
    layer: 'resource',
    subject: 'Queue',
    resourceType: 'AWS::SQS::Queue',
    physicalId: null,
    kind: 'changed',
    differences: [{ path: '/VisibilityTimeout', expected: '30', actual: '60' }],
    seenBy: { detection: '2026-11-22T15:59:00.000Z' },
    firstSeen: '2026-11-22T15:59:00.000Z',
    changedAt: '2026-11-22T15:59:00.000Z',
    notBefore: null,
    actor: null,
    accepted: null,
    contestedSince: null,
    unrevertable: null,
  };
  const drifted = entry(DEPLOYMENT, { drift: { findings: [finding], reverted: {} } });
  const clean = entry(DEPLOYMENT, { drift: NO_DRIFT });

  it('tells the drift that it found, then nothing more, and beats', async () => {
    const there = await listening(answering(200));
    const told = controller({ notify: [hook(there.url)], heartbeat: `${there.url}/beat` });
    const with_ = {
      ledger,
      messenger: messenger({ clock }),
      clock,
      controller: told,
      books: [],
      run: null,
      signal: never,
    };
    expect(await tell({ ...with_, before: [clean], after: [drifted] })).toEqual([]);
    const record = {
      at: clock.now().toISOString(),
      run: null,
      door: 'reconcile',
      durationMs: 1,
      calls: {},
      deployments: 1,
      unknown: 0,
      begun: { detections: 0, sweeps: 0 },
      waiting: 0,
    } as const;
    await ledger.recordPass(record);
    expect(await beat(messenger({ clock }), told, record, never)).toEqual([]);
    clock.advance(15 * MINUTE);
    expect(await tell({ ...with_, before: [drifted], after: [] })).toEqual([]);
    expect(there.received.map(({ url }) => url)).toEqual(['/', '/beat']);
    expect(JSON.parse(there.received[0]!.body)).toMatchObject({ kind: 'drift', address: DEPLOYMENT });
  });

  it('whose heartbeat nobody takes says so, and where nobody listens, nothing is sent', async () => {
    const there = await listening(answering(503));
    const record = {} as never;
    expect(await beat(messenger(), controller({ heartbeat: there.url }), record, never)).toMatchObject([
      { code: 'EK6044', message: 'the heartbeat could not be sent: it answered 503' },
    ]);
    expect(await beat(messenger(), controller(), record, never)).toEqual([]);
    expect(there.received).toHaveLength(1);
  });
});
