import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { digestOf } from '../model/canonical.js';
import type { Plan } from '../model/plan.js';
import { UsageError } from './context.js';
import type { Context } from './context.js';

/** Reads what `plan --out` wrote; a file that was edited since no longer has the digest that it names. */
export async function readPlanFile(file: string, context: Context): Promise<Plan> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(resolve(context.cwd, file), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UsageError(`there is no file ${file}: write a plan with "evenkeel plan --out ${file}"`);
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be read as a plan (${why}): write one with "evenkeel plan --out ${file}"`);
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    !('schemaVersion' in value) ||
    !('digest' in value) ||
    !('changes' in value)
  ) {
    throw new UsageError(`${file} is not a plan: write one with "evenkeel plan --out ${file}"`);
  }
  if (value.schemaVersion !== 1) {
    throw new UsageError(`${file} is a plan of another version of Evenkeel: plan again`);
  }
  const { digest, ...body } = value;
  if (digest !== digestOf(body)) {
    throw new UsageError(`${file} is not as it was written, its digest does not fit: plan again`);
  }
  return value as Plan;
}
