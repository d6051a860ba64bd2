import { parse } from 'yaml';
import { TROUBLES, type Trouble, type TroubleName } from '../kernel/trouble.js';
import { known, numberFrom, textsFrom, TroubleError } from './value-checks.js';

type Range = { readonly least: number; readonly most: number; readonly of: string };

const SHARE: Range = { least: 0, most: 1, of: 'the share of calls' };
const MILLISECONDS: Range = { least: 1, most: 600_000, of: 'real milliseconds' };

/** Each kind of trouble: the member that a plain number stands for, and the ranges of all its numbers. */
const KINDS: Readonly<
  Record<keyof Trouble, { readonly main: string; readonly ranges: Readonly<Record<string, Range>> }>
> = {
  throttling: { main: 'rate', ranges: { rate: SHARE } },
  errors: { main: 'rate', ranges: { rate: SHARE } },
  resets: { main: 'rate', ranges: { rate: SHARE } },
  lostAnswers: { main: 'rate', ranges: { rate: SHARE } },
  timeouts: { main: 'rate', ranges: { rate: SHARE, milliseconds: MILLISECONDS } },
  expired: { main: 'rate', ranges: { rate: SHARE } },
  denied: { main: 'rate', ranges: { rate: SHARE } },
  pages: { main: 'rate', ranges: { rate: SHARE } },
  latency: { main: 'rate', ranges: { rate: SHARE, milliseconds: MILLISECONDS } },
  lateListings: { main: 'seconds', ranges: { seconds: { least: 0, most: 86_400, of: 'simulated seconds' } } },
  detections: { main: 'rate', ranges: { rate: SHARE } },
  people: {
    main: 'rate',
    ranges: {
      rate: { least: 0, most: 3600, of: 'deeds in a simulated hour' },
      most: { least: 0, most: 1_000_000, of: 'deeds in all' },
    },
  },
  mostInARow: { main: '', ranges: { '': { least: 1, most: 100, of: 'calls' } } },
};

const NAMES = Object.keys(KINDS) as readonly (keyof Trouble)[];
const WHERE = ['operations', 'accounts', 'regions'] as const;

/** The kinds of trouble, in the order in which they are explained. */
export const TROUBLE_KINDS: readonly string[] = NAMES;

/** Trouble that is fit to be made: every key known, every number in its range. Throws TroubleError, which lists all that is wrong. */
export function checkedTrouble(value: unknown): Trouble {
  if (!isRecord(value)) throw new TroubleError([`it has to map kinds of trouble to numbers, such as throttling: 0.05`]);
  const problems = Object.entries(value).flatMap(([name, given]) => problemsOf(name, given));
  if (problems.length > 0) throw new TroubleError(problems);
  return value;
}

/** A name of TROUBLES, pairs such as `throttling=0.05,people=4`, or a name and then pairs that go before it. Null where it is neither. */
export function troubleFromText(text: string): Trouble | null {
  const [first = '', ...rest] = text.split(',').map((part) => part.trim());
  const isNamed = Object.hasOwn(TROUBLES, first);
  if (!isNamed && !first.includes('=')) return null;
  const pairs = isNamed ? rest : [first, ...rest];
  const problems: string[] = [];
  const given: [string, number][] = [];
  for (const pair of pairs) {
    const [name = '', number = ''] = pair.split('=').map((part) => part.trim());
    if (!pair.includes('=')) problems.push(`"${pair}" is no pair: write ${pair === '' ? 'throttling' : pair}=0.05`);
    else if (given.some(([each]) => each === name)) problems.push(`${name} is there twice`);
    else given.push([name, number === '' ? Number.NaN : Number(number)]);
  }
  if (problems.length > 0) throw new TroubleError(problems);
  return checkedTrouble({ ...(isNamed ? TROUBLES[first as TroubleName] : {}), ...Object.fromEntries(given) });
}

/** Trouble as a YAML or JSON file says it: each kind a number, or a mapping that narrows it. */
export function troubleFromFile(text: string): Trouble {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new TroubleError([error instanceof Error ? error.message : String(error)]);
  }
  return checkedTrouble(value);
}

function problemsOf(name: string, given: unknown): readonly string[] {
  const unknown = known('kind of trouble', name, NAMES);
  if (unknown !== null) return [unknown];
  const { main, ranges } = KINDS[name as keyof Trouble];
  if (!isRecord(given)) return numberFrom(name, given, ranges[main]!);
  if (main === '') return [`${name} takes a plain number`];
  const missing = main in given ? [] : [`${name} needs ${main}`];
  const members = Object.entries(given).flatMap(([member, value]) => {
    const path = `${name}.${member}`;
    const range = ranges[member];
    if (range !== undefined) return numberFrom(path, value, range);
    return known(`member of ${name}`, member, [...Object.keys(ranges), ...WHERE]) ?? textsFrom(path, member, value);
  });
  return [...missing, ...members];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
