import { blobText, formatTimestamp } from './scalar.js';
import type { Member, Shape } from './shape.js';

type Values = Readonly<Record<string, unknown>>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
};
// These are the characters that XML 1.0 cannot carry, not even as a reference.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const SPECIAL = /[&<>"'\r]/g;

/** Text as XML content or attribute. A carriage return is escaped because parsers turn a bare one into a line feed. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(SPECIAL, (character) => ENTITIES[character]!);
}

/** One element with its content. */
export function element(tag: string, content: string, attributes = ''): string {
  return `<${tag}${attributes}>${content}</${tag}>`;
}

/** A value of the shape as the element `tag`. */
export function toXml(tag: string, shape: Shape, value: unknown): string {
  switch (shape.type) {
    case 'structure': {
      const attributes = shape.members
        .filter((member) => member.xmlAttribute && present(value, member))
        .map((member) => ` ${member.xmlName}="${escapeXml(String((value as Values)[member.name]))}"`);
      return element(tag, membersToXml(shape.members, value as Values), attributes.join(''));
    }
    case 'list':
      return element(tag, items(shape.memberName, shape.member, value));
    case 'map':
      return element(tag, entries('entry', shape, value));
    case 'timestamp':
      return element(tag, formatTimestamp(value, shape.format, 'date-time'));
    case 'blob':
      return element(tag, blobText(value));
    case 'string':
    case 'number':
    case 'boolean':
    case 'document':
    case 'unit':
      return element(tag, escapeXml(String(value)));
  }
}

export function membersToXml(members: readonly Member[], value: Values): string {
  let text = '';
  for (const member of members) {
    if (member.xmlAttribute || !present(value, member)) continue;
    text += memberToXml(member, value[member.name]);
  }
  return text;
}

function memberToXml(member: Member, value: unknown): string {
  const { shape, xmlName } = member;
  if (member.xmlFlattened && shape.type === 'list') return items(xmlName, shape.member, value);
  if (member.xmlFlattened && shape.type === 'map') return entries(xmlName, shape, value);
  return toXml(xmlName, shape, value);
}

function items(tag: string, shape: Shape, value: unknown): string {
  return (value as readonly unknown[]).map((item) => toXml(tag, shape, item)).join('');
}

function entries(tag: string, shape: Extract<Shape, { type: 'map' }>, value: unknown): string {
  return Object.entries(value as Values)
    .map(([key, item]) =>
      element(tag, element(shape.keyName, escapeXml(key)) + toXml(shape.valueName, shape.value, item)),
    )
    .join('');
}

function present(value: unknown, member: Member): boolean {
  const item = (value as Values)[member.name];
  return item !== undefined && item !== null;
}
