import type { Line, Span, Tone } from '../../model/document.js';
import { visibleText } from './visible-text.js';

/** A run of text in one tone, safe to print. */
export type Run = { readonly text: string; readonly tone: Tone };

/** A line's text made visible, each run with its tone. */
export function runsOf(line: Line): readonly Run[] {
  const parts: readonly (string | Span)[] = typeof line === 'string' ? [line] : line;
  return parts
    .map((part) => (typeof part === 'string' ? { text: part } : part))
    .map((span: Span) => ({ text: visibleText(span.text), tone: span.tone ?? 'plain' }))
    .filter(({ text }) => text !== '');
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const NARROW = /^[\u0020-\u007e\u00a0-\u02ff\u2010-\u2027\u2190-\u21ff]*$/;
const MARK = /^\p{Mark}$/u;

function characterWidth(character: string): 0 | 1 | 2 {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** How many columns of a terminal the text takes. */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  return [...text].reduce((sum, character) => sum + characterWidth(character), 0);
}

/** How many columns the longest word takes, which is the least that shows it whole. */
export function widthOfLongestWord(runs: readonly Run[]): number {
  const words = runs
    .map(({ text }) => text)
    .join('')
    .split(' ');
  return Math.max(0, ...words.map(widthOf));
}

export function widthOfRuns(runs: readonly Run[]): number {
  return runs.reduce((sum, { text }) => sum + widthOf(text), 0);
}

type Cell = { readonly character: string; readonly tone: Tone; readonly width: number };

function merged(cells: readonly Cell[]): readonly Run[] {
  const runs: { text: string; tone: Tone }[] = [];
  for (const { character, tone } of cells) {
    const last = runs.at(-1);
    if (last?.tone === tone) last.text += character;
    else runs.push({ text: character, tone });
  }
  return runs;
}

/** Signs after which an address or a path may be broken with the least harm. */
const JOINTS: ReadonlySet<string> = new Set(['/', '@', '-']);

/** Where the line that begins at `start` ends and the next one begins; a word that is longer than a line is cut, at a joint if it has one, never lost. */
function breakAfter(
  cells: readonly Cell[],
  start: number,
  width: number,
): { readonly end: number; readonly next: number } {
  let used = 0;
  let space = -1;
  let joint = -1;
  for (let index = start; index < cells.length; index += 1) {
    const cell = cells[index]!;
    used += cell.width;
    if (used > width) {
      if (cell.character === ' ') return { end: index, next: index + 1 };
      if (space > start) return { end: space, next: space + 1 };
      const end = Math.max(joint, start) > start ? joint : Math.max(index, start + 1);
      return { end, next: end };
    }
    if (cell.character === ' ') space = index;
    if (JOINTS.has(cell.character)) joint = index + 1;
  }
  return { end: cells.length, next: cells.length };
}

/** The runs broken at spaces into lines of at most `width` columns; `first` lines may be given another width than those after. */
export function wrapped(
  runs: readonly Run[],
  width: { readonly first: number; readonly rest: number },
): readonly (readonly Run[])[] {
  const cells = runs.flatMap(({ text, tone }) =>
    [...text].map((character): Cell => ({ character, tone, width: characterWidth(character) })),
  );
  const lines: (readonly Run[])[] = [];
  let start = 0;
  do {
    const { end, next } = breakAfter(cells, start, Math.max(1, lines.length === 0 ? width.first : width.rest));
    lines.push(merged(cells.slice(start, end)));
    start = next;
  } while (start < cells.length);
  return lines;
}
