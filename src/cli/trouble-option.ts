import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nearest } from '../model/nearest.js';
import { TROUBLES } from '../simulator/kernel/trouble.js';
import type { Trouble } from '../simulator/kernel/trouble.js';
import { UsageError } from './context.js';
import type { Context } from './context.js';

/** The trouble that `--trouble` asks for: a name, pairs, or a YAML or JSON file. Throws UsageError, which lists all that is wrong. */
export async function troubleFrom(spec: string, context: Context): Promise<Trouble> {
  const { troubleFromFile, troubleFromText } = await import('../simulator/trouble/reading.js');
  return usable(spec, () => troubleFromText(spec) ?? null) ?? fromFile();

  async function fromFile(): Promise<Trouble> {
    const text = await readFile(resolve(context.cwd, spec), 'utf8').catch((error: unknown) => {
      throw new UsageError(unreadable(spec, error));
    });
    return usable(spec, () => troubleFromFile(text));
  }
}

/** What `make` gives; what it finds wrong with trouble becomes the caller's mistake. */
export function usable<Result>(spec: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TroubleError') throw error;
    throw new UsageError(`--trouble ${spec}: ${error.message.split('\n').join('; ')}`);
  }
}

function unreadable(spec: string, error: unknown): string {
  const names = Object.keys(TROUBLES);
  const near = nearest(spec, names);
  const meant = near === null ? '' : ` (did you mean ${near}?)`;
  const why = error instanceof Error ? error.message : String(error);
  const forms = `${names.map((name) => `"${name}"`).join(', ')}, pairs such as throttling=0.05,people=4, or a YAML or JSON file`;
  return `--trouble takes ${forms}; ${spec} is none of these${meant}: ${why}`;
}
