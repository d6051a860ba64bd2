import type { Artifact } from '../model/artifact.js';
import { canonicalJson } from '../model/canonical.js';
import type { BlockReference, Desired } from '../model/desired.js';
import type { Diagnostic, Result } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import { makeArtifact } from './artifact.js';
import { lockedParameters } from './lock-file.js';
import type { Lock, LockEntry } from './lock-file.js';
import { readLocked } from './locked-files.js';
import { placeInBucket } from './locked-template.js';
import { writeForCloudFormation } from './template-text.js';

export type ServerlessApplication = Extract<BlockReference, { type: 'serverless-application' }>;

/** The tags that AWS puts on a stack of an application; whoever looks for such stacks looks for these. */
export function applicationTags(block: {
  readonly application: string;
  readonly version: string;
}): Readonly<Record<string, string>> {
  return { 'serverlessrepo:applicationId': block.application, 'serverlessrepo:semanticVersion': block.version };
}

/** An application of the Serverless Application Repository, from its locked files only. `bucket` may hold `${AWS::Region}`. */
export function resolveServerlessApplication(
  desired: Desired,
  block: ServerlessApplication,
  files: DesiredFiles,
  lock: Lock,
  bucket: string,
): Result<Artifact> {
  const entry = lock.entries.get(desired.address);
  if (entry === undefined) return refuse([notLocked(desired)]);
  const mismatches = mismatchesOf(desired, block, entry);
  const locked = readLocked(desired.address, entry, files);
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
    tags: applicationTags(block),
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
  return artifact;
}

/** Whether the lock answers what the manifest asks for. */
export function mismatchesOf(desired: Desired, block: ServerlessApplication, entry: LockEntry): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (entry.application !== block.application)
    diagnostics.push(mismatch(desired, 'EK4012', 'application', entry.application, block.application));
  if (entry.version !== block.version)
    diagnostics.push(mismatch(desired, 'EK4013', 'version', entry.version, block.version));
  return diagnostics;
}

function mismatch(
  desired: Desired,
  code: 'EK4012' | 'EK4013',
  what: 'application' | 'version',
  locked: string,
  wanted: string,
): Diagnostic {
  return {
    code,
    severity: 'error',
    address: desired.address,
    place: desired.at('spec', what),
    message: `the manifest asks for ${what} ${wanted}, and ${locked} is locked`,
    remedy: 'run `evenkeel lock`, and review what changes',
  };
}

export function notLocked(desired: Desired): Diagnostic {
  return {
    code: 'EK4011',
    severity: 'error',
    address: desired.address,
    place: desired.at('spec', 'application'),
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
    place: lock.at('blocks', desired.address, ...key),
    message,
    remedy: 'restore the file from the revision that was reviewed, or run `evenkeel lock` and review what changes',
  };
}

function refuse(diagnostics: readonly Diagnostic[]): Result<Artifact> {
  return { value: null, diagnostics };
}
