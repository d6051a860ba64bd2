import { invalid } from '../../templates/refusal.js';

const PAGE_BYTES = 1_000_000;

export type Page<T> = { readonly items: readonly T[]; readonly NextToken?: string };

/** A page from a list that does not change between calls; the token is a position. */
export function pageOf<T>(all: readonly T[], token: string | undefined, size: number): Page<T> {
  const from = token === undefined ? 0 : positionOf(token);
  const items = all.slice(from, from + size);
  return from + size < all.length ? { items, NextToken: tokenOf(from + size) } : { items };
}

/**
 * A page of at most `size` entries and 1 MB from a list that may change between calls, newest first. The token names the
 * last one served, so that what comes or goes meanwhile makes nothing appear twice or not at all.
 */
export function pageByOrder<S, T>(
  newestFirst: readonly S[],
  token: string | undefined,
  size: number,
  on: { readonly order: (item: S) => number; readonly show: (item: S) => T; readonly bytes: (shown: T) => number },
): Page<T> {
  const below = token === undefined ? Infinity : positionOf(token);
  const items: T[] = [];
  let bytes = 0;
  let last = below;
  for (const item of newestFirst) {
    if (on.order(item) >= below) continue;
    const shown = on.show(item);
    bytes += on.bytes(shown);
    if (items.length === size || (items.length > 0 && bytes > PAGE_BYTES)) return { items, NextToken: tokenOf(last) };
    items.push(shown);
    last = on.order(item);
  }
  return { items };
}

function tokenOf(position: number): string {
  return Buffer.from(`page:${position}`).toString('base64url');
}

function positionOf(token: string): number {
  const position = /^page:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw invalid('Invalid NextToken');
  return Number(position);
}
