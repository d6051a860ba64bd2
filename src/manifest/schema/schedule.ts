import { cronMistake } from '../../model/cron.js';
import { judged } from './strict.js';

/** EventBridge's rate and cron expressions, cron in UTC. */
export const Schedule = judged(
  /^(?:rate\([1-9]\d{0,4} (?:minutes?|hours?|days?)\)|cron\([^()]{1,128}\))$/,
  'write rate(15 minutes), rate(1 day) or cron(0 2 * * ? *)',
  (text) => (text.startsWith('cron(') ? badCron(text.slice('cron('.length, -1)) : badRate(text)),
);

function badRate(text: string) {
  const [, count, unit, plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(text)!;
  if ((count === '1') === (plural === '')) return null;
  const right = `rate(${count!} ${unit!}${count === '1' ? '' : 's'})`;
  return mistake(text, `EventBridge wants 1 ${unit!} and 2 ${unit!}s`, `write ${right}`);
}

function badCron(expression: string) {
  const wrong = cronMistake(expression);
  if (wrong === null) return null;
  const remedy =
    'write minutes, hours, day of the month, month, day of the week and year, such as cron(0 2 * * ? *) for 02:00 UTC each day';
  return mistake(`cron(${expression})`, wrong, remedy);
}

function mistake(text: string, why: string, remedy: string) {
  return { code: 'EK2013', message: `${text} is no schedule: ${why}`, remedy } as const;
}
