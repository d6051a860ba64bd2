import { isObject, type Json, type JsonObject } from '../json.js';
import { ascii } from './identity.js';
import { isIntrinsic } from './values.js';

const DYNAMIC = /^{{resolve:([a-z-]+):(.+)}}$/;

/** A definition as Step Functions reads it: text with placeholders, and what only a deployment knows in their places. */
export function machineDefinition(definition: Json): { readonly text: JsonObject; readonly substitutions: JsonObject } {
  const substitutions: Record<string, Json> = {};
  const plain = withPlaceholders(definition, substitutions);
  return { text: { 'Fn::Join': ['\n', indented(plain, '').split('\n')] }, substitutions };
}

/** Placeholders are numbered in the order of the keys, deepest last. */
function withPlaceholders(value: Json, substitutions: Record<string, Json>): Json {
  const place = (item: Json): Json => {
    if (!isIntrinsic(item) && !(typeof item === 'string' && DYNAMIC.test(item)))
      return withPlaceholders(item, substitutions);
    const name = `definition_substitution_${Object.keys(substitutions).length + 1}`;
    substitutions[name] = item;
    return `\${${name}}`;
  };
  if (Array.isArray(value)) return (value as readonly Json[]).map(place);
  if (!isObject(value)) return value;
  return Object.fromEntries(sortedKeys(value).map((key) => [key, place(value[key]!)]));
}

const sortedKeys = (value: JsonObject): readonly string[] =>
  Object.keys(value).sort((left, right) => (left < right ? -1 : 1));

/** JSON with sorted keys, four spaces a level. */
function indented(value: Json, margin: string): string {
  const deeper = `${margin}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const items = (value as readonly Json[]).map((item) => `${deeper}${indented(item, deeper)}`);
    return `[\n${items.join(',\n')}\n${margin}]`;
  }
  if (isObject(value)) {
    const members = sortedKeys(value).map((key) => `${deeper}${ascii(key)}: ${indented(value[key]!, deeper)}`);
    return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${margin}}`;
  }
  return typeof value === 'string' ? ascii(value) : JSON.stringify(value);
}
