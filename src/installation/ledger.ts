import type { Aws } from '../aws/contract.js';
import { fillBucket } from '../blocks/artifact-bucket.js';
import { openBlobBucket } from '../ledger/blob-bucket.js';
import { createLedger } from '../ledger/dynamodb-ledger.js';
import { openEmbeddedLedger } from '../ledger/embedded.js';
import type { Address } from '../model/address.js';
import type { Controller } from '../model/desired.js';
import type { Clock, Ledger } from '../reconciler/ports.js';
import { systemClock } from './clock.js';
import { resume } from './resume.js';
import type { LedgerChoice, LedgerSession } from './session.js';

/** The table's name inside an embedded ledger: whoever opens the folder alone must find it without a Controller. */
const EMBEDDED_TABLE = 'evenkeel';
const NEWEST_RUNS = 10;
const NEWEST_EVENTS = 50;

export async function openLedger(choice: LedgerChoice, controller: Controller, aws: Aws): Promise<Ledger> {
  if (choice.type === 'folder')
    return openEmbeddedLedger({ folder: choice.path, table: EMBEDDED_TABLE, installation: controller.name });
  const bucket = async () =>
    fillBucket(controller.artifactBucket, await aws.controllerAccount(), controller.homeRegion);
  return createLedger({
    client: aws.dynamoDb(),
    table: controller.table,
    installation: controller.name,
    blobs: openBlobBucket(aws.s3(controller.homeRegion), bucket),
  });
}

/** An embedded ledger by itself, for when the desired state cannot be read. */
export async function openLedgerOnly(folder: string): Promise<LedgerSession> {
  return readingOf(await openEmbeddedLedger({ folder, table: EMBEDDED_TABLE, installation: null }), systemClock);
}

export function readingOf(ledger: Ledger, clock: Clock): LedgerSession {
  return {
    async status() {
      const [entries, runs, holds] = await Promise.all([ledger.inventory(), ledger.runs(NEWEST_RUNS), ledger.holds()]);
      return { entries, runs, holds };
    },
    history: (address: Address) => ledger.history(address, NEWEST_EVENTS),
    holds: async (manifest) => (await ledger.holds()).filter((hold) => hold.manifest === manifest),
    verify: (anchor, { signal, progress }) =>
      ledger.verify({ signal, progress: (done, of) => progress({ type: 'verifying', done, of }) }, anchor),
    async drift() {
      const [rows, books, pass] = await Promise.all([ledger.notInSync(), ledger.checkBooks(), ledger.pass()]);
      return { rows, books, pass };
    },
    async checks() {
      const [books, pass] = await Promise.all([ledger.checkBooks(), ledger.pass()]);
      return { books, pass };
    },
    outgoing: () => ledger.outgoing(),
    eventsOf: (day) => ledger.eventsOf(day),
    entry: (address) => ledger.entry(address),
    run: (id) => ledger.run(id),
    spent: (window) => ledger.spent(window, clock.now(), []),
    resume: (manifest, reason) => resume(ledger, manifest, reason, clock),
    close: () => ledger.close(),
  };
}
