import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SynthesisAnswer, SynthesisRequest } from './construct-contract.js';
import { ANSWER_FILE } from './construct-contract.js';
import { readAnswer } from './construct-answer.js';
import type { ConstructInstallation } from './construct-package.js';

export type SynthesisLimits = {
  /** From the start of the process to its answer. */
  readonly milliseconds: number;
  readonly heapMegabytes: number;
  readonly answerBytes: number;
};

export const SYNTHESIS_LIMITS: SynthesisLimits = {
  milliseconds: 60_000,
  heapMegabytes: 512,
  answerBytes: 8 * 1024 * 1024,
};

/** How a synthesis ended, for the author of a manifest; `folder` holds what it left, and is gone once `use` returns. */
export type SynthesisEnd =
  | { readonly type: 'answered'; readonly answer: SynthesisAnswer; readonly folder: string }
  | { readonly type: 'too-slow' }
  | { readonly type: 'too-large'; readonly bytes: number }
  | { readonly type: 'broke-off'; readonly reason: string };

/**
 * Synthesises in a process of its own, which has none of our environment, may write to a folder that is made for it and nowhere else, may
 * start no process, and has no network: its modules are shut, and where the system lets everybody make a network namespace it runs in an
 * empty one. What it prints is thrown away.
 */
export async function synthesise<T>(
  request: Omit<SynthesisRequest, 'modules'>,
  installation: ConstructInstallation,
  limits: SynthesisLimits,
  signal: AbortSignal,
  use: (end: SynthesisEnd) => Promise<T>,
): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'evenkeel-construct-')));
  try {
    const ended = await run({ ...request, modules: installation.modules }, installation, folder, limits, signal);
    return await use(ended === null ? await answered(folder, limits) : ended);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Null where the process ended as it should. */
async function run(
  request: SynthesisRequest,
  installation: ConstructInstallation,
  folder: string,
  limits: SynthesisLimits,
  signal: AbortSignal,
): Promise<Extract<SynthesisEnd, { type: 'too-slow' | 'broke-off' }> | null> {
  signal.throwIfAborted();
  const node = [process.execPath, ...confinement(folder, limits), installation.program];
  const [command, ...args] = hasEmptyNetworks()
    ? ['unshare', '--user', '--map-root-user', '--net', '--', ...node]
    : node;
  const child = spawn(command!, args, {
    cwd: folder,
    env: environment(folder),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limits.milliseconds,
    killSignal: 'SIGKILL',
    signal,
  });
  child.stdout.resume();
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = `${complaint}${text}`.slice(-8_192)));
  // A process that ends without reading makes the pipe fail; how it ended is what matters.
  child.stdin.on('error', () => {}).end(JSON.stringify(request));
  const started = Date.now();
  const { code, killed } = await new Promise<{ code: number | null; killed: boolean }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ code: exit, killed: child.killed }));
  });
  if (code === 0) return null;
  if (killed && Date.now() - started >= limits.milliseconds) return { type: 'too-slow' };
  if (/heap out of memory|Allocation failed/.test(complaint))
    return { type: 'broke-off', reason: `it took more than ${limits.heapMegabytes} MB of memory` };
  return { type: 'broke-off', reason: lastWords(complaint) ?? `its process ended with ${code ?? 'a signal'}` };
}

/** The error that ended the process, without where it was thrown. */
function lastWords(complaint: string): string | null {
  const line = complaint.split('\n').find((text) => /^(?:[A-Z][A-Za-z]*)?Error\b.*: /.test(text));
  return line === undefined ? null : line.slice(0, 500);
}

async function answered(folder: string, { answerBytes }: SynthesisLimits): Promise<SynthesisEnd> {
  const file = join(folder, ANSWER_FILE);
  const size = await stat(file).then(
    ({ size: bytes }) => bytes,
    () => null,
  );
  if (size === null) return { type: 'broke-off', reason: 'its process ended without an answer' };
  if (size > answerBytes) return { type: 'too-large', bytes: size };
  const answer = readAnswer(await readFile(file, 'utf8'));
  return answer === null
    ? { type: 'broke-off', reason: 'its answer cannot be read' }
    : { type: 'answered', answer, folder };
}

/** What the process may do, by Node's own permission model. It may read, because the CDK looks at every folder above those it copies to. */
function confinement(folder: string, limits: SynthesisLimits): readonly string[] {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  return [
    flag,
    '--allow-fs-read=*',
    `--allow-fs-write=${folder}/`,
    '--no-addons',
    `--max-old-space-size=${limits.heapMegabytes}`,
    '--disable-warning=ExperimentalWarning',
  ];
}

/** Nothing of ours: no credentials, no proxies, no NODE_OPTIONS, and the same time zone and language everywhere. */
function environment(folder: string): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/bin:/bin',
    HOME: folder,
    TMPDIR: folder,
    TZ: 'UTC',
    LC_ALL: 'C',
    NO_COLOR: '1',
    CDK_VALIDATION: 'false',
    JSII_DEPRECATED: 'quiet',
  };
}

let emptyNetworks: boolean | undefined;

/** Whether everybody may make a network namespace here; asked once. */
function hasEmptyNetworks(): boolean {
  emptyNetworks ??=
    process.platform === 'linux' &&
    spawnSync('unshare', ['--user', '--map-root-user', '--net', '--', 'true'], { stdio: 'ignore', timeout: 5_000 })
      .status === 0;
  return emptyNetworks;
}
