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
const UNUSUAL = /[&<>"'\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;

/** Text as XML content or attribute. A carriage return is escaped because parsers turn a bare one into a line feed. */
export function escapeXml(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text.replace(FORBIDDEN, '\ufffd').replace(SPECIAL, (character) => ENTITIES[character]!);
}

/** One element with its content. */
export function element(tag: string, content: string, attributes = ''): string {
  return `<${tag}${attributes}>${content}</${tag}>`;
}

/** A value of the shape as the element `tag`. */
export function toXml(tag: string, shape: Shape, value: unknown): string {
  return writer(tag, shape)(value);
}

/** The members that are elements, in the order of the shape; those that are not there are left out. */
export function membersToXml(members: readonly Member[], value: Values): string {
  let text = '';
  for (const { name, write } of memberWriters(members)) {
    const item = value[name];
    if (item !== undefined && item !== null) text += write(item);
  }
  return text;
}

type Write = (value: unknown) => string;
type MemberWriter = { readonly name: string; readonly write: Write };

/** What writes a shape's members, made when the first value is written: a page of stacks has thousands of them. */
const known = new WeakMap<readonly Member[], readonly MemberWriter[]>();

function memberWriters(members: readonly Member[]): readonly MemberWriter[] {
  const made = known.get(members);
  if (made !== undefined) return made;
  const writers = members
    .filter((member) => !member.xmlAttribute)
    .map((member) => ({ name: member.name, write: memberWriter(member) }));
  known.set(members, writers);
  return writers;
}

function memberWriter({ shape, xmlName, xmlFlattened }: Member): Write {
  if (xmlFlattened && shape.type === 'list') return itemsWriter(writer(xmlName, shape.member));
  if (xmlFlattened && shape.type === 'map') return entriesWriter(xmlName, shape);
  return writer(xmlName, shape);
}

function writer(tag: string, shape: Shape): Write {
  const [open, close] = [`<${tag}>`, `</${tag}>`];
  const around =
    (content: Write): Write =>
    (value) =>
      open + content(value) + close;
  switch (shape.type) {
    case 'structure':
      return structureWriter(tag, shape);
    case 'list':
      return around(itemsWriter(writer(shape.memberName, shape.member)));
    case 'map':
      return around(entriesWriter('entry', shape));
    case 'timestamp':
      return around((value) => formatTimestamp(value, shape.format, 'date-time'));
    case 'blob':
      return around(blobText);
    case 'number':
    case 'boolean':
      return around(String);
    case 'string':
    case 'document':
    case 'unit':
      return around((value) => escapeXml(String(value)));
  }
}

function structureWriter(tag: string, { members }: Extract<Shape, { type: 'structure' }>): Write {
  const attributes = members.filter((member) => member.xmlAttribute);
  return (value) => {
    let written = '';
    for (const { name, xmlName } of attributes) {
      const item = (value as Values)[name];
      if (item !== undefined && item !== null) written += ` ${xmlName}="${escapeXml(item as string)}"`;
    }
    return element(tag, membersToXml(members, value as Values), written);
  };
}

function itemsWriter(write: Write): Write {
  return (value) => {
    let text = '';
    for (const item of value as readonly unknown[]) text += write(item);
    return text;
  };
}

function entriesWriter(tag: string, shape: Extract<Shape, { type: 'map' }>): Write {
  const write = writer(shape.valueName, shape.value);
  return (value) =>
    Object.entries(value as Values)
      .map(([key, item]) => element(tag, element(shape.keyName, escapeXml(key)) + write(item)))
      .join('');
}
