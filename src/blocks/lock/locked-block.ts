import type { Artifact } from '../../model/artifact.js';
import { canonicalJson } from '../../model/canonical.js';
import type { Desired } from '../../model/desired.js';
import type { Diagnostic, Result } from '../../model/diagnostic.js';
import type { DesiredFiles } from '../../model/files.js';
import type { Partition } from '../../model/identifiers.js';
import { makeArtifact } from '../template/artifact.js';
import { lockedParameters } from './lock-file.js';
import type { Lock, LockEntry } from './lock-file.js';
import { readLocked } from './locked-files.js';
import { placeInBucket } from './locked-template.js';
import type { Pin } from './pin.js';
import { writeForCloudFormation } from '../template/template-text.js';

/** Everything that a locked block is made of, besides the manifest. */
export type LockedWorld = {
  readonly files: DesiredFiles;
  readonly lock: Lock;
  readonly partition: Partition;
  /** May hold `${AWS::Region}`. */
  readonly bucket: string;
};

/** A bought building block, from its locked files only: asks nobody. */
export function resolveLocked(desired: Desired, pin: Pin, world: LockedWorld): Result<Artifact> {
  const { files, lock, partition, bucket } = world;
  const entry = lock.entries.get(desired.address);
  if (entry === undefined) return refuse([notLocked(desired, pin)]);
  const mismatches = mismatchesOf(desired, pin, entry);
  const locked = readLocked({ address: desired.address, partition }, entry, files);
  if (locked.type === 'broken')
    return refuse([
      ...mismatches,
      ...locked.problems.map(({ code, key, message }) => broken(desired, lock, code, key, message)),
    ]);
  if (mismatches.length > 0) return refuse(mismatches);

  const placed = placeInBucket(locked.document, locked.objects, bucket);
  const unusable = placed.problems.filter(({ type }) => type === 'unusable');
  if (unusable.length > 0)
    return refuse(unusable.map(({ message }) => broken(desired, lock, 'EK4018', ['objects'], message)));
  const artifact = makeArtifact({
    address: desired.address,
    file: locked.file,
    template: writeForCloudFormation(placed.document),
    objects: [...placed.objects].map(([sha256, bytes]) => ({ sha256, bytes })),
    tags: pin.tags,
    extraCapabilities: entry.requiredCapabilities,
  });
  if (
    artifact.value !== null &&
    canonicalJson(lockedParameters(artifact.value.parameters)) !== canonicalJson(entry.parameters)
  ) {
    return refuse([
      broken(
        desired,
        lock,
        'EK4018',
        ['parameters'],
        'the lock lists other parameters than the locked template declares',
      ),
    ]);
  }
  return { ...artifact, diagnostics: [...artifact.diagnostics, ...withdrawn(desired, pin, entry)] };
}

function withdrawn(desired: Desired, pin: Pin, entry: LockEntry): readonly Diagnostic[] {
  if (entry.withdrawn === undefined) return [];
  return [
    {
      code: 'EK4028',
      severity: 'warning',
      address: desired.address,
      place: desired.at('spec', pin.keys['version'] ?? 'version'),
      message: `AWS no longer served ${pin.title} when it was last asked, so the pinned copy is used`,
      remedy:
        'nothing need be done for it to go on working; move to a version that is served, or run `evenkeel lock --all` to ask again',
    },
  ];
}

/** Whether the lock answers what the manifest asks for: one finding for each key of its source that differs. */
export function mismatchesOf(desired: Desired, pin: Pin, entry: LockEntry): readonly Diagnostic[] {
  const locked: Readonly<Record<string, string | null>> = entry.source;
  const wanted: Readonly<Record<string, string | null>> = pin.source;
  return Object.keys(wanted)
    .filter((key) => locked[key] !== wanted[key])
    .map((key) => ({
      code: key === 'version' ? 'EK4013' : 'EK4012',
      severity: 'error',
      address: desired.address,
      place: desired.at('spec', pin.keys[key] ?? key),
      message:
        key === 'propsSha256'
          ? `the props, with the folders that they name, have the SHA-256 ${wanted[key]?.slice(0, 12)}…, and the lock says ${locked[key]?.slice(0, 12)}…: one of the two has changed`
          : `the manifest asks for ${key} ${wanted[key] ?? '(none)'}, and ${locked[key] ?? 'none'} is locked`,
      remedy: 'run `evenkeel lock`, and review what changes',
    }));
}

function notLocked(desired: Desired, pin: Pin): Diagnostic {
  return {
    code: 'EK4011',
    severity: 'error',
    address: desired.address,
    place: desired.at('spec', pin.mainKey),
    message: `${desired.address} is not in the lock file`,
    remedy: 'run `evenkeel lock`, and commit the lock file and .locked/',
  };
}

function broken(
  desired: Desired,
  lock: Lock,
  code: Diagnostic['code'],
  key: readonly (string | number)[],
  message: string,
): Diagnostic {
  return {
    code,
    severity: 'error',
    address: desired.address,
    place: lock.at(desired.address, ...key),
    message,
    remedy: 'restore the file from the revision that was reviewed, or run `evenkeel lock` and review what changes',
  };
}

function refuse(diagnostics: readonly Diagnostic[]): Result<Artifact> {
  return { value: null, diagnostics };
}
