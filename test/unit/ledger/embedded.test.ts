import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger } from '../../../src/ledger/dynamodb-ledger.js';
import { openEmbeddedDynamoDb } from '../../../src/ledger/embedded-dynamodb.js';
import { openEmbeddedLedger } from '../../../src/ledger/embedded.js';
import { sha256 } from '../../../src/model/canonical.js';
import type { Revision, RunId } from '../../../src/model/identifiers.js';
import type { Run } from '../../../src/model/run.js';

const RUN: Run = {
  id: 'run-1' as RunId,
  door: 'apply',
  scope: { type: 'all' },
  revision: 'abc' as Revision,
  planDigest: sha256('plan'),
  startedAt: '2026-05-04T12:00:00.000Z',
  finishedAt: null,
  outcome: null,
  changes: [],
  historyRoot: null,
};

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'evenkeel-embedded-')), 'ledger');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const options = () => ({ folder, table: 'evenkeel', installation: 'evenkeel' });

describe('the embedded ledger', () => {
  it('is ready on first use, and the next process finds what the last one left', async () => {
    const first = await openEmbeddedLedger(options());
    expect(await first.create()).toBe('created');
    await first.startRun(RUN);
    await first.close();

    const second = await openEmbeddedLedger(options());
    expect(await second.create()).toBe('existed');
    expect(await second.runs(5)).toEqual([RUN]);
    await second.close();
  });

  it('keeps bodies that are too big for an item in files', async () => {
    const ledger = await openEmbeddedLedger(options());
    const detail = 'x'.repeat(400_000);
    const changes: Run['changes'] = [
      { address: 'Stack/a@111122223333/us-east-1', action: 'update', result: 'failed', detail },
    ];
    await ledger.startRun({ ...RUN, changes });
    expect(await ledger.runs(1)).toEqual([{ ...RUN, changes }]);
    expect(await readdir(join(folder, 'bodies'))).toHaveLength(1);
    await ledger.close();
  });

  it('closes in peace while it is being read: what was asked is answered, and what follows is refused', async () => {
    const ledger = await openEmbeddedLedger(options());
    await ledger.startRun(RUN);
    const reading = ledger.inventory().then(
      (entries) => entries.length,
      (error: unknown) => String(error),
    );
    await ledger.close();
    expect([0, expect.stringContaining('has been closed')]).toContainEqual(await reading);
    await expect(ledger.inventory()).rejects.toThrow('has been closed');
  });

  it('says what to do where another process has the folder open', async () => {
    const ledger = await openEmbeddedLedger(options());
    await expect(openEmbeddedLedger(options())).rejects.toThrow(
      /another process has the ledger in .* open: wait for it or end it/,
    );
    await ledger.close();
  });
});

describe('an answer that was lost on the way', () => {
  it('does not make the retry fail on what the first attempt wrote', async () => {
    const database = await openEmbeddedDynamoDb(folder);
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: 'http://embedded.invalid',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 3,
      requestHandler: database.client.config.requestHandler,
    });
    const ledger = createLedger({ client, table: 'evenkeel', installation: 'evenkeel' });
    await ledger.create();

    const lost = new Set<string>();
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const item = JSON.stringify((args.input as { readonly Item?: unknown }).Item ?? null);
        if (item === 'null' || lost.has(item)) return answer;
        lost.add(item);
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      },
      { step: 'deserialize', priority: 'high', name: 'losing-answers' },
    );
    await ledger.startRun(RUN);
    const now = new Date(RUN.startedAt);
    const acquired = await ledger.acquire(['A#111122223333'], 'one', 60_000, now);
    expect(acquired).toEqual({ type: 'acquired', leases: [{ name: 'A#111122223333', generation: 1 }] });
    expect(await ledger.renew(acquired.type === 'acquired' ? acquired.leases : [], 'one', 60_000, now)).toBe(true);
    expect(lost.size).toBe(4);
    client.destroy();
    await database.close();
  });
});
