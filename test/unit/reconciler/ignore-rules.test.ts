import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IgnoreRule } from '../../../src/model/desired.js';
import { endOf, hasPassed } from '../../../src/model/moment.js';
import { ruleFor } from '../../../src/reconciler/drift/rules.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const place = { file: 'x.yaml', line: 1, column: 1, length: 1, source: '' };
const rule = (resource: string, path: string, expires: string | null = null): IgnoreRule => ({
  resource,
  path,
  reason: 'set by its owner',
  expires,
  place,
});
const isIgnored = (rules: readonly IgnoreRule[], subject: string, path: string, now = NOW): boolean =>
  ruleFor(rules, subject, path, now) !== null;

describe('a rule covers', () => {
  it('its path and all below it, and nothing that only begins like it', () => {
    const rules = [rule('Queue', '/Tags')];
    expect(isIgnored(rules, 'Queue', '/Tags')).toBe(true);
    expect(isIgnored(rules, 'Queue', '/Tags/0/Value')).toBe(true);
    expect(isIgnored(rules, 'Queue', '/TagsOfOthers')).toBe(false);
    expect(isIgnored(rules, 'Queue', '/')).toBe(false);
    expect(isIgnored(rules, 'Queue', '')).toBe(false);
    expect(isIgnored(rules, 'Queues', '/Tags')).toBe(false);
    expect(isIgnored(rules, 'Child.Queue', '/Tags')).toBe(false);
  });

  it('the whole resource, that it was deleted too, where its path is a slash', () => {
    expect(isIgnored([rule('Child.Queue', '/')], 'Child.Queue', '/VisibilityTimeout')).toBe(true);
    expect(isIgnored([rule('Child.Queue', '/')], 'Child.Queue', '/')).toBe(true);
    expect(isIgnored([rule('Child.Queue', '/')], 'Child.Queue', '')).toBe(true);
    expect(isIgnored([rule('Child.Queue', '/')], 'Queue', '/VisibilityTimeout')).toBe(false);
  });
});

describe('a rule counts', () => {
  const until = (expires: string, now: string): boolean =>
    isIgnored([rule('Queue', '/A', expires)], 'Queue', '/A', new Date(now));

  it('through the whole of the day that it names, in UTC', () => {
    expect(until('2027-01-31', '2027-01-31T23:59:59.999Z')).toBe(true);
    expect(until('2027-01-31', '2027-02-01T00:00:00Z')).toBe(false);
  });

  it('until the time that it names, whatever its zone', () => {
    expect(until('2027-01-31T18:00:00+02:00', '2027-01-31T15:59:59Z')).toBe(true);
    expect(until('2027-01-31T18:00:00+02:00', '2027-01-31T16:00:00Z')).toBe(false);
    expect(until('2027-01-31T18:00Z', '2027-01-31T18:00:00Z')).toBe(false);
  });

  it('for ever where it names none', () => {
    expect(hasPassed(null, new Date(8.64e15))).toBe(false);
  });
});

describe('whatever the rules', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9~/]{1,4}$/);
  const pointer = fc
    .array(name, { minLength: 1, maxLength: 4 })
    .map((names) => names.map((each) => `/${each.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
  const subject = fc.constantFrom('Queue', 'Child.Queue', 'AWS::CloudFormation::Stack');
  const expires = fc.option(
    fc
      .date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  );
  const anyRule = fc.tuple(subject, fc.oneof(pointer, fc.constant('/')), expires).map((parts) => rule(...parts));
  const rules = fc.array(anyRule, { maxLength: 6 });

  it('what is ignored stays so with one more, and what is below it is too', () => {
    fc.assert(
      fc.property(rules, anyRule, subject, pointer, pointer, (some, more, one, path, below) => {
        if (!isIgnored(some, one, path)) return;
        expect(isIgnored([...some, more], one, path)).toBe(true);
        expect(isIgnored(some, one, path + below)).toBe(true);
      }),
    );
  });

  it('what is ignored now was ignored at any time before, and the rule that says so has not ended', () => {
    fc.assert(
      fc.property(rules, subject, pointer, fc.nat(1e11), (some, one, path, earlier) => {
        const found = ruleFor(some, one, path, NOW);
        if (found === null) return;
        expect(found.expires === null || endOf(found.expires) > NOW.getTime()).toBe(true);
        expect(isIgnored(some, one, path, new Date(NOW.getTime() - earlier))).toBe(true);
      }),
    );
  });

  it('a rule is of its own resource, and its path leads to what it covers', () => {
    fc.assert(
      fc.property(rules, subject, pointer, (some, one, path) => {
        const found = ruleFor(some, one, path, NOW);
        if (found === null) return;
        expect(found.resource).toBe(one);
        const names = (text: string): readonly string[] => text.split('/').slice(1);
        if (found.path !== '/') expect(names(path).slice(0, names(found.path).length)).toEqual(names(found.path));
      }),
    );
  });
});
