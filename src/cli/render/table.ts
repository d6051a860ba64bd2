import Table from 'cli-table3';
import type { Line } from '../../model/document.js';
import type { Run } from './line-width.js';
import { runsOf, widthOfRuns, wrapped } from './line-width.js';

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
  const widths = fittingWidths(natural, width - GAP * (natural.length - 1));
  if (widths === null) return rows.flatMap((row) => listedRow(head, row, width, paint));
  return aligned([head, ...rows], widths, paint);
}

/** Widths that add up to no more than `available`: narrow columns keep theirs, wide ones share what is left; null where none fit. */
function fittingWidths(natural: readonly number[], available: number): readonly number[] | null {
  const least = natural.map((width) => Math.min(width, NARROWEST));
  if (least.reduce((sum, width) => sum + width, 0) > available) return null;
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - available;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const second = Math.max(NARROWEST, ...widths.filter((_, index) => index !== widest));
    const cut = Math.max(1, Math.min(excess, widths[widest]! - second));
    widths[widest]! -= cut;
    excess -= cut;
  }
  return widths;
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
