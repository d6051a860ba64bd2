import type { ManifestAddress } from '../model/address.js';

/** What says that a stack or a stack set is ours. Constants only: a revision here would update every stack at every commit. */
export const INSTALLATION_TAG = 'evenkeel:installation';
export const ADDRESS_TAG = 'evenkeel:address';

type Tags = Readonly<Record<string, string>>;
type AwsTags = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;

/** The tags of a unit: the manifest's, the building block's over them, and ours over both. */
export function wantedTags(desired: Tags, artifact: Tags, installation: string, manifest: ManifestAddress): Tags {
  return { ...desired, ...artifact, [INSTALLATION_TAG]: installation, [ADDRESS_TAG]: manifest };
}

/** All tags but those that AWS itself sets. */
export function observedTags(tags: AwsTags): Tags {
  return Object.fromEntries(
    (tags ?? []).filter((tag) => !tag.Key?.startsWith('aws:')).map((tag) => [tag.Key ?? '', tag.Value ?? '']),
  );
}

/** Ours if both tags say so. */
export function isOurs(tags: Tags, installation: string, manifest: ManifestAddress): boolean {
  return tags[INSTALLATION_TAG] === installation && tags[ADDRESS_TAG] === manifest;
}

export function awsTags(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
