import { digestOf } from '../model/canonical.js';
import type { Item } from './table.js';

const ATTRIBUTE = 'itemSha256';

/** The item with the digest of all its attributes in it: whoever edits one by hand leaves a digest that does not fit. */
export function withDigest<T extends Item>(item: T): T {
  return { ...item, [ATTRIBUTE]: digestOf(withoutDigest(item)) };
}

/** Whether an item is as it was put. One that carries no digest was put before there were any, and is taken as it is. */
export function isAsPut(item: Item): boolean {
  const digest = item[ATTRIBUTE];
  return digest === undefined || digest === digestOf(withoutDigest(item));
}

function withoutDigest(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== ATTRIBUTE));
}
