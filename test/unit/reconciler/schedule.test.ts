import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronMistake, lastTime, nextTime, periodOf } from '../../../src/reconciler/schedule.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const next = (expression: string, from: string): string | null =>
  nextTime({ type: 'cron', expression }, new Date(from))?.toISOString() ?? null;

describe('what EventBridge would not take is refused with the reason', () => {
  it.each([
    ['0 2 * * *', 'it has 5 fields, and EventBridge wants six'],
    ['0 2 * * * *', 'either the day of the month or the day of the week has to be "?"'],
    ['0 2 ? * ? *', 'the day of the month and the day of the week are both "?"'],
    ['0 2 ? * MON-FRY *', '"MON-FRY" cannot be its day of the week: that goes from 1 to 7, or SUN to SAT'],
    ['0 foo * * ? *', '"FOO" cannot be its hours: that goes from 0 to 23'],
    ['60 2 * * ? *', '"60" cannot be its minutes: that goes from 0 to 59'],
    ['0/0 2 * * ? *', '"0/0" cannot be its minutes: that goes from 0 to 59'],
    ['0 2 0 * ? *', '"0" cannot be its day of the month: that goes from 1 to 31'],
    ['0 2 LW * ? *', '"LW" cannot be its day of the month: that goes from 1 to 31'],
    ['0 2 ? * MON#6 *', '"MON#6" cannot be its day of the week: that goes from 1 to 7, or SUN to SAT'],
    ['0 22-2 * * ? *', 'the range 22-2 of its hours ends before it begins'],
    ['0 2 30,31 FEB ? *', 'it never comes true: there is no day 30 in its month'],
    ['0 2 31 4,JUN ? *', 'it never comes true: there is no day 31 in its month'],
    ['', 'it has 1 fields, and EventBridge wants six'],
  ])('%s', (expression, mistake) => {
    expect(cronMistake(expression)).toBe(mistake);
  });

  it('and what it takes is not', () => {
    const good = [
      '0 2 * * ? *',
      '0/15 8-17 ? * MON-FRI *',
      '0  2 L * ? 2027-2030',
      '5,35 14 ? * 6L 2026',
      '0 0 29 2 ? *',
    ];
    for (const expression of good)
      expect(`${expression}: ${String(cronMistake(expression))}`).toBe(`${expression}: null`);
  });
});

describe('the next time', () => {
  it('is never a day that the month has not', () => {
    expect(next('0 0 29 2 ? *', '2026-11-01T00:00:00Z')).toBe('2028-02-29T00:00:00.000Z');
    expect(next('0 0 31 * ? *', '2027-02-02T00:00:00Z')).toBe('2027-03-31T00:00:00.000Z');
    expect(next('0 0 1,30 * ? *', '2027-02-02T00:00:00Z')).toBe('2027-03-01T00:00:00.000Z');
    expect(next('0 0 15,1 * ? *', '2027-02-02T00:00:00Z')).toBe('2027-02-15T00:00:00.000Z');
    expect(next('0 0 ? 2 SUN#5 *', '2026-11-01T00:00:00Z')).toBe('2032-02-29T00:00:00.000Z');
    expect(next('0 0 31W * ? *', '2027-02-02T00:00:00Z')).toBe('2027-03-31T00:00:00.000Z');
  });

  it('is none once its years are over', () => {
    expect(next('0 0 1 1 ? 2026', '2026-11-01T00:00:00Z')).toBeNull();
    expect(lastTime('0 0 1 1 ? 2030', new Date('2026-11-01T00:00:00Z'))).toBeNull();
  });

  it('and the last one are those that counting every hour finds', () => {
    const some = (from: number, to: number) =>
      fc.uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: 3 });
    const when = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(some(0, 23), some(1, 31), some(1, 12), when, (hours, days, months, now) => {
        const expression = `0 ${hours.join(',')} ${days.join(',')} ${months.join(',')} ? *`;
        fc.pre(cronMistake(expression) === null);
        const isTime = (time: number): boolean => {
          const date = new Date(time);
          return (
            hours.includes(date.getUTCHours()) &&
            days.includes(date.getUTCDate()) &&
            months.includes(date.getUTCMonth() + 1)
          );
        };
        const hour = Math.floor(now.getTime() / HOUR) * HOUR;
        let after = hour + HOUR;
        while (!isTime(after)) after += HOUR;
        let before = hour;
        while (!isTime(before)) before -= HOUR;
        expect(nextTime({ type: 'cron', expression }, now)?.getTime()).toBe(after);
        expect(lastTime(expression, now)?.getTime()).toBe(before);
      }),
      { numRuns: 60 },
    );
  });
});

it('everything comes to its turn within the rate, or the longest stretch of a cron expression', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  expect(periodOf({ type: 'rate', every: 6 * HOUR }, now)).toBe(6 * HOUR);
  expect(periodOf({ type: 'cron', expression: '0 2 * * ? *' }, now)).toBe(DAY);
  expect(periodOf({ type: 'cron', expression: '0 2 ? * MON-FRI *' }, now)).toBe(3 * DAY);
});
