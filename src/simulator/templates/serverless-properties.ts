import { isObject, type Json, type JsonObject } from './json.js';

/** Those of the named properties that are there. */
export const picked = (properties: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])));

/** Serverless resources take tags as a mapping, all others as a list. */
export const keyedTags = (tags: Json | undefined): readonly JsonObject[] =>
  isObject(tags) ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) : [];
