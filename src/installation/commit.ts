import { posix } from 'node:path';
import { newestCommit } from '../git/commits.js';
import type { Commit } from '../model/commit.js';
import type { Revision } from '../model/identifiers.js';
import type { Source } from './session.js';

/** The newest commit that changed a file of the desired state, wherever that is read from; null where Git does not know. */
export function commitOf(source: Source, file: string, revision: Revision): Promise<Commit | null> {
  return source.type === 'folder'
    ? newestCommit({ folder: source.path, revision, path: file, root: 'folder' })
    : newestCommit({
        folder: source.repository,
        revision,
        path: posix.normalize(`${source.folder}/${file}`).replace(/^\//, ''),
        root: 'top',
      });
}
