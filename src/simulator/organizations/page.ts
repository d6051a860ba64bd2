import { invalidInput } from './refusal.js';

export type PageRequest = { readonly NextToken?: string; readonly MaxResults?: number };

const LARGEST = 20;

/**
 * One page of at most 20. As AWS warns, a page may be empty although there are more: a listing of more than one page has one such
 * page, in the middle, so that whoever stops at it is found out.
 */
export function pageOf<T>(
  listing: string,
  all: readonly T[],
  request: PageRequest,
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const size = request.MaxResults ?? LARGEST;
  if (size < 1) throw invalidInput('MIN_VALUE_EXCEEDED', 'MaxResults must be at least 1.');
  if (size > LARGEST) throw invalidInput('MAX_VALUE_EXCEEDED', `MaxResults must be at most ${LARGEST}.`);
  const { offset, paused } =
    request.NextToken === undefined ? { offset: 0, paused: false } : positionIn(listing, request.NextToken);
  const middle = Math.floor(Math.ceil(all.length / size) / 2) * size;
  if (all.length > size && offset >= middle && !paused)
    return { items: [], next: { NextToken: token(listing, offset, true) } };
  const items = all.slice(offset, offset + size);
  const end = offset + items.length;
  return { items, next: end < all.length ? { NextToken: token(listing, end, paused) } : {} };
}

function token(listing: string, offset: number, paused: boolean): string {
  return Buffer.from(JSON.stringify([listing, offset, paused])).toString('base64url');
}

/** A token is good for the listing that gave it, and for no other. */
function positionIn(listing: string, text: string): { readonly offset: number; readonly paused: boolean } {
  try {
    const [given, offset, paused] = JSON.parse(Buffer.from(text, 'base64url').toString()) as readonly unknown[];
    if (given === listing && typeof offset === 'number' && typeof paused === 'boolean') return { offset, paused };
  } catch {
    // What cannot be parsed is as invalid as what belongs elsewhere.
  }
  throw invalidInput('INVALID_NEXT_TOKEN', 'The provided NextToken is invalid.');
}
