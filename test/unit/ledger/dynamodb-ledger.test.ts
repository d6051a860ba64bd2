import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../../../src/ledger/dynamodb-ledger.js';
import { openEmbeddedDynamoDb, type EmbeddedDynamoDb } from '../../../src/ledger/embedded-dynamodb.js';
import { tableDefinition } from '../../../src/ledger/table-definition.js';
import { ledgerContract } from '../../contract/ledger.js';

// EVENKEEL_LEDGER_ENDPOINT=http://… runs the same suite against another DynamoDB.
const endpoint = process.env['EVENKEEL_LEDGER_ENDPOINT'];
let folder: string;
let database: EmbeddedDynamoDb;
let tables = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-ledger-'));
  database = endpoint === undefined ? await openEmbeddedDynamoDb(folder) : elsewhere(endpoint);
});

afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function elsewhere(url: string): EmbeddedDynamoDb {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'x' },
  });
  return { client, close: () => Promise.resolve(client.destroy()) };
}

function tableName(): string {
  tables += 1;
  return `ledger-${process.pid}-${Date.now()}-${tables}`;
}

describe(`the ledger on ${endpoint ?? 'dynalite'}`, () => {
  ledgerContract(async () => {
    const table = tableName();
    const ledger = createLedger({ client: database.client, table, installation: 'evenkeel' });
    expect(await ledger.create()).toBe('created');
    return { ledger, client: database.client, table, close: () => ledger.close() };
  });

  it('says what to do where there is no table', async () => {
    const ledger = createLedger({ client: database.client, table: 'nothing-here', installation: 'evenkeel' });
    await expect(ledger.inventory()).rejects.toThrow(
      'there is no ledger table nothing-here in this account and Region: run "evenkeel ledger create"',
    );
  });

  it("refuses somebody else's table and says what differs", async () => {
    const table = tableName();
    await database.client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await expect(createLedger({ client: database.client, table, installation: 'evenkeel' }).create()).rejects.toThrow(
      'its key is id (HASH), wanted is pk (HASH) + sk (RANGE); it has no index by-account; it has no index not-in-sync; it has no index by-day',
    );
  });

  it('refuses a table whose index leaves out what is asked of it, and says how to mend that', async () => {
    const table = tableName();
    const wanted = tableDefinition(table);
    const GlobalSecondaryIndexes = wanted.GlobalSecondaryIndexes.map((index) =>
      index.Projection.ProjectionType === 'ALL'
        ? index
        : {
            ...index,
            Projection: {
              ProjectionType: 'INCLUDE' as const,
              NonKeyAttributes: index.Projection.NonKeyAttributes.filter((name) => name !== 'drift'),
            },
          },
    );
    await database.client.send(new CreateTableCommand({ ...wanted, GlobalSecondaryIndexes }));
    await expect(createLedger({ client: database.client, table, installation: 'evenkeel' }).create()).rejects.toThrow(
      'its index by-account does not project drift; its index not-in-sync does not project drift. Delete that index and make it again',
    );
  });

  it('takes a table whose indexes project everything', async () => {
    const table = tableName();
    const wanted = tableDefinition(table);
    const GlobalSecondaryIndexes = wanted.GlobalSecondaryIndexes.map((index) => ({
      ...index,
      Projection: { ProjectionType: 'ALL' as const },
    }));
    await database.client.send(new CreateTableCommand({ ...wanted, GlobalSecondaryIndexes }));
    expect(await createLedger({ client: database.client, table, installation: 'evenkeel' }).create()).toBe('existed');
  });
});
