import type { Address } from './address.js';
import type { DiagnosticCode } from './diagnostic-codes.js';

/** Where in the desired state: a file, a one-based line and column, and how many characters the caret underlines. */
export type Place = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The whole line as written, for the printer. */
  readonly source: string;
};

/** An author's mistake, or something an author should know: collected and returned, never thrown. */
export type Diagnostic = {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly address?: Address;
  readonly place?: Place;
  /** What is wrong, one sentence, lower case, no full stop. */
  readonly message: string;
  /** What to do about it, imperative. */
  readonly remedy: string;
};

/** A value that may have come with findings; the value is absent exactly where a finding is an error. */
export type Result<T> =
  | { readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly value: null; readonly diagnostics: readonly Diagnostic[] };

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
