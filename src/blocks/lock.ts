import pLimit from 'p-limit';
import type { ManifestAddress } from '../model/address.js';
import type { Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import { differences } from './lock-differences.js';
import { LOCK_FILE, readLock, writeLock } from './lock-file.js';
import type { Lock, LockEntry } from './lock-file.js';
import { LockRefusal } from './lock-refusal.js';
import { lockedFolder } from './locked-files.js';
import type { Download } from './served-objects.js';
import { serveApplication } from './served-application.js';
import { resolveServerlessApplication } from './serverless-application.js';
import type { ServerlessApplication } from './serverless-application.js';
import type { Session } from './serverless-repository.js';

export type LockOptions = Session &
  Download & {
    /** Every manifest of the revision: what is not among them leaves the lock. */
    readonly desired: readonly Desired[];
    readonly files: DesiredFiles;
    /** `changed` asks AWS only for what the lock does not answer; `all` for everything; `check` too, and writes nothing. */
    readonly mode: 'changed' | 'all' | 'check';
    /** How many applications of how many are dealt with. */
    readonly progress: (done: number, of: number) => void;
  };

export type LockChange = {
  readonly address: ManifestAddress;
  /** In a check, `changed` says that AWS serves something else than what is locked. */
  readonly change: 'added' | 'changed' | 'unchanged' | 'removed' | 'failed';
  readonly before: LockEntry | null;
  readonly after: LockEntry | null;
};

export type LockResult = {
  /** Of evenkeel.lock.yaml; empty where nothing is locked, and then there is no such file. */
  readonly lockText: string;
  /** Paths in the desired-state folder → bytes, the lock file among them; only what differs from what is there. */
  readonly write: ReadonlyMap<string, Uint8Array>;
  readonly remove: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly changes: readonly LockChange[];
};

type Application = { readonly desired: Desired; readonly block: ServerlessApplication };
/** `files` null: whatever is in the folder stays. */
type Outcome = {
  readonly address: ManifestAddress;
  readonly entry: LockEntry | null;
  readonly files: ReadonlyMap<string, Uint8Array> | null;
  readonly failed: boolean;
  readonly diagnostics: readonly Diagnostic[];
};

const EMPTY: Lock = { entries: new Map(), at: () => ({ file: LOCK_FILE, line: 1, column: 1, length: 1, source: '' }) };
const AT_ONCE = 4;
const LOCKED_APPLICATIONS = '.locked/ServerlessApplication/';
/** A publisher who withdraws a version or an application, or stops sharing it. */
const WITHDRAWN: ReadonlySet<string> = new Set(['EK4020', 'EK4021', 'EK4022']);

/** What every application of the desired state resolves to. Locking again gives the same bytes; an application that cannot be locked keeps what it had, and the others go on. */
export async function lockServerlessApplications(options: LockOptions): Promise<LockResult> {
  const read = readLock(options.files);
  const lock = read.value ?? EMPTY;
  const applications = options.desired.flatMap((desired): Application[] =>
    desired.block.type === 'serverless-application' ? [{ desired, block: desired.block }] : [],
  );
  const limit = pLimit(AT_ONCE);
  let done = 0;
  const outcomes = await Promise.all(
    applications.map((application) =>
      limit(async () => {
        const outcome = await settle(application, lock, options);
        options.progress((done += 1), applications.length);
        return outcome;
      }),
    ),
  );
  if (options.mode === 'check') return checked(outcomes, lock, options.files, read.diagnostics);
  return written(outcomes, lock, options);
}

async function settle({ desired, block }: Application, lock: Lock, options: LockOptions): Promise<Outcome> {
  const { address } = desired;
  const before = lock.entries.get(address) ?? null;
  const pinned = resolveServerlessApplication(desired, block, options.files, lock, '');
  const kept = { address, entry: before, files: null, failed: false };
  if (pinned.value !== null && options.mode === 'changed') return { ...kept, diagnostics: [] };
  if (pinned.value === null && options.mode === 'check')
    return { ...kept, failed: true, diagnostics: pinned.diagnostics };
  try {
    const served = await serveApplication(desired, block, options, options);
    if (options.mode === 'check')
      return { ...kept, entry: served.entry, diagnostics: differences(desired, before!, served.entry) };
    return { address, entry: served.entry, files: served.files, failed: false, diagnostics: served.diagnostics };
  } catch (error) {
    if (!(error instanceof LockRefusal)) throw error;
    if (pinned.value !== null && WITHDRAWN.has(error.code))
      return { ...kept, diagnostics: [withdrawn(desired, block, error)] };
    const { code, message, remedy, key } = error;
    return {
      ...kept,
      failed: true,
      diagnostics: [{ code, severity: 'error', address, place: desired.at('spec', key), message, remedy }],
    };
  }
}

function withdrawn(desired: Desired, block: ServerlessApplication, refusal: LockRefusal): Diagnostic {
  return {
    code: 'EK4028',
    severity: 'warning',
    address: desired.address,
    place: desired.at('spec', refusal.key),
    message: `AWS no longer serves ${block.application} ${block.version}, so the pinned copy is used: ${refusal.message}`,
    remedy: 'nothing need be done for it to go on working; plan to move to a version that is served',
  };
}

/** Nothing is written; what `lock --all` would change is in the changes. */
function checked(
  outcomes: readonly Outcome[],
  lock: Lock,
  files: DesiredFiles,
  unreadable: readonly Diagnostic[],
): LockResult {
  const current = files.files.get(LOCK_FILE);
  return {
    lockText: current === undefined ? '' : Buffer.from(current).toString('utf8'),
    write: new Map(),
    remove: [],
    diagnostics: [...unreadable, ...outcomes.flatMap(({ diagnostics }) => diagnostics)],
    changes: outcomes.map((outcome) => changeOf(outcome, lock)),
  };
}

function written(outcomes: readonly Outcome[], lock: Lock, { files, aws }: LockOptions): LockResult {
  const addresses = new Set(outcomes.map(({ address }) => address));
  // An installation of another partition locks what is meant for it only: what it locked stays.
  const foreign = [...lock.entries].filter(
    ([address, entry]) => !addresses.has(address) && entry.application.split(':')[1] !== aws.partition,
  );
  const entries = new Map([
    ...foreign,
    ...outcomes.flatMap(({ address, entry }): [ManifestAddress, LockEntry][] =>
      entry === null ? [] : [[address, entry]],
    ),
  ]);
  const lockText = entries.size === 0 ? '' : writeLock(entries);

  const wanted = new Map(outcomes.flatMap((outcome) => [...(outcome.files ?? [])]));
  if (lockText !== '') wanted.set(LOCK_FILE, Buffer.from(lockText, 'utf8'));
  const untouched = [
    ...foreign.map(([address]) => address),
    ...outcomes.flatMap(({ address, entry, files: own, failed }) =>
      own === null && (failed || entry !== null) ? [address] : [],
    ),
  ].map(lockedFolder);
  const remove = [...files.files.keys()].filter(
    (path) =>
      (path.startsWith(LOCKED_APPLICATIONS)
        ? !untouched.some((folder) => path.startsWith(folder))
        : path === LOCK_FILE) && !wanted.has(path),
  );

  const removed = [...lock.entries]
    .filter(([address]) => !entries.has(address))
    .map(([address, before]): LockChange => ({ address, change: 'removed', before, after: null }));
  return {
    lockText,
    write: new Map([...wanted].filter(([path, bytes]) => !same(files.files.get(path), bytes))),
    remove: remove.sort(),
    diagnostics: outcomes.flatMap(({ diagnostics }) => diagnostics),
    changes: [...outcomes.map((outcome) => changeOf(outcome, lock)), ...removed],
  };
}

function changeOf({ address, entry, failed }: Outcome, lock: Lock): LockChange {
  const before = lock.entries.get(address) ?? null;
  if (failed) return { address, change: 'failed', before, after: entry };
  if (before === null) return { address, change: 'added', before, after: entry };
  const alike = entry !== null && writeLock(new Map([[address, before]])) === writeLock(new Map([[address, entry]]));
  return { address, change: alike ? 'unchanged' : 'changed', before, after: entry };
}

function same(before: Uint8Array | undefined, after: Uint8Array): boolean {
  return before !== undefined && Buffer.compare(before, after) === 0;
}
