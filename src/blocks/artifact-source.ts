import type { Diagnostic, Result } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Artifact } from '../model/artifact.js';
import type { Desired, Transform } from '../model/desired.js';
import type { AccountId, Partition } from '../model/identifiers.js';
import type { ArtifactSource } from '../reconciler/ports.js';
import { fillBucket, UNKNOWN_ACCOUNT } from './artifact-bucket.js';
import { readLock } from './lock/lock-file.js';
import type { Lock } from './lock/lock-file.js';
import { resolveLocked } from './lock/locked-block.js';
import { pinOf } from './lock/pins.js';
import { resolveTemplate } from './template/template.js';
import { transformArtifact } from './transform/template-transform.js';

export type ArtifactSourceOptions = {
  /** The Controller's pattern, with `${account.id}` and `${region}`. */
  readonly artifactBucket: string;
  readonly partition: Partition;
  /** Null offline: templates that name the bucket then name one of account 000000000000, which is enough to check them. */
  readonly controllerAccount: AccountId | null;
};

/** Every building block that there is, made of the files of a revision; asks nobody. */
export function createArtifactSource(options: ArtifactSourceOptions): ArtifactSource {
  const { partition } = options;
  const bucket = fillBucket(options.artifactBucket, options.controllerAccount ?? UNKNOWN_ACCOUNT, '${AWS::Region}');
  const locks = new WeakMap<DesiredFiles, Result<Lock>>();
  const lockOf = (files: DesiredFiles): Result<Lock> => {
    const lock = locks.get(files) ?? readLock(files, partition);
    locks.set(files, lock);
    return lock;
  };

  return {
    resolve(desired, files) {
      const resolved = resolveAsWritten(desired, files);
      return resolved.value === null || desired.transform === null
        ? resolved
        : injected(desired, desired.transform, resolved);
    },
  };

  function resolveAsWritten(desired: Desired, files: DesiredFiles): Result<Artifact> {
    if (desired.block.type === 'template') return resolveTemplate(desired, desired.block.path, files);
    const pin = pinOf(desired, files, partition);
    if (pin === null) throw new Error(`${desired.address} is neither a template nor pinned`);
    if (pin.value === null) return { value: null, diagnostics: pin.diagnostics };
    const lock = lockOf(files);
    if (lock.value === null) return { value: null, diagnostics: ofManifest(desired, lock.diagnostics) };
    const resolved = resolveLocked(desired, pin.value, { files, lock: lock.value, partition, bucket });
    return { ...resolved, diagnostics: [...pin.diagnostics, ...resolved.diagnostics] };
  }
}

function injected(
  desired: Desired,
  transform: Transform,
  { value, diagnostics }: Extract<Result<Artifact>, { readonly value: Artifact }>,
): Result<Artifact> {
  const file = desired.block.type === 'template' ? desired.block.path : desired.at('spec', 'transform').file;
  const made = transformArtifact(value, transform, { address: desired.address, file });
  return { ...made, diagnostics: [...diagnostics, ...made.diagnostics] };
}

function ofManifest({ address }: Desired, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => ({ ...diagnostic, address }));
}
