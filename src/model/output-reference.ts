import { DEPLOYABLE_KINDS, type ManifestAddress } from './address.js';
import type { TargetKey } from './target.js';

/** Whose output: the same target's, one other target's, or every target's, joined with commas in the order of their addresses. */
export type OutputSource =
  { readonly type: 'same' } | { readonly type: 'target'; readonly key: TargetKey } | { readonly type: 'every' };

/** `${outputs.Kind/name.Key}`, `${outputs.Kind/name@account/region.Key}` or `${outputs.Kind/name@*.Key}`. */
export type OutputReference = {
  readonly written: string;
  readonly manifest: ManifestAddress;
  readonly source: OutputSource;
  /** The output's key in the template. */
  readonly output: string;
};

const REFERENCE = new RegExp(
  `^\\$\\{outputs\\.((?:${DEPLOYABLE_KINDS.join('|')})/[a-z][a-z0-9-]{0,62})(?:@(\\*|\\d{12}/[a-z0-9-]+))?\\.([A-Za-z0-9]+)\\}$`,
);

/** Null where the text is not such a reference. */
export function parseOutputReference(written: string): OutputReference | null {
  const match = REFERENCE.exec(written);
  if (match === null) return null;
  const [, manifest, where, output] = match;
  return { written, manifest: manifest as ManifestAddress, source: sourceOf(where), output: output! };
}

function sourceOf(where: string | undefined): OutputSource {
  if (where === undefined) return { type: 'same' };
  return where === '*' ? { type: 'every' } : { type: 'target', key: where as TargetKey };
}
