import { sameValue, type JsonObject } from '../../templates/json.js';

/** Names of the top-level properties that differ. */
export function changedProperties(before: JsonObject, after: JsonObject): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !sameValue(before[name], after[name]));
}
