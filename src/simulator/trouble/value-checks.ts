import { closest, distance } from 'fastest-levenshtein';

/** What is wrong with trouble that was asked for; each problem names its key and what would be right. */
export class TroubleError extends Error {
  override readonly name = 'TroubleError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Null where the name is known; else what it might have been, and what there is. */
export function known(what: string, name: string, names: readonly string[]): string | null {
  if (names.includes(name)) return null;
  const near = nearest(name, names);
  const meant = near === null ? '' : `, did you mean ${near}?`;
  return `"${name}" is no ${what}${meant === '' ? ':' : meant} There is ${names.join(', ')}`;
}

/** The name that was probably meant; null where none is near. */
export function nearest(name: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const found = closest(
    name.toLowerCase(),
    names.map((each) => each.toLowerCase()),
  );
  const near = names.find((each) => each.toLowerCase() === found)!;
  return distance(name.toLowerCase(), found) <= Math.max(2, Math.floor(name.length / 3)) ? near : null;
}

export function numberFrom(
  path: string,
  value: unknown,
  { least, most, of }: { readonly least: number; readonly most: number; readonly of: string },
): readonly string[] {
  if (typeof value === 'number' && value >= least && value <= most) return [];
  const given = Number.isNaN(value) ? 'not a number' : JSON.stringify(value);
  return [`${path} is ${given}: it has to be a number from ${least} to ${most}, ${of}`];
}

const TEXTS: Readonly<Record<string, { readonly pattern: RegExp; readonly like: string }>> = {
  operations: { pattern: /^[a-z0-9*]+(?::[A-Za-z0-9*]+)?$/, like: '"cloudformation:Describe*"' },
  accounts: { pattern: /^\d{12}$/, like: '"123456789012", in quotes' },
  regions: { pattern: /^[a-z]{2,}(?:-[a-z]+)+-\d+$/, like: '"us-east-1"' },
};

/** A list of texts of which each looks like what its member is for. */
export function textsFrom(path: string, member: string, value: unknown): readonly string[] {
  const { pattern, like } = TEXTS[member]!;
  const wrong = Array.isArray(value) ? value.find((each) => typeof each !== 'string' || !pattern.test(each)) : value;
  if (Array.isArray(value) && wrong === undefined && value.length > 0) return [];
  return [`${path} is ${JSON.stringify(wrong ?? value)}: it has to be a list of texts such as ${like}`];
}
