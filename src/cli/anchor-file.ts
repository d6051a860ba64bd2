import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseAddress } from '../model/address.js';
import type { Anchor } from '../model/anchor.js';
import type { Verification } from '../reconciler/ports.js';
import { UsageError } from './context.js';
import type { Context } from './context.js';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const ANCHOR = z.object({
  schemaVersion: z.literal(1),
  at: z.iso.datetime(),
  root: digest.nullable(),
  heads: z.record(
    z.string().refine((text) => parseAddress(text) !== null, 'is not an address'),
    z.object({ sequence: z.number().int().min(1), sha256: digest }),
  ),
});

/** Reads what `ledger verify --write-anchor` wrote; what else is in it is left alone. */
export async function readAnchorFile(file: string, context: Context): Promise<Anchor> {
  const remedy = `write one with "evenkeel ledger verify --write-anchor ${file}"`;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(resolve(context.cwd, file), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`there is no file ${file}: ${remedy}`);
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be read as an anchor (${why}): ${remedy}`);
  }
  const parsed = ANCHOR.safeParse(value);
  if (parsed.success) return parsed.data as Anchor;
  const issue = parsed.error.issues[0]!;
  throw new UsageError(
    `${file} is not an anchor (${issue.path.join('.') || 'the whole'}: ${issue.message}): ${remedy}`,
  );
}

/** The text of an anchor over what was just verified, the same for the same heads and time. */
export function anchorText({ root, heads }: Verification, at: Date): string {
  const inOrder = Object.entries(heads).sort(([one], [other]) => (one < other ? -1 : 1));
  const anchor: Anchor = { schemaVersion: 1, at: at.toISOString(), root, heads: Object.fromEntries(inOrder) };
  return `${JSON.stringify(anchor, null, 2)}\n`;
}
