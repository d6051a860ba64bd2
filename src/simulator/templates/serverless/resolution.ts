import { isObject, type Json, type JsonObject } from '../json.js';
import { refusedStructure } from '../serverless-refusal.js';

/** Values of parameters, defaults and pseudo parameters that are known before any resource is. */
export type Known = Readonly<Record<string, Json>>;

/** The same value with references to parameters replaced, also inside `Fn::Sub`; all that only a deployment knows stays. */
export function resolved(value: Json, known: Known): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => resolved(item, known));
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const name = value['Ref'];
  if (keys.length === 1 && typeof name === 'string') {
    const found = Object.hasOwn(known, name) ? known[name] : undefined;
    return found === undefined ? value : found;
  }
  const text = value['Fn::Sub'];
  if (keys.length === 1 && text !== undefined) return { 'Fn::Sub': substituted(text, known) };
  return Object.fromEntries(keys.map((key) => [key, resolved(value[key]!, known)]));
}

function substituted(value: Json, known: Known): Json {
  if (typeof value === 'string') return replaced(value, known);
  if (!Array.isArray(value)) return resolved(value, known);
  const [text, ...variables] = value as readonly Json[];
  return [
    typeof text === 'string' ? replaced(text, known) : (text ?? null),
    ...variables.map((item) => resolved(item, known)),
  ];
}

/** A text of `Fn::Sub` with the values that are known. */
export const replaced = (text: string, known: Known): string =>
  text.replace(/\$\{([A-Za-z0-9.]+|AWS::[A-Z][A-Za-z]*)\}/g, (whole, name: string) => {
    const found = Object.hasOwn(known, name) ? known[name]! : whole;
    if (typeof found === 'string') return found;
    throw refusedStructure(
      `Invalid Fn::Sub variable value ${JSON.stringify(found)}. Fn::Sub expects all variables to be strings.`,
    );
  });

/** The same value with every `Fn::FindInMap` of literal keys replaced by what the mapping says. */
export function lookedUp(value: Json, mappings: JsonObject): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => lookedUp(item, mappings));
  if (!isObject(value)) return value;
  const path = value['Fn::FindInMap'];
  if (Object.keys(value).length === 1 && Array.isArray(path)) {
    const keys = (path as readonly Json[]).map((key) => lookedUp(key, mappings));
    return (
      keys.reduce<Json | undefined>(
        (found, key) => (isObject(found) && typeof key === 'string' ? found[key] : undefined),
        mappings,
      ) ?? value
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lookedUp(item, mappings)]));
}
