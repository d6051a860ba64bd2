import type { Diagnostic, Place } from '../../model/diagnostic.js';
import type { Run } from './line-width.js';
import { widthOf } from './line-width.js';
import { visibleText } from './visible-text.js';

/** A source line longer than this is shown around the caret only. */
const SOURCE_WINDOW = 160;

/** A diagnostic as the lines that point at its place: never wrapped, so that a path stays one word and a caret stays under its text. */
export function caretLines(diagnostic: Diagnostic): readonly (readonly Run[])[] {
  const { code, severity, message, remedy, place, address } = diagnostic;
  const gutter = ' '.repeat(place === undefined ? 2 : String(place.line).length);
  const where = place === undefined ? address : `${place.file}:${String(place.line)}:${String(place.column)}`;
  return [
    [
      { text: `${severity}[${code}]`, tone: severity === 'error' ? 'bad' : 'warn' },
      { text: `: ${visibleText(message)}`, tone: 'strong' },
    ],
    ...(where === undefined
      ? []
      : [[{ text: `${gutter}--> `, tone: 'muted' } as const, { text: visibleText(where), tone: 'plain' } as const]]),
    // A file as a whole has no line to show.
    ...(place === undefined || place.source === '' ? [] : sourceLines(place, gutter)),
    [
      { text: `${gutter} = `, tone: 'muted' },
      { text: visibleText(remedy), tone: 'plain' },
    ],
  ];
}

function sourceLines(place: Place, gutter: string): readonly (readonly Run[])[] {
  const column = Math.max(0, Math.min(place.column - 1, place.source.length));
  const from = Math.max(0, place.source.length <= SOURCE_WINDOW ? 0 : column - SOURCE_WINDOW / 2);
  const shown = (start: number, end: number): string =>
    visibleText(place.source.slice(start, end).replaceAll('\t', '  '));
  const before = (from > 0 ? '…' : '') + shown(from, column);
  const marked = shown(column, column + place.length);
  const until = Math.min(place.source.length, from + SOURCE_WINDOW);
  const after = shown(Math.min(column + place.length, until), until) + (until < place.source.length ? '…' : '');
  const underlined = widthOf(marked.slice(0, SOURCE_WINDOW));
  return [
    [
      { text: `${String(place.line)} | `, tone: 'muted' },
      { text: before + marked.slice(0, SOURCE_WINDOW) + after, tone: 'plain' },
    ],
    [
      { text: `${gutter} | `, tone: 'muted' },
      { text: ' '.repeat(widthOf(before)) + '^'.repeat(Math.max(1, underlined)), tone: 'bad' },
    ],
  ];
}
