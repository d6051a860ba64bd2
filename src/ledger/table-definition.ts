import { setTimeout } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { EXPIRES, INDEX } from './keys.js';
import { LedgerError, errorName } from './ledger-error.js';

const MAX_WAIT = 5 * 60_000;
const SLOWEST_POLL = 2_000;

/** What an index shows of a row: enough to answer without reading the row itself. */
const SHOWN = ['address', 'role', 'sync', 'status', 'at', 'drift'];

/** The ledger's table with all its indexes: an index that is added later costs a backfill, and some endpoints cannot add one. */
export function tableDefinition(table: string) {
  return {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', ...Object.values(INDEX).flatMap((index) => [index.pk, index.sk])].map(
      (name) => ({
        AttributeName: name,
        AttributeType: 'S' as const,
      }),
    ),
    KeySchema: keySchema('pk', 'sk'),
    GlobalSecondaryIndexes: Object.values(INDEX).map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.pk, index.sk),
      Projection:
        index === INDEX.day
          ? { ProjectionType: 'ALL' as const }
          : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: SHOWN },
    })),
  } satisfies CreateTableCommandInput;
}

function keySchema(pk: string, sk: string): KeySchemaElement[] {
  return [
    { AttributeName: pk, KeyType: 'HASH' },
    { AttributeName: sk, KeyType: 'RANGE' },
  ];
}

/** Makes the table where it is not there, and waits until it can be used. A table that has other keys is refused, with the differences. */
export async function createTable(client: DynamoDBClient, table: string): Promise<'created' | 'existed'> {
  const there = await describe(client, table);
  const outcome = there === null ? await make(client, table) : 'existed';
  const active = await untilActive(client, table);
  const differences = differencesOf(active, table);
  if (differences.length > 0) {
    throw new LedgerError(
      `the table ${table} is not a ledger of this kind: ${differences.join('; ')}. Give the Controller manifest another table, or delete this one if nothing needs it`,
    );
  }
  const unshown = unprojected(active, table);
  if (unshown.length > 0) {
    throw new LedgerError(
      `the table ${table} was made for an older Evenkeel: ${unshown.join('; ')}. Delete that index and make it again with the same name and key and the projection ALL, which loses nothing; or give the Controller manifest another table (with --ledger, another folder), which begins with an empty ledger`,
    );
  }
  if (outcome === 'created') await letExpire(client, table);
  return outcome;
}

/** Only notices that were told carry the attribute. Where nothing expires by itself they are kept, which harms nobody. */
async function letExpire(client: DynamoDBClient, table: string): Promise<void> {
  try {
    const TimeToLiveSpecification = { AttributeName: EXPIRES, Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
  } catch (error) {
    if (errorName(error) !== 'UnknownOperationException') throw error;
  }
}

async function make(client: DynamoDBClient, table: string): Promise<'created' | 'existed'> {
  try {
    await client.send(new CreateTableCommand(tableDefinition(table)));
    return 'created';
  } catch (error) {
    // Somebody else made it between the look and the call.
    if (errorName(error) === 'ResourceInUseException') return 'existed';
    throw error;
  }
}

async function describe(client: DynamoDBClient, table: string): Promise<TableDescription | null> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: table }))).Table ?? null;
  } catch (error) {
    if (errorName(error) === 'ResourceNotFoundException') return null;
    throw error;
  }
}

async function untilActive(client: DynamoDBClient, table: string): Promise<TableDescription> {
  let waited = 0;
  for (let pause = 20; waited < MAX_WAIT; pause = Math.min(pause * 2, SLOWEST_POLL)) {
    const description = await describe(client, table);
    const indexes = description?.GlobalSecondaryIndexes ?? [];
    if (description?.TableStatus === 'ACTIVE' && indexes.every((index) => (index.IndexStatus ?? 'ACTIVE') === 'ACTIVE'))
      return description;
    await setTimeout(pause);
    waited += pause;
  }
  throw new LedgerError(
    `the table ${table} is still not ACTIVE after ${MAX_WAIT / 60_000} minutes: look at it in the DynamoDB console, then run "evenkeel ledger create" again`,
  );
}

function differencesOf(there: TableDescription, table: string): readonly string[] {
  const wanted = tableDefinition(table);
  const types = new Map(
    (there.AttributeDefinitions ?? []).map((definition) => [definition.AttributeName, definition.AttributeType]),
  );
  const differences: string[] = [];
  if (shown(there.KeySchema) !== shown(wanted.KeySchema)) {
    differences.push(`its key is ${shown(there.KeySchema)}, wanted is ${shown(wanted.KeySchema)}`);
  }
  for (const index of wanted.GlobalSecondaryIndexes) {
    const found = there.GlobalSecondaryIndexes?.find((candidate) => candidate.IndexName === index.IndexName);
    if (found === undefined) differences.push(`it has no index ${index.IndexName}`);
    else if (shown(found.KeySchema) !== shown(index.KeySchema)) {
      differences.push(
        `the key of its index ${index.IndexName} is ${shown(found.KeySchema)}, wanted is ${shown(index.KeySchema)}`,
      );
    }
  }
  for (const { AttributeName: name } of wanted.AttributeDefinitions) {
    const type = types.get(name);
    if (type !== undefined && type !== 'S')
      differences.push(`its key attribute ${name} is of type ${type}, wanted is S`);
  }
  return differences;
}

/** A query that finds nothing of an attribute cannot tell that the index leaves it out: it would read as if nothing had drifted. */
function unprojected(there: TableDescription, table: string): readonly string[] {
  return tableDefinition(table).GlobalSecondaryIndexes.flatMap(({ IndexName, Projection }) => {
    const found = there.GlobalSecondaryIndexes?.find((index) => index.IndexName === IndexName)?.Projection;
    if (found?.ProjectionType === 'ALL') return [];
    if (Projection.ProjectionType === 'ALL') return [`its index ${IndexName} does not project ALL`];
    const left = Projection.NonKeyAttributes.filter((name) => found?.NonKeyAttributes?.includes(name) !== true);
    return left.length === 0 ? [] : [`its index ${IndexName} does not project ${left.join(', ')}`];
  });
}

function shown(schema: readonly KeySchemaElement[] | undefined): string {
  return (schema ?? []).map((element) => `${element.AttributeName} (${element.KeyType})`).join(' + ');
}
