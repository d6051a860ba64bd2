import type { AccountId, Region } from './identifiers.js';

/** An account and a Region. */
export type Target = { readonly account: AccountId; readonly region: Region };

/** `account/region`: a target as a key, and as the sort key of its item in the ledger. */
export type TargetKey = `${string}/${string}`;

export function targetKey(target: Target): TargetKey {
  return `${target.account}/${target.region}`;
}

export function parseTargetKey(key: TargetKey): Target {
  const [account, region] = key.split('/') as [AccountId, Region];
  return { account, region };
}
