import type { Diagnostic, Result } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { AccountId } from '../model/identifiers.js';
import { unreachable } from '../model/unreachable.js';
import type { ArtifactSource } from '../reconciler/ports.js';
import { fillBucket, UNKNOWN_ACCOUNT } from './artifact-bucket.js';
import { readLock } from './lock-file.js';
import type { Lock } from './lock-file.js';
import { resolveServerlessApplication } from './serverless-application.js';
import { resolveTemplate } from './template.js';

export type ArtifactSourceOptions = {
  /** The Controller's pattern, with `${account.id}` and `${region}`. */
  readonly artifactBucket: string;
  /** Null offline: templates that name the bucket then name one of account 000000000000, which is enough to check them. */
  readonly controllerAccount: AccountId | null;
};

/** Every building block that there is, made of the files of a revision; asks nobody. */
export function createArtifactSource(options: ArtifactSourceOptions): ArtifactSource {
  const bucket = fillBucket(options.artifactBucket, options.controllerAccount ?? UNKNOWN_ACCOUNT, '${AWS::Region}');
  const locks = new WeakMap<DesiredFiles, Result<Lock>>();
  const lockOf = (files: DesiredFiles): Result<Lock> => {
    const lock = locks.get(files) ?? readLock(files);
    locks.set(files, lock);
    return lock;
  };

  return {
    resolve(desired, files) {
      const { block } = desired;
      switch (block.type) {
        case 'template':
          return resolveTemplate(desired, block.path, files);
        case 'serverless-application': {
          const lock = lockOf(files);
          if (lock.value === null)
            return {
              value: null,
              diagnostics: lock.diagnostics.map((diagnostic): Diagnostic => ({
                ...diagnostic,
                address: desired.address,
              })),
            };
          return resolveServerlessApplication(desired, block, files, lock.value, bucket);
        }
        default:
          return unreachable(block);
      }
    },
  };
}
