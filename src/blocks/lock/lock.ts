import pLimit from 'p-limit';
import type { ManifestAddress } from '../../model/address.js';
import { canonicalJson } from '../../model/canonical.js';
import type { Desired } from '../../model/desired.js';
import type { Diagnostic, Result } from '../../model/diagnostic.js';
import type { DesiredFiles } from '../../model/files.js';
import type { Partition } from '../../model/identifiers.js';
import { differences } from './lock-differences.js';
import { LOCK_FILE, ordered, readLock, writeLock } from './lock-file.js';
import type { Lock, LockEntry } from './lock-file.js';
import { LockRefusal } from './lock-refusal.js';
import { resolveLocked } from './locked-block.js';
import { LOCKED_FOLDER, lockedFolder, partitionOfLocked } from './locked-files.js';
import type { Pin } from './pin.js';
import { pinOf } from './pins.js';
import { serve } from './serve.js';
import { lockServed } from './served-block.js';
import type { LockSession } from './served-block.js';

export type LockOptions = Omit<LockSession, 'files'> & {
  /** Every manifest that is meant for this partition: what is not among them leaves its lock. */
  readonly desired: readonly Desired[];
  readonly files: DesiredFiles;
  /** `changed` asks only for what the lock does not answer; `all` for everything; `check` too, and writes nothing. */
  readonly mode: 'changed' | 'all' | 'check';
  /** How many building blocks of how many are dealt with. */
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

/** `files` null: whatever is in the folder stays. */
type Outcome = {
  readonly address: ManifestAddress;
  readonly entry: LockEntry | null;
  readonly files: ReadonlyMap<string, Uint8Array> | null;
  readonly failed: boolean;
  readonly diagnostics: readonly Diagnostic[];
};

const EMPTY: Lock = {
  entries: new Map(),
  elsewhere: new Map(),
  at: () => ({ file: LOCK_FILE, line: 1, column: 1, length: 1, source: '' }),
};
const AT_ONCE = 4;
/** A publisher who withdraws a version or an application, or stops sharing it. */
const WITHDRAWN: ReadonlySet<string> = new Set(['EK4020', 'EK4021', 'EK4022']);

/** What every bought block of the desired state resolves to. Locking again gives the same bytes; a block that cannot be locked keeps what it had, and the others go on. */
export async function lockBlocks(options: LockOptions): Promise<LockResult> {
  const { partition } = options.aws;
  const read = readLock(options.files, partition);
  const lock = read.value ?? EMPTY;
  const others = read.value === null ? partitionsBeside(partition, options.files) : [];
  if (others.length > 0) return irreplaceable(options.files, read.diagnostics, others);
  const pins = options.desired.flatMap((desired) => {
    const pin = pinOf(desired, options.files, partition);
    return pin === null ? [] : [{ desired, pin }];
  });
  const limit = pLimit(AT_ONCE);
  let done = 0;
  const outcomes = await Promise.all(
    pins.map(({ desired, pin }) =>
      limit(async () => {
        const outcome = await settle(desired, pin, lock, options);
        options.progress((done += 1), pins.length);
        return outcome;
      }),
    ),
  );
  if (options.mode === 'check') return checked(outcomes, lock, options.files, read.diagnostics);
  return written(outcomes, lock, options);
}

/** Other partitions that have locked files: nobody here can say what the lock says of them. */
function partitionsBeside(partition: Partition, { files }: DesiredFiles): readonly Partition[] {
  const all = [...files.keys()].flatMap((path) => partitionOfLocked(path) ?? []);
  return [...new Set(all)].filter((each) => each !== partition).sort();
}

/** A lock file that cannot be read is written anew only where nothing of another partition is lost with it. */
function irreplaceable(
  files: DesiredFiles,
  unreadable: readonly Diagnostic[],
  partitions: readonly Partition[],
): LockResult {
  const remedy = `restore the file from a revision: it says what is locked in ${partitions.join(', ')} too, so it is not written anew`;
  return {
    lockText: textOf(files),
    write: new Map(),
    remove: [],
    diagnostics: unreadable.map((diagnostic) => ({ ...diagnostic, remedy })),
    changes: [],
  };
}

function textOf({ files }: DesiredFiles): string {
  const current = files.get(LOCK_FILE);
  return current === undefined ? '' : Buffer.from(current).toString('utf8');
}

async function settle(desired: Desired, pin: Result<Pin>, lock: Lock, options: LockOptions): Promise<Outcome> {
  const { address } = desired;
  const { partition } = options.aws;
  const before = lock.entries.get(address) ?? null;
  const kept = { address, entry: before, files: null, failed: false };
  if (pin.value === null) return { ...kept, failed: true, diagnostics: pin.diagnostics };
  const pinned = resolveLocked(desired, pin.value, { files: options.files, lock, partition, bucket: '' });
  if (pinned.value !== null && options.mode === 'changed')
    return { ...kept, diagnostics: [...pin.diagnostics, ...pinned.diagnostics] };
  if (pinned.value === null && options.mode === 'check')
    return { ...kept, failed: true, diagnostics: [...pin.diagnostics, ...pinned.diagnostics] };
  try {
    const served = await lockServed(desired, pin.value, await serve(desired, options), partition);
    if (options.mode === 'check')
      return {
        ...kept,
        // That it is served again is no difference in what is served.
        entry: before?.withdrawn === undefined ? served.entry : { ...served.entry, withdrawn: true },
        diagnostics: [...pin.diagnostics, ...differences(desired, pin.value, before!, served.entry)],
      };
    const diagnostics = [...pin.diagnostics, ...served.diagnostics];
    return { address, entry: served.entry, files: served.files, failed: false, diagnostics };
  } catch (error) {
    if (!(error instanceof LockRefusal)) throw error;
    if (pinned.value !== null && WITHDRAWN.has(error.code)) {
      const entry = options.mode === 'check' ? before : { ...before!, withdrawn: true as const };
      return { ...kept, entry, diagnostics: [...pin.diagnostics, withdrawn(desired, pin.value, error)] };
    }
    const { code, message, remedy, key, path } = error;
    const place = desired.at('spec', key, ...path);
    const refused: Diagnostic = { code, severity: 'error', address, place, message, remedy };
    return { ...kept, failed: true, diagnostics: [...pin.diagnostics, refused] };
  }
}

function withdrawn(desired: Desired, pin: Pin, refusal: LockRefusal): Diagnostic {
  return {
    code: 'EK4028',
    severity: 'warning',
    address: desired.address,
    place: desired.at('spec', refusal.key),
    message: `AWS no longer serves ${pin.title}, so the pinned copy is used: ${refusal.message}`,
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
  return {
    lockText: textOf(files),
    write: new Map(),
    remove: [],
    diagnostics: [...unreadable, ...outcomes.flatMap(({ diagnostics }) => diagnostics)],
    changes: outcomes.map((outcome) => changeOf(outcome, lock)),
  };
}

function written(outcomes: readonly Outcome[], lock: Lock, { files, aws }: LockOptions): LockResult {
  const { partition } = aws;
  const entries = new Map(
    outcomes.flatMap(({ address, entry }): [ManifestAddress, LockEntry][] =>
      entry === null ? [] : [[address, entry]],
    ),
  );
  const lockText = writeLock(new Map([...lock.elsewhere, [partition, entries]]));

  const wanted = new Map(outcomes.flatMap((outcome) => [...(outcome.files ?? [])]));
  if (lockText !== '') wanted.set(LOCK_FILE, Buffer.from(lockText, 'utf8'));
  const untouched = outcomes
    .filter(({ entry, files: own, failed }) => own === null && (failed || entry !== null))
    .map(({ address }) => lockedFolder({ address, partition }));
  const isOurs = (path: string): boolean =>
    path.startsWith(LOCKED_FOLDER) &&
    (partitionOfLocked(path) ?? partition) === partition &&
    !untouched.some((folder) => path.startsWith(folder));
  const remove = [...files.files.keys()].filter((path) => (isOurs(path) || path === LOCK_FILE) && !wanted.has(path));

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
  const alike = entry !== null && canonicalJson(ordered(before)) === canonicalJson(ordered(entry));
  return { address, change: alike ? 'unchanged' : 'changed', before, after: entry };
}

function same(before: Uint8Array | undefined, after: Uint8Array): boolean {
  return before !== undefined && Buffer.compare(before, after) === 0;
}
