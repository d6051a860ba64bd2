import type { CatalogSource } from '../../catalog/entry.js';

/** Where Evenkeel's documentation says how props are written. */
export const PROPS_REFERENCE = 'docs/reference/construct-props.md';

/** Which of a pattern's versions can be locked, in words. */
export function lockableNote({
  construct,
  synthesised,
}: Extract<CatalogSource, { readonly type: 'construct' }>): string {
  return synthesised === null
    ? `Evenkeel comes without ${construct}: it can be locked only where somebody has installed it`
    : `Evenkeel comes with ${synthesised}: another version can be locked only where somebody has installed it`;
}
