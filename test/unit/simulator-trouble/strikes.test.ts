import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/simulator/kernel/contract.js';
import { SeededIdentifiers } from '../../../src/simulator/kernel/seeded-identifiers.js';
import type { Trouble } from '../../../src/simulator/kernel/trouble.js';
import { SeededStrikes } from '../../../src/simulator/trouble/strikes.js';
import { clientsOf, MEMBER, OTHER, outcomeOf, REGION, troubled } from './world.js';

const strikes = (trouble: Trouble, seed = 1) =>
  new SeededStrikes(trouble, 'aws', new SeededIdentifiers(seed, 'trouble'));

const callOf = (operation: string, account = MEMBER, region = REGION): Call => ({
  service: 'cloudformation',
  operation,
  region,
  principal: { accountId: account, arn: '', userId: '' },
  requestId: '',
});

type Kind = string | null;
const struckBy = (seeded: SeededStrikes, call: Call, input = {}): Kind =>
  seeded.striking(call, () => input)?.kind ?? null;

const many = (seeded: SeededStrikes, call: Call, count: number): Kind[] =>
  Array.from({ length: count }, () => struckBy(seeded, call));

const trouble: Trouble = { throttling: 0.3, resets: 0.2, errors: 0.1, latency: 0.3, mostInARow: 3 };

describe('what is struck', () => {
  it('depends on the seed and the calls of that kind, never on what is called in between', () => {
    const operations = fc.constantFrom('DescribeStacks', 'CreateStack', 'ListStacks');
    const calls = fc
      .tuple(operations, fc.constantFrom(MEMBER, OTHER), fc.constantFrom('us-east-1', 'us-west-2'))
      .map((parts) => callOf(...parts));
    const storyOf = (seed: number, made: readonly Call[]) => {
      const seeded = strikes(trouble, seed);
      const story = new Map<string, Kind[]>();
      for (const call of made) {
        const key = `${call.operation}/${call.principal.accountId}/${call.region}`;
        story.set(key, [...(story.get(key) ?? []), struckBy(seeded, call)]);
      }
      return Object.fromEntries([...story].sort(([left], [right]) => (left < right ? -1 : 1)));
    };
    fc.assert(
      fc.property(
        fc.integer(),
        fc
          .array(calls, { maxLength: 60 })
          .chain((made) => fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length }))),
        (seed, [made, shuffled]) => {
          expect(storyOf(seed, shuffled)).toEqual(storyOf(seed, made));
        },
      ),
    );
  });

  it('is another story with another seed', () => {
    const call = callOf('DescribeStacks');
    expect(many(strikes(trouble, 1), call, 50)).not.toEqual(many(strikes(trouble, 2), call, 50));
  });

  it('is about the share that was asked for', () => {
    const struck = many(strikes({ throttling: 0.1 }), callOf('DescribeStacks'), 5000).filter((kind) => kind !== null);
    expect(struck.length).toBeGreaterThan(400);
    expect(struck.length).toBeLessThan(600);
  });

  it('is never more of one kind of call in a row than is bounded, two where nothing is said', () => {
    const longest = (kinds: readonly Kind[]) =>
      Math.max(...kinds.map((_, at) => kinds.slice(at).findIndex((kind) => kind === null)));
    const call = callOf('DescribeStacks');
    expect(longest(many(strikes({ throttling: 0.9 }), call, 500))).toBe(2);
    expect(longest(many(strikes({ throttling: 0.9, mostInARow: 5 }), call, 500))).toBe(5);
  });

  it('is everything, for good, at a share of 1', () => {
    expect(many(strikes({ resets: 1 }), callOf('DescribeStacks'), 20)).toEqual(Array(20).fill('resets'));
  });

  it('is narrowed by operation, account and Region', () => {
    const narrowed = strikes({
      denied: {
        rate: 1,
        operations: ['cloudformation:Describe*', '*:Delete*Set'],
        accounts: [MEMBER],
        regions: [REGION],
      },
    });
    const struck = (...parts: Parameters<typeof callOf>) => struckBy(narrowed, callOf(...parts)) !== null;
    expect(struck('DescribeStacks')).toBe(true);
    expect(struck('DeleteStackSet')).toBe(true);
    expect(struck('DeleteStack')).toBe(false);
    expect(struck('ListStacks')).toBe(false);
    expect(struck('DescribeStacks', OTHER)).toBe(false);
    expect(struck('DescribeStacks', MEMBER, 'us-west-2')).toBe(false);
  });

  it('takes the account of the role where a role is assumed', () => {
    const narrowed = strikes({ denied: { rate: 1, accounts: [OTHER] } });
    const call = { ...callOf('AssumeRole'), service: 'sts' } as const;
    expect(struckBy(narrowed, call, { RoleArn: `arn:aws:iam::${OTHER}:role/Any` })).toBe('denied');
    expect(struckBy(narrowed, call, { RoleArn: `arn:aws:iam::${MEMBER}:role/Any` })).toBe(null);
  });

  it('of pages is the later ones only', () => {
    const pages = strikes({ pages: 1 });
    expect(struckBy(pages, callOf('ListStacks'))).toBe(null);
    expect(struckBy(pages, callOf('ListStacks'), { NextToken: 'more' })).toBe('pages');
    expect(struckBy(pages, callOf('CreateStack'), { NextToken: 'more' })).toBe(null);
  });
});

describe('a client', () => {
  it('that tries again gets through, and sees nothing of it', async () => {
    const { cloudFormation } = clientsOf(troubled({ trouble: { errors: 0.7 } }), { attempts: 3 });
    const outcomes = [];
    for (let count = 0; count < 4; count += 1)
      outcomes.push(await outcomeOf(cloudFormation.send(new ListStacksCommand({}))));
    expect(outcomes).toEqual(Array(4).fill('ok'));
  });

  it('that asks the same with the same seed sees the same', async () => {
    const told = async (seed: number) => {
      const simulator = troubled({ seed, trouble: 'much' });
      const { cloudFormation } = clientsOf(simulator);
      await Promise.all(Array.from({ length: 30 }, () => outcomeOf(cloudFormation.send(new ListStacksCommand({})))));
      return simulator.calls
        .entries()
        .map(({ outcome }) => outcome)
        .toSorted();
    };
    expect(await told(1)).toEqual(await told(1));
    expect(await told(1)).not.toEqual(await told(3));
  });

  it('is left in peace once it is calm', async () => {
    const simulator = troubled({ trouble: { resets: 1 } });
    const { cloudFormation } = clientsOf(simulator);
    expect(await outcomeOf(cloudFormation.send(new ListStacksCommand({})))).toBe('TimeoutError ECONNRESET');
    simulator.calm();
    expect(await outcomeOf(cloudFormation.send(new ListStacksCommand({})))).toBe('ok');
  });
});
