import { invalid } from '../../templates/refusal.js';
import { PREVIOUS } from './stack-set.js';
import type { OverrideChange } from './stack-set.js';
import type { Declaration } from './template.js';

/** What UsePreviousValue looks back to. */
export type Previous = { readonly values: ReadonlyMap<string, string>; readonly declared: Declared };
export const NOTHING_BEFORE: Previous = { values: new Map(), declared: new Map() };

export type SentParameter = {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
};

type Declared = ReadonlyMap<string, Declaration>;

/** The key, and whether the value before is to be kept. */
function read({ ParameterKey: key, ParameterValue: value, UsePreviousValue: keep }: SentParameter): {
  readonly key: string;
  readonly value: string | undefined;
  readonly keeps: boolean;
} {
  if (key === undefined) throw invalid('ParameterKey is required');
  if (keep === true && value !== undefined)
    throw invalid(
      `Invalid input for parameter key ${key}. Either specify ParameterValue or UsePreviousValue, not both.`,
    );
  return { key, value, keeps: keep === true };
}

function refuseUnknown(names: Iterable<string>, declared: Declared): void {
  const unknown = [...names].filter((name) => !declared.has(name));
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
}

/** The values of a stack set itself: what was sent, `UsePreviousValue` looked up. Missing ones without a default are refused. */
export function setParameters(
  sent: readonly SentParameter[],
  previous: Previous,
  declared: Declared,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { key, value, keeps } of sent.map(read)) {
    if (keeps && !previous.declared.has(key)) {
      throw invalid(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    const next = keeps ? previous.values.get(key) : value;
    if (next !== undefined) values.set(key, next);
  }
  refuseUnknown(values.keys(), declared);
  const missing = [...declared]
    .filter(([name, { hasDefault }]) => !hasDefault && !values.has(name))
    .map(([name]) => name);
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

/** A parameter that is new in the template must reach the stack set first, by UpdateStackSet. */
export function overrideChange(sent: readonly SentParameter[] | undefined, declared: Declared): OverrideChange {
  if (sent === undefined) return { type: 'keep' };
  const overrides = new Map<string, string | typeof PREVIOUS>();
  for (const { key, value, keeps } of sent.map(read)) overrides.set(key, keeps ? PREVIOUS : (value ?? ''));
  refuseUnknown(overrides.keys(), declared);
  return { type: 'replace', overrides };
}

export function changedOverrides(
  change: OverrideChange,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  if (change.type === 'keep') return before;
  const after = new Map<string, string>();
  for (const [name, value] of change.overrides) {
    const next = value === PREVIOUS ? before.get(name) : value;
    if (next !== undefined) after.set(name, next);
  }
  return after;
}

/**
 * What a stack is given: the set's values and the instance's over them. Of the set's it gets those that its template declares; of its
 * own also those that only the set's newer template declares, and is refused for them.
 */
export function stackParameters(
  content: { readonly parameters: ReadonlyMap<string, string>; readonly declared: Declared },
  overrides: ReadonlyMap<string, string>,
  declared: Declared,
): Readonly<Record<string, string>> {
  const values = [...content.parameters].filter(([name]) => declared.has(name));
  const own = [...overrides].filter(([name]) => declared.has(name) || content.declared.has(name));
  return Object.fromEntries([...values, ...own]);
}

export const sameValues = (left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean =>
  left.size === right.size && [...left].every(([name, value]) => right.get(name) === value);
