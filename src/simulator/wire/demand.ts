import type { ConstraintRule, ViolationKind } from './constraint-rule.js';
import { wholePattern } from '../kernel/java-pattern.js';
import { Malformed } from './scalar.js';

/** One thing that a rule demands: AWS's words for it, and whether a value does. */
export type Demand = {
  readonly kind: ViolationKind;
  readonly text: string;
  readonly holds: (value: unknown) => boolean;
};

/** A text that is longer than this many times what is allowed is not held against the pattern too: that could take long and would change nothing. */
const LONGEST_FOR_PATTERN = 2;

/** What a rule demands of the value itself, in the order in which AWS complains; items of lists and entries of maps have rules of their own. */
export function demandsOf(rule: ConstraintRule): readonly Demand[] {
  const demands = rule.type === 'number' ? rangeDemands(rule) : lengthDemands(rule);
  return rule.type === 'string' ? [...patternDemands(rule), ...demands, ...enumDemands(rule)] : demands;
}

type Rule<Type extends ConstraintRule['type']> = Extract<ConstraintRule, { type: Type }>;

function patternDemands({ pattern, max }: Rule<'string'>): readonly Demand[] {
  if (pattern === undefined) return [];
  const longest = max === undefined ? Infinity : max * LONGEST_FOR_PATTERN;
  const whole = wholePattern(pattern);
  const holds = (value: unknown) => (value as string).length > longest || whole.test(value as string);
  return [{ kind: 'pattern', text: `Member must satisfy regular expression pattern: ${pattern}`, holds }];
}

function enumDemands({ enum: words }: Rule<'string'>): readonly Demand[] {
  if (words === undefined) return [];
  const known = new Set<unknown>(words);
  const text = `Member must satisfy enum value set: [${words.join(', ')}]`;
  return [{ kind: 'enum', text, holds: (value) => known.has(value) }];
}

function lengthDemands({ min, max }: Exclude<ConstraintRule, { type: 'number' }>): readonly Demand[] {
  const demands: Demand[] = [];
  if (max !== undefined)
    demands.push({
      kind: 'max-length',
      text: `Member must have length less than or equal to ${max}`,
      holds: (value) => lengthOf(value) <= max,
    });
  if (min !== undefined && min > 0)
    demands.push({
      kind: 'min-length',
      text: `Member must have length greater than or equal to ${min}`,
      holds: (value) => lengthOf(value) >= min,
    });
  return demands;
}

function rangeDemands({ min, max }: Rule<'number'>): readonly Demand[] {
  const demands: Demand[] = [];
  if (max !== undefined)
    demands.push({
      kind: 'max-value',
      text: `Member must have value less than or equal to ${max}`,
      holds: (value) => (value as number) <= max,
    });
  if (min !== undefined)
    demands.push({
      kind: 'min-value',
      text: `Member must have value greater than or equal to ${min}`,
      holds: (value) => (value as number) >= min,
    });
  return demands;
}

/** Throws Malformed for what is no whole number of that many bits: it was never read as one, so that it breaks no constraint. */
export function demandWhole(value: unknown, bits: number): void {
  if (!Number.isInteger(value) || Math.abs(value as number) >= 2 ** (bits - 1))
    throw new Malformed(`${String(value)} can not be converted to ${bits === 32 ? 'an Integer' : 'a Long'}`);
}

/** Unicode characters of a text, items of a list, entries of a map. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return /[\ud800-\udfff]/.test(value) ? [...value].length : value.length;
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}
