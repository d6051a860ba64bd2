import Table from 'cli-table3';
import type { Line } from '../../model/document.js';
import type { Run } from './line-width.js';
import { runsOf, widthOfLongestWord, widthOfRuns, wrapped } from './line-width.js';

const GAP = 2;
/** A column is not made narrower than this; where that does not fit, rows are written as lists. */
const NARROWEST = 10;

export type TableText = { readonly columns: readonly string[]; readonly rows: readonly (readonly Line[])[] };

/** The table's lines, none wider than `width`: long cells wrap, and where there are too many columns each row becomes a list. */
export function tableLines(
  table: TableText,
  width: number,
  paint: (runs: readonly Run[]) => string,
): readonly string[] {
  const head = table.columns.map((column): readonly Run[] => runsOf([{ text: column, tone: 'muted' }]));
  const rows = table.rows.map((row) => row.map(runsOf));
  const natural = head.map((cell, index) =>
    Math.max(widthOfRuns(cell), ...rows.map((row) => widthOfRuns(row[index] ?? []))),
  );
  const words = head.map((cell, index) =>
    Math.max(widthOfLongestWord(cell), ...rows.map((row) => widthOfLongestWord(row[index] ?? []))),
  );
  const widths = fittingWidths(natural, words, width - GAP * (natural.length - 1));
  if (widths === null) return rows.flatMap((row) => listedRow(head, row, width, paint));
  return aligned([head, ...rows], widths, paint);
}

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);

/** Widths that add up to no more than `available`: sentences are wrapped before a word is cut, wide columns before narrow ones; null where none fit. */
function fittingWidths(
  natural: readonly number[],
  words: readonly number[],
  available: number,
): readonly number[] | null {
  const least = natural.map((width) => Math.min(width, NARROWEST));
  if (total(least) > available) return null;
  const whole = natural.map((width, index) => Math.min(width, Math.max(NARROWEST, words[index]!)));
  return narrowed(total(whole) <= available ? natural : whole, total(whole) <= available ? whole : least, available);
}

/** Takes columns off the widest that is still above its floor, one at a time, until all fit. */
function narrowed(widths: readonly number[], floor: readonly number[], available: number): readonly number[] {
  const fitted = [...widths];
  for (let excess = total(fitted) - available; excess > 0; excess -= 1) {
    const spare = fitted.map((width, index) => (width > floor[index]! ? width : 0));
    fitted[spare.indexOf(Math.max(...spare))]! -= 1;
  }
  return fitted;
}

function aligned(
  rows: readonly (readonly (readonly Run[])[])[],
  widths: readonly number[],
  paint: (runs: readonly Run[]) => string,
): readonly string[] {
  const blank = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
  };
  const table = new Table({
    chars: { ...blank, middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) {
    const cells = widths.map((width, index) =>
      wrapped(row[index] ?? [], { first: width, rest: width })
        .map(paint)
        .join('\n'),
    );
    table.push(cells);
  }
  return table.toString().split('\n');
}

function listedRow(
  head: readonly (readonly Run[])[],
  row: readonly (readonly Run[])[],
  width: number,
  paint: (runs: readonly Run[]) => string,
): readonly string[] {
  const lines = row.flatMap((cell, index) => {
    const runs: readonly Run[] = [...(head[index] ?? []), { text: ': ', tone: 'muted' }, ...cell];
    return wrapped(runs, { first: width, rest: width - 2 }).map((line, at) => (at === 0 ? '' : '  ') + paint(line));
  });
  return [...lines, ''];
}
