import { XmlShapeDeserializer } from '@aws-sdk/core/protocols';
import { Malformed, parseBlob, parseBoolean, parseNumber, parseTimestamp } from './scalar.js';
import type { Member, Shape } from './shape.js';

const DOCUMENT = 15;
const reader = new XmlShapeDeserializer({
  timestampFormat: { useTrait: true, default: 5 },
  httpBindings: true,
  xmlNamespace: '',
  serviceNamespace: '',
});

/** The content of a document's root: elements as properties, repeated ones as arrays, text as strings. */
export function parseDocument(bytes: Uint8Array): unknown {
  try {
    return reader.read(DOCUMENT, bytes) as unknown;
  } catch {
    throw new Malformed('The XML you provided was not well-formed or did not validate against our published schema');
  }
}

/** A parsed element read as a value of the shape. */
export function fromXml(shape: Shape, node: unknown): unknown {
  switch (shape.type) {
    case 'structure': {
      const children = elements(node);
      const value: Record<string, unknown> = {};
      for (const member of shape.members) {
        if (Object.hasOwn(children, member.xmlName))
          value[member.name] = memberFromXml(member, children[member.xmlName]);
      }
      return value;
    }
    case 'list':
      return several(elements(node)[shape.memberName]).map((item) => fromXml(shape.member, item));
    case 'number':
      return parseNumber(String(node));
    case 'boolean':
      return parseBoolean(String(node));
    case 'timestamp':
      return parseTimestamp(String(node));
    case 'blob':
      return parseBlob(String(node));
    case 'string':
    case 'document':
    case 'map':
    case 'unit':
      return String(node);
  }
}

function memberFromXml(member: Member, node: unknown): unknown {
  const { shape } = member;
  return member.xmlFlattened && shape.type === 'list'
    ? several(node).map((item) => fromXml(shape.member, item))
    : fromXml(shape, node);
}

function elements(node: unknown): Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null ? (node as Readonly<Record<string, unknown>>) : {};
}

function several(node: unknown): readonly unknown[] {
  if (node === undefined) return [];
  return Array.isArray(node) ? (node as readonly unknown[]) : [node];
}
