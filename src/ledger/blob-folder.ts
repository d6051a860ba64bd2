import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from './bodies.js';

/** Bodies as files that are named by their digests. A file appears whole or not at all. */
export function openBlobFolder(folder: string): BlobStore {
  return {
    async put(sha256, bytes) {
      await mkdir(folder, { recursive: true });
      const unfinished = join(folder, `.${sha256}.${randomUUID()}`);
      await writeFile(unfinished, bytes);
      await rename(unfinished, join(folder, sha256));
    },
    async get(sha256) {
      try {
        return await readFile(join(folder, sha256));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
