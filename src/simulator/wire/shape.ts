import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';

/** Where a member travels in an HTTP message; `body` for all members of the protocols that bind nothing. */
export type Binding =
  | { readonly type: 'body' | 'payload' | 'label' | 'status' | 'query-parameters' }
  | { readonly type: 'query' | 'header' | 'prefix-headers'; readonly name: string };

export type Member = {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  readonly binding: Binding;
  readonly jsonName: string;
  readonly xmlName: string;
  readonly xmlAttribute: boolean;
  readonly xmlFlattened: boolean;
};

export type StructureShape = {
  readonly type: 'structure';
  readonly name: string;
  readonly xmlName: string;
  readonly members: readonly Member[];
};

export type TimestampFormat = 'protocol' | 'date-time' | 'http-date' | 'epoch-seconds';

/** What the SDK's schemas say of a value, with the traits that matter on the wire. The only file that reads those schemas. */
export type Shape =
  | StructureShape
  | { readonly type: 'list'; readonly member: Shape; readonly memberName: string }
  | { readonly type: 'map'; readonly value: Shape; readonly keyName: string; readonly valueName: string }
  | { readonly type: 'timestamp'; readonly format: TimestampFormat }
  | { readonly type: 'string' | 'number' | 'boolean' | 'blob' | 'document' | 'unit' };

const TIMESTAMP_FORMATS: Readonly<Record<number, TimestampFormat>> = {
  5: 'date-time',
  6: 'http-date',
  7: 'epoch-seconds',
};

type Traits = Readonly<Record<string, unknown>>;

const structures = new WeakMap<object, StructureShape>();

/** The shape of a schema; a structure is made once, so that recursive ones end. */
export function shapeOf(reference: $SchemaRef): Shape {
  return shape(NormalizedSchema.of(reference));
}

function shape(schema: NormalizedSchema): Shape {
  if (schema.isUnitSchema()) return { type: 'unit' };
  if (schema.isStructSchema()) return structure(schema);
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    return { type: 'list', member: shape(member), memberName: text(member, 'xmlName') ?? 'member' };
  }
  if (schema.isMapSchema()) {
    const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
    const [keyName, valueName] = [text(key, 'xmlName') ?? 'key', text(value, 'xmlName') ?? 'value'];
    return { type: 'map', value: shape(value), keyName, valueName };
  }
  if (schema.isTimestampSchema()) {
    return { type: 'timestamp', format: TIMESTAMP_FORMATS[schema.getSchema() as number] ?? 'protocol' };
  }
  if (schema.isBooleanSchema()) return { type: 'boolean' };
  if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return { type: 'number' };
  if (schema.isBlobSchema()) return { type: 'blob' };
  if (schema.isDocumentSchema()) return { type: 'document' };
  return { type: 'string' };
}

function structure(schema: NormalizedSchema): StructureShape {
  const declaration = schema.getSchema() as unknown as readonly unknown[];
  const known = structures.get(declaration);
  if (known !== undefined) return known;
  const members: Member[] = [];
  const name = schema.getName() ?? '';
  const made: StructureShape = { type: 'structure', name, xmlName: own(schema, 'xmlName') ?? name, members };
  structures.set(declaration, made);
  // The schemas list the required members first and say how many there are.
  const required = (declaration[6] as number | undefined) ?? 0;
  for (const [memberName, member] of schema.structIterator()) {
    const traits = member.getMergedTraits() as Traits;
    members.push({
      name: memberName,
      shape: shape(member),
      required: members.length < required,
      binding: bindingOf(traits),
      jsonName: text(member, 'jsonName') ?? memberName,
      xmlName: memberXmlName(member, memberName),
      xmlAttribute: Boolean(traits['xmlAttribute']),
      xmlFlattened: Boolean(traits['xmlFlattened']),
    });
  }
  return made;
}

function bindingOf(traits: Traits): Binding {
  if (traits['httpLabel']) return { type: 'label' };
  if (traits['httpPayload']) return { type: 'payload' };
  if (traits['httpResponseCode']) return { type: 'status' };
  if (traits['httpQueryParams']) return { type: 'query-parameters' };
  if (typeof traits['httpQuery'] === 'string') return { type: 'query', name: traits['httpQuery'] };
  if (typeof traits['httpHeader'] === 'string') return { type: 'header', name: traits['httpHeader'].toLowerCase() };
  if (typeof traits['httpPrefixHeaders'] === 'string') {
    return { type: 'prefix-headers', name: traits['httpPrefixHeaders'].toLowerCase() };
  }
  return { type: 'body' };
}

/** A structure's own xmlName names it as a document's root, never as somebody's member. */
function memberXmlName(member: NormalizedSchema, memberName: string): string {
  const name = member.isStructSchema()
    ? (member.getMemberTraits() as Traits)['xmlName']
    : (member.getMergedTraits() as Traits)['xmlName'];
  return typeof name === 'string' ? name : memberName;
}

function text(schema: NormalizedSchema, trait: string): string | undefined {
  const value = (schema.getMergedTraits() as Traits)[trait];
  return typeof value === 'string' ? value : undefined;
}

function own(schema: NormalizedSchema, trait: string): string | undefined {
  const value = (schema.getOwnTraits() as Traits)[trait];
  return typeof value === 'string' ? value : undefined;
}
