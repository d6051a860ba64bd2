import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import type { BlobStore } from '../../src/ledger/bodies.js';
import { createLedger } from '../../src/ledger/dynamodb-ledger.js';
import type { Address, ManifestAddress } from '../../src/model/address.js';
import { sha256 } from '../../src/model/canonical.js';
import { NO_DRIFT } from '../../src/model/drift.js';
import type { Revision, RunId, Sha256, StackName, Token } from '../../src/model/identifiers.js';
import type { Entry, HistoryEvent, JournalStep, Recorded, RecordedMember } from '../../src/model/recorded.js';
import type { Run } from '../../src/model/run.js';
import type { TargetKey } from '../../src/model/target.js';
import type { EntryWrite, Ledger, Written } from '../../src/reconciler/ports.js';

/** An endpoint with an empty table of its own; `ledger` speaks for the installation `evenkeel`. */
export type OpenLedger = {
  readonly ledger: Ledger;
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly close: () => Promise<void>;
};

export const NOW = new Date('2026-05-04T12:00:00.000Z');
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const RUN = 'run-1' as RunId;
export const STACK: Address = 'Stack/vpc@111122223333/us-east-1';
export const SET: ManifestAddress = 'StackSet/guardrails';

export const IDLE: JournalStep = { type: 'idle' };
export const IN_DOUBT: JournalStep = {
  type: 'in-doubt',
  action: 'create',
  token: 'token-1' as Token,
  attempt: 1,
  intentSha256: sha256('intent'),
  reach: {
    driver: 'stack',
    stackName: 'evenkeel-vpc' as StackName,
    options: {},
    targets: ['111122223333/us-east-1'],
    deletion: 'delete',
  },
  run: RUN,
  at: NOW.toISOString(),
};

export function happened(event: HistoryEvent['event'], summary: string = event): EntryWrite['events'][number] {
  return {
    at: NOW.toISOString(),
    run: RUN,
    revision: 'abc' as Revision,
    event,
    summary,
    fields: [{ path: 'tags/team', before: null, after: 'a' }],
  };
}

export function recorded(changes: Partial<Recorded> = {}): Recorded {
  return {
    driver: 'stack',
    stackName: 'evenkeel-vpc' as StackName,
    identity: 'arn:aws:cloudformation:us-east-1:111122223333:stack/evenkeel-vpc/1',
    settings: {
      template: sha256('template'),
      parameters: { Empty: { type: 'plain', value: '' } },
      tags: {},
      options: { roleArn: null },
      members: {},
    },
    members: {},
    artifactSha256: sha256('artifact'),
    observedSha256: sha256('observed'),
    deletion: 'delete',
    revision: 'abc' as Revision,
    run: RUN,
    at: NOW.toISOString(),
    ...changes,
  };
}

export function member(stack: string): RecordedMember {
  return { settings: { parameters: {} }, identity: stack, operation: null, sha256: sha256(stack) };
}

export function recordedSet(members: Readonly<Record<TargetKey, RecordedMember>>): Recorded {
  const settings = Object.fromEntries(Object.entries(members).map(([target, { settings }]) => [target, settings]));
  return recorded({ driver: 'stack-set', members, settings: { ...recorded().settings, members: settings } });
}

export function write(changes: Partial<EntryWrite> = {}): EntryWrite {
  return {
    address: STACK,
    expected: 0,
    generation: 1,
    recorded: recorded(),
    step: IDLE,
    sync: 'IN_SYNC',
    drift: NO_DRIFT,
    memberDrift: {},
    events: [happened('created')],
    memberEvents: [],
    ...changes,
  };
}

export function run(id: string, startedAt: string, changes: Partial<Run> = {}): Run {
  return {
    id: id as RunId,
    door: 'apply',
    scope: { type: 'all' },
    revision: 'abc' as Revision,
    planDigest: sha256('plan'),
    startedAt,
    finishedAt: null,
    outcome: null,
    changes: [],
    historyRoot: null,
    ...changes,
  };
}

export function blobsInMemory(): BlobStore & { readonly stored: Map<Sha256, Uint8Array> } {
  const stored = new Map<Sha256, Uint8Array>();
  return {
    stored,
    put: (digest, bytes) => Promise.resolve(void stored.set(digest, bytes)),
    get: (digest) => Promise.resolve(stored.get(digest) ?? null),
  };
}

export type Put = { readonly Item?: Readonly<Record<string, { readonly S?: string }>> };

/** Runs `work` while puts into partitions that begin with `prefix` no longer reach the table: the process died just before, or after `passed` of them. */
export async function dyingBefore(
  client: DynamoDBClient,
  prefix: string,
  work: () => Promise<unknown>,
  passed = 0,
): Promise<void> {
  let left = passed;
  client.middlewareStack.add(
    (next) => (args) => {
      const put = args.input as Put;
      if (put.Item?.['pk']?.S?.startsWith(prefix) === true && left-- <= 0) throw new Error('the process dies here');
      return next(args);
    },
    { step: 'serialize', name: 'dying' },
  );
  try {
    await expect(work()).rejects.toThrow('the process dies here');
  } finally {
    client.middlewareStack.remove('dying');
  }
}

/** Runs `work`, and just before its first put into the partition `pk`, something else. */
export async function interrupting<T>(
  client: DynamoDBClient,
  pk: string,
  interruption: () => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  let interrupted = false;
  client.middlewareStack.add(
    (next) => async (args) => {
      if ((args.input as Put).Item?.['pk']?.S === pk && !interrupted) {
        interrupted = true;
        await interruption();
      }
      return next(args);
    },
    { step: 'serialize', name: 'interrupting' },
  );
  return work().finally(() => client.middlewareStack.remove('interrupting'));
}

export async function counting(client: DynamoDBClient, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const calls: Record<string, number> = {};
  client.middlewareStack.add(
    (next, context) => (args) => {
      const name = String(context.commandName);
      calls[name] = (calls[name] ?? 0) + 1;
      return next(args);
    },
    { step: 'serialize', name: 'counting' },
  );
  await work().finally(() => client.middlewareStack.remove('counting'));
  return calls;
}

/** What a story has: the ledger that it was opened with, and as many more of the same table as it wants. */
export type Desk = OpenLedger & { readonly another: (blobs?: BlobStore) => Ledger };

/** Tells stories, each over a new table. */
export function storyteller(
  open: () => Promise<OpenLedger>,
): (name: string, body: (desk: Desk) => Promise<void>) => void {
  return (name, body) =>
    it(name, async () => {
      const opened = await open();
      const { client, table } = opened;
      const another = (blobs?: BlobStore): Ledger =>
        createLedger({ client, table, installation: 'evenkeel', ...(blobs === undefined ? {} : { blobs }) });
      try {
        await body({ ...opened, another });
      } finally {
        await opened.close();
      }
    });
}

/** What is read back of a write: the entry without the heads that the write moved. */
export function entryOf({ heads: _moved, ...entry }: Written): Entry {
  return entry;
}
