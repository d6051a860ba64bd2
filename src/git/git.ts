import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MAXIMUM_OUTPUT = 64 * 1024 * 1024;
const TIMEOUT = 120_000;

/** Git's answer, or why there is none, in git's own words. */
export type Answer<T> =
  { readonly type: 'answer'; readonly value: T } | { readonly type: 'failed'; readonly message: string };

/** Where git looks for a repository is said by `-C` alone: a hook's GIT_DIR or GIT_INDEX_FILE must not redirect it. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || name.startsWith('GIT_CONFIG_'),
  );
  return {
    ...Object.fromEntries(kept),
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
  };
}

/** fsmonitor is a program that a repository's own configuration may name, and git would run it. */
const hardened = (repository: string, args: readonly string[]): string[] => [
  '-C',
  repository,
  '-c',
  'core.fsmonitor=false',
  ...args,
];

/** Runs one git command that only reads. Never through a shell. */
export async function git(repository: string, args: readonly string[]): Promise<Answer<Buffer>> {
  try {
    const options = { env: environment(), maxBuffer: MAXIMUM_OUTPUT, timeout: TIMEOUT, encoding: 'buffer' } as const;
    const { stdout } = await run('git', hardened(repository, args), options);
    return { type: 'answer', value: stdout };
  } catch (error) {
    return { type: 'failed', message: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const { stderr, code, message } = error as { stderr?: Buffer; code?: unknown; message?: string };
  if (code === 'ENOENT') return 'git is not installed';
  const text = stderr?.toString('utf8').trim().split('\n')[0] ?? '';
  return (text || message || String(error)).replace(/^fatal: /, '').replace(/\p{Cc}/gu, '?');
}

/** The bytes of blobs, by object id, read in one process. */
export function readBlobs(
  repository: string,
  ids: readonly string[],
): Promise<Answer<ReadonlyMap<string, Uint8Array>>> {
  return new Promise((resolve) => {
    const child = spawn('git', hardened(repository, ['cat-file', '--batch']), {
      env: environment(),
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: TIMEOUT,
    });
    const batch = openBatch();
    child.on('error', (error) => resolve({ type: 'failed', message: reasonOf(error) }));
    child.stdin.on('error', () => child.kill()); // git went away; `close` says so
    child.stdout.on('data', (chunk: Buffer) => batch.feed(chunk));
    child.on('close', (code) => {
      const missing = ids.find((id) => !batch.blobs.has(id));
      if (missing === undefined) resolve({ type: 'answer', value: batch.blobs });
      else resolve({ type: 'failed', message: `git cat-file ended with ${String(code)} and did not give ${missing}` });
    });
    child.stdin.end(ids.map((id) => `${id}\n`).join(''));
  });
}

/** Takes `cat-file --batch` apart as it arrives: `<id> blob <size>`, a newline, the bytes, a newline. */
function openBatch() {
  const blobs = new Map<string, Uint8Array>();
  let pending: Buffer[] = [];
  let held = 0;
  let wanted = 0;
  let current: { readonly id: string; readonly size: number } | null = null;

  const advance = (buffer: Buffer): Buffer => {
    let rest = buffer;
    for (;;) {
      if (current === null) {
        const newline = rest.indexOf(10);
        if (newline < 0) return rest;
        const [id, type, size] = rest.subarray(0, newline).toString('latin1').split(' ');
        rest = rest.subarray(newline + 1);
        if (id !== undefined && type === 'blob') current = { id, size: Number(size) };
        continue;
      }
      wanted = current.size + 1;
      if (rest.length < wanted) return rest;
      blobs.set(current.id, Uint8Array.prototype.slice.call(rest, 0, current.size));
      rest = rest.subarray(wanted);
      wanted = 0;
      current = null;
    }
  };

  return {
    blobs: blobs as ReadonlyMap<string, Uint8Array>,
    feed: (chunk: Buffer): void => {
      pending.push(chunk);
      held += chunk.length;
      if (held < wanted) return; // joining at every chunk would copy a large blob once for each of its chunks
      const rest = advance(Buffer.concat(pending));
      pending = [rest];
      held = rest.length;
    },
  };
}
