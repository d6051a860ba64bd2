import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from './context.js';

/** Only its owner reads it. */
const MODE = 0o600;
/** For what another program picks up, and what holds no secret. */
export const READABLE_BY_ALL = 0o644;

/** A file that comes to be whole or not at all. */
export type WholeFile = { write(pieces: Iterable<string>): Promise<void> };

/** Makes sure that the file can be written, before anybody works for it; whatever stands there stays until it is replaced as a whole. */
export async function wholeFile(path: string, cwd: string, mode: number = MODE): Promise<WholeFile> {
  const target = resolve(cwd, path);
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  const standing = await stat(target).catch(() => null);
  if (standing !== null && !standing.isFile()) throw new UsageError(`${path} is not a file: name one to write`);
  try {
    await (await open(draft, 'w', mode)).close();
    await rm(draft);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} cannot be written (${why}): name a file in a folder that exists and is yours`);
  }
  return {
    async write(pieces) {
      try {
        const file = await open(draft, 'wx', mode);
        try {
          for (const piece of gathered(pieces)) await file.write(piece);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, target);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

const GATHERED = 1 << 20;

/** Small pieces together: a call of the operating system costs more than a line. */
function* gathered(pieces: Iterable<string>): Iterable<string> {
  let together = '';
  for (const piece of pieces) {
    together += piece;
    if (together.length < GATHERED) continue;
    yield together;
    together = '';
  }
  yield together;
}
