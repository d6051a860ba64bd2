import type { ManifestAddress } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Line, Tone } from '../model/document.js';
import { diagnosticBlocks } from './describe-diagnostics.js';
import { counted } from './describe-wording.js';

/** How one building block came out of `lock`; of `lock --check`, `differs` means that AWS no longer serves what was locked. */
export type LockLine = {
  readonly address: ManifestAddress;
  readonly result: 'locked' | 'unchanged' | 'removed' | 'differs' | 'failed';
  /** One sentence, such as the version and the digest; may be empty. */
  readonly detail: string;
};

export type LockOutcome = { readonly lines: readonly LockLine[]; readonly diagnostics: readonly Diagnostic[] };

const TONES: Readonly<Record<LockLine['result'], Tone>> = {
  locked: 'add',
  unchanged: 'good',
  removed: 'remove',
  differs: 'bad',
  failed: 'bad',
};

/** What was locked, or whether AWS still serves it: a line for each building block that needs a lock. */
export function describeLock(outcome: LockOutcome): Document {
  const { lines, diagnostics } = outcome;
  const counts = (Object.keys(TONES) as LockLine['result'][])
    .map((result) => ({ result, count: lines.filter((line) => line.result === result).length }))
    .filter(({ count }) => count > 0)
    .map(({ result, count }) => `${String(count)} ${result}`);
  const summary =
    lines.length === 0
      ? 'No building block needs a lock.'
      : `${counted(lines.length, 'building block')}: ${counts.join(', ')}`;
  const items = lines.map(({ address, result, detail }): Line => [
    { text: result, tone: TONES[result] },
    ' ',
    { text: address, tone: 'strong' },
    detail === '' ? '' : `: ${detail}`,
  ]);
  const list: readonly Block[] = items.length === 0 ? [] : [{ type: 'list', items }];
  return {
    blocks: [
      { type: 'paragraph', line: [{ text: summary, tone: 'strong' }] },
      ...list,
      ...diagnosticBlocks(diagnostics),
    ],
    data: { schemaVersion: 1, lines, diagnostics },
  };
}
