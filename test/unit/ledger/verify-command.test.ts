import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedDynamoDb } from '../../../src/ledger/embedded-dynamodb.js';
import { historyKey, rowKey } from '../../../src/ledger/keys.js';
import type { Address } from '../../../src/model/address.js';
import type { Anchor } from '../../../src/model/anchor.js';
import { APPLY, typed, whereTyped } from '../../support/command-line.js';
import { createWorld, queueTemplate, smallOrganization, stackManifest, type World } from '../../support/world.js';

const TARGETS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
const QUEUE: Address = 'Stack/queue@300000000001/us-east-1';
const VERIFY = 'ledger verify --ledger ledger';
let world: World;

beforeEach(async () => {
  const files = { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', TARGETS) };
  world = await createWorld({ organization: smallOrganization(2), files });
  expect((await typed(world, APPLY)).code).toBe(0);
});
afterEach(() => world.close());

async function byHand(change: (documents: DynamoDBDocumentClient) => Promise<unknown>): Promise<void> {
  const database = await openEmbeddedDynamoDb(join(world.ledgerFolder, 'dynamodb'));
  try {
    await change(DynamoDBDocumentClient.from(database.client));
  } finally {
    await database.close();
  }
}

async function edited(key: { readonly pk: string; readonly sk: string }, from: string, to: string): Promise<void> {
  await byHand(async (documents) => {
    const { Item } = await documents.send(new GetCommand({ TableName: 'evenkeel', Key: { pk: key.pk, sk: key.sk } }));
    const body = (Item!['body'] as string).replace(from, to);
    expect(body).not.toBe(Item!['body']);
    await documents.send(new PutCommand({ TableName: 'evenkeel', Item: { ...Item, body } }));
  });
}

const inPlace = (file: string): string => join(whereTyped(world), file);

describe('evenkeel ledger verify', () => {
  it('says what it read and exits with 0 where nothing was altered', async () => {
    const { code, stdout } = await typed(world, VERIFY);
    expect(stdout).toMatch(/^The ledger is whole: 2 addresses, \d+ events and 1 run were read/);
    expect(code).toBe(0);
    const json = await typed(world, `${VERIFY} --output json`);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      result: 'whole',
      addresses: 2,
      runs: 1,
      breaks: [],
    });
    expect((await typed(world, `${VERIFY} --output markdown`)).stdout).toContain('The ledger is whole');
  });

  it('names the event that somebody edited, what to do, and exits with 1', async () => {
    await edited(historyKey(QUEUE, 1), 'run-', 'ran-');
    const { code, stdout } = await typed(world, VERIFY);
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `${QUEUE} event 1: it is not what was written: somebody edited it; restore the table as it was before`,
    );
    const { breaks } = JSON.parse((await typed(world, `${VERIFY} --output json`)).stdout) as { breaks: unknown[] };
    expect(breaks[0]).toMatchObject({ address: QUEUE, run: null, sequence: 1 });
  });

  it('names an entry that somebody edited, though its history is whole', async () => {
    await edited(rowKey(QUEUE), 'evenkeel', 'oddkeel');
    const { code, stdout } = await typed(world, VERIFY);
    expect(code).toBe(1);
    expect(stdout).toContain(`${QUEUE}: the entry is not what was written`);
  });

  it('writes an anchor that later shows the ledger to have been set back', async () => {
    const { code, stderr } = await typed(world, `${VERIFY} --write-anchor anchor.json`);
    expect([code, stderr]).toEqual([0, expect.stringContaining('The anchor is in anchor.json. Keep it where')]);
    expect((await stat(inPlace('anchor.json'))).mode & 0o777).toBe(0o600);
    const anchor = JSON.parse(await readFile(inPlace('anchor.json'), 'utf8')) as Anchor;
    expect(Object.keys(anchor.heads)).toEqual([QUEUE, 'Stack/queue@300000000002/us-east-1']);

    const held = await typed(world, `${VERIFY} --anchor anchor.json`);
    expect([held.code, held.stdout]).toEqual([0, expect.stringContaining('It goes on from the anchor of')]);
    await byHand(async (documents) => {
      for (const { pk, sk } of [rowKey(QUEUE), historyKey(QUEUE, 1), historyKey(QUEUE, 2)])
        await documents.send(new DeleteCommand({ TableName: 'evenkeel', Key: { pk, sk } }));
    });
    const set = await typed(world, `${VERIFY} --anchor anchor.json`);
    expect(set.code).toBe(1);
    expect(set.stdout).toContain(`${QUEUE} event 1: the anchor knows of`);
  });

  it('writes no anchor over a broken ledger, and leaves the one that stands', async () => {
    await typed(world, `${VERIFY} --write-anchor anchor.json`);
    const before = await readFile(inPlace('anchor.json'), 'utf8');
    await edited(historyKey(QUEUE, 1), 'run-', 'ran-');
    const { code, stderr } = await typed(world, `${VERIFY} --write-anchor anchor.json`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('No anchor was written to anchor.json')]);
    expect(await readFile(inPlace('anchor.json'), 'utf8')).toBe(before);
  });

  it('refuses an anchor that is none, or is not there, before it reads anything', async () => {
    await writeFile(inPlace('list.json'), '[]');
    await writeFile(inPlace('text.json'), 'anchor');
    await writeFile(
      inPlace('address.json'),
      '{"schemaVersion":1,"at":"2026-11-22T16:00:00.000Z","root":null,"heads":{"queue":{}}}',
    );
    for (const [file, message] of [
      [
        'nothing.json',
        'there is no file nothing.json: write one with "evenkeel ledger verify --write-anchor nothing.json"',
      ],
      ['list.json', 'list.json is not an anchor (the whole: '],
      ['text.json', 'text.json cannot be read as an anchor'],
      ['address.json', 'address.json is not an anchor (heads.queue'],
    ]) {
      const { code, stdout, stderr } = await typed(world, `${VERIFY} --anchor ${file}`);
      expect([file, code, stdout]).toEqual([file, 64, '']);
      expect(stderr).toContain(message);
    }
    expect((await typed(world, `${VERIFY} --write-anchor nowhere/anchor.json`)).code).toBe(64);
  });

  it('explains itself in 80 columns', async () => {
    const { stdout } = await typed(world, 'ledger verify --help', { columns: 80 });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
