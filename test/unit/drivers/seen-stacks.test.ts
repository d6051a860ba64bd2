import type { Stack } from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nestedIn, seenStacks } from '../../../src/drivers/seen-stacks.js';
import { grouped } from '../../../src/model/grouped.js';

const SUFFIX = '1A2B3C4D5E6F';
const CREATED = new Date('2030-01-01T00:00:00Z');

const stack = (StackName: string, parent: string | null, over: Partial<Stack> = {}): Stack => ({
  StackName,
  StackId: `arn:${StackName}`,
  StackStatus: 'CREATE_COMPLETE',
  CreationTime: CREATED,
  ...(parent === null ? {} : { ParentId: `arn:${parent}`, RootId: 'arn:root' }),
  ...over,
});

const root = stack('root', null);
const pathsOf = (top: Stack, below: readonly Stack[]): readonly string[] =>
  nestedIn(top, { nested: new Map([[top.StackId!, below]]) }).map(({ path }) => path);

test('nested stacks are found by what leads to them, however they are listed', () => {
  const child = stack(`root-Child-${SUFFIX}`, 'root');
  const grandchild = stack(`${child.StackName}-Inner-${SUFFIX}`, child.StackName!);
  expect(pathsOf(root, [grandchild, child])).toEqual(['Child', 'Child.Inner']);
});

test.each([
  ['a name that follows another rule', 'something-else', 'something-else'],
  ['a logical id that is as long as what CloudFormation cuts', `root-${'L'.repeat(50)}-${SUFFIX}`, null],
  ['a suffix that is none', 'root-Child-abc', 'root-Child-abc'],
  ['a front that is not the parent', `other-Child-${SUFFIX}`, null],
])('%s is no logical id: the stack is called by its own name', (_, name, expected) => {
  expect(pathsOf(root, [stack(name, 'root')])).toEqual([expected ?? name]);
});

test("a logical id is known where the parent's name was cut and the id is shorter than the cut", () => {
  const long = stack('p'.repeat(90), null, { StackId: 'arn:root' });
  const cut = 'p'.repeat(60);
  expect(pathsOf(long, [stack(`${cut}-Child-${SUFFIX}`, 'root')])).toEqual(['Child']);
  const tooShort = `${'p'.repeat(20)}-Child-${SUFFIX}`;
  expect(pathsOf(long, [stack(tooShort, 'root')])).toEqual([tooShort]);
});

test('while a nested stack is replaced, the old one gives way; of two that both stay, neither is certain', () => {
  const [one, other] = [stack(`root-Child-${SUFFIX}`, 'root'), stack('root-Child-ABCDEFGHIJKL', 'root')];
  const leaving = { ...one, StackStatus: 'DELETE_IN_PROGRESS' as const };
  expect(pathsOf(root, [leaving, other])).toEqual(['Child', one.StackName]);
  expect(pathsOf(root, [one, other])).toEqual([one.StackName, other.StackName]);
});

test('a stack that is only under review is not there, and one whose parent is out of sight still is', () => {
  const review = stack(`root-Child-${SUFFIX}`, 'root', { StackStatus: 'REVIEW_IN_PROGRESS' });
  expect(pathsOf(root, [review, stack(`gone-Child-${SUFFIX}`, 'gone')])).toEqual([`gone-Child-${SUFFIX}`]);
});

test('parents in a circle are no end of the world', () => {
  const circle = [stack('a', 'b'), stack('b', 'a')];
  expect(pathsOf(root, circle)).toHaveLength(2);
});

test('every nested stack has a path of its own', () => {
  const named = fc.record({
    parent: fc.nat(5),
    id: fc.constantFrom('Child', 'Other', 'X'.repeat(55)),
    suffix: fc.stringMatching(/^[A-Z0-9]{12}$/),
    status: fc.constantFrom('CREATE_COMPLETE', 'DELETE_FAILED', 'UPDATE_ROLLBACK_FAILED'),
  });
  fc.assert(
    fc.property(fc.uniqueArray(named, { selector: ({ suffix }) => suffix, maxLength: 12 }), (drawn) => {
      const made: Stack[] = [root];
      for (const { parent, id, suffix, status } of drawn) {
        const above = made[parent % made.length]!;
        const name = `${above.StackName!.slice(0, 60)}-${id}-${suffix}`;
        made.push(stack(name, above.StackName!, { StackStatus: status as 'CREATE_COMPLETE' }));
      }
      const paths = pathsOf(root, made.slice(1));
      expect(new Set(paths).size).toBe(drawn.length);
    }),
  );
});

test('what CloudFormation last detected comes along, and a word that nobody knows is UNKNOWN', () => {
  const at = new Date('2030-01-02T00:00:00Z');
  const drifted = stack('root', null, {
    LastUpdatedTime: at,
    DriftInformation: { StackDriftStatus: 'DRIFTED', LastCheckTimestamp: at },
  });
  const strange = stack(`root-Child-${SUFFIX}`, 'root', {
    DriftInformation: { StackDriftStatus: 'PERHAPS' as 'DRIFTED' },
  });
  const nested = [{ path: 'Child', stack: strange }];
  expect(seenStacks(drifted, nested)).toEqual([
    {
      stackId: 'arn:root',
      stackName: 'root',
      nested: null,
      status: 'CREATE_COMPLETE',
      updatedAt: at.toISOString(),
      detected: { status: 'DRIFTED', at: at.toISOString() },
    },
    expect.objectContaining({
      nested: 'Child',
      updatedAt: CREATED.toISOString(),
      detected: { status: 'UNKNOWN', at: null },
    }),
  ]);
  expect(seenStacks(root, [])[0]!.detected).toEqual({ status: 'NOT_CHECKED', at: null });
});

test('80,000 stacks are told in time that grows with their number, and not with its square', () => {
  const roots = Array.from({ length: 40_000 }, (_, n) => stack(`root${n}`, null));
  const children = roots.map(({ StackName }) =>
    stack(`${StackName}-Child-${SUFFIX}`, StackName!, { RootId: `arn:${StackName}` }),
  );
  const nested = grouped(children, ({ RootId }) => RootId!);
  const begun = performance.now();
  const seen = roots.flatMap((each) => seenStacks(each, nestedIn(each, { nested })));
  expect(seen).toHaveLength(80_000);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
