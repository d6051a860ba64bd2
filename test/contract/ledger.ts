import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createLedger } from '../../src/ledger/dynamodb-ledger.js';
import type { BlobStore } from '../../src/ledger/bodies.js';
import { merkleRoot } from '../../src/ledger/merkle.js';
import type { Address, ManifestAddress } from '../../src/model/address.js';
import { digestOf, sha256 } from '../../src/model/canonical.js';
import { NO_DRIFT } from '../../src/model/drift.js';
import type { Hold } from '../../src/model/hold.js';
import type { AccountId, Token } from '../../src/model/identifiers.js';
import type { BudgetUse } from '../../src/model/plan.js';
import type { HistoryEvent, RecordedMember } from '../../src/model/recorded.js';
import type { ChangeOutcome } from '../../src/model/run.js';
import type { TargetKey } from '../../src/model/target.js';
import { LedgerConflict, type EntryWrite, type Ledger } from '../../src/reconciler/ports.js';
import { checksContract } from './ledger-checks.js';
import {
  blobsInMemory,
  counting,
  DAY,
  dyingBefore,
  entryOf,
  happened,
  IN_DOUBT,
  interrupting,
  member,
  MINUTE,
  NOW,
  recorded,
  recordedSet,
  run,
  RUN,
  SET,
  STACK,
  write,
  type OpenLedger,
} from './ledger-fixtures.js';
import { listingsContract } from './ledger-listings.js';
import { outboxContract } from './ledger-outbox.js';
import { verificationContract } from './ledger-verification.js';

/** What every ledger promises, over any endpoint that speaks DynamoDB. `open` gives a new table each time. */
export function ledgerContract(open: () => Promise<OpenLedger>): void {
  let opened: OpenLedger;
  let ledger: Ledger;
  const another = (blobs?: BlobStore) =>
    createLedger({
      client: opened.client,
      table: opened.table,
      installation: 'evenkeel',
      ...(blobs === undefined ? {} : { blobs }),
    });

  function story(name: string, body: () => Promise<void>): void {
    it(name, async () => {
      opened = await open();
      ledger = opened.ledger;
      try {
        await body();
      } finally {
        await opened.close();
      }
    });
  }

  async function chainOf(address: Address, from: Ledger = ledger): Promise<readonly HistoryEvent[]> {
    const events = await from.history(address, 1000);
    for (const [index, event] of events.entries()) {
      const before = events[index + 1];
      expect(event.sequence).toBe(events.length - index);
      expect(event.previousSha256).toBe(before === undefined ? null : digestOf(before));
    }
    return events;
  }

  describe('entries', () => {
    story('an entry is read back as it was written', async () => {
      const written = await ledger.write(write({ step: IN_DOUBT, sync: 'NOT_CHECKED' }));
      expect(written).toMatchObject({
        version: 1,
        generation: 1,
        recorded: recorded(),
        step: IN_DOUBT,
        sync: 'NOT_CHECKED',
      });
      expect(await another().inventory()).toEqual([entryOf(written)]);
    });

    story('a writer that read an older version is refused, and changes nothing', async () => {
      const first = await ledger.write(write());
      await ledger.write(write({ expected: 1, events: [happened('updated')] }));
      const stale = write({ expected: first.version, sync: 'DRIFTED', events: [happened('appeared')] });
      await expect(ledger.write(stale)).rejects.toBeInstanceOf(LedgerConflict);
      await expect(another().write(stale)).rejects.toBeInstanceOf(LedgerConflict);
      expect(await another().inventory()).toMatchObject([
        { version: 2, sync: 'IN_SYNC', historyHead: { sequence: 2 } },
      ]);
      expect((await chainOf(STACK)).map((event) => event.event)).toEqual(['updated', 'created']);
    });

    story('a writer that expects no entry is refused where there is one', async () => {
      await ledger.write(write());
      await expect(another().write(write({ events: [] }))).rejects.toBeInstanceOf(LedgerConflict);
    });

    story('a writer that expects an entry is refused where there is none', async () => {
      await expect(ledger.write(write({ expected: 3 }))).rejects.toBeInstanceOf(LedgerConflict);
    });

    story('a writer under an older lease is refused although it read the newest version', async () => {
      await ledger.write(write({ generation: 7 }));
      const fenced = another();
      await fenced.inventory();
      await expect(fenced.write(write({ expected: 1, generation: 6, events: [] }))).rejects.toThrow('generation 7');
      expect(await another().inventory()).toMatchObject([{ version: 1, generation: 7 }]);
    });

    story('of fifty who write at once, one wins, and the history is one chain', async () => {
      await ledger.write(write());
      const writers = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const writer = another();
          await writer.inventory();
          return () => writer.write(write({ expected: 1, events: [happened('updated', `writer ${index}`)] }));
        }),
      );
      const results = await Promise.allSettled(writers.map((start) => start()));
      const won = results.filter((result) => result.status === 'fulfilled').map((result) => result.value);
      const lost = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
      expect(won).toHaveLength(1);
      expect(lost.every((reason) => reason instanceof LedgerConflict)).toBe(true);
      expect(await another().inventory()).toEqual(won.map(entryOf));
      await chainOf(STACK);
    });

    story('of fifty who make an entry at once, one wins', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) =>
          another().write(write({ events: [happened('created', `writer ${index}`)] })),
        ),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      await chainOf(STACK);
    });

    story(
      'the inventory still has the units of a manifest that is gone, and what was deleted keeps its version',
      async () => {
        await ledger.write(write({ address: 'Stack/old@111122223333/us-east-1' }));
        await ledger.write(write({ address: 'Stack/old@444455556666/us-east-1' }));
        await ledger.write(write());
        await ledger.write(write({ expected: 1, recorded: null, events: [happened('deleted')] }));
        const entries = new Map((await another().inventory()).map((entry) => [entry.address, entry]));
        expect([...entries.keys()].sort()).toEqual([
          'Stack/old@111122223333/us-east-1',
          'Stack/old@444455556666/us-east-1',
          STACK,
        ]);
        expect(entries.get(STACK)).toMatchObject({ recorded: null, version: 2 });
      },
    );

    story(
      'a table belongs to one installation, and another is refused before it can take anything for removed',
      async () => {
        await ledger.write(write());
        const stranger = createLedger({ client: opened.client, table: opened.table, installation: 'other' });
        await expect(stranger.inventory()).rejects.toThrow('installation evenkeel');
        await expect(stranger.write(write({ address: 'Stack/x@111122223333/us-east-1' }))).rejects.toThrow(
          'installation evenkeel',
        );
        await expect(stranger.create()).rejects.toThrow('installation evenkeel');
      },
    );

    story(
      'a write takes two calls once its manifest is known, and a settled inventory one query a manifest',
      async () => {
        for (const name of ['a', 'b', 'c']) {
          for (const account of ['111122223333', '444455556666'])
            await ledger.write(write({ address: `Stack/${name}@${account}/us-east-1` }));
        }
        const reader = another();
        expect(await counting(opened.client, () => reader.inventory())).toEqual({ QueryCommand: 4 });
        const next = write({ address: 'Stack/a@111122223333/us-east-1', expected: 1 });
        expect(await counting(opened.client, () => reader.write(next))).toEqual({ PutItemCommand: 2 });
        const fresh = write({ address: 'Stack/a@777788889999/us-east-1' });
        expect(await counting(opened.client, () => reader.write(fresh))).toEqual({ PutItemCommand: 2 });
      },
    );
  });

  describe('history', () => {
    story('each event carries the digest of the one before, and the newest comes first', async () => {
      await ledger.write(write({ events: [happened('begun')] }));
      await ledger.write(write({ expected: 1, events: [happened('created')] }));
      await ledger.write(write({ expected: 2, events: [] }));
      const last = await ledger.write(write({ expected: 3, events: [happened('appeared')] }));
      const events = await chainOf(STACK);
      expect(events.map((event) => event.event)).toEqual(['appeared', 'created', 'begun']);
      expect(last.historyHead).toEqual({ sequence: 3, sha256: digestOf(events[0]) });
      expect(await ledger.history(STACK, 2)).toEqual(events.slice(0, 2));
      expect(await ledger.history('Stack/nothing@111122223333/us-east-1', 10)).toEqual([]);
    });

    story('a crash between an event and its entry loses neither, and the next write goes on after it', async () => {
      const first = await ledger.write(write());
      const crashed = another();
      await crashed.inventory();
      await dyingBefore(opened.client, 'D#', () =>
        crashed.write(write({ expected: 1, events: [happened('begun', 'crashed')] })),
      );

      const next = another();
      expect(await next.inventory()).toEqual([entryOf(first)]);
      expect((await chainOf(STACK, next)).map((event) => event.summary)).toEqual(['crashed', 'created']);
      const written = await next.write(write({ expected: 1, events: [happened('begun', 'again')] }));
      expect((await chainOf(STACK)).map((event) => event.summary)).toEqual(['again', 'crashed', 'created']);
      expect(await another().inventory()).toEqual([entryOf(written)]);
    });

    story('the same write after such a crash takes its own event for its own', async () => {
      await ledger.write(write());
      const same = write({ expected: 1, events: [happened('begun')] });
      await dyingBefore(opened.client, 'D#', () => ledger.write(same));
      await ledger.write(same);
      expect((await chainOf(STACK)).map((event) => event.event)).toEqual(['begun', 'created']);
    });

    story('crash after crash leaves one chain, also where there was no entry yet', async () => {
      const begin = async (summary: string) => {
        const next = another();
        const [entry] = await next.inventory();
        return next.write(write({ expected: entry?.version ?? 0, events: [happened('begun', summary)] }));
      };
      await dyingBefore(opened.client, 'D#', () => begin('one'));
      // What the crash before left is taken in, which is the one put that passes.
      await dyingBefore(opened.client, 'D#', () => begin('two'), 1);
      await dyingBefore(opened.client, 'D#', () => begin('three'), 1);
      expect((await chainOf(STACK)).map((event) => event.summary)).toEqual(['three', 'two', 'one']);
      await begin('four');
      expect((await chainOf(STACK)).map((event) => event.summary)).toEqual(['four', 'three', 'two', 'one']);
      expect(await another().inventory()).toMatchObject([{ address: STACK, historyHead: { sequence: 4 } }]);
    });

    story('an event that somebody changed or removed is not shown as if nothing were wrong', async () => {
      await ledger.write(write({ events: [happened('begun')] }));
      await ledger.write(write({ expected: 1, events: [happened('created')] }));
      const { client, table } = opened;
      const second = { pk: { S: `H#${STACK}` }, sk: { S: '000000000002' } };
      const { Item: original } = await client.send(new GetItemCommand({ TableName: table, Key: second }));
      const changed = { ...original, body: { S: original!['body']!.S!.replace('created', 'deleted') } };
      await client.send(new PutItemCommand({ TableName: table, Item: changed }));
      await expect(ledger.history(STACK, 10)).rejects.toThrow('broken at event 2: it is not what was written');
      await client.send(new DeleteItemCommand({ TableName: table, Key: second }));
      await expect(ledger.history(STACK, 10)).rejects.toThrow('broken at event 2: it is missing');
    });
  });

  describe('members of a stack set', () => {
    const inA: TargetKey = '111122223333/us-east-1';
    const inB: TargetKey = '444455556666/us-east-1';
    const inC: TargetKey = '777788889999/us-east-1';
    const setWrite = (members: Readonly<Record<TargetKey, RecordedMember>>, changes: Partial<EntryWrite> = {}) =>
      write({ address: SET, recorded: recordedSet(members), events: [], ...changes });

    story('they are items of their own, and are joined again', async () => {
      const written = await ledger.write(setWrite({ [inA]: member('a'), [inB]: member('b') }));
      expect(written.recorded).toEqual(recordedSet({ [inA]: member('a'), [inB]: member('b') }));
      expect(await another().inventory()).toEqual([entryOf(written)]);
    });

    story('only those that changed are written, and those that left are gone', async () => {
      await ledger.write(setWrite({ [inA]: member('a'), [inB]: member('b') }));
      const writer = another();
      await writer.inventory();
      const next = setWrite({ [inA]: member('a'), [inC]: member('c') }, { expected: 1 });
      // One for C, one for B that left, one for the set itself.
      expect(await counting(opened.client, () => writer.write(next))).toEqual({ GetItemCommand: 1, PutItemCommand: 3 });
      const journal = setWrite({ [inA]: member('a'), [inC]: member('c') }, { expected: 2, step: IN_DOUBT });
      expect(await counting(opened.client, () => writer.write(journal))).toEqual({ PutItemCommand: 1 });
      expect(await another().inventory()).toMatchObject([{ version: 3, step: IN_DOUBT }]);
      const [entry] = await another().inventory();
      expect(entry!.recorded).toEqual(recordedSet({ [inA]: member('a'), [inC]: member('c') }));
    });

    story('a member that comes back goes on with its own history', async () => {
      const event = (what: HistoryEvent['event']) => ({ ...happened(what), address: `${SET}@${inA}` as const });
      await ledger.write(setWrite({ [inA]: member('a') }, { memberEvents: [event('created')] }));
      await another().write(setWrite({}, { expected: 1, memberEvents: [event('deleted')] }));
      await another().write(
        setWrite({ [inA]: member('a2') }, { expected: 2, memberEvents: [event('created'), event('gone')] }),
      );
      expect((await chainOf(`${SET}@${inA}`)).map(({ event }) => event)).toEqual([
        'gone',
        'created',
        'deleted',
        'created',
      ]);
    });

    story('a writer that is too late leaves the members alone', async () => {
      const first = await ledger.write(setWrite({ [inA]: member('a') }, { generation: 5 }));
      const late = another();
      await late.inventory();
      const second = await ledger.write(setWrite({ [inA]: member('a') }, { expected: first.version, generation: 6 }));
      await expect(
        late.write(setWrite({ [inA]: member('late') }, { expected: 1, generation: 5 })),
      ).rejects.toBeInstanceOf(LedgerConflict);
      expect(await another().inventory()).toEqual([entryOf(second)]);
    });

    story('a crash between the members and their set is made good by the next write', async () => {
      await ledger.write(setWrite({ [inA]: member('a') }, { step: IN_DOUBT }));
      await dyingBefore(opened.client, `D#${SET}`, () =>
        ledger.write(
          setWrite(
            { [inB]: member('b') },
            { expected: 1, memberEvents: [{ ...happened('created'), address: `${SET}@${inB}` }] },
          ),
        ),
      );
      const next = another();
      expect(await next.inventory()).toMatchObject([{ version: 1, step: IN_DOUBT }]);
      const written = await next.write(
        setWrite(
          { [inB]: member('b') },
          { expected: 1, memberEvents: [{ ...happened('created'), address: `${SET}@${inB}` }] },
        ),
      );
      expect(await another().inventory()).toEqual([entryOf(written)]);
      expect(await chainOf(`${SET}@${inB}`)).toHaveLength(1);
    });

    story(
      'a manifest that was deployed one by one can become a stack set, and the other way round, once the old is gone, whatever the generations of their leases',
      async () => {
        const manifest: ManifestAddress = 'ServerlessApplication/janitor';
        const address: Address = `${manifest}@${inA}`;
        const asSet = (expected: number, members: Readonly<Record<TargetKey, RecordedMember>>) =>
          write({ address: manifest, expected, generation: 3, recorded: recordedSet(members), events: [] });
        await ledger.write(write({ address, generation: 7 }));
        await expect(ledger.write(asSet(0, { [inA]: member('a') }))).rejects.toThrow('deployment of its own');
        await ledger.write(
          write({ address, expected: 1, generation: 7, recorded: null, events: [happened('deleted')] }),
        );
        await ledger.write(asSet(0, { [inA]: member('a') }));
        await expect(another().write(write({ address }))).rejects.toBeInstanceOf(LedgerConflict);
        await ledger.write(asSet(1, {}));
        const again = await another().write(write({ address, generation: 1 }));
        await expect(another().write(write({ address, expected: again.version, generation: 0 }))).rejects.toThrow(
          'generation 1',
        );
        expect(again.version).toBeGreaterThan(1);
        expect((await another().inventory()).map((entry) => entry.address).sort()).toEqual([manifest, address]);
        await chainOf(address);
      },
    );

    story("an account's deployments are its stacks and its instances, with the state of their units", async () => {
      await ledger.write(write());
      await ledger.write(write({ address: 'Stack/gone@111122223333/us-east-1', recorded: null }));
      await ledger.write(setWrite({ [inA]: member('a'), [inB]: member('b') }, { sync: 'DRIFTED' }));
      const listed = await ledger.account('111122223333' as AccountId);
      expect([...listed].sort((one, other) => (one.address < other.address ? -1 : 1))).toEqual([
        { address: STACK, role: 'unit', sync: 'IN_SYNC', status: 'deployed', at: NOW.toISOString(), drift: NO_DRIFT },
        {
          address: `${SET}@${inA}`,
          role: 'member',
          sync: 'DRIFTED',
          status: 'deployed',
          at: NOW.toISOString(),
          drift: NO_DRIFT,
        },
      ]);
    });
  });

  describe('big bodies', () => {
    const big = recorded({
      settings: { ...recorded().settings, parameters: { Policy: { type: 'plain', value: '"é" '.repeat(80_000) } } },
    });

    story('a record over the limit goes to the store for bodies and comes back', async () => {
      const blobs = blobsInMemory();
      const written = await another(blobs).write(write({ recorded: big }));
      expect(blobs.stored.size).toBe(1);
      expect(await another(blobs).inventory()).toEqual([entryOf(written)]);
      expect(written.recorded).toEqual(big);
    });

    story('without a store it is refused in so many words, and nothing is written', async () => {
      await expect(another().write(write({ recorded: big }))).rejects.toThrow('opened without one');
      expect(await another().inventory()).toEqual([]);
    });

    story('a body that was changed is refused', async () => {
      const blobs = blobsInMemory();
      await another(blobs).write(write({ recorded: big }));
      for (const digest of blobs.stored.keys()) blobs.stored.set(digest, Buffer.from('{}'));
      await expect(another(blobs).inventory()).rejects.toThrow('not what was stored');
    });
  });

  describe('leases', () => {
    const both = ['A#444455556666', 'A#111122223333'];

    story('all of them or none', async () => {
      expect(await ledger.acquire(['A#444455556666'], 'one', MINUTE, NOW)).toMatchObject({ type: 'acquired' });
      expect(await another().acquire(both, 'two', MINUTE, NOW)).toEqual({
        type: 'held',
        name: 'A#444455556666',
        holder: 'one',
        until: new Date(NOW.getTime() + MINUTE).toISOString(),
      });
      expect(await ledger.acquire(['A#111122223333'], 'three', MINUTE, NOW)).toMatchObject({ type: 'acquired' });
    });

    story('the generation grows with every holder and is not reset by a release', async () => {
      const generations: number[] = [];
      for (const holder of ['one', 'two', 'one']) {
        const acquired = await ledger.acquire(['A#111122223333'], holder, MINUTE, NOW);
        if (acquired.type === 'held') throw new Error('held');
        generations.push(...acquired.leases.map((lease) => lease.generation));
        await ledger.release(acquired.leases, holder);
      }
      expect(generations).toEqual([1, 2, 3]);
    });

    story('one that has run out is taken over, and its holder learns of it', async () => {
      const first = await ledger.acquire(both, 'one', MINUTE, NOW);
      const later = new Date(NOW.getTime() + MINUTE + 1);
      const second = await another().acquire(both, 'two', MINUTE, later);
      if (first.type === 'held' || second.type === 'held') throw new Error('held');
      expect(second.leases.map((lease) => lease.generation)).toEqual([2, 2]);
      expect(await ledger.renew(first.leases, 'one', MINUTE, later)).toBe(false);
      await ledger.release(first.leases, 'one');
      expect(await another().acquire(both, 'three', MINUTE, later)).toMatchObject({ type: 'held', holder: 'two' });
    });

    story('one that is renewed is not taken over', async () => {
      const first = await ledger.acquire(both, 'one', MINUTE, NOW);
      if (first.type === 'held') throw new Error('held');
      expect(await ledger.renew(first.leases, 'one', MINUTE, new Date(NOW.getTime() + MINUTE / 2))).toBe(true);
      expect(await another().acquire(both, 'two', MINUTE, new Date(NOW.getTime() + MINUTE + 1))).toMatchObject({
        type: 'held',
        holder: 'one',
      });
    });

    story('of fifty who want the same two, one gets both and the others hold nothing', async () => {
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) => another().acquire(both, `holder-${index}`, MINUTE, NOW)),
      );
      const acquired = results.filter((result) => result.type === 'acquired');
      expect(acquired).toHaveLength(1);
      expect(acquired[0]!.leases.map((lease) => lease.name)).toEqual([...both].sort());
    });

    story('of fifty who take over one that has run out, one gets it', async () => {
      await ledger.acquire(both, 'gone', MINUTE, NOW);
      const later = new Date(NOW.getTime() + 2 * MINUTE);
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) => another().acquire(both, `holder-${index}`, MINUTE, later)),
      );
      expect(results.filter((result) => result.type === 'acquired')).toHaveLength(1);
    });

    story('who is overtaken half-way gives back what it had', async () => {
      const overtaken = await interrupting(
        opened.client,
        'L#A#444455556666',
        () => another().acquire(['A#444455556666'], 'fast', MINUTE, NOW),
        () => ledger.acquire(both, 'slow', MINUTE, NOW),
      );
      expect(overtaken).toMatchObject({ type: 'held', name: 'A#444455556666', holder: 'fast' });
      expect(await another().acquire(['A#111122223333'], 'third', MINUTE, NOW)).toMatchObject({ type: 'acquired' });
    });

    story('more than one batch of names', async () => {
      const names = Array.from({ length: 230 }, (_, index) => `A#${String(index).padStart(12, '0')}`);
      const first = await ledger.acquire(names, 'one', MINUTE, NOW);
      if (first.type === 'held') throw new Error('held');
      expect(first.leases).toHaveLength(230);
      expect(await another().acquire(names.slice(-1), 'two', MINUTE, NOW)).toMatchObject({
        type: 'held',
        holder: 'one',
      });
    });
  });

  describe('budgets', () => {
    const NOTHING: BudgetUse = { deletes: 0, replaces: 0, accounts: [] };
    const account = (id: string) => id as AccountId;
    const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
    const deletes = (count: number, token = 'ek-a') => ({
      charges: [{ token: token as Token, deletes: count, replaces: 0 }],
      accounts: [],
    });

    story('what is spent adds up inside the window and leaves it again', async () => {
      expect(await ledger.spent(DAY, NOW, [])).toEqual(NOTHING);
      const first = { ...deletes(2), accounts: [account('1'), account('2')] };
      expect(await ledger.spend(first, NOTHING, RUN, DAY, NOW)).toBe(true);
      const known = await ledger.spent(DAY, NOW, []);
      expect(known).toEqual({ deletes: 2, replaces: 0, accounts: ['1', '2'] });
      const second = {
        charges: [{ token: 'ek-b' as Token, deletes: 1, replaces: 1 }],
        accounts: [account('2'), account('3')],
      };
      expect(await another().spend(second, known, RUN, DAY, later(DAY / 2))).toBe(true);
      expect(await ledger.spent(DAY, later(DAY / 2), [])).toEqual({
        deletes: 3,
        replaces: 1,
        accounts: ['1', '2', '3'],
      });
      expect(await ledger.spent(DAY, later(DAY), [])).toEqual({ deletes: 1, replaces: 1, accounts: ['2', '3'] });
      expect(await ledger.spent(DAY, later(2 * DAY), [])).toEqual(NOTHING);
    });

    story('a step that is begun again is paid for once, and leaves the window later', async () => {
      expect(await ledger.spend(deletes(3), NOTHING, RUN, DAY, NOW)).toBe(true);
      expect(await another().spent(DAY, later(DAY / 2), ['ek-a' as Token])).toEqual(NOTHING);
      expect(await another().spend(deletes(1), NOTHING, RUN, DAY, later(DAY / 2))).toBe(true);
      // Two of the three were deleted before it was interrupted.
      expect(await ledger.spent(DAY, later(DAY), [])).toEqual({ ...NOTHING, deletes: 3 });
      expect(await ledger.spent(DAY, later(2 * DAY), [])).toEqual(NOTHING);
    });

    story("who did not know of somebody else's spending must judge again", async () => {
      const known = await ledger.spent(DAY, NOW, []);
      expect(await another().spend(deletes(4), known, RUN, DAY, NOW)).toBe(true);
      expect(await ledger.spend(deletes(4, 'ek-b'), known, RUN, DAY, NOW)).toBe(false);
      expect(await ledger.spent(DAY, NOW, [])).toEqual({ ...NOTHING, deletes: 4 });
    });

    story('of fifty who spend at once, one does', async () => {
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, n) => another().spend(deletes(1, `ek-${n}`), NOTHING, RUN, DAY, NOW)),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await ledger.spent(DAY, NOW, [])).toEqual({ ...NOTHING, deletes: 1 });
    });

    story('a thousand accounts touched again and again stay one small item', async () => {
      const accounts = Array.from({ length: 1000 }, (_, index) => account(String(index).padStart(12, '0')));
      let known = NOTHING;
      for (let minute = 0; minute < 40; minute += 1) {
        expect(await ledger.spend({ charges: [], accounts }, known, RUN, DAY, later(minute * MINUTE))).toBe(true);
        known = await ledger.spent(DAY, later(minute * MINUTE), []);
      }
      expect(known.accounts).toHaveLength(1000);
    });
  });

  describe('runs', () => {
    const outcome = (index: number): ChangeOutcome => ({
      address: `Stack/s${index}@111122223333/us-east-1`,
      action: 'update',
      result: 'done',
      detail: '"quoted" '.repeat(20),
    });

    story('the newest comes first, and one that never finished is there as it began', async () => {
      const runs = [
        run('a', '2026-05-01T00:00:00.000Z'),
        run('c', '2026-05-03T00:00:00.000Z'),
        run('b', '2026-05-02T00:00:00.000Z'),
      ];
      for (const one of runs) await ledger.startRun(one);
      expect((await another().runs(2)).map(({ id }) => id)).toEqual(['c', 'b']);
      expect(await another().runs(10)).toEqual([runs[1], runs[2], runs[0]]);
    });

    story('a finished run has its changes and the root over the heads that it moved', async () => {
      const heads = [3, 1, 2].map((sequence) => ({ sequence, sha256: sha256(String(sequence)) }));
      await ledger.startRun(run('a', NOW.toISOString()));
      const finished = run('a', NOW.toISOString(), {
        finishedAt: NOW.toISOString(),
        outcome: 'succeeded',
        changes: [outcome(1)],
      });
      await ledger.finishRun(finished, heads);
      const root = merkleRoot(heads.map((head) => head.sha256).sort());
      expect(await another().runs(1)).toEqual([{ ...finished, historyRoot: root }]);
    });

    story('a run is started once and finished once', async () => {
      await expect(ledger.finishRun(run('a', NOW.toISOString()), [])).rejects.toBeInstanceOf(LedgerConflict);
      await ledger.startRun(run('a', NOW.toISOString()));
      await expect(ledger.startRun(run('a', NOW.toISOString()))).rejects.toBeInstanceOf(LedgerConflict);
      await ledger.finishRun(run('a', NOW.toISOString()), []);
      await expect(ledger.finishRun(run('a', NOW.toISOString()), [])).rejects.toBeInstanceOf(LedgerConflict);
    });

    story('ten thousand changes need no store for bodies and keep their order', async () => {
      const changes = Array.from({ length: 10_000 }, (_, index) => outcome(index));
      const heads = changes.map((_, index) => ({ sequence: index, sha256: sha256(String(index)) }));
      const small = another();
      await small.startRun(run('a', NOW.toISOString()));
      await small.finishRun(run('a', NOW.toISOString(), { changes }), heads);
      expect((await small.runs(1))[0]!.changes).toEqual(changes);
    });
  });

  describe('holds', () => {
    const hold: Hold = {
      manifest: SET,
      artifactSha256: sha256('artifact'),
      wave: 0,
      failed: [STACK],
      reason: 'it failed',
      run: RUN,
      at: NOW.toISOString(),
      resumed: null,
    };

    story('the newest of each manifest is what everybody reads', async () => {
      expect(await another().holds()).toEqual([]);
      await ledger.hold(hold);
      await ledger.hold({ ...hold, manifest: 'Stack/vpc' });
      const resumed = { ...hold, resumed: { reason: 'looked at', at: NOW.toISOString() } };
      await another().hold(resumed);
      expect(await ledger.holds()).toEqual([{ ...hold, manifest: 'Stack/vpc' }, resumed]);
    });

    story('a thousand failures and a long reason fit into it', async () => {
      await ledger.hold({ ...hold, failed: Array(1_000).fill(STACK), reason: 'x'.repeat(100_000) });
      const [read] = await another().holds();
      expect([read!.failed.length, read!.reason.length]).toEqual([100, 4_000]);
    });
  });

  describe('the table', () => {
    story('is made once', async () => {
      expect(await another().create()).toBe('existed');
    });
  });

  listingsContract(open);
  checksContract(open);
  outboxContract(open);
  verificationContract(open);
}
