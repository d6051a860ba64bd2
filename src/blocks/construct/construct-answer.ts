import * as z from 'zod';
import type { SynthesisAnswer } from './construct-contract.js';

const Answer: z.ZodType<SynthesisAnswer> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('synthesised'),
    template: z.record(z.string(), z.json()),
    assets: z.array(
      z.strictObject({
        key: z.string(),
        // What the CDK stages: never a path that leads out of its folder.
        path: z.string().regex(/^asset\.[0-9a-f]{64}(?:\.[A-Za-z0-9]{1,10})?$/),
        packaging: z.enum(['zip', 'file']),
      }),
    ),
  }),
  z.strictObject({
    type: z.literal('unfit'),
    path: z.array(z.union([z.string(), z.number()])),
    message: z.string(),
    remedy: z.string(),
  }),
  z.strictObject({ type: z.literal('threw'), message: z.string() }),
  z.strictObject({ type: z.literal('needs-more'), message: z.string() }),
]);

/** What the child process wrote; null where it is no answer. */
export function readAnswer(text: string): SynthesisAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const checked = Answer.safeParse(value);
  return checked.success ? checked.data : null;
}
