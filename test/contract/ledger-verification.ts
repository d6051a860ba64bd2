import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { rootOfHeads } from '../../src/ledger/heads-root.js';
import { withDigest } from '../../src/ledger/item-digest.js';
import {
  dayIndexKey,
  historyKey,
  registryKey,
  rowKey,
  runKey,
  runListKey,
  runPartition,
  type ItemKey,
} from '../../src/ledger/keys.js';
import { manifestOf, type Address } from '../../src/model/address.js';
import type { Anchor } from '../../src/model/anchor.js';
import { canonicalJson, digestOf, sha256 } from '../../src/model/canonical.js';
import type { RunId } from '../../src/model/identifiers.js';
import type { HistoryEvent, HistoryHead } from '../../src/model/recorded.js';
import type { TargetKey } from '../../src/model/target.js';
import type { Ledger, Verification } from '../../src/reconciler/ports.js';
import {
  blobsInMemory,
  dyingBefore,
  happened,
  member,
  NOW,
  recordedSet,
  run,
  SET,
  STACK,
  storyteller,
  write,
  type Desk,
  type OpenLedger,
} from './ledger-fixtures.js';

type Row = Readonly<Record<string, unknown>>;
type Hand = {
  read(key: ItemKey): Promise<Row>;
  /** Writes an item as somebody would who knows nothing of digests. */
  put(item: Row): Promise<void>;
  /** Writes it with its digest made anew. */
  forge(item: Row): Promise<void>;
  remove(key: ItemKey): Promise<void>;
  parts(pk: string): Promise<readonly Row[]>;
};

/** Somebody with the table open in a console. */
function byHand({ client, table }: Desk): Hand {
  const documents = DynamoDBDocumentClient.from(client);
  const put = async (item: Row) => void (await documents.send(new PutCommand({ TableName: table, Item: item })));
  return {
    read: async ({ pk, sk }) => (await documents.send(new GetCommand({ TableName: table, Key: { pk, sk } }))).Item!,
    put,
    forge: (item) => put(withDigest(item)),
    remove: async ({ pk, sk }) => void (await documents.send(new DeleteCommand({ TableName: table, Key: { pk, sk } }))),
    parts: async (pk) =>
      (
        await documents.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :p)',
            ExpressionAttributeValues: { ':pk': pk, ':p': 'P#' },
          }),
        )
      ).Items!,
  };
}

const A: TargetKey = '111122223333/us-east-1';
const B: TargetKey = '444455556666/us-east-1';
const inA: Address = `${SET}@${A}`;
const RUN_1 = run('run-1', NOW.toISOString());
const RUN_LIST = runListKey(RUN_1.startedAt, RUN_1.id);

const quiet = { signal: new AbortController().signal, progress: () => undefined };
const verified = (ledger: Ledger, anchor: Anchor | null = null) => ledger.verify(quiet, anchor);

/** A stack with four events, a set with two members, and the run that made them. */
async function filled(ledger: Ledger): Promise<void> {
  await ledger.startRun(RUN_1);
  const heads: HistoryHead[] = [];
  for (const [version, event] of (['begun', 'created', 'updated', 'updated'] as const).entries())
    heads.push(
      (await ledger.write(write({ expected: version, events: [happened(event, `event ${version + 1}`)] })))
        .historyHead!,
    );
  const set = await ledger.write(
    write({
      address: SET,
      recorded: recordedSet({ [A]: member('a'), [B]: member('b') }),
      events: [happened('created')],
      memberEvents: [
        { ...happened('created'), address: inA },
        { ...happened('created'), address: `${SET}@${B}` },
      ],
    }),
  );
  const outcome = { address: STACK, action: 'create', result: 'done', detail: '' } as const;
  await ledger.finishRun({ ...RUN_1, finishedAt: NOW.toISOString(), outcome: 'succeeded', changes: [outcome] }, [
    heads.at(-1)!,
    set.historyHead!,
  ]);
}

/** What breaks, in few words. */
function breaksOf({ breaks }: Verification): readonly string[] {
  return breaks.map(
    ({ address, run: id, sequence, message }) => `${address ?? id ?? 'anchor'} ${sequence ?? '-'}: ${message}`,
  );
}

function anchorOf({ root, heads }: Verification): Anchor {
  return { schemaVersion: 1, at: NOW.toISOString(), root, heads };
}

function eventOf(item: Row): HistoryEvent {
  return JSON.parse(item['body'] as string) as HistoryEvent;
}

type Path = readonly (string | number)[];

/** Where the values of a JSON value are. */
function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, index) => (index === Number(key) ? replaced(each, rest, by) : each));
  return { ...(value as Row), [key]: replaced((value as Row)[key], rest, by) };
}

function without(item: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}

const EVENT = (sequence: number): ItemKey => historyKey(STACK, sequence);

/** Nothing that was written can be altered or taken away without being named. */
export function verificationContract(open: () => Promise<OpenLedger>): void {
  const story = storyteller(open);
  const tampered = (
    name: string,
    tamper: (hand: Hand, desk: Desk) => Promise<unknown>,
    expected: readonly unknown[],
  ): void =>
    story(name, async (desk) => {
      await filled(desk.ledger);
      await tamper(byHand(desk), desk);
      const verification = await verified(desk.another());
      expect(breaksOf(verification)).toEqual(expected);
      expect(verification.breaks.every(({ remedy }) => remedy !== '')).toBe(true);
    });
  const says = (text: string): unknown => expect.stringContaining(text);

  describe('a whole ledger', () => {
    story('is read in full, and its root is over all heads', async ({ ledger, another }) => {
      await filled(ledger);
      const told: [number, number][] = [];
      const verification = await another().verify(
        { ...quiet, progress: (done, of) => void told.push([done, of]) },
        null,
      );
      expect(verification).toMatchObject({ addresses: 4, events: 7, runs: 1, breaks: [] });
      expect(verification.root).toMatch(/^[0-9a-f]{64}$/);
      expect(Object.keys(verification.heads).sort()).toEqual([STACK, SET, inA, `${SET}@${B}`].sort());
      expect(told.at(-1)).toEqual([5, 5]);
    });

    story('may be empty', async ({ ledger }) => {
      expect(await verified(ledger)).toEqual({ addresses: 0, events: 0, runs: 0, breaks: [], heads: {}, root: null });
    });

    story(
      'has what a crash left: an event beyond a head, or before there was any entry',
      async ({ ledger, another, client }) => {
        await filled(ledger);
        await dyingBefore(client, 'D#', () => ledger.write(write({ expected: 4, events: [happened('failed')] })));
        const fresh: Address = 'Stack/dns@111122223333/us-east-1';
        await dyingBefore(client, 'D#', () =>
          another().write(write({ address: fresh, events: [{ ...happened('created'), run: 'run-2' as RunId }] })),
        );
        expect(breaksOf(await verified(another()))).toEqual([]);
      },
    );

    story('stays whole for who looks while it is written', async ({ ledger, another }) => {
      await filled(ledger);
      const writing = (async () => {
        for (let version = 4; version < 40; version += 1)
          await ledger.write(write({ expected: version, events: [happened('updated')] }));
      })();
      for (let looks = 0; looks < 5; looks += 1) expect(breaksOf(await verified(another()))).toEqual([]);
      await writing;
    });

    story('ends its reading where it is told to', async ({ ledger }) => {
      await filled(ledger);
      const abort = new AbortController();
      abort.abort(new Error('enough'));
      await expect(ledger.verify({ ...quiet, signal: abort.signal }, null)).rejects.toThrow('enough');
    });

    story('has a history longer than a page', async ({ ledger }) => {
      const long = happened('updated', 'x'.repeat(100_000));
      await ledger.write(write({ events: Array.from({ length: 30 }, () => long) }));
      expect(await verified(ledger)).toMatchObject({ addresses: 1, events: 30, breaks: [] });
    });
  });

  describe('a history', () => {
    const resummed = (item: Row): Row => ({
      ...item,
      body: canonicalJson({ ...eventOf(item), summary: 'nothing happened' }),
    });

    tampered(
      'in which a summary was edited breaks there',
      async (hand) => hand.put(resummed(await hand.read(EVENT(2)))),
      [says(`${STACK} 2: it is not what was written: somebody edited it`)],
    );
    tampered(
      'in which it was edited with its digest breaks there too',
      async (hand) => hand.forge(resummed(await hand.read(EVENT(2)))),
      [says(`${STACK} 2: it is not what was written: the one after it follows another`)],
    );
    tampered(
      'whose newest event was edited with its digest does not end at its head, and its run misses it',
      async (hand) => hand.forge(resummed(await hand.read(EVENT(4)))),
      [
        says(`${STACK} 4: it is not what was written: the entry names another`),
        says('run-1 -: it moved a history to event 4'),
      ],
    );
    tampered('from whose middle an event was taken breaks at the gap', (hand) => hand.remove(EVENT(2)), [
      `${STACK} 2: it is missing`,
    ]);
    tampered('from whose beginning an event was taken breaks at the beginning', (hand) => hand.remove(EVENT(1)), [
      `${STACK} 1: it is missing`,
    ]);
    tampered('from whose end an event was taken breaks at its end', (hand) => hand.remove(EVENT(4)), [
      `${STACK} 4: it is missing`,
      says('run-1 -: it moved a history to event 4'),
    ]);
    tampered(
      'to which something was appended behind the back of its entry breaks after the one that a crash may leave',
      async (hand) => {
        const item = await hand.read(EVENT(4));
        let previous = eventOf(item);
        for (const sequence of [5, 6]) {
          previous = { ...previous, sequence, previousSha256: digestOf(previous) };
          await hand.forge({
            ...item,
            ...EVENT(sequence),
            ...dayIndexKey(previous.at, STACK, sequence),
            body: canonicalJson(previous),
          });
        }
      },
      [says(`${STACK} 5: it was appended, and the entry knows of 4 events only`)],
    );
    tampered(
      'whose event was hidden from the listing of its day breaks there',
      async (hand) => {
        await hand.forge(without(await hand.read(EVENT(3)), 'gsi3pk', 'gsi3sk'));
      },
      [says(`${STACK} 3: it is hidden from the listing of its day`)],
    );
    tampered(
      "into which another address's event was put breaks there",
      async (hand) => {
        const other = await hand.read(historyKey(inA, 1));
        const own = await hand.read(EVENT(1));
        await hand.forge({ ...other, pk: own['pk'], sk: own['sk'] });
      },
      [says(`${STACK} 1: it is event 1 of ${inA}, put in its place`)],
    );
    tampered(
      'of which two are broken is named twice, each with its first break',
      async (hand) => {
        for (const sequence of [2, 3]) await hand.remove(EVENT(sequence));
        await hand.put(resummed(await hand.read(historyKey(inA, 1))));
      },
      [`${STACK} 2: it is missing`, says(`${inA} 1: it is not what was written`)],
    );
    tampered(
      'whose text is no JSON breaks there',
      async (hand) => hand.forge({ ...(await hand.read(EVENT(3))), body: 'x' }),
      [says(`${STACK} 3: the body of the item H#${STACK} 000000000003 is not JSON`)],
    );
    tampered(
      'whose text is no event breaks there',
      async (hand) => hand.forge({ ...(await hand.read(EVENT(3))), body: 'null' }),
      [`${STACK} 3: it is no event`],
    );

    story('in which any one value of any event is another is broken at that event', async (desk) => {
      await filled(desk.ledger);
      const hand = byHand(desk);
      const items = await Promise.all([1, 2, 3, 4].map((sequence) => hand.read(EVENT(sequence))));
      const paths = items.flatMap((item, index) => leavesOf(eventOf(item)).map((path) => ({ index, path })));
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...paths),
          fc.jsonValue(),
          fc.boolean(),
          async ({ index, path }, value, forged) => {
            const item = items[index]!;
            const body = canonicalJson(replaced(eventOf(item), path, value));
            fc.pre(body !== item['body']);
            await hand[forged ? 'forge' : 'put']({ ...item, body });
            try {
              const [first] = (await verified(desk.ledger)).breaks;
              expect(first).toMatchObject({ address: STACK });
              // With a forged digest and another link, the event before it is the last that can be doubted.
              const before = forged && path[0] === 'previousSha256' && index > 0 ? index : index + 1;
              expect(first!.sequence).toBe(before);
            } finally {
              await hand.put(item);
            }
          },
        ),
        { numRuns: 60 },
      );
      expect(breaksOf(await verified(desk.ledger))).toEqual([]);
    });
  });

  describe('an entry', () => {
    tampered(
      'that somebody edited is named, and its history is whole',
      async (hand) => {
        await hand.put({ ...(await hand.read(rowKey(STACK))), sync: 'DRIFTED' });
      },
      [`${STACK} -: the entry is not what was written: somebody edited it`],
    );
    tampered(
      'that was set back together with its newest event is missed by its run',
      async (hand) => {
        await hand.remove(EVENT(4));
        const head = { sequence: 3, sha256: digestOf(eventOf(await hand.read(EVENT(3)))) };
        await hand.forge({ ...(await hand.read(rowKey(STACK))), historyHead: head });
      },
      [says('run-1 -: it moved a history to event 4')],
    );
    tampered(
      'whose head is nonsense does not stop the reading',
      async (hand) => {
        await hand.forge({ ...(await hand.read(rowKey(STACK))), historyHead: 'nonsense' });
      },
      [says(`${STACK} 1: it was appended, and the entry knows of 0 events only`)],
    );
    tampered('that is gone is missed by its history', (hand) => hand.remove(rowKey(STACK)), [
      `${STACK} -: its entry is missing, and its history of 4 events stands`,
    ]);
    tampered(
      'whose manifest was taken from the list is found by its history',
      (hand) => hand.remove(registryKey(manifestOf(STACK))),
      [says(`${STACK} -: Stack/vpc is missing from the list of manifests`)],
    );
    tampered(
      'of a member that is gone is missed too, though its one event is what a crash may leave',
      (hand) => hand.remove(rowKey(inA)),
      [`${inA} -: its entry is missing, and its history of 1 event stands`],
    );
  });

  describe('a run', () => {
    const refinished =
      (outcome: string) =>
      async (hand: Hand): Promise<Row> => {
        const item = await hand.read(runKey(RUN_1.id));
        const header = JSON.parse(item['body'] as string) as { run: Row };
        return { ...item, body: canonicalJson({ ...header, run: { ...header.run, outcome } }) };
      };
    tampered('whose outcome was edited is named', async (hand) => hand.put(await refinished('failed')(hand)), [
      'run-1 -: its summary is not what was written: somebody edited it',
    ]);
    tampered(
      'whose Merkle root is not that of its heads is named',
      async (hand) => {
        const item = await hand.read(runKey(RUN_1.id));
        const header = JSON.parse(item['body'] as string) as { run: Row };
        const body = canonicalJson({ ...header, run: { ...header.run, historyRoot: sha256('other') } });
        await hand.forge({ ...item, body });
      },
      ['run-1 -: its Merkle root is not the one over the heads that it moved'],
    );
    tampered(
      'from which a part was taken is named',
      async (hand) => {
        for (const part of await hand.parts(runPartition(RUN_1.id))) await hand.remove(part as ItemKey);
      },
      [says('run-1 -: its part')],
    );
    tampered(
      'whose part was edited is named, with its digest or without',
      async (hand) => {
        const [part] = await hand.parts(runPartition(RUN_1.id));
        await hand.forge({ ...part, body: '[]' });
      },
      [says('is not what was written')],
    );
    tampered('whose summary was taken is named by its parts', (hand) => hand.remove(runKey(RUN_1.id)), [
      'run-1 -: its summary is missing',
    ]);
    tampered(
      'whose line in the list was edited is named',
      async (hand) => {
        await hand.put({ ...(await hand.read(RUN_LIST)), run: 'run-2' });
      },
      ['run-1 -: its line in the list of runs is not what was written'],
    );
  });

  describe('a body outside of the table', () => {
    const big = happened('updated', 'x'.repeat(400_000));
    story('is held against its digest, and missed', async ({ another }) => {
      const blobs = blobsInMemory();
      await another(blobs).write(write({ events: [happened('created'), big] }));
      expect(blobs.stored.size).toBe(1);
      expect(breaksOf(await verified(another(blobs)))).toEqual([]);
      const [[digest, bytes]] = blobs.stored as unknown as [[Parameters<typeof blobs.put>[0], Uint8Array]];
      blobs.stored.set(digest, Buffer.from(Buffer.from(bytes).toString().replace('updated', 'deleted')));
      expect(breaksOf(await verified(another(blobs)))).toEqual([says(`${STACK} 2: the body of the item`)]);
      blobs.stored.delete(digest);
      expect(breaksOf(await verified(another(blobs)))).toEqual([says('is missing from the store for bodies: restore')]);
    });
  });

  describe('an anchor', () => {
    story('that was taken earlier is still in every chain', async ({ ledger, another }) => {
      await filled(ledger);
      const anchor = anchorOf(await verified(ledger));
      await ledger.write(write({ expected: 4, events: [happened('updated')] }));
      expect(breaksOf(await verified(another(), anchor))).toEqual([]);
    });

    story('shows that a whole history was written anew, digests and all', async (desk) => {
      await filled(desk.ledger);
      const anchor = anchorOf(await verified(desk.ledger));
      const hand = byHand(desk);
      let head: HistoryHead | null = null;
      for (const sequence of [1, 2, 3, 4]) {
        const item = await hand.read(EVENT(sequence));
        const event: HistoryEvent = {
          ...eventOf(item),
          summary: 'another story',
          previousSha256: head?.sha256 ?? null,
        };
        head = { sequence, sha256: digestOf(event) };
        await hand.forge({ ...item, body: canonicalJson(event) });
      }
      await hand.forge({ ...(await hand.read(rowKey(STACK))), historyHead: head });
      for (const key of [
        runKey(RUN_1.id),
        RUN_LIST,
        ...((await hand.parts(runPartition(RUN_1.id))) as unknown as ItemKey[]),
      ])
        await hand.remove(key);
      expect(breaksOf(await verified(desk.another()))).toEqual([]);
      expect(breaksOf(await verified(desk.another(), anchor))).toEqual([
        says(`${STACK} 4: it is not the one that the anchor knows`),
      ]);
    });

    story('shows that the ledger was set back, and what is gone from it', async (desk) => {
      await filled(desk.ledger);
      const whole = await verified(desk.ledger);
      const gone: Address = 'Stack/gone@111122223333/us-east-1';
      const heads = { ...whole.heads, [gone]: { sequence: 2, sha256: sha256('gone') } };
      const later = { ...whole, heads: { ...heads, [STACK]: { sequence: 6, sha256: sha256('six') } } };
      const root = rootOfHeads(Object.values(later.heads));
      expect(breaksOf(await verified(desk.ledger, anchorOf({ ...later, root })))).toEqual([
        `${STACK} 5: it is missing: the anchor knows of 6 events`,
        `${gone} 1: the anchor knows of 2 events, and the ledger of none`,
      ]);
    });

    story('that was edited itself proves nothing', async ({ ledger }) => {
      await filled(ledger);
      const anchor = anchorOf(await verified(ledger));
      const edited = { ...anchor, heads: { ...anchor.heads, [STACK]: { sequence: 1, sha256: sha256('x') } } };
      expect(breaksOf(await verified(ledger, edited))).toContainEqual(
        says('anchor -: the anchor is not as it was taken'),
      );
    });
  });
}
