import { canonicalJson } from '../model/canonical.js';
import type { Field, Shown } from '../model/plan.js';
import { byText } from './describe-wording.js';

const DEEPEST = 12;

/**
 * Where two values differ, as deep as both are mappings; `Metadata` and the like count too. Lists are compared as a whole. At most
 * `most` of them, and a last one without values that stands for the rest.
 */
export function leafFields(before: unknown, after: unknown, most: number): readonly Field[] {
  const fields = differences(before, after, []);
  if (fields.length <= most) return fields;
  return [...fields.slice(0, most - 1), { path: `${fields.length - most + 1} more`, before: null, after: null }];
}

function differences(before: unknown, after: unknown, path: readonly string[]): readonly Field[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (path.length < DEEPEST && isPlainMapping(before) && isPlainMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(byText);
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  const name = path[0] === 'Properties' && path.length > 1 ? path.slice(1) : path;
  return [{ path: name.join('.'), before: shown(before), after: shown(after) }];
}

/** A function of CloudFormation is one value: what is in it has no place of its own. */
function isPlainMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return !(keys.length === 1 && (keys[0] === 'Ref' || keys[0]!.startsWith('Fn::')));
}

function shown(value: unknown): Shown {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}
