import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Span } from '../model/document.js';
import type { Refusal } from '../model/plan.js';
import { byText, counted } from './describe-wording.js';

/** `2 errors and 1 warning`; empty where there is neither. */
export function tally(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return [errors > 0 ? counted(errors, 'error') : '', warnings > 0 ? counted(warnings, 'warning') : '']
    .filter((text) => text !== '')
    .join(' and ');
}

/** Errors before warnings, then by file and line: the order in which somebody mends them. */
function inReadingOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank = (diagnostic: Diagnostic): number => (diagnostic.severity === 'error' ? 0 : 1);
  return [...diagnostics].sort(
    (left, right) =>
      rank(left) - rank(right) ||
      byText(left.place?.file ?? '', right.place?.file ?? '') ||
      (left.place?.line ?? 0) - (right.place?.line ?? 0) ||
      (left.place?.column ?? 0) - (right.place?.column ?? 0),
  );
}

/** Every diagnostic under a heading that counts them; nothing where there is none. */
export function diagnosticBlocks(diagnostics: readonly Diagnostic[]): readonly Block[] {
  if (diagnostics.length === 0) return [];
  return [
    { type: 'heading', text: `Findings: ${tally(diagnostics)}` },
    ...inReadingOrder(diagnostics).map((diagnostic): Block => ({ type: 'diagnostic', diagnostic })),
  ];
}

/** A refusal reads like a diagnostic: the code, what, where, and who can lift it with which command. */
export function refusalBlock(refusal: Refusal): Block {
  const { code, address, message, remedy } = refusal;
  const where = address === null ? {} : { address };
  return { type: 'diagnostic', diagnostic: { code, severity: 'error', ...where, message, remedy } };
}

/** What a pass could not do beside its changes. */
export function describeWarnings(warnings: readonly Diagnostic[]): Document {
  return { blocks: diagnosticBlocks(warnings), data: { schemaVersion: 1, diagnostics: warnings } };
}

/** What is wrong with the desired state, all of it, and a last line that says whether it is valid. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): Document {
  const verdict: Span = diagnostics.some(({ severity }) => severity === 'error')
    ? { text: `Not valid: ${tally(diagnostics)}.`, tone: 'bad' }
    : { text: diagnostics.length === 0 ? 'Valid.' : `Valid, with ${tally(diagnostics)}.`, tone: 'good' };
  return {
    blocks: [
      ...inReadingOrder(diagnostics).map((diagnostic): Block => ({ type: 'diagnostic', diagnostic })),
      { type: 'paragraph', line: [verdict] },
    ],
    data: { schemaVersion: 1, diagnostics },
  };
}
