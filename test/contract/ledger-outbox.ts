import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect } from 'vitest';
import type { Delivery, Notice, Outgoing } from '../../src/model/notice.js';
import { NOW, STACK, storyteller, type OpenLedger } from './ledger-fixtures.js';

const AT = NOW.toISOString();
const SNS = 'sns:arn:aws:sns:us-east-1:111122223333:drift';
const HOOK = 'webhook:https://example.com/hook';
const DELIVERED: Delivery = { type: 'delivered', at: AT, reference: null };

function notice(id: string): Notice {
  return { id, kind: 'drift', address: STACK, title: 'A queue was changed', lines: ['one', 'two'], at: AT };
}

function moved(outgoing: Outgoing, deliveries: Outgoing['deliveries']): Outgoing {
  return { ...outgoing, deliveries: { ...outgoing.deliveries, ...deliveries } };
}

/** Runs `work`, which dies just before its `nth` write or removal. */
async function dyingAtWrite(client: DynamoDBClient, nth: number, work: () => Promise<unknown>): Promise<void> {
  let left = nth;
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (/^(Put|Delete)/.test(String(context.commandName)) && (left -= 1) === 0)
        throw new Error('the process dies here');
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

/** A notice is told once, through each channel, whatever comes in between. */
export function outboxContract(open: () => Promise<OpenLedger>): void {
  const story = storyteller(open);

  describe('notices', () => {
    story(
      'wait until each delivery is delivered or given up, and are never told again',
      async ({ ledger, another }) => {
        expect(await ledger.addNotice(notice('n1'), [SNS, HOOK], NOW)).toBe(true);
        expect(await another().addNotice(notice('n1'), [SNS, HOOK], NOW)).toBe(false);
        const waiting: Delivery = { type: 'waiting', attempts: 0, notBefore: AT, error: null };
        const [first] = await ledger.outgoing();
        expect(first).toEqual({ notice: notice('n1'), deliveries: { [SNS]: waiting, [HOOK]: waiting }, version: 1 });
        const half = moved(first!, { [SNS]: DELIVERED, [HOOK]: { ...waiting, attempts: 1, error: '503' } });
        expect(await ledger.moveOutgoing(half)).toBe(true);
        expect(await another().outgoing()).toEqual([{ ...half, version: 2 }]);
        expect(await another().moveOutgoing(half)).toBe(false);
        const done = moved({ ...half, version: 2 }, { [HOOK]: { type: 'given-up', at: AT, error: '503' } });
        expect(await ledger.moveOutgoing(done)).toBe(true);
        expect(await ledger.outgoing()).toEqual([]);
        expect(await ledger.addNotice(notice('n1'), [SNS, HOOK], NOW)).toBe(false);
        expect(await ledger.moveOutgoing(done)).toBe(false);
      },
    );

    story('of fifty who add the same one, one is told that it is new', async ({ another }) => {
      const results = await Promise.all(
        Array.from({ length: 50 }, () => another().addNotice(notice('n1'), [SNS], NOW)),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await another().outgoing()).toHaveLength(1);
    });

    story(
      'that no channel wants are told already, and a channel that comes later does not hear of them',
      async ({ ledger }) => {
        expect(await ledger.addNotice(notice('n1'), [], NOW)).toBe(true);
        expect(await ledger.outgoing()).toEqual([]);
        expect(await ledger.addNotice(notice('n1'), [SNS], NOW)).toBe(false);
      },
    );

    for (const nth of [1, 2, 3]) {
      story(
        `a crash at write ${nth} of the last move loses none and tells none twice`,
        async ({ ledger, another, client }) => {
          await ledger.addNotice(notice('n1'), [SNS], NOW);
          const [first] = await ledger.outgoing();
          await dyingAtWrite(client, nth, () => ledger.moveOutgoing(moved(first!, { [SNS]: DELIVERED })));
          // Before the first write, nobody knows that it was delivered; after it, everybody does.
          expect(await another().outgoing()).toHaveLength(nth === 1 ? 1 : 0);
          expect(await another().addNotice(notice('n1'), [SNS], NOW)).toBe(false);
          expect(await another().outgoing()).toHaveLength(nth === 1 ? 1 : 0);
        },
      );
    }

    story('that are told while somebody adds them again are not told again', async ({ ledger, another, client }) => {
      let interrupted = false;
      client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context.commandName === 'PutItemCommand' && !interrupted) {
            interrupted = true;
            await another().addNotice(notice('n1'), [SNS], NOW);
            const [first] = await another().outgoing();
            await another().moveOutgoing(moved(first!, { [SNS]: DELIVERED }));
          }
          return next(args);
        },
        { step: 'serialize', name: 'between' },
      );
      try {
        expect(await ledger.addNotice(notice('n1'), [SNS], NOW)).toBe(false);
      } finally {
        client.middlewareStack.remove('between');
      }
      expect(interrupted).toBe(true);
      expect(await ledger.outgoing()).toEqual([]);
    });
  });
}
