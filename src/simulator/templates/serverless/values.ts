import { isObject, type Json, type JsonObject } from '../json.js';

export const ref = (name: Json): JsonObject => ({ Ref: name });
export const getAtt = (logicalId: string, attribute: string): JsonObject => ({ 'Fn::GetAtt': [logicalId, attribute] });
export const sub = (text: string, variables?: JsonObject): JsonObject => ({
  'Fn::Sub': variables === undefined ? text : [text, variables],
});

const NO_VALUE: JsonObject = { Ref: 'AWS::NoValue' };

export const conditional = (condition: Json, wanted: Json, otherwise: Json = NO_VALUE): JsonObject => ({
  'Fn::If': [condition, wanted, otherwise],
});

/** A mapping whose one key is a function's: the transform cannot know its value. */
export function isIntrinsic(value: Json | undefined): value is JsonObject {
  if (!isObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'));
}

export const isNoValue = (value: Json | undefined): boolean => isObject(value) && value['Ref'] === 'AWS::NoValue';

/** The three arguments of an `Fn::If`; undefined where it is none. Refusals of a malformed one are the caller's. */
export function ifParts(value: Json | undefined): readonly Json[] | undefined {
  if (!isIntrinsic(value)) return undefined;
  const parts = value['Fn::If'];
  if (parts === undefined) return undefined;
  return Array.isArray(parts) ? (parts as readonly Json[]) : [];
}

/** What the transform takes for given: absent, null, false, 0 and everything empty are not. */
export function isGiven(value: Json | undefined): value is Json {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

export const asList = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [value]);

/** Serverless resources take tags as a mapping, all others as a list. */
export const tagList = (tags: Json | undefined): readonly JsonObject[] =>
  isObject(tags) ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value: Value ?? '' })) : [];

/** The resource that a `Ref` or `Fn::GetAtt` names; undefined for anything else. */
export function referredId(value: Json | undefined): string | undefined {
  if (!isIntrinsic(value)) return undefined;
  if (typeof value['Ref'] === 'string') return value['Ref'];
  const att = value['Fn::GetAtt'];
  const parts = typeof att === 'string' ? att.split('.') : att;
  return Array.isArray(parts) && parts.length === 2 && typeof parts[0] === 'string' ? parts[0] : undefined;
}

/** A value as a text or a refusal shows it; what is absent is `None` in the transform's words. */
export const shown = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? 'None' : JSON.stringify(value);
