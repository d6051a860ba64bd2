import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { DesiredFiles } from '../model/files.js';
import type { Revision } from '../model/identifiers.js';
import { LIMITS, isDotFolder, openIntake } from './intake.js';
import type { Candidate, Intake } from './intake.js';

/**
 * The desired state as a folder has it now, for an edit that is not committed yet. The folder itself may be reached through a
 * link; nothing below it is, so that no loop can be walked.
 */
export async function readFolder(path: string): Promise<DesiredFiles> {
  const intake = openIntake();
  const files = new Map<string, Uint8Array>();
  const root = await attempt(intake, path, () => realpath(path));
  if (root !== null) {
    const found = await walk(root, intake);
    for (const candidate of found.filter((entry) => intake.admits(entry))) {
      const bytes = await attempt(intake, candidate.path, () =>
        readExactly(join(root, candidate.path), candidate.bytes),
      );
      if (bytes !== null) files.set(candidate.path, bytes);
    }
  }
  return { revision: contentRevision(files), origin: 'folder', files, diagnostics: intake.diagnostics };
}

/** Every path but folders, sorted, so that the same folder gives the same diagnostics everywhere. */
async function walk(root: string, intake: Intake): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  const folders: { readonly path: string; readonly depth: number }[] = [{ path: '', depth: 0 }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { path: parent, depth } = folder;
    if (depth > LIMITS.depth) {
      intake.refuse('EK1011', `${parent} is more than ${LIMITS.depth} folders deep`, 'nest folders less deeply');
      continue;
    }
    for (const { name, isFolder } of (await attempt(intake, parent || root, () => list(join(root, parent)))) ?? []) {
      if (name === '.git') continue; // a repository's own folder, or a linked work tree's file
      const path = parent === '' ? name : `${parent}/${name}`;
      if (isFolder) {
        if (!isDotFolder(name, depth)) folders.push({ path, depth: depth + 1 });
        continue;
      }
      if (found.length >= LIMITS.paths) {
        intake.refuse(
          'EK1006',
          `the folder holds more than ${LIMITS.paths} paths`,
          'name a folder of desired state only',
        );
        return [];
      }
      const candidate = await attempt(intake, path, () => candidateOf(root, path));
      if (candidate !== null) found.push(candidate);
    }
  }
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function list(folder: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]> {
  const entries: { name: string; isFolder: boolean }[] = [];
  for await (const entry of await opendir(folder)) {
    entries.push({ name: entry.name, isFolder: entry.isDirectory() });
    if (entries.length > LIMITS.paths) break;
  }
  return entries;
}

async function candidateOf(root: string, path: string): Promise<Candidate> {
  const found = await lstat(join(root, path));
  const type = found.isSymbolicLink() ? 'link' : found.isFile() ? 'file' : 'other';
  return { path, type, bytes: found.size };
}

/** The file as it was admitted; one that was exchanged for a link, or grew since it was looked at, is an error. */
async function readExactly(path: string, bytes: number): Promise<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await handle.stat();
    if (size !== bytes) throw new Error('it changed while it was read');
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(buffer, 0, bytes, 0);
    if (bytesRead !== bytes) throw new Error('it changed while it was read');
    return buffer;
  } finally {
    await handle.close();
  }
}

/** Null, and a diagnostic that names the path, where the file system refuses. */
async function attempt<T>(intake: Intake, path: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    intake.refuse(
      'EK1007',
      `${path} cannot be read: ${reasonOf(error)}`,
      'name a folder that exists and that you may read',
    );
    return null;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}

/** `content-` and 40 hex digits over every path, the length of its bytes, and the bytes, so that no two folders read alike. */
function contentRevision(files: ReadonlyMap<string, Uint8Array>): Revision {
  const hash = createHash('sha256');
  for (const [path, bytes] of [...files].sort(([left], [right]) => (left < right ? -1 : 1))) {
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return `content-${hash.digest('hex').slice(0, 40)}` as Revision;
}
