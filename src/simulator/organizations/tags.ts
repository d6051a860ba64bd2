import { AwsError } from '../kernel/contract.js';
import type { OrganizationTree } from './organization-tree.js';
import { invalidInput } from './refusal.js';

export type Tag = { readonly Key: string; readonly Value: string };

/** Checks tags as Organizations does. */
export function tagMap(tags: readonly Tag[]): Map<string, string> {
  const made = new Map<string, string>();
  for (const { Key, Value } of tags) {
    if (/^aws:/i.test(Key))
      throw invalidInput('INVALID_SYSTEM_TAGS_PARAMETER', 'You specified a tag key that is reserved for AWS.');
    if (Key.length < 1 || Key.length > 128 || Value.length > 256)
      throw invalidInput('MAX_LENGTH_EXCEEDED', 'A tag key or value is too long.');
    if (made.has(Key))
      throw invalidInput('DUPLICATE_TAG_KEY', 'Tag keys must be unique among the tags attached to the same entity.');
    made.set(Key, Value);
  }
  return made;
}

export const tagList = (tags: ReadonlyMap<string, string>): readonly Tag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

/** The tags of an account, a unit or the root, to be read and changed. */
export function tagsOf(tree: OrganizationTree, resourceId: string): Map<string, string> {
  const account = tree.accounts.get(resourceId);
  const tags =
    account?.parentId == null
      ? (tree.units.get(resourceId)?.tags ?? (resourceId === tree.rootId ? tree.rootTags : undefined))
      : account.tags;
  if (tags === undefined) throw new AwsError('TargetNotFoundException', "You specified a target that doesn't exist.");
  return tags;
}
