import type { Json } from '../json.js';

const MOST = 10;

/** Conditions of which one holds where any of the given does; `Fn::Or` takes ten, so that more need several. */
export function combinedConditions(given: readonly string[], name: string): Readonly<Record<string, Json>> {
  let left = given;
  let more = Math.floor((given.length - 2) / (MOST - 1));
  const made: Record<string, Json> = {};
  while (left.length > 1) {
    const next = more > 0 ? `${name}${more}` : name;
    more -= 1;
    made[next] = { 'Fn::Or': left.slice(0, MOST).map((condition) => ({ Condition: condition })) };
    left = [...left.slice(MOST), next];
  }
  return made;
}
