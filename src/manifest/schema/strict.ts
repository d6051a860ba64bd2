import * as z from 'zod';

/**
 * An object that refuses unknown keys. Its message for them is the list of keys that it does know, separated by spaces:
 * zod's issue does not say which object refused, and the nearest known key has to come from that very object.
 */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined) });
}

/** What a refinement that failed says beside its message: what to do, in the imperative. */
export type Advice = { readonly remedy: string };

export const advice = (message: string, remedy: string): { message: string; params: Advice } => ({
  message,
  params: { remedy },
});
