import type { Check } from '../../model/checks.js';
import type { Diagnostic } from '../../model/diagnostic.js';

/** A look that AWS refused: nothing is known, why, and what to do about it. */
export function refusedCheck({ message, remedy }: Diagnostic, at: string): Check {
  return { at, status: 'UNKNOWN', error: `${message}; ${remedy}`, notCheckable: [] };
}
