import { invalid } from '../../templates/refusal.js';
import { PREVIOUS } from './stack-set.js';
import type { OverrideChange } from './stack-set.js';
import type { Declaration } from './template.js';

export type SentParameter = {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
};

type Declared = ReadonlyMap<string, Declaration>;

function refuseUnknown(names: Iterable<string>, declared: Declared): void {
  const unknown = [...names].filter((name) => !declared.has(name));
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
}

/** The values of a stack set itself: what was sent, `UsePreviousValue` looked up. Missing ones without a default are refused. */
export function setParameters(
  sent: readonly SentParameter[],
  previous: ReadonlyMap<string, string>,
  declared: Declared,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { ParameterKey: key, ParameterValue: value, UsePreviousValue: keep } of sent) {
    if (key === undefined) throw invalid('ParameterKey is required');
    const next = keep === true ? previous.get(key) : value;
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
  for (const { ParameterKey: key, ParameterValue: value, UsePreviousValue: keep } of sent) {
    if (key === undefined) throw invalid('ParameterKey is required');
    overrides.set(key, keep === true ? PREVIOUS : (value ?? ''));
  }
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

/** What a stack is given: the set's values, the instance's over them, and nothing that its template does not declare. */
export function stackParameters(
  values: ReadonlyMap<string, string>,
  overrides: ReadonlyMap<string, string>,
  declared: Declared,
): Readonly<Record<string, string>> {
  return Object.fromEntries([...values, ...overrides].filter(([name]) => declared.has(name)));
}

export const sameValues = (left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean =>
  left.size === right.size && [...left].every(([name, value]) => right.get(name) === value);
