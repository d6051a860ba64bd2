import { memberOf, type JsonObject } from './json.js';
import { conditionsIn } from './references.js';
import { invalid } from './refusal.js';

/** Refuses conditions that turn in a circle, used or not. */
export function checkConditionOrder(conditions: JsonObject): void {
  const done = new Set<string>();
  for (const first of Object.keys(conditions)) {
    const path = new Set<string>();
    const waiting = [first];
    for (let name = waiting.at(-1); name !== undefined; name = waiting.at(-1)) {
      if (done.has(name) || path.delete(name)) {
        done.add(name);
        waiting.pop();
        continue;
      }
      path.add(name);
      const others = conditionsIn(memberOf(conditions, name) ?? null);
      if (others.some((other) => path.has(other)))
        throw invalid(`Template error: Found circular condition dependency through ${name}`);
      waiting.push(...others);
    }
  }
}
