import { Authored, Dictionary, isPlain, type Value } from './definition.js';

/** The text of a definition whose hash names a REST API's deployment. */
export function definitionText(value: Value): string {
  if (typeof value === 'string') return quoted(value.replaceAll('\\', '\\\\').replace(/[\n\r\t]/g, escaped));
  if (value instanceof Authored) return `u${authoredText(value.text)}`;
  if (Array.isArray(value)) return `[${value.map(definitionText).join(', ')}]`;
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  if (typeof value === 'number') return String(value);
  const members = value instanceof Dictionary ? value.all() : isPlain(value) ? Object.entries(value) : [];
  return `{${members.map(([key, item]) => `${definitionText(key)}: ${definitionText(item)}`).join(', ')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (character: string): string => ESCAPES[character]!;

/** In quotation marks of the sort that the text does not hold. */
function quoted(text: string): string {
  if (text.includes("'") && !text.includes('"')) return `"${text}"`;
  return `'${text.replaceAll("'", "\\'")}'`;
}

/** All that is not ASCII is escaped, and backslashes once. */
function authoredText(text: string): string {
  const plain = [...text].map(asciiOf).join('');
  return quoted(plain.replaceAll('\\', '\\\\')).replaceAll('\\\\', '\\');
}

function asciiOf(character: string): string {
  const point = character.codePointAt(0)!;
  if (character === '\\') return '\\\\';
  if (ESCAPES[character] !== undefined) return ESCAPES[character];
  if (point >= 0x20 && point < 0x7f) return character;
  if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${point.toString(16).padStart(4, '0')}` : `\\U${point.toString(16).padStart(8, '0')}`;
}
