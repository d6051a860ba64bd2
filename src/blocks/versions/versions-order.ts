import { compare, prerelease, rcompare, valid } from 'semver';

const NEAREST_SHOWN = 3;

/** The newest first, each once; what is not a semantic version, with or without `v` before it, is left out. */
export function newestFirst(versions: readonly string[]): readonly string[] {
  const bare = new Map(versions.flatMap((version) => pairOf(version)));
  return [...bare].sort(([left], [right]) => rcompare(left, right)).map(([, written]) => written);
}

function pairOf(version: string): [string, string][] {
  const bare = valid(version);
  return bare === null ? [] : [[bare, version]];
}

export function isSameVersion(one: string, other: string): boolean {
  return one === other || (valid(one) !== null && valid(one) === valid(other));
}

/** Those after `pinned`, the newest first; previews only for who has pinned one. None where `pinned` has no place in the order. */
export function newerThan(pinned: string, versions: readonly string[]): readonly string[] {
  if (valid(pinned) === null) return [];
  const takesPreviews = prerelease(pinned) !== null;
  return newestFirst(versions).filter(
    (version) => compare(version, pinned) > 0 && (takesPreviews || prerelease(version) === null),
  );
}

/** Null where both cannot be compared. */
export function isOlder(version: string, than: string): boolean | null {
  return valid(version) === null || valid(than) === null ? null : compare(version, than) < 0;
}

/** The few that stand next to one that does not exist. */
export function nearestVersions(wanted: string, versions: readonly string[]): readonly string[] {
  const known = newestFirst(versions);
  if (valid(wanted) === null) return known.slice(0, NEAREST_SHOWN);
  const older = known.findIndex((version) => compare(version, wanted) < 0);
  const place = older < 0 ? known.length : older;
  const from = Math.max(0, Math.min(place - 2, known.length - NEAREST_SHOWN));
  return known.slice(from, from + NEAREST_SHOWN);
}

/** With `v` before it exactly where the other one has it: publishers keep to one of the two. */
export function writtenLike(version: string, other: string): string {
  const bare = /^v\d/.test(version) ? version.slice(1) : version;
  return /^v\d/.test(other) && /^\d/.test(bare) ? `v${bare}` : bare;
}
