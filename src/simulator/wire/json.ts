import { blobText, formatTimestamp, Malformed, parseBlob, parseTimestamp } from './scalar.js';
import type { Member, Shape } from './shape.js';

type Json = Readonly<Record<string, unknown>>;

/** awsJson writes members under their own names, restJson under their `jsonName`. */
export type MemberNaming = 'member-name' | 'json-name';

const nameOf = (member: Member, naming: MemberNaming): string =>
  naming === 'json-name' ? member.jsonName : member.name;

/** A value of the shape as what JSON.stringify takes. */
export function toJson(shape: Shape, value: unknown, naming: MemberNaming): unknown {
  switch (shape.type) {
    case 'structure':
      return membersToJson(shape.members, value as Json, naming);
    case 'list':
      return (value as readonly unknown[]).map((item) => toJson(shape.member, item, naming));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as Json).map(([key, item]) => [key, toJson(shape.value, item, naming)]),
      );
    case 'timestamp':
      return shape.format === 'protocol' || shape.format === 'epoch-seconds'
        ? (value as Date).getTime() / 1000
        : formatTimestamp(value, shape.format, 'epoch-seconds');
    case 'blob':
      return blobText(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'string':
      return String(value);
    case 'boolean':
    case 'document':
    case 'unit':
      return value;
  }
}

export function membersToJson(members: readonly Member[], value: Json, naming: MemberNaming): Json {
  const json: Record<string, unknown> = {};
  for (const member of members) {
    const item = value[member.name];
    if (item !== undefined && item !== null) json[nameOf(member, naming)] = toJson(member.shape, item, naming);
  }
  return json;
}

/** The inverse; throws Malformed where the JSON is of another form. Members that the shape does not have are ignored, as AWS does. */
export function fromJson(shape: Shape, json: unknown, naming: MemberNaming): unknown {
  switch (shape.type) {
    case 'structure':
      return membersFromJson(shape.members, json, naming);
    case 'list':
      if (!Array.isArray(json)) throw new Malformed('Expected list or null');
      return json.filter((item) => item !== null).map((item) => fromJson(shape.member, item, naming));
    case 'map':
      return Object.fromEntries(
        Object.entries(demandObject(json)).map(([key, item]) => [key, fromJson(shape.value, item, naming)]),
      );
    case 'timestamp':
      if (typeof json !== 'number' && typeof json !== 'string') throw new Malformed('Expected a timestamp');
      return parseTimestamp(String(json));
    case 'blob':
      return parseBlob(ofType(json, 'string'));
    case 'number':
      if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
      return ofType(json, 'number');
    case 'boolean':
      return ofType(json, 'boolean');
    case 'string':
      return ofType(json, 'string');
    case 'document':
      return json;
    case 'unit':
      return {};
  }
}

export function membersFromJson(members: readonly Member[], json: unknown, naming: MemberNaming): Json {
  const source = demandObject(json);
  const value: Record<string, unknown> = {};
  for (const member of members) {
    const item = Object.hasOwn(source, nameOf(member, naming)) ? source[nameOf(member, naming)] : undefined;
    if (item !== undefined && item !== null) value[member.name] = fromJson(member.shape, item, naming);
  }
  return value;
}

/** The body as JSON; an empty one is an empty object. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Malformed('the request body is not JSON');
  }
}

export function demandObject(json: unknown): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Malformed('Start of structure or map found where not expected.');
  return json as Json;
}

function ofType(json: unknown, type: 'string'): string;
function ofType(json: unknown, type: 'number' | 'boolean'): unknown;
function ofType(json: unknown, type: string): unknown {
  if (typeof json !== type) throw new Malformed(`${typeof json} value can not be converted to a ${type}`);
  return json;
}
