import type { Inheritance } from '../../kernel/sessions.js';
import { invalidValue } from './refusals.js';

export type SessionTag = { readonly Key: string; readonly Value: string };

type Tagged = { readonly Tags?: readonly SessionTag[]; readonly TransitiveTagKeys?: readonly string[] };

const folded = (key: string): string => key.toLowerCase();

/** The tags that sessions begun from this one will have: those that it got so itself, and those that the request makes so. */
export function transitiveTags(
  { Tags = [], TransitiveTagKeys = [] }: Tagged,
  inherited: Inheritance['transitiveTags'],
): ReadonlyMap<string, string> {
  const keys = Tags.map(({ Key }) => folded(Key));
  if (new Set(keys).size < keys.length)
    throw invalidValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  const standing = new Set([...inherited.keys()].map(folded));
  if (keys.some((key) => standing.has(key))) {
    throw invalidValue(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const wanted = new Set(TransitiveTagKeys.map(folded));
  if ([...wanted].some((key) => !keys.includes(key)))
    throw invalidValue('The specified transitive tag key must be included in the requested tags.');
  const added = Tags.filter(({ Key }) => wanted.has(folded(Key)));
  return new Map([...inherited, ...added.map(({ Key, Value }): [string, string] => [Key, Value])]);
}
