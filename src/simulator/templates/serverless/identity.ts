import { createHash } from 'node:crypto';
import { isObject, type Json } from '../json.js';

/** JSON with sorted keys and nothing but ASCII: what the transform hashes. */
function sortedJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(sortedJson).join(',')}]`;
  if (isObject(value)) {
    const members = Object.keys(value)
      .sort((left, right) => (left < right ? -1 : 1))
      .map((key) => `${ascii(key)}:${sortedJson(value[key]!)}`);
    return `{${members.join(',')}}`;
  }
  return typeof value === 'string' ? ascii(value) : JSON.stringify(value);
}

/** A JSON string in which all that is not ASCII is escaped. */
export const ascii = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const sha1 = (text: string): string => createHash('sha1').update(text, 'utf8').digest('hex');

/** The whole digest of a text; hashed logical ids end in its first ten digits. */
export const digest = (text: string): string => (text === '' ? '' : sha1(text));

/** What a logical id ends in so that another id stands for other content: ten hex digits of SHA-1; nothing for nothing. */
export const contentHash = (content: Json): string =>
  digest(typeof content === 'string' ? content : sortedJson(content)).slice(0, 10);

/** A logical id that ends in a name, or in its hash where the name could not be part of an id. */
export const namedId = (prefix: string, name: string): string =>
  /^[\p{L}\p{N}]+$/u.test(name) ? `${prefix}${name}` : `${prefix}${contentHash(name)}`;
