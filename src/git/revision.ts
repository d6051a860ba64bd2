import type { Diagnostic } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Revision } from '../model/identifiers.js';
import { git, readBlobs } from './git.js';
import { LIMITS, openIntake } from './intake.js';
import type { Candidate } from './intake.js';

type TreeEntry = Candidate & { readonly object: string };

/**
 * The desired state as a commit has it, read as blobs from the object store: what lies in the work tree does not count.
 * `folder` is relative to the repository's top. Where nothing could be read, `revision` is the ref as given.
 */
export async function readRevision(options: {
  readonly repository: string;
  readonly ref: string;
  readonly folder: string;
}): Promise<DesiredFiles> {
  const { repository, ref } = options;
  const folder = topRelative(options.folder);
  if (folder === null) {
    return unreadable(
      ref,
      `the folder ${options.folder} leads out of the repository`,
      'name a folder inside it with --folder',
    );
  }

  const commit = await git(repository, ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]);
  if (commit.type === 'failed') return unreadable(ref, ...withoutCommit(repository, ref, commit.message));
  const revision = commit.value.toString('latin1').trim() as Revision;

  const listing = await git(repository, ['ls-tree', '-r', '-z', '-l', '--full-tree', `${revision}:${folder}`]);
  if (listing.type === 'failed') {
    return unreadable(revision, ...withoutListing(folder || '/', revision, listing.message));
  }
  return readEntries(repository, revision, entriesOf(listing.value));
}

async function readEntries(
  repository: string,
  revision: Revision,
  entries: readonly TreeEntry[],
): Promise<DesiredFiles> {
  const intake = openIntake();
  if (entries.length > LIMITS.paths) {
    return unreadable(
      revision,
      `the folder holds more than ${LIMITS.paths} paths at ${revision}`,
      'name a folder of desired state only with --folder',
    );
  }
  const admitted = entries.filter((entry) => intake.admits(entry));
  const blobs = await readBlobs(repository, [...new Set(admitted.map((entry) => entry.object))]);
  if (blobs.type === 'failed') {
    const remedy = 'fetch the commit with all its files, and run again';
    return unreadable(revision, `the files cannot be read at ${revision}: ${blobs.message}`, remedy);
  }
  const files = new Map(admitted.map((entry) => [entry.path, blobs.value.get(entry.object)!]));
  return { revision, origin: 'git', files, diagnostics: intake.diagnostics };
}

/** Without `.` steps and outer slashes; null where it leads out. */
function topRelative(folder: string): string | null {
  const steps = folder.split('/').filter((step) => step !== '' && step !== '.');
  return steps.includes('..') || folder.startsWith('/') ? null : steps.join('/');
}

/** `<mode> SP <type> SP <object> SP <size> TAB <path> NUL`, the size padded, `-` for a submodule. */
function entriesOf(listing: Buffer): readonly TreeEntry[] {
  return listing
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , object = '', size = ''] = line.slice(0, tab).split(/ +/);
      return { path: line.slice(tab + 1), type: typeOf(mode), bytes: size === '-' ? 0 : Number(size), object };
    });
}

function typeOf(mode: string): Candidate['type'] {
  if (mode === '120000') return 'link';
  if (mode === '160000') return 'submodule';
  return mode.startsWith('100') ? 'file' : 'other';
}

/** Git's two commonest refusals in words that say what to do; the others in git's own. */
function withoutCommit(repository: string, ref: string, message: string): readonly [message: string, remedy: string] {
  if (message.startsWith('not a git repository')) {
    return [
      `the revision ${ref} cannot be read in ${repository}: it is not in a Git repository`,
      'run this inside the repository, name it with --repository, or read a folder as it lies there with --path',
    ];
  }
  if (message !== 'Needed a single revision') {
    const remedy = 'name a repository and a commit that exist, and fetch the commit first';
    return [`the revision ${ref} cannot be read in ${repository}: ${message}`, remedy];
  }
  if (ref === 'HEAD') {
    return [
      `${repository} has no commit yet`,
      'commit the desired state, or read a folder as it lies there with --path',
    ];
  }
  return [
    `the revision ${ref} cannot be read in ${repository}: there is none of that name`,
    'name a commit, a tag or a branch that exists there, and fetch it first',
  ];
}

function withoutListing(folder: string, revision: string, message: string): readonly [message: string, remedy: string] {
  const reason = message.startsWith('Not a valid object name') ? 'it does not exist there' : message;
  return [
    `the folder ${folder} cannot be read at ${revision}: ${reason}`,
    'name the desired-state folder with --folder, from the top of the repository, or another commit with --revision',
  ];
}

function unreadable(revision: string, message: string, remedy: string): DesiredFiles {
  const diagnostic: Diagnostic = { code: 'EK1007', severity: 'error', message, remedy };
  return { revision: revision as Revision, origin: 'git', files: new Map(), diagnostics: [diagnostic] };
}
