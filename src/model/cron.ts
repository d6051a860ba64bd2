/** One of the six fields of EventBridge's cron expressions. */
type Field = {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** What may be written for the numbers from `from` on. */
  readonly names: readonly string[];
  /** What stands alone in this field only, such as the last day of a month. */
  readonly special: RegExp | null;
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: readonly Field[] = [
  { name: 'minutes', from: 0, to: 59, names: [], special: null },
  { name: 'hours', from: 0, to: 23, names: [], special: null },
  {
    name: 'day of the month',
    from: 1,
    to: 31,
    names: [],
    special: /^(?:\?|L(?:-(?:[1-9]|[12]\d|30))?|(?:[1-9]|[12]\d|3[01])W)$/,
  },
  { name: 'month', from: 1, to: 12, names: MONTHS, special: null },
  {
    name: 'day of the week',
    from: 1,
    to: 7,
    names: DAYS,
    special: /^(?:\?|(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5]))$/,
  },
  { name: 'year', from: 1970, to: 2199, names: [], special: null },
];

/** Of a leap year: whoever writes the 29th of February means every fourth year. */
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The six fields of a cron expression, single spaces between them and names in capitals. */
export function cronFields(expression: string): readonly string[] {
  return expression
    .trim()
    .split(/\s+/)
    .map((field) => field.toUpperCase());
}

/**
 * What is wrong with the fields of a cron expression, as the end of a sentence; null where EventBridge would take it. A list whose
 * items have steps, and a range that ends before it begins, are refused although EventBridge takes some of them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function cronMistake(expression: string): string | null {
  const fields = cronFields(expression);
  if (fields.length !== 6) return `it has ${String(fields.length)} fields, and EventBridge wants six`;
  if ((fields[2] === '?') === (fields[4] === '?'))
    return fields[2] === '?'
      ? 'the day of the month and the day of the week are both "?"'
      : 'either the day of the month or the day of the week has to be "?"';
  for (const [index, field] of FIELDS.entries()) {
    const mistake = fieldMistake(fields[index]!, field);
    if (mistake !== null) return mistake;
  }
  return neverComes(fields[2]!, fields[3]!);
}

function fieldMistake(text: string, field: Field): string | null {
  if (text === '*' || field.special?.test(text) === true) return null;
  const step = /^(?:\*|([^/,]+))\/(\d+)$/.exec(text);
  if (step !== null) {
    const every = Number(step[2]);
    if (every < 1 || every > field.to) return unfit(text, field);
    return step[1] === undefined ? null : stretchMistake(step[1], text, field);
  }
  for (const item of text.split(',')) {
    const mistake = stretchMistake(item, text, field);
    if (mistake !== null) return mistake;
  }
  return null;
}

/** Of one number or name, or of two with a hyphen between. */
function stretchMistake(item: string, text: string, field: Field): string | null {
  const ends = item.split('-').map((end) => numberOf(end, field));
  if (ends.length > 2 || ends.includes(null)) return unfit(text, field);
  const [from, to] = ends as number[];
  return to !== undefined && to < from! ? `the range ${item} of its ${field.name} ends before it begins` : null;
}

function numberOf(text: string, { from, to, names }: Field): number | null {
  const named = names.indexOf(text);
  if (named >= 0) return from + named;
  if (!/^\d{1,4}$/.test(text)) return null;
  const number = Number(text);
  return number >= from && number <= to ? number : null;
}

function unfit(text: string, { name, from, to, names }: Field): string {
  const range = `${String(from)} to ${String(to)}`;
  const or = names.length === 0 ? '' : `, or ${names[0]!} to ${names.at(-1)!}`;
  return `${JSON.stringify(text)} cannot be its ${name}: that goes from ${range}${or}`;
}

/** A date that no year has, such as the 30th of February. */
function neverComes(days: string, months: string): string | null {
  const numbers = days.split(/[,/-]/).map(Number);
  const first = days.includes('/') ? numbers[0]! : Math.min(...numbers);
  if (!/^[\d,/-]+$/.test(days) || !/^[\dA-Z,-]+$/.test(months)) return null;
  const longest = Math.max(
    ...months.split(',').flatMap((item) => {
      const [from, to] = item.split('-').map((end) => numberOf(end, FIELDS[3]!)!) as [number, number?];
      return DAYS_IN_MONTH.slice(from - 1, to ?? from);
    }),
  );
  return first > longest ? `it never comes true: there is no day ${String(first)} in its month` : null;
}
