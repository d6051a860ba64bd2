import { describe, expect } from 'vitest';
import { sha256 } from '../../src/model/canonical.js';
import type { CheckBook, Pass } from '../../src/model/checks.js';
import type { AccountId, RunId } from '../../src/model/identifiers.js';
import type { TargetKey } from '../../src/model/target.js';
import { counting, NOW, STACK, storyteller, type OpenLedger } from './ledger-fixtures.js';

function book(target: TargetKey, changes: Partial<CheckBook> = {}): CheckBook {
  return {
    target,
    accountName: 'audit',
    unitPath: '/Security',
    stacks: {
      'arn:aws:cloudformation:us-east-1:111122223333:stack/evenkeel-vpc/1': {
        address: STACK,
        nested: null,
        detection: { at: NOW.toISOString(), status: 'NOT_CHECKABLE', error: null, notCheckable: ['AWS::SNS::Topic'] },
        template: null,
        pending: { id: 'd-1', since: NOW.toISOString() },
      },
    },
    spent: { since: NOW.toISOString(), calls: 7 },
    version: 0,
    ...changes,
  };
}

function pass(at: string): Pass {
  return {
    at,
    run: 'run-1' as RunId,
    door: 'watch',
    durationMs: 1_234,
    calls: { 'cloudformation:DescribeStacks': 8 },
    deployments: 40,
    unknown: 1,
    begun: { detections: 3, sweeps: 2 },
    waiting: 5,
  };
}

/** What the ledger keeps of the checks: the books, what cannot be checked, and the newest pass. */
export function checksContract(open: () => Promise<OpenLedger>): void {
  const story = storyteller(open);
  const A: TargetKey = '111122223333/us-east-1';

  describe('check books', () => {
    story('all of them, or those of one account, cost one query', async ({ ledger, client }) => {
      const targets: readonly TargetKey[] = [A, '111122223333/us-west-2', '444455556666/us-east-1'];
      for (const target of targets) expect(await ledger.writeCheckBook(book(target))).toBe(true);
      expect(await counting(client, () => ledger.checkBooks())).toEqual({ QueryCommand: 1 });
      expect((await ledger.checkBooks()).map(({ target }) => target)).toEqual(targets);
      const account = '111122223333' as AccountId;
      expect(await counting(client, () => ledger.checkBooks(account))).toEqual({ QueryCommand: 1 });
      expect(await ledger.checkBooks(account)).toEqual(
        targets.slice(0, 2).map((target) => book(target, { version: 1 })),
      );
    });

    story('of fifty who write the same one, one does, whether it is there already or not', async ({ another }) => {
      for (const version of [0, 1]) {
        const results = await Promise.all(
          Array.from({ length: 50 }, (_, calls) =>
            another().writeCheckBook(book(A, { version, spent: { since: NOW.toISOString(), calls } })),
          ),
        );
        expect(results.filter(Boolean)).toHaveLength(1);
      }
      expect(await another().checkBooks()).toMatchObject([{ version: 2 }]);
    });
  });

  describe('coverage', () => {
    story(
      'is read for hundreds of artifacts in a few batches, and nobody is not nothing',
      async ({ ledger, client }) => {
        const artifacts = Array.from({ length: 250 }, (_, index) => sha256(String(index)));
        await ledger.learnCoverage(artifacts[0]!, ['Custom::B', 'Custom::A', 'Custom::A']);
        await ledger.learnCoverage(artifacts[249]!, []);
        expect(await ledger.coverage(artifacts)).toEqual(
          new Map([
            [artifacts[0], ['Custom::A', 'Custom::B']],
            [artifacts[249], []],
          ]),
        );
        expect(await counting(client, () => ledger.coverage([...artifacts, ...artifacts]))).toEqual({
          BatchGetItemCommand: 3,
        });
        expect(await ledger.coverage([])).toEqual(new Map());
      },
    );

    story(
      'is learned anew where CloudFormation has learned, and not written again where it is the same',
      async ({ ledger, another, client }) => {
        const artifact = sha256('artifact');
        await Promise.all([['Custom::A'], ['Custom::A']].map((types) => another().learnCoverage(artifact, types)));
        expect(await counting(client, () => ledger.learnCoverage(artifact, ['Custom::A']))).toEqual({
          GetItemCommand: 1,
        });
        await ledger.learnCoverage(artifact, []);
        expect(await another().coverage([artifact])).toEqual(new Map([[artifact, []]]));
      },
    );
  });

  describe('the newest pass', () => {
    story('is the newest, whoever writes last', async ({ ledger, another }) => {
      expect(await ledger.pass()).toBeNull();
      const times = ['2026-05-04T12:00:00.000Z', '2026-05-04T12:30:00.000Z', '2026-05-04T12:15:00.000Z'];
      for (const time of times) await another().recordPass(pass(time));
      expect(await ledger.pass()).toEqual(pass(times[1]!));
    });
  });
}
