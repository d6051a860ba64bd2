import type { Desired } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { DesiredFiles } from '../../model/files.js';
import type { Partition } from '../../model/identifiers.js';
import { lockBlocks } from '../lock/lock.js';
import type { LockOptions } from '../lock/lock.js';
import { LOCK_FILE, readLock, writeLock } from '../lock/lock-file.js';
import { LOCKED_FOLDER, lockedFolder } from '../lock/locked-files.js';

/** Null where it cannot be locked: the diagnostics say why. */
export type OneLocked = {
  readonly files: { readonly write: ReadonlyMap<string, Uint8Array>; readonly remove: readonly string[] } | null;
  /** Other partitions in which the same manifest is locked. */
  readonly elsewhere: readonly Partition[];
  readonly diagnostics: readonly Diagnostic[];
};

/** What `lock` would write for one manifest; what is locked for all others stays as it is, whatever it is. */
export async function lockOne(
  desired: Desired,
  options: Omit<LockOptions, 'desired' | 'mode' | 'progress'>,
): Promise<OneLocked> {
  const { partition } = options.aws;
  const { address } = desired;
  const lock = readLock(options.files, partition);
  if (lock.value === null) return { files: null, elsewhere: [], diagnostics: lock.diagnostics };
  const { entries, elsewhere } = lock.value;

  const files = alone(desired, options.files, partition);
  const locked = await lockBlocks({
    ...options,
    files,
    desired: [desired],
    mode: 'changed',
    progress: () => undefined,
  });
  const others = [...elsewhere].filter(([, each]) => each.has(address)).map(([name]) => name);
  const [change] = locked.changes;
  const entry = change === undefined || change.change === 'failed' ? null : change.after;
  if (entry === null) return { files: null, elsewhere: others, diagnostics: locked.diagnostics };

  const lockText = writeLock(new Map([...elsewhere, [partition, new Map([...entries, [address, entry]])]]));
  const write = new Map([...locked.write, [LOCK_FILE, Buffer.from(lockText, 'utf8')]]);
  const remove = locked.remove.filter((path) => path !== LOCK_FILE);
  return { files: { write, remove }, elsewhere: others, diagnostics: locked.diagnostics };
}

/** The files without what is locked for anybody else, and without a lock of this one, so that it is asked for. */
function alone({ address }: Desired, files: DesiredFiles, partition: Partition): DesiredFiles {
  const own = lockedFolder({ address, partition });
  const kept = [...files.files].filter(
    ([path]) => path !== LOCK_FILE && (!path.startsWith(LOCKED_FOLDER) || path.startsWith(own)),
  );
  return { ...files, files: new Map(kept) };
}
