import * as z from 'zod';
import type { DiagnosticCode } from '../../model/diagnostic-codes.js';

/**
 * An object that refuses unknown keys. Its message for them is the list of keys that it does know, separated by spaces:
 * zod's issue does not say which object refused, and the nearest known key has to come from that very object.
 */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined) });
}

/** What a refinement that failed says beside its message: what to do, in the imperative, and which mistake it is where it has a code of its own. */
export type Advice = { readonly remedy: string; readonly code?: DiagnosticCode };

export const advice = (message: string, remedy: string): { message: string; params: Advice } => ({
  message,
  params: { remedy },
});

/** Text that has one mistake or none; the pattern is what an editor knows of it. */
export function judged(
  pattern: RegExp,
  remedy: string,
  judge: (text: string) => { readonly message: string; readonly remedy: string; readonly code: DiagnosticCode } | null,
) {
  return z
    .string()
    .max(1024)
    .regex(pattern, remedy)
    .superRefine((text, context) => {
      const mistake = pattern.test(text) ? judge(text) : null;
      if (mistake === null) return;
      const params: Advice = { remedy: mistake.remedy, code: mistake.code };
      context.addIssue({ code: 'custom', message: mistake.message, params });
    });
}
