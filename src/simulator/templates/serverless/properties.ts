import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';

/** How a property must look. `fixed` ones take no intrinsic function instead. */
type Shape = { readonly kind: string; readonly required: boolean; readonly fixed: boolean };
export type Shapes = ReadonlyMap<string, Shape>;

const isMap = (value: Json): boolean => isObject(value);
const isText = (value: Json): boolean => typeof value === 'string';
const all = (value: Json, holds: (item: Json) => boolean): boolean =>
  Array.isArray(value) && (value as readonly Json[]).every(holds);
const values = (value: Json, holds: (item: Json) => boolean): boolean =>
  isObject(value) && Object.values(value).every(holds);
const either = (value: Json): boolean => isText(value) || isMap(value);

const KINDS: Readonly<Record<string, (value: Json) => boolean>> = {
  any: () => true,
  map: isMap,
  string: isText,
  boolean: (value) => typeof value === 'boolean',
  // In the transform's language a truth value is an integer.
  integer: (value) => Number.isInteger(value) || typeof value === 'boolean',
  list: (value) => Array.isArray(value),
  'string|map': either,
  'boolean|map': (value) => typeof value === 'boolean' || isMap(value),
  'string|strings': (value) => isText(value) || all(value, isText),
  'list of string|map': (value) => all(value, either),
  'string|list of string|map': (value) => isText(value) || all(value, either),
  'string|map|list of string|map': (value) => either(value) || all(value, either),
  'map of map': (value) => values(value, isMap),
  'map of string': (value) => values(value, isText),
  'map of integer|map': (value) => values(value, (item) => Number.isInteger(item) || isMap(item)),
  'Delete or Retain': (value) => value === 'Delete' || value === 'Retain',
};

const EXPECTED: Readonly<Record<string, string>> = {
  map: 'map',
  string: 'string',
  'Delete or Retain': "one of the strings: 'Delete' or 'Retain'",
};

/** A table of properties: names by kind; `*` after a name is required, `!` after a kind takes no intrinsic function. */
export function shapes(table: Readonly<Record<string, string>>): Shapes {
  return new Map(
    Object.entries(table).flatMap(([kind, names]) =>
      names.split(' ').map((name) => {
        const shape: Shape = {
          kind: kind.replace('!', ''),
          required: name.endsWith('*'),
          fixed: kind.endsWith('!') || kind === 'any',
        };
        return [name.replace('*', ''), shape] as const;
      }),
    ),
  );
}

/** Refuses a logical id that CloudFormation would refuse too. */
export function checkId(logicalId: string): void {
  if (!/^[A-Za-z0-9]+$/.test(logicalId)) throw refusedResource(logicalId, 'Logical ids must be alphanumeric.');
}

/** Refuses properties that the type does not have, lacks and wrongly shaped ones, in the transform's words. */
export function checkProperties(logicalId: string, type: string, properties: JsonObject, shaped: Shapes): void {
  const unknown = Object.keys(properties).find((name) => !shaped.has(name));
  if (unknown !== undefined)
    throw refusedResource(logicalId, `property ${unknown} not defined for resource of type ${type}`);
  for (const [name, { kind, required, fixed }] of shaped) {
    const value = properties[name];
    if (!fixed && isObject(value) && Object.keys(value).length === 1) continue;
    if (value === undefined || value === null) {
      if (required) throw refusedResource(logicalId, `Missing required property '${name}'.`);
      continue;
    }
    if (KINDS[kind]!(value)) continue;
    const expected = EXPECTED[kind];
    throw refusedResource(
      logicalId,
      expected === undefined ? `Type of property '${name}' is invalid.` : `Property '${name}' should be a ${expected}.`,
    );
  }
}

/** Those of the named properties that are there. */
export const picked = (properties: JsonObject, names: string): JsonObject =>
  Object.fromEntries(
    names.split(' ').flatMap((name) => {
      const value = properties[name];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );

/** The value as a mapping; refused in the transform's words where it is something else. */
export function mapping(logicalId: string, name: string, value: Json | undefined): JsonObject {
  if (isObject(value)) return value;
  throw refusedResource(logicalId, `Property '${name}' should be a map.`);
}
