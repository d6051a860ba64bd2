import type { Commit } from '../model/commit.js';
import { git } from './git.js';

const COMMIT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** What GitHub ends the subject of a squashed pull request with, and begins the one of a merge with. */
const SQUASHED = /\(#(\d{1,10})\)$/;
const MERGED = /^Merge pull request #(\d{1,10}) from /;

/**
 * The newest commit that changed a file, as the history of `revision` has it; null where git does not know: no commit's id, not a
 * repository, not fetched, or never a file there. `pathspec` is from the top of the repository where `root` is `top`, else from `folder`.
 */
export async function newestCommit(where: {
  readonly folder: string;
  readonly revision: string;
  readonly path: string;
  readonly root: 'top' | 'folder';
}): Promise<Commit | null> {
  if (!COMMIT_ID.test(where.revision)) return null;
  const [own, arrived] = await Promise.all([logged(where, []), logged(where, ['--first-parent'])]);
  if (own === null) return null;
  // The change is made on a branch; the pull request is named by the commit that brought it onto the main line.
  return { ...own, pullRequest: pullRequestOf(own.subject) ?? pullRequestOf(arrived?.subject ?? '') };
}

/** The number of a pull request that a commit's subject names; null where it names none. */
export function pullRequestOf(subject: string): number | null {
  const found = SQUASHED.exec(subject) ?? MERGED.exec(subject);
  return found === null ? null : Number(found[1]);
}

async function logged(
  { folder, revision, path, root }: Parameters<typeof newestCommit>[0],
  how: readonly string[],
): Promise<Omit<Commit, 'pullRequest'> | null> {
  const magic = root === 'top' ? ':(top,literal)' : ':(literal)';
  // Verifying signatures would run a program that the repository's own configuration may name.
  const only = ['log', '-1', '--no-show-signature', '--no-color', '--format=%H%x00%an%x00%aI%x00%s', ...how];
  const answer = await git(folder, [...only, '--end-of-options', revision, '--', `${magic}${path}`]);
  if (answer.type === 'failed') return null;
  const [id = '', author = '', at = '', subject = ''] = answer.value.toString('utf8').trimEnd().split('\0');
  if (!COMMIT_ID.test(id)) return null;
  const time = Date.parse(at);
  return { id, author, at: Number.isNaN(time) ? at : new Date(time).toISOString(), subject };
}
