import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountedCalls, KEPT_ENTRIES } from '../../../src/simulator/kernel/counted-calls.js';
import { SeededIdentifiers } from '../../../src/simulator/kernel/seeded-identifiers.js';
import { HeapClock } from '../../../src/simulator/kernel/virtual-clock.js';
import { escapeXml } from '../../../src/simulator/wire/xml.js';
import { s3Address } from '../../../src/simulator/kernel/s3-address.js';

describe('the virtual clock', () => {
  it('runs everything that falls due, in the order of time and then of asking, whatever the steps', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.array(fc.nat(20), { minLength: 1 }), (delays, steps) => {
        const clock = new HeapClock(new Date(0));
        const ran: [number, number][] = [];
        delays.forEach((delay, index) => clock.after(delay, () => ran.push([clock.now().getTime() / 1000, index])));
        for (const step of steps) clock.advance(step);
        const passed = steps.reduce((sum, step) => sum + step, 0);
        const due = delays.map((delay, index): [number, number] => [delay, index]).filter(([delay]) => delay <= passed);
        expect(ran).toEqual(due.sort((left, right) => left[0] - right[0] || left[1] - right[1]));
        expect(clock.now().getTime()).toBe(passed * 1000);
      }),
    );
  });

  it('runs what an effect asked for within the same step', () => {
    const clock = new HeapClock(new Date(0));
    const ran: number[] = [];
    clock.after(1, () => clock.after(1, () => ran.push(clock.now().getTime())));
    clock.advance(5);
    expect(ran).toEqual([2000]);
  });

  it('forgets what was cancelled, and moves to what is left', () => {
    const clock = new HeapClock(new Date(0));
    const ran: string[] = [];
    clock.after(1, () => ran.push('cancelled')).cancel();
    clock.after(3, () => ran.push('kept'));
    expect(clock.advanceToNext()).toBe(true);
    expect([ran, clock.now().getTime()]).toEqual([['kept'], 3000]);
    expect(clock.advanceToNext()).toBe(false);
  });
});

describe('identifiers', () => {
  it('have the forms of AWS’s', () => {
    const identifiers = new SeededIdentifiers(1, 'test');
    expect(identifiers.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(identifiers.hex(17)).toMatch(/^[0-9a-f]{17}$/);
    expect(identifiers.alphanumeric(13)).toMatch(/^[A-Z0-9]{13}$/);
    expect(new Set(Array.from({ length: 10_000 }, () => identifiers.uuid())).size).toBe(10_000);
  });

  it('between two numbers depend on the seed and the key only', () => {
    const [one, other] = [new SeededIdentifiers(1, 'a'), new SeededIdentifiers(1, 'b')];
    other.uuid();
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.string(), (from, more, key) => {
        const number = one.between(from, from + more, key);
        expect(number).toBe(other.between(from, from + more, key));
        expect(number).toBeGreaterThanOrEqual(from);
        expect(number).toBeLessThanOrEqual(from + more);
      }),
    );
  });
});

describe('counted calls', () => {
  it('keep exact counts beyond the entries that they keep', () => {
    const calls = new CountedCalls();
    const entry = {
      service: 'sts',
      operation: 'GetCallerIdentity',
      region: '',
      principal: { accountId: '', arn: '', userId: '' },
      requestId: '',
      at: new Date(0),
      outcome: 'ok',
      struck: null,
    } as const;
    for (let count = 0; count < KEPT_ENTRIES + 10; count += 1) calls.record(entry);
    expect(calls.total).toBe(KEPT_ENTRIES + 10);
    expect(calls.byOperation()).toEqual({ 'sts:GetCallerIdentity': KEPT_ENTRIES + 10 });
    expect(calls.entries().length).toBeLessThanOrEqual(KEPT_ENTRIES);
  });
});

describe('XML text', () => {
  it('never contains what would end an element or an attribute', () => {
    const breaking = /[<>"'\r\u0000-\u0008]|&(?!(amp|lt|gt|quot|apos|#xD);)/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeXml(text)).not.toMatch(breaking);
      }),
    );
  });
});

describe('an address of S3', () => {
  it.each([
    ['bucket.s3.us-east-1.amazonaws.com', '/a/b', 'bucket', '/a/b'],
    ['bucket.s3.amazonaws.com', '/a', 'bucket', '/a'],
    ['my.bucket.s3-us-west-2.amazonaws.com', '', 'my.bucket', '/'],
    ['bucket.s3.dualstack.us-east-1.amazonaws.com', '/a', 'bucket', '/a'],
    ['bucket.s3.cn-north-1.amazonaws.com.cn', '/a', 'bucket', '/a'],
    ['bucket.localhost', '/a', 'bucket', '/a'],
    ['s3.us-east-1.amazonaws.com', '/bucket/a/b', 'bucket', '/a/b'],
    ['127.0.0.1', '/bucket', 'bucket', '/'],
    ['127.0.0.1', '/bucket/', 'bucket', '/'],
    ['127.0.0.1', '/', undefined, '/'],
  ])('%s%s', (hostname, path, bucket, inside) => {
    expect(s3Address({ hostname, path })).toEqual({ bucket, path: inside });
  });
});
