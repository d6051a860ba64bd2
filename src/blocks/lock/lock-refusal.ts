import type { DiagnosticCode } from '../../model/diagnostic-codes.js';

/** The keys of a manifest's spec that say what it deploys. */
export type SpecKey = 'application' | 'version' | 'template' | 'solution' | 'part' | 'construct' | 'props';

/** Why one building block cannot be locked. Thrown inside `lock`, and turned into a diagnostic at the border of that block, so that the others go on. */
export class LockRefusal extends Error {
  override readonly name = 'LockRefusal';
  constructor(
    readonly code: DiagnosticCode,
    /** The key of the manifest's spec that it is about. */
    readonly key: SpecKey,
    message: string,
    readonly remedy: string,
    /** Where it stands below that key. */
    readonly path: readonly (string | number)[] = [],
  ) {
    super(message);
  }
}
