import type { CatalogSource } from '../../catalog/entry.js';

/** Which of a pattern's versions can be locked, in words. */
export function lockableNote({
  construct,
  synthesised,
}: Extract<CatalogSource, { readonly type: 'construct' }>): string {
  return synthesised === null
    ? `Evenkeel comes without ${construct}: it can be locked only where somebody has installed it`
    : `Evenkeel comes with ${synthesised}: another version can be locked only where somebody has installed it`;
}
