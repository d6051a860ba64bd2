import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src/model/address.js';
import type { IgnoreRule } from '../../../src/model/desired.js';
import { NO_DRIFT, STACK_SUBJECT } from '../../../src/model/drift.js';
import type { Actor, Attribution, Difference, DriftState, Sighting } from '../../../src/model/drift.js';
import type { Revision, RunId } from '../../../src/model/identifiers.js';
import type { Look } from '../../../src/reconciler/drift/look.js';
import { FLAPS, lay, nestedOf, putRight } from '../../../src/reconciler/drift/transitions.js';
import type { Laid } from '../../../src/reconciler/drift/transitions.js';

const ADDRESS = 'Stack/janitor@111111111111/us-east-1' as Address;
const START = Date.parse('2026-11-23T00:00:00.000Z');
const MINUTE = 60_000;
const timeOf = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
const by = (minutes: number): Attribution => ({
  revision: 'r1' as Revision,
  run: `run-${String(minutes)}` as RunId,
  at: timeOf(minutes),
});
const timeout = (actual: string): Difference => ({ path: '/VisibilityTimeout', expected: '30', actual });

function queue(over: Partial<Sighting> = {}): Sighting {
  return {
    layer: 'resource',
    subject: 'Queue',
    resourceType: 'AWS::SQS::Queue',
    physicalId: 'https://sqs/queue',
    kind: 'changed',
    differences: [timeout('60')],
    ...over,
  };
}

const stack = (...differences: Difference[]): Sighting =>
  queue({ layer: 'stack', subject: STACK_SUBJECT, resourceType: null, differences });

function look(minutes: number, sightings: readonly Sighting[], over: Partial<Look> = {}): Look {
  const layer = sightings[0]?.layer ?? over.layer ?? 'resource';
  return {
    address: ADDRESS,
    nested: null,
    layer,
    method: layer === 'resource' ? 'detection' : 'walk',
    at: timeOf(minutes),
    before: minutes < 15 ? null : timeOf(minutes - 15),
    sightings,
    ...over,
  };
}

type Story = { readonly rules?: readonly IgnoreRule[]; readonly actors?: ReadonlyMap<string, Actor> };

function laid(before: DriftState, minutes: number, looks: readonly Look[], story: Story = {}): Laid {
  return lay(before, looks, { rules: story.rules ?? [], by: by(minutes), actors: story.actors ?? new Map() });
}

const events = ({ happenings }: Laid): readonly string[] => happenings.map(({ event }) => event);
const place = { file: 'x.yaml', line: 1, column: 1, length: 1, source: '' };
const rule = (over: Partial<IgnoreRule> = {}): IgnoreRule => ({
  resource: 'Queue',
  path: '/VisibilityTimeout',
  reason: 'the owner tunes it',
  expires: null,
  place,
  ...over,
});

describe('a finding', () => {
  it('appears once, stays quiet while it is the same, changes, and is gone', () => {
    const first = laid(NO_DRIFT, 15, [look(15, [queue()])]);
    expect(events(first)).toEqual(['appeared']);
    expect(first.happenings[0]).toMatchObject({
      summary: 'Queue (AWS::SQS::Queue) differs in /VisibilityTimeout',
      fields: [{ path: '/VisibilityTimeout', before: '30', after: '60' }],
      finding: {
        methods: ['detection'],
        firstSeen: timeOf(15),
        lastSeen: timeOf(15),
        notBefore: timeOf(0),
        actor: null,
      },
    });
    const again = laid(first.drift, 30, [look(30, [queue()])]);
    expect(again).toEqual({ drift: first.drift, happenings: [] });
    const changed = laid(first.drift, 45, [look(45, [queue({ differences: [timeout('90')] })])]);
    expect(events(changed)).toEqual(['changed']);
    expect(changed.drift.findings).toMatchObject([
      { firstSeen: timeOf(15), changedAt: timeOf(45), notBefore: timeOf(30) },
    ]);
    const gone = laid(changed.drift, 60, [look(60, [])]);
    expect(events(gone)).toEqual(['gone']);
    expect(gone.happenings[0]!.finding).toMatchObject({ firstSeen: timeOf(15), lastSeen: timeOf(45) });
    expect(gone.drift).toEqual(NO_DRIFT);
  });

  it('says who did it, also where CloudTrail tells it later', () => {
    const actor: Actor = {
      principal: 'arn:aws:sts::111111111111:assumed-role/Admin/j.doe',
      event: 'sqs.amazonaws.com:SetQueueAttributes',
      at: timeOf(3),
      sourceIpAddress: null,
      eventId: 'e1',
    };
    const first = laid(NO_DRIFT, 15, [look(15, [queue()])]);
    const told = laid(first.drift, 30, [look(30, [queue()])], { actors: new Map([['resource:Queue', actor]]) });
    expect(events(told)).toEqual(['changed']);
    expect(told.happenings[0]!.finding!.actor).toEqual(actor);
    expect(told.drift.findings[0]).toMatchObject({ actor, changedAt: timeOf(15) });
    expect(events(laid(told.drift, 45, [look(45, [queue()])]))).toEqual([]);
  });

  it('is not gone because another layer, another stack or another method shows nothing', () => {
    const { drift } = laid(NO_DRIFT, 15, [look(15, [queue()])]);
    for (const silent of [
      look(30, [], { layer: 'stack', method: 'walk' }),
      look(30, [], { nested: 'Child' }),
      look(30, [], { method: 'walk' }),
      look(30, [], { unread: ['Queue'] }),
    ])
      expect(laid(drift, 30, [silent])).toEqual({ drift, happenings: [] });
  });

  it('of a nested stack goes with a look at that stack', () => {
    const nested = queue({ subject: 'Child.Queue' });
    const { drift } = laid(NO_DRIFT, 15, [look(15, [nested], { nested: 'Child' })]);
    expect(events(laid(drift, 30, [look(30, [])]))).toEqual([]);
    expect(events(laid(drift, 30, [look(30, [], { nested: 'Child' })]))).toEqual(['gone']);
  });

  it('that two methods saw is gone when either of them sees it no more', () => {
    const parameter = { path: '/Parameters/Delay', expected: '0', actual: '9' };
    const walked = laid(NO_DRIFT, 15, [look(15, [stack(parameter)])]);
    const swept = laid(walked.drift, 30, [look(30, [stack(parameter)], { method: 'template' })]);
    expect(events(swept)).toEqual([]);
    expect(swept.drift.findings[0]!.seenBy).toEqual({ walk: timeOf(15), template: timeOf(30) });
    expect(events(laid(swept.drift, 45, [look(45, [], { layer: 'stack', method: 'walk' })]))).toEqual(['gone']);
  });

  it('that only the sweep sees stays, whatever the walk says', () => {
    const template = { path: '/Template', expected: 'aaa', actual: 'bbb' };
    const { drift } = laid(NO_DRIFT, 15, [look(15, [stack(template)], { method: 'template' })]);
    expect(events(laid(drift, 30, [look(30, [], { layer: 'stack', method: 'walk' })]))).toEqual([]);
    expect(events(laid(drift, 45, [look(45, [], { layer: 'stack', method: 'template' })]))).toEqual(['gone']);
  });
});

describe('of two methods', () => {
  const delay = { path: '/Parameters/Delay', expected: '0', actual: '9' };
  const tag = { path: '/Tags/extra', expected: null, actual: 'by hand' };
  const template = { path: '/Template', expected: 'aaa', actual: 'bbb' };
  const sweptAfter = (...differences: Difference[]): DriftState =>
    laid(laid(NO_DRIFT, 15, [look(15, [stack(delay, tag)])]).drift, 30, [
      look(30, [stack(...differences)], { method: 'template' }),
    ]).drift;

  it('either takes away what has been put back, though the other one saw it too', () => {
    for (const method of ['walk', 'template'] as const) {
      const after = laid(sweptAfter(delay, tag), 45, [look(45, [stack(tag)], { method })]);
      expect(events(after)).toEqual(['changed']);
      expect(after.drift.findings[0]!.differences).toEqual([tag]);
    }
  });

  it('the walk leaves a template that only the sweep reads as it is, and is quiet about it', () => {
    const swept = sweptAfter(delay, tag, template);
    expect(events(laid(swept, 45, [look(45, [stack(delay, tag)])]))).toEqual([]);
    const after = laid(swept, 45, [look(45, [stack(tag)])]);
    expect(after.drift.findings[0]!.differences).toEqual([tag, template]);
    const again = laid(after.drift, 60, [look(60, [stack(tag, template)], { method: 'template' })]);
    expect(events(again)).toEqual([]);
  });
});

describe('a look that could not see all', () => {
  it('takes away nothing, and adds what it saw', () => {
    const [one, other] = [timeout('60'), { path: '/DelaySeconds', expected: '0', actual: '5' }];
    const { drift } = laid(NO_DRIFT, 15, [look(15, [stack(one)])]);
    expect(events(laid(drift, 30, [look(30, [stack(one)], { isPartial: true })]))).toEqual([]);
    const after = laid(drift, 30, [look(30, [stack(other)], { isPartial: true })]);
    expect(after.drift.findings[0]!.differences).toEqual([other, one]);
  });

  it('that finds nothing there any more ends all that was known, whoever saw it', () => {
    const { drift } = laid(NO_DRIFT, 15, [look(15, [queue()]), look(15, [stack(timeout('1'))])]);
    const after = laid(drift, 30, [look(30, [], { layer: 'instance', method: 'walk', ends: true })]);
    expect(events(after)).toEqual(['gone', 'gone']);
    expect(after.drift).toEqual(NO_DRIFT);
  });
});

describe('what the manifest accepts', () => {
  it('is recorded as accepted, with the reason, and no longer when the rule ends', () => {
    const { drift } = laid(NO_DRIFT, 15, [look(15, [queue()])]);
    const accepted = laid(drift, 30, [], { rules: [rule({ expires: '2026-11-23' })] });
    expect(events(accepted)).toEqual(['accepted']);
    expect(accepted.happenings[0]!.summary).toContain('accepted until 2026-11-23: the owner tunes it');
    expect(accepted.drift.findings[0]!.accepted).toEqual({ reason: 'the owner tunes it', expires: '2026-11-23' });
    expect(events(laid(accepted.drift, 24 * 60 + 5, [], { rules: [rule({ expires: '2026-11-23' })] }))).toEqual([
      'appeared',
    ]);
  });

  it('must be every difference, and a resource that is gone only by a rule for all of it', () => {
    const two = queue({ differences: [timeout('60'), { path: '/DelaySeconds', expected: '0', actual: '5' }] });
    const seen = laid(NO_DRIFT, 15, [look(15, [two])], { rules: [rule()] });
    expect(events(seen)).toEqual(['appeared']);
    expect(seen.drift.findings[0]!.accepted).toBeNull();
    const all = laid(seen.drift, 30, [], { rules: [rule(), rule({ path: '/DelaySeconds', reason: 'slow' })] });
    expect(events(all)).toEqual(['accepted']);
    const gone = [look(15, [queue({ kind: 'deleted', differences: [] })])];
    expect(laid(NO_DRIFT, 15, gone, { rules: [rule()] }).drift.findings[0]!.accepted).toBeNull();
    expect(laid(NO_DRIFT, 15, gone, { rules: [rule({ path: '/' })] }).drift.findings[0]!.accepted).not.toBeNull();
  });
});

describe('what was put right', () => {
  it('three times in a day is contested when it comes back, and stays so until it is gone', () => {
    let drift = NO_DRIFT;
    for (let round = 0; round < FLAPS; round += 1) {
      const seen = laid(drift, 60 * round, [look(60 * round, [queue()])]);
      expect(seen.drift.findings[0]!.contestedSince).toBeNull();
      const right = putRight(seen.drift, () => 'reverted', by(60 * round + 10));
      expect(events(right)).toEqual(['reverted']);
      drift = right.drift;
    }
    const back = laid(drift, 240, [look(240, [queue()])]);
    expect(back.drift.findings[0]!.contestedSince).toBe(timeOf(240));
    expect(back.happenings[0]!.summary).toContain('left alone');
    const later = laid(back.drift, 3 * 24 * 60, [look(3 * 24 * 60, [queue({ differences: [timeout('7')] })])]);
    expect(later.drift.findings[0]!.contestedSince).toBe(timeOf(240));
    const gone = laid(later.drift, 3 * 24 * 60 + 15, [look(3 * 24 * 60 + 15, [])]);
    expect(gone.drift).toEqual(NO_DRIFT);
  });

  it('three times in more than a day is put right again', () => {
    let drift = NO_DRIFT;
    for (let round = 0; round < 5; round += 1) {
      const minutes = round * 13 * 60;
      const seen = laid(drift, minutes, [look(minutes, [queue()])]);
      expect(seen.drift.findings[0]!.contestedSince).toBeNull();
      drift = putRight(seen.drift, () => 'reverted', by(minutes + 10)).drift;
    }
  });

  it('by a clock that was ahead counts for a day, as if it had been behind', () => {
    const ahead = (days: number): DriftState => ({
      findings: [],
      reverted: { 'resource:Queue': [1, 2, 3].map((minute) => timeOf(days * 24 * 60 - minute)) },
    });
    expect(laid(ahead(1), 0, [look(0, [queue()])]).drift.findings[0]!.contestedSince).not.toBeNull();
    expect(laid(ahead(400), 0, [look(0, [queue()])]).drift).toMatchObject({
      findings: [{ contestedSince: null }],
      reverted: {},
    });
  });

  it('in vain is tried again once something else of the stack has moved', () => {
    const { drift } = laid(NO_DRIFT, 15, [look(15, [queue()])]);
    const tried = putRight(drift, () => 'nothing-to-revert', by(20)).drift;
    const both = laid(tried, 30, [look(30, [queue(), queue({ subject: 'Topic' })])]);
    expect(both.drift.findings.map(({ unrevertable }) => unrevertable)).toEqual([null, null]);
  });

  it('and had nothing to change is not tried again while it stays as it is', () => {
    const { drift } = laid(NO_DRIFT, 15, [look(15, [queue()])]);
    const tried = putRight(drift, () => 'nothing-to-revert', by(20));
    expect(tried.happenings).toEqual([]);
    expect(tried.drift.findings[0]!.unrevertable).not.toBeNull();
    expect(laid(tried.drift, 30, [look(30, [queue()])]).drift.findings[0]!.unrevertable).not.toBeNull();
    const other = laid(tried.drift, 45, [look(45, [queue({ differences: [timeout('90')] })])]);
    expect(other.drift.findings[0]!.unrevertable).toBeNull();
  });
});

describe('laying looks', () => {
  const differences = fc
    .uniqueArray(fc.constantFrom('/A', '/B', '/C'), { minLength: 1 })
    .chain((paths) =>
      fc.constantFrom('1', '2').map((actual) => paths.sort().map((path) => ({ path, expected: '0', actual }))),
    );
  const sightings = fc
    .uniqueArray(fc.constantFrom('Queue', 'Topic', 'Role'), { maxLength: 3 })
    .chain((subjects) =>
      fc.tuple(...subjects.map((subject) => differences.map((some) => queue({ subject, differences: some })))),
    );

  it('is quiet the second time, and says of every move what it was', () => {
    fc.assert(
      fc.property(fc.array(sightings, { minLength: 1, maxLength: 8 }), (rounds) => {
        let drift = NO_DRIFT;
        const open = new Set<string>();
        rounds.forEach((seen, round) => {
          const minutes = 15 * (round + 1);
          const after = laid(drift, minutes, [look(minutes, seen)]);
          for (const { event, finding } of after.happenings) {
            if (event === 'appeared') expect(open.has(finding!.key)).toBe(false);
            else expect(open.has(finding!.key)).toBe(true);
            if (event === 'gone') open.delete(finding!.key);
            else open.add(finding!.key);
          }
          expect(after.drift.findings.map(({ subject }) => subject)).toEqual(seen.map(({ subject }) => subject).sort());
          expect(laid(after.drift, minutes, [look(minutes, seen)])).toEqual({ drift: after.drift, happenings: [] });
          drift = after.drift;
        });
      }),
    );
  });
});

it('a subject says in which nested stack it is', () => {
  expect(nestedOf('Queue')).toBeNull();
  expect(nestedOf(STACK_SUBJECT)).toBeNull();
  expect(nestedOf('Child.Queue')).toBe('Child');
  expect(nestedOf('Child.Grand.Queue')).toBe('Child.Grand');
  expect(nestedOf(`Child.Grand.${STACK_SUBJECT}`)).toBe('Child.Grand');
});
