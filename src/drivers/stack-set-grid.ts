import { canonicalJson } from '../model/canonical.js';
import type { AccountId, Region } from '../model/identifiers.js';
import type { Target } from '../model/target.js';

/** What one instance operation covers: every account in every Region, all alike. */
export type Rectangle<Kind> = {
  readonly accounts: readonly AccountId[];
  readonly regions: readonly Region[];
  readonly kind: Kind;
};

/**
 * Covers a set of targets with rectangles and nothing beyond it: an operation names accounts and Regions apart, and would
 * reach every pair of them. `kind` is what targets must have in common to share an operation.
 */
export function rectangles<Kind>(
  targets: readonly { readonly target: Target; readonly kind: Kind }[],
): Rectangle<Kind>[] {
  const regionsOf = new Map<
    string,
    { readonly kind: Kind; readonly kindText: string; readonly account: AccountId; readonly regions: Region[] }
  >();
  for (const { target, kind } of targets) {
    const kindText = canonicalJson(kind);
    const key = `${target.account} ${kindText}`;
    const row = regionsOf.get(key);
    if (row === undefined) regionsOf.set(key, { kind, kindText, account: target.account, regions: [target.region] });
    else row.regions.push(target.region);
  }
  const found = new Map<
    string,
    { readonly kind: Kind; readonly regions: readonly Region[]; readonly accounts: AccountId[] }
  >();
  for (const row of regionsOf.values()) {
    const regions = [...new Set(row.regions)].sort();
    const key = `${regions.join(' ')} ${row.kindText}`;
    const rectangle = found.get(key);
    if (rectangle === undefined) found.set(key, { kind: row.kind, regions, accounts: [row.account] });
    else rectangle.accounts.push(row.account);
  }
  return [...found.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { kind, regions, accounts }]) => ({ kind, regions, accounts: accounts.sort() }));
}
