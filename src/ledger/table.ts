import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { unreachable } from '../model/unreachable.js';
import { withDigest } from './item-digest.js';
import type { Index, ItemKey } from './keys.js';
import { LedgerError, errorName } from './ledger-error.js';

/** An item as it is stored; each room of the ledger reads back only what it wrote. */
export type Item = Readonly<Record<string, unknown>>;

/** What must hold for a write to happen. */
export type Condition =
  | { readonly type: 'absent' }
  | { readonly type: 'unchanged'; readonly attributes: Readonly<Record<string, string | number>> }
  /** The version that was read, and no generation newer than the writer's. */
  | { readonly type: 'row'; readonly version: number; readonly generation: number };

/** The few calls that the ledger makes. Reads of the table itself are strongly consistent; there is no write without a condition. */
export interface Table {
  readonly name: string;
  get(key: ItemKey): Promise<(ItemKey & Item) | null>;
  /** In no order; what is not there is not among them. */
  getMany(keys: readonly ItemKey[]): Promise<readonly Item[]>;
  /** Every page, oldest first; only of sort keys that begin with `prefix`, where one is given. */
  all(pk: string, prefix?: string): Promise<readonly Item[]>;
  /** The same, a page at a time, for what need not be in memory at once. */
  pages(pk: string): AsyncIterable<readonly Item[]>;
  newest(pk: string, limit: number): Promise<readonly Item[]>;
  /** Every page of an index; eventually consistent, as indexes are. */
  indexed(index: Index, pk: string): Promise<readonly Item[]>;
  /** Where the items stand that an index names, a page at a time. */
  indexedKeys(index: Index, pk: string): AsyncIterable<readonly ItemKey[]>;
  /** False where the condition does not hold. */
  put(item: ItemKey & Item, condition: Condition): Promise<boolean>;
  /** False where the condition does not hold, or nothing is there. */
  remove(key: ItemKey, condition: Condition & { readonly type: 'unchanged' }): Promise<boolean>;
}

type Listing = {
  readonly pk: string;
  readonly index?: Index;
  readonly prefix?: string;
  /** How many of the newest; all of them, oldest first, where it is absent. */
  readonly newest?: number;
  readonly keysOnly?: boolean;
};

const MAX_PAGES = 10_000;
const KEYS_PER_BATCH = 100;
const MAX_BATCH_ROUNDS = 50;

export function openTable(client: DynamoDBClient, name: string): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

  async function* pages(listing: Listing): AsyncGenerator<readonly Item[]> {
    const { pk, newest } = listing;
    let start: Record<string, unknown> | undefined;
    let read = 0;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await explain(name, () =>
        documents.send(
          new QueryCommand({
            TableName: name,
            ...keyCondition(listing),
            ExclusiveStartKey: start,
            ...(listing.index === undefined ? { ConsistentRead: true } : { IndexName: listing.index.name }),
            ...(newest === undefined ? {} : { Limit: newest - read, ScanIndexForward: false }),
            ...(listing.keysOnly === true ? { ProjectionExpression: 'pk, sk' } : {}),
          }),
        ),
      );
      const items = answer.Items ?? [];
      yield items;
      read += items.length;
      start = answer.LastEvaluatedKey;
      if (start === undefined || (newest !== undefined && read >= newest)) return;
    }
    throw new LedgerError(`the listing of ${pk} in table ${name} did not end after ${MAX_PAGES} pages`);
  }

  async function query(listing: Listing): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const page of pages(listing)) items.push(...page);
    return items;
  }

  async function batch(keys: readonly ItemKey[]): Promise<readonly Item[]> {
    const items: Item[] = [];
    let rest: readonly Record<string, unknown>[] = keys;
    for (let round = 0; rest.length > 0; round += 1) {
      if (round === MAX_BATCH_ROUNDS)
        throw new LedgerError(`table ${name} left ${rest.length} keys unread after ${MAX_BATCH_ROUNDS} rounds`);
      const answer = await explain(name, () =>
        documents.send(new BatchGetCommand({ RequestItems: { [name]: { Keys: [...rest], ConsistentRead: true } } })),
      );
      items.push(...(answer.Responses?.[name] ?? []));
      rest = answer.UnprocessedKeys?.[name]?.Keys ?? [];
    }
    return items;
  }

  async function get(key: ItemKey): Promise<(ItemKey & Item) | null> {
    const answer = await explain(name, () =>
      documents.send(new GetCommand({ TableName: name, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true })),
    );
    return (answer.Item as (ItemKey & Item) | undefined) ?? null;
  }

  return {
    name,
    get,
    async getMany(keys) {
      const items: Item[] = [];
      for (let from = 0; from < keys.length; from += KEYS_PER_BATCH)
        items.push(...(await batch(keys.slice(from, from + KEYS_PER_BATCH))));
      return items;
    },
    all: (pk, prefix) => query({ pk, ...(prefix === undefined ? {} : { prefix }) }),
    pages: (pk) => pages({ pk }),
    newest: (pk, limit) => (limit < 1 ? Promise.resolve([]) : query({ pk, newest: limit })),
    indexed: (index, pk) => query({ pk, index }),
    indexedKeys: (index, pk) => pages({ pk, index, keysOnly: true }) as AsyncIterable<readonly ItemKey[]>,
    async put(item, condition) {
      const nonce = randomUUID();
      try {
        await explain(name, () =>
          documents.send(
            new PutCommand({ TableName: name, Item: withDigest({ ...item, nonce }), ...expression(condition) }),
          ),
        );
        return true;
      } catch (error) {
        if (errorName(error) !== 'ConditionalCheckFailedException') throw error;
        // A first attempt whose answer was lost makes the SDK's own retry fail on what that attempt wrote.
        return attempts(error) > 1 && (await get(item))?.['nonce'] === nonce;
      }
    },
    async remove({ pk, sk }, condition) {
      try {
        await explain(name, () =>
          documents.send(new DeleteCommand({ TableName: name, Key: { pk, sk }, ...expression(condition) })),
        );
        return true;
      } catch (error) {
        if (errorName(error) !== 'ConditionalCheckFailedException') throw error;
        return attempts(error) > 1 && (await get({ pk, sk })) === null;
      }
    },
  };
}

function keyCondition({ pk, index, prefix }: Listing) {
  return {
    KeyConditionExpression: prefix === undefined ? '#pk = :pk' : '#pk = :pk AND begins_with(#sk, :prefix)',
    ExpressionAttributeNames: {
      '#pk': index?.pk ?? 'pk',
      ...(prefix === undefined ? {} : { '#sk': index?.sk ?? 'sk' }),
    },
    ExpressionAttributeValues: { ':pk': pk, ...(prefix === undefined ? {} : { ':prefix': prefix }) },
  };
}

type Expression = {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, string | number>;
};

function expression(condition: Condition): Expression {
  switch (condition.type) {
    case 'absent':
      return { ConditionExpression: 'attribute_not_exists(pk)' };
    case 'unchanged': {
      const attributes = Object.entries(condition.attributes);
      return {
        ConditionExpression: attributes.map((_, index) => `#a${index} = :a${index}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(attributes.map(([key], index) => [`#a${index}`, key])),
        ExpressionAttributeValues: Object.fromEntries(attributes.map(([, value], index) => [`:a${index}`, value])),
      };
    }
    case 'row':
      if (condition.version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
      return {
        ConditionExpression: '#version = :version AND #generation <= :generation',
        ExpressionAttributeNames: { '#version': 'version', '#generation': 'generation' },
        ExpressionAttributeValues: { ':version': condition.version, ':generation': condition.generation },
      };
    default:
      return unreachable(condition);
  }
}

function attempts(error: unknown): number {
  return (error as { readonly $metadata?: { readonly attempts?: number } }).$metadata?.attempts ?? 1;
}

async function explain<T>(table: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (errorName(error) !== 'ResourceNotFoundException') throw error;
    throw new LedgerError(
      `there is no ledger table ${table} in this account and Region: run "evenkeel ledger create"`,
      { cause: error },
    );
  }
}
