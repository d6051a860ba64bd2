import type { AccountId, Region } from '../model/identifiers.js';

/** What a locked template says in the place of a bucket: no bucket can have this name, so it is never mistaken for one. */
export const BUCKET_PLACEHOLDER = 'EVENKEEL_ARTIFACT_BUCKET';

/** What stands in for the controller's account where nobody has asked AWS who it is. */
export const UNKNOWN_ACCOUNT = '000000000000' as AccountId;

/** The name that the Controller's pattern gives; `region` may be CloudFormation's own `${AWS::Region}`. */
export function fillBucket(pattern: string, account: AccountId, region: Region | '${AWS::Region}'): string {
  return pattern.replaceAll('${account.id}', account).replaceAll('${region}', region);
}

export function objectKey(sha256: string): string {
  return `objects/${sha256}`;
}

/** Null where the key is not that of an artifact's object. */
export function sha256OfKey(key: string): string | null {
  return /^objects\/([0-9a-f]{64})$/.exec(key)?.[1] ?? null;
}
