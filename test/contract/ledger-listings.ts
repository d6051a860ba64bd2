import { describe, expect } from 'vitest';
import type { Address } from '../../src/model/address.js';
import type { DriftState, Finding } from '../../src/model/drift.js';
import type { AccountId } from '../../src/model/identifiers.js';
import type { SyncStatus } from '../../src/model/recorded.js';
import type { TargetKey } from '../../src/model/target.js';
import type { LedgerRow } from '../../src/reconciler/ports.js';
import {
  entryOf,
  counting,
  dyingBefore,
  happened,
  member,
  NOW,
  recorded,
  recordedSet,
  SET,
  STACK,
  storyteller,
  write,
  type OpenLedger,
} from './ledger-fixtures.js';

const A: TargetKey = '111122223333/us-east-1';
const B: TargetKey = '444455556666/us-east-1';
const inA: Address = `${SET}@${A}`;
const inB: Address = `${SET}@${B}`;

function finding(subject: string, changes: Partial<Finding> = {}): Finding {
  return {
    layer: 'resource',
    subject,
    resourceType: 'AWS::SQS::Queue',
    physicalId: 'q',
    kind: 'changed',
    differences: [{ path: '/VisibilityTimeout', expected: '30', actual: '60' }],
    seenBy: { detection: NOW.toISOString() },
    firstSeen: NOW.toISOString(),
    changedAt: NOW.toISOString(),
    notBefore: null,
    actor: null,
    accepted: null,
    contestedSince: null,
    unrevertable: null,
    ...changes,
  };
}

const drifted = (...findings: Finding[]): DriftState => ({ findings, reverted: {} });
const both = recordedSet({ [A]: member('a'), [B]: member('b') });
const ofBoth = (changes: Parameters<typeof write>[0] = {}) =>
  write({ address: SET, recorded: both, events: [], ...changes });
const syncs = (rows: readonly LedgerRow[]) =>
  Object.fromEntries(rows.map(({ address, sync }): [Address, SyncStatus] => [address, sync]));

/** What is read for people in one query, and what a row says of itself for that. */
export function listingsContract(open: () => Promise<OpenLedger>): void {
  const story = storyteller(open);

  describe('listings', () => {
    story('an account, all that is not in sync, and a day cost one query each', async ({ ledger, client }) => {
      await ledger.write(write({ sync: 'DRIFTED', drift: drifted(finding('Queue')) }));
      await ledger.write(ofBoth({ memberDrift: { [A]: drifted(finding('Topic')) }, sync: 'DRIFTED' }));
      const account = '111122223333' as AccountId;
      expect(await counting(client, () => ledger.account(account))).toEqual({ QueryCommand: 1 });
      expect(await counting(client, () => ledger.notInSync())).toEqual({ QueryCommand: 1 });
      expect(await counting(client, () => ledger.eventsOf('2026-05-04'))).toEqual({ QueryCommand: 1 });
      expect(syncs(await ledger.account(account))).toEqual({ [STACK]: 'DRIFTED', [inA]: 'DRIFTED' });
      const rows = await ledger.notInSync();
      expect(syncs(rows)).toEqual({ [STACK]: 'DRIFTED', [inA]: 'DRIFTED', [SET]: 'DRIFTED' });
      expect(rows.find((row) => row.address === inA)).toEqual({
        address: inA,
        role: 'member',
        sync: 'DRIFTED',
        status: 'deployed',
        at: NOW.toISOString(),
        drift: drifted(finding('Topic')),
      });
    });

    story(
      'what drifted stays in the index while it is accepted, and is gone once it is put right',
      async ({ ledger }) => {
        const accepted = finding('Queue', { accepted: { reason: 'set by the owner', expires: null } });
        await ledger.write(write({ sync: 'DRIFTED', drift: drifted(finding('Queue')) }));
        expect(await ledger.notInSync()).toHaveLength(1);
        await ledger.write(write({ expected: 1, sync: 'IN_SYNC', drift: drifted(accepted), events: [] }));
        expect(await ledger.notInSync()).toMatchObject([{ sync: 'IN_SYNC', drift: drifted(accepted) }]);
        expect((await ledger.account('111122223333' as AccountId))[0]!.drift).toEqual(drifted(accepted));
        await ledger.write(write({ expected: 2, sync: 'IN_SYNC', events: [] }));
        expect(await ledger.notInSync()).toEqual([]);
      },
    );

    story('a writer that takes an open finding for good is not believed', async ({ ledger, another }) => {
      const written = await ledger.write(write({ sync: 'IN_SYNC', drift: drifted(finding('Queue')) }));
      expect(written.sync).toBe('DRIFTED');
      const set = await ledger.write(ofBoth({ sync: 'IN_SYNC', memberDrift: { [A]: drifted(finding('Topic')) } }));
      expect(set.sync).toBe('DRIFTED');
      expect(await another().entry(SET)).toEqual(entryOf(set));
      expect(syncs(await ledger.notInSync())).toEqual({ [STACK]: 'DRIFTED', [inA]: 'DRIFTED', [SET]: 'DRIFTED' });
    });

    story(
      'a member of which nothing is known says so, and one with an open finding says that',
      async ({ ledger, client }) => {
        await ledger.write(ofBoth());
        expect(syncs(await ledger.notInSync())).toEqual({});
        for (const [version, sync] of (['UNKNOWN', 'NOT_CHECKABLE', 'NOT_CHECKED'] as const).entries()) {
          const memberDrift = { [A]: drifted(finding('Topic')) };
          await ledger.write(ofBoth({ expected: version + 1, sync, memberDrift }));
          expect(syncs(await ledger.notInSync())).toEqual({ [SET]: sync, [inA]: 'DRIFTED', [inB]: sync });
        }
        await ledger.write(ofBoth({ expected: 4, sync: 'DRIFTED', memberDrift: { [A]: drifted(finding('Topic')) } }));
        expect(syncs(await ledger.notInSync())).toEqual({ [SET]: 'DRIFTED', [inA]: 'DRIFTED' });
        await ledger.write(ofBoth({ expected: 5 }));
        expect(syncs(await ledger.notInSync())).toEqual({});
        // Settled is quiet: the members are not written again where they say the same.
        expect(await counting(client, () => ledger.write(ofBoth({ expected: 6 })))).toEqual({ PutItemCommand: 1 });
      },
    );

    story(
      'drift that is too much for an index is abridged there, the open first, and whole in the entry',
      async ({ ledger }) => {
        const accepted = Array.from({ length: 60 }, (_, index) =>
          finding(`Accepted${String(index).padStart(3, '0')}`, {
            differences: [{ path: '/P', expected: 'x'.repeat(1_000), actual: 'y'.repeat(1_000) }],
            accepted: { reason: 'known', expires: null },
          }),
        );
        const state = drifted(...accepted, finding('Queue'));
        await ledger.write(write({ sync: 'DRIFTED', drift: state }));
        const [row] = await ledger.notInSync();
        expect(row!.drift.findings).toHaveLength(20);
        expect(row!.drift.findings.map(({ subject }) => subject)).toContain('Queue');
        expect((await ledger.entry(STACK))!.drift).toEqual(state);
      },
    );
  });

  describe('a day', () => {
    story('tells what happened on it, oldest first, and nothing of another day', async ({ ledger }) => {
      const at = (time: string) => ({ ...happened('updated', time), at: time });
      const morning = Array.from({ length: 11 }, () => at('2026-05-04T08:00:00.000Z'));
      await ledger.write(write({ events: morning }));
      await ledger.write(
        write({ expected: 11, events: [at('2026-05-04T23:59:59.999Z'), at('2026-05-05T00:00:00.000Z')] }),
      );
      const other: Address = 'Stack/dns@111122223333/us-east-1';
      await ledger.write(write({ address: other, events: [at('2026-05-04T07:00:00.000Z')] }));
      const events = await ledger.eventsOf('2026-05-04');
      expect(events.map(({ address, sequence }) => [address, sequence])).toEqual([
        [other, 1],
        ...Array.from({ length: 12 }, (_, index) => [STACK, index + 1]),
      ]);
      expect(await ledger.eventsOf('2026-05-06')).toEqual([]);
    });
  });

  describe('one entry', () => {
    story('is what the inventory has of it', async ({ ledger, another, client }) => {
      const stack = await ledger.write(write());
      const set = await ledger.write(ofBoth({ memberDrift: { [B]: drifted(finding('Topic')) }, sync: 'DRIFTED' }));
      const reader = another();
      expect(await reader.entry(STACK)).toEqual(entryOf(stack));
      expect(await reader.entry(SET)).toEqual(entryOf(set));
      expect(await counting(client, () => reader.entry(STACK))).toEqual({ GetItemCommand: 1 });
    });

    story(
      'is not there for a member, for what nobody knows, nor for a manifest that is deployed one by one',
      async ({ ledger }) => {
        await ledger.write(ofBoth());
        await ledger.write(write());
        const none: readonly Address[] = [inA, 'Stack/nothing@111122223333/us-east-1', 'Stack/vpc'];
        for (const address of none) expect(await ledger.entry(address)).toBeNull();
      },
    );
  });

  describe('one history', () => {
    story('costs one query and one read of its head', async ({ ledger, client }) => {
      await ledger.write(write({ events: Array.from({ length: 40 }, () => happened('updated')) }));
      expect(await counting(client, () => ledger.history(STACK, 20))).toEqual({ QueryCommand: 1, GetItemCommand: 1 });
    });

    story('is read again where a write comes between its end and its head', async ({ ledger, another, client }) => {
      await ledger.write(write());
      let version = 1;
      client.middlewareStack.add(
        (next, context) => async (args) => {
          // After the head was read, and before the events are: the history seems to be longer than its head knows.
          if (
            context.commandName === 'QueryCommand' &&
            JSON.stringify(args.input).includes(`H#${STACK}`) &&
            version < 3
          ) {
            await new Promise((resolve) => setTimeout(resolve, 30));
            const writer = another();
            for (let more = 0; more < 2; more += 1)
              await writer.write(write({ expected: version++, events: [happened('updated')] }));
          }
          return next(args);
        },
        { step: 'serialize', name: 'between' },
      );
      try {
        expect(await ledger.history(STACK, 10)).toHaveLength(3);
      } finally {
        client.middlewareStack.remove('between');
      }
    });

    story('is whole after a crash left an event beyond its head', async ({ ledger, another, client }) => {
      await ledger.write(write());
      await dyingBefore(client, 'D#', () =>
        ledger.write(write({ expected: 1, recorded: recorded(), events: [happened('failed')] })),
      );
      expect((await another().history(STACK, 10)).map(({ event }) => event)).toEqual(['failed', 'created']);
    });
  });
}
