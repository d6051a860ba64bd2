import type { DiagnosticCode } from '../model/diagnostic-codes.js';

/** Why one building block cannot be locked. Thrown inside `lock`, and turned into a diagnostic at the border of that block, so that the others go on. */
export class LockRefusal extends Error {
  override readonly name = 'LockRefusal';
  constructor(
    readonly code: DiagnosticCode,
    /** The key of the manifest's spec that it is about. */
    readonly key: 'application' | 'version',
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
