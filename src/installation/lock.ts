import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Aws } from '../aws/contract.js';
import { createDownload } from '../blocks/fetch/download.js';
import { lockBlocks } from '../blocks/lock/lock.js';
import type { LockChange } from '../blocks/lock/lock.js';
import type { LockEntry } from '../blocks/lock/lock-file.js';
import type { LockSession } from '../blocks/lock/served-block.js';
import type { Clock } from '../reconciler/ports.js';
import type { LockLine, LockOutcome } from '../reconciler/describe-lock.js';
import type { DesiredState } from './desired-state.js';
import type { AwsElsewhere, SessionWatch, Source } from './session.js';

export type Locking = {
  readonly state: DesiredState;
  readonly source: Source;
  readonly aws: Aws;
  readonly clock: Clock;
  readonly elsewhere: AwsElsewhere;
  /** Where AWS is, if not at its own addresses. */
  readonly endpoint: string | null;
};

/** Asks AWS what each building block resolves to, and writes it beside the manifests; with `check` it only compares. */
export async function lock(
  mode: { readonly check: boolean; readonly all: boolean },
  on: Locking,
  watch: SessionWatch,
): Promise<LockOutcome> {
  const result = await lockBlocks({
    ...publishersFor(on, watch),
    desired: on.state.desired,
    mode: mode.check ? 'check' : mode.all ? 'all' : 'changed',
    progress: (done, of) => watch.progress({ type: 'observing', done, of }),
  });
  if (!mode.check && on.source.type === 'folder') await writeFiles(on.source.path, result);
  return { lines: result.changes.map((change) => lineOf(change, mode.check)), diagnostics: result.diagnostics };
}

/** Whom one asks for what is bought: AWS, and the addresses that it or a manifest names. */
export function publishersFor(on: Locking, { signal }: SessionWatch): LockSession {
  return {
    files: on.state.files,
    aws: on.aws,
    clock: on.clock,
    signal,
    ...(on.elsewhere.fetch === undefined
      ? createDownload({ endpoint: on.endpoint, signal })
      : { fetch: on.elsewhere.fetch, hosts: 'any' as const }),
  };
}

export async function writeFiles(
  folder: string,
  files: { readonly write: ReadonlyMap<string, Uint8Array>; readonly remove: readonly string[] },
): Promise<void> {
  for (const path of files.remove) await rm(join(folder, path), { force: true });
  for (const [path, bytes] of files.write) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

function lineOf({ address, change, after, before }: LockChange, check: boolean): LockLine {
  if (change === 'failed')
    return { address, result: change, detail: before === null ? '' : `${versionOf(before)} stays locked` };
  const entry = after ?? before;
  const gone = entry?.withdrawn === undefined ? '' : ', withdrawn';
  const detail = entry === null ? '' : `${versionOf(entry)}, template ${entry.templateSha256.slice(0, 12)}${gone}`;
  if (change === 'removed' || change === 'unchanged') return { address, result: change, detail };
  return { address, result: check ? 'differs' : 'locked', detail };
}

function versionOf({ source }: LockEntry): string {
  return source.version ?? 'what';
}
