import type { Address } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Line, Tone } from '../model/document.js';
import type { VersionLine, VersionState } from '../model/versions.js';
import { diagnosticBlocks } from './describe-diagnostics.js';
import { counted } from './describe-wording.js';

export type OutdatedOutcome = { readonly lines: readonly VersionLine[]; readonly diagnostics: readonly Diagnostic[] };

const STATES: Readonly<Record<VersionState, { readonly tone: Tone; readonly word: string }>> = {
  outdated: { tone: 'warn', word: 'outdated' },
  superseded: { tone: 'bad', word: 'superseded' },
  withdrawn: { tone: 'bad', word: 'withdrawn' },
  unavailable: { tone: 'bad', word: 'unavailable' },
  unknown: { tone: 'warn', word: 'unknown' },
  unversioned: { tone: 'muted', word: 'without a version' },
  current: { tone: 'good', word: 'current' },
};

const NEWER_SHOWN = 3;

/** How every pinned version stands to those that are offered: a row for each manifest, and what a person should know besides; `options` are those of the command that the one which it suggests needs as well. */
export function describeOutdated(outcome: OutdatedOutcome, options: readonly string[]): Document {
  const { lines, diagnostics } = outcome;
  const data = { schemaVersion: 1, lines, diagnostics } as const;
  if (lines.length === 0)
    return {
      blocks: [{ type: 'paragraph', line: 'No manifest pins a version.' }, ...diagnosticBlocks(diagnostics)],
      data,
    };
  const notes = lines.flatMap((line) => line.notes.map((note): Line => [strong(line.address), `: ${note}`]));
  const upgradable = lines.find(({ newer }) => newer.length > 0);
  return {
    blocks: [
      { type: 'paragraph', line: [{ text: summary(lines), tone: 'strong' }] },
      {
        type: 'table',
        columns: ['manifest', 'pinned', 'newest', 'state', 'known from'],
        rows: lines.map((line) => [
          [strong(line.address)],
          line.pinned ?? '-',
          line.newest ?? '-',
          stateOf(line),
          line.source ?? '-',
        ]),
      },
      ...(notes.length === 0 ? [] : ([heading('Worth knowing'), { type: 'list', items: notes }] as const)),
      ...(upgradable === undefined
        ? []
        : ([
            heading('What to do next'),
            {
              type: 'list',
              items: [
                `see what a newer version changes: ${['evenkeel upgrade', upgradable.address, ...options, '--dry-run'].join(' ')}`,
              ],
            },
          ] as const)),
      ...diagnosticBlocks(diagnostics),
    ],
    data,
  };
}

function summary(lines: readonly VersionLine[]): string {
  const counts = (Object.keys(STATES) as VersionState[])
    .map((state) => ({ word: STATES[state].word, count: lines.filter((line) => line.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${String(count)} ${word}`);
  return `${counted(lines.length, 'building block')}: ${counts.join(', ')}`;
}

/** Between the pinned one and the newest there may be others that somebody would rather have. */
function stateOf({ state, newest, newer }: VersionLine): Line {
  const { tone, word } = STATES[state];
  const others = newer.filter((version) => version !== newest);
  const between = others.slice(0, NEWER_SHOWN);
  const more = others.length - between.length;
  const shown = [...between, ...(more > 0 ? [`${String(more)} more`] : [])];
  return [{ text: word, tone }, shown.length === 0 ? '' : `; also newer: ${shown.join(', ')}`];
}

function strong(address: Address): { readonly text: string; readonly tone: Tone } {
  return { text: address, tone: 'strong' };
}

function heading(text: string): Block {
  return { type: 'heading', text };
}
