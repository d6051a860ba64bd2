import type { IgnoreRule } from '../../model/desired.js';
import { hasPassed } from '../../model/moment.js';

/** Of a rule, all of its resource: every property, and that it was deleted. */
const EVERYTHING = '/';

/**
 * The first rule that accepts a difference; null where none does. `subject` and `path` are as in a sighting. A path covers itself and all
 * below it, and a rule that has expired covers nothing.
 */
export function ruleFor(rules: readonly IgnoreRule[], subject: string, path: string, now: Date): IgnoreRule | null {
  const found = rules.find(
    (rule) => rule.resource === subject && covers(rule.path, path) && !hasPassed(rule.expires, now),
  );
  return found ?? null;
}

/** `/Tags` covers `/Tags` and `/Tags/0/Value`, and not `/TagsOfOthers`. */
export function covers(pointer: string, path: string): boolean {
  return pointer === EVERYTHING || path === pointer || path.startsWith(`${pointer}/`);
}
