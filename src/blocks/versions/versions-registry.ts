import { execFile } from 'node:child_process';
import type { ExecFileException } from 'node:child_process';
import { homedir } from 'node:os';

/** What a package registry says of one package. */
export type RegistryAnswer =
  | { readonly type: 'versions'; readonly versions: readonly string[] }
  /** Why, as the end of a sentence that says that it was not asked. */
  | { readonly type: 'not-asked'; readonly reason: string };

export type Registry = (packageName: string) => Promise<RegistryAnswer>;

const TIMEOUT = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_VERSIONS = 10_000;

/**
 * Whatever registry npm is set up for on this machine, asked by npm itself; a machine without npm or network is an answer too.
 * It runs in the home folder, so that no settings of the repository reach it.
 */
export function npmRegistry(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  timeout = TIMEOUT,
): Registry {
  return (packageName) =>
    new Promise((resolve, reject) => {
      const notAsked = (reason: string): void => resolve({ type: 'not-asked', reason });
      if ((env['PATH'] ?? '') === '') return notAsked('there is no PATH to find npm on');
      const line = ['view', packageName, 'versions', '--json', '--fetch-retries=0', '--no-update-notifier'];
      execFile(
        'npm',
        line,
        { cwd: homedir(), env, timeout, maxBuffer: MOST_BYTES, signal, killSignal: 'SIGKILL' },
        (error, stdout) => {
          if (signal.aborted) return reject(signal.reason as Error);
          const versions = error === null ? versionsIn(stdout) : null;
          if (versions !== null) return resolve({ type: 'versions', versions });
          notAsked(error === null ? 'npm answered something else than versions' : reasonOf(error, stdout, timeout));
        },
      );
    });
}

/** A package with a single version is answered by a text rather than a list. */
function versionsIn(stdout: string): readonly string[] | null {
  const answer = jsonOf(stdout);
  const versions: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  return versions.every((version) => typeof version === 'string') ? versions.slice(-MOST_VERSIONS) : null;
}

function reasonOf(error: ExecFileException, stdout: string, timeout: number): string {
  if (error.code === 'ENOENT') return 'there is no npm on this machine';
  if (error.killed === true) return `npm did not answer within ${timeout / 1000} seconds`;
  const answer = jsonOf(stdout) as { readonly error?: { readonly code?: unknown } } | null;
  const code = answer?.error?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? `npm says ${code}` : 'npm failed';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
