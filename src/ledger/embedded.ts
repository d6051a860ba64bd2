import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ledger } from '../reconciler/ports.js';
import { openBlobFolder } from './blob-folder.js';
import { createLedger } from './dynamodb-ledger.js';
import { openEmbeddedDynamoDb } from './embedded-dynamodb.js';

/** A ledger in a folder, ready to be used: its table is made on first use. One process at a time; closing it lets the next one in. */
export async function openEmbeddedLedger(options: {
  readonly folder: string;
  readonly table: string;
  readonly installation: string | null;
}): Promise<Ledger> {
  await mkdir(options.folder, { recursive: true });
  const database = await openEmbeddedDynamoDb(join(options.folder, 'dynamodb'));
  try {
    const { table, installation } = options;
    const ledger = createLedger({
      client: database.client,
      table,
      installation,
      blobs: openBlobFolder(join(options.folder, 'bodies')),
    });
    const outcome = await ledger.create();
    return { ...ledger, create: () => Promise.resolve(outcome), close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}
