import { createRequire } from 'node:module';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import { LedgerError } from './ledger-error.js';

/** What is used of dynalite's insides: its package exports a server only, and a port would be open to every process on the machine. */
type Store = { readonly db: { open(): Promise<void>; close(): Promise<void> } };
type Action = (store: Store, input: unknown, done: (error: DynamoFailure | null, output?: unknown) => void) => void;
type Validation = { readonly types: unknown; readonly custom: unknown };
type DynamoFailure = Error & { readonly statusCode?: number; readonly body?: unknown };

const load = createRequire(import.meta.url);
const stores = load('dynalite/db/index.js') as {
  create(options: { readonly path: string; readonly createTableMs: number }): Store;
};
const validations = load('dynalite/validations/index.js') as {
  checkTypes(input: unknown, types: unknown): unknown;
  checkValidations(input: unknown, types: unknown, custom: unknown, store: Store): void;
};

const OPERATIONS = [
  'createTable',
  'describeTable',
  'deleteTable',
  'putItem',
  'getItem',
  'updateItem',
  'deleteItem',
  'query',
  'scan',
  'batchGetItem',
] as const;
const operations = new Map(
  OPERATIONS.map((name) => [
    name.toLowerCase(),
    {
      action: load(`dynalite/actions/${name}.js`) as Action,
      validation: load(`dynalite/validations/${name}.js`) as Validation,
    },
  ]),
);

export type EmbeddedDynamoDb = {
  /** Speaks to the folder without a port; for whoever counts calls, its middleware stack is the SDK's own. */
  readonly client: DynamoDBClient;
  close(): Promise<void>;
};

/** DynamoDB in this process, kept in `folder`: LevelDB lets one process in at a time. */
export async function openEmbeddedDynamoDb(folder: string): Promise<EmbeddedDynamoDb> {
  const store = stores.create({ path: folder, createTableMs: 0 });
  try {
    await store.db.open();
  } catch (error) {
    if (!isLocked(error)) throw error;
    throw new LedgerError(
      `another process has the ledger in ${folder} open: wait for it or end it, then try again (nothing is lost when it is killed)`,
      { cause: error },
    );
  }
  const inFlight = new Set<Promise<HttpResponse>>();
  let isOpen = true;
  const handle = async (request: HttpRequest): Promise<{ readonly response: HttpResponse }> => {
    // LevelDB throws where nobody can catch it when it is read after it was closed.
    if (!isOpen) throw new LedgerError(`the ledger in ${folder} has been closed`);
    const answering = answer(store, request);
    inFlight.add(answering);
    try {
      return { response: await answering };
    } finally {
      inFlight.delete(answering);
    }
  };
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://embedded.invalid',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    maxAttempts: 1,
    requestHandler: { handle },
  });
  return {
    client,
    async close() {
      isOpen = false;
      await Promise.allSettled(inFlight);
      client.destroy();
      await store.db.close();
    },
  };
}

function isLocked(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { readonly code?: string } | undefined) : undefined;
  return cause?.code === 'LEVEL_LOCKED';
}

async function answer(store: Store, request: HttpRequest): Promise<HttpResponse> {
  const name = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  const operation = operations.get(name.toLowerCase());
  if (operation === undefined)
    return response(400, { __type: 'com.amazon.coral.service#UnknownOperationException', message: name });
  try {
    const { types, custom } = operation.validation;
    const input = validations.checkTypes(JSON.parse(textOf(request.body as string | Uint8Array)), types);
    validations.checkValidations(input, types, custom, store);
    return response(200, await run(operation.action, store, input));
  } catch (error) {
    const failure = error as DynamoFailure;
    if (failure.statusCode === undefined) throw error;
    return response(failure.statusCode, failure.body);
  }
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

function run(action: Action, store: Store, input: unknown): Promise<unknown> {
  return new Promise((resolve, reject) =>
    action(store, input, (error, output) => (error ? reject(error) : resolve(output))),
  );
}

function response(statusCode: number, body: unknown): HttpResponse {
  return new HttpResponse({
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(body)),
  });
}
