import type { Json, JsonObject } from '../json.js';
import { combinedConditions } from './conditions.js';

/** The condition of a path: an author's, or one that the transform made of several. */
export type PathCondition = { readonly name: string; readonly combined: boolean };

/** An event at a path and method of an API. */
export type Use = {
  readonly apiId: string;
  readonly path: string;
  readonly method: string;
  readonly owner: JsonObject;
};

/** The shared API stands under the conditions of all that use it, and stays if one of them does. */
export function attributesOf(apiId: string, uses: readonly Use[], conditions: Record<string, Json>): JsonObject {
  const own = uses.filter((use) => use.apiId === apiId);
  const owners = own.map(({ owner }) => owner);
  const strongest = (name: string, ranks: readonly string[]): JsonObject => {
    const found = ranks.find((rank) => owners.some((owner) => owner[name] === rank));
    return found === undefined ? {} : { [name]: found };
  };
  const condition = combined(own, `${apiId}Condition`, conditions);
  return {
    ...(condition === undefined ? {} : { Condition: condition.name }),
    ...strongest('DeletionPolicy', ['Retain', 'Delete']),
    ...strongest('UpdateReplacePolicy', ['Retain', 'Snapshot', 'Delete']),
  };
}

/** The condition under which a path has anything to call. */
export function conditionOfPath(
  apiId: string,
  path: string,
  uses: readonly Use[],
  conditions: Record<string, Json>,
): PathCondition | undefined {
  const of = uses.filter((use) => use.apiId === apiId && use.path === path);
  const name = `${apiId}${path.replaceAll('/', 'SLASH').replaceAll('{', 'OB').replaceAll('}', 'CB')}PathCondition`;
  return combined(of, name, conditions);
}

/** The condition under which at least one of the uses stands; undefined where one always does. The last event at a path and method counts. */
function combined(uses: readonly Use[], name: string, conditions: Record<string, Json>): PathCondition | undefined {
  const last = new Map(uses.map((use) => [`${use.path} ${use.method}`, use.owner['Condition']]));
  const named = [...new Set(last.values())];
  if (named.length === 0 || !named.every((condition) => typeof condition === 'string')) return undefined;
  if (named.length === 1) return { name: named[0]!, combined: false };
  Object.assign(conditions, combinedConditions([...named].sort(), name));
  return { name, combined: true };
}
