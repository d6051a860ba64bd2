import { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import type { Place } from '../../model/diagnostic.js';

export type Path = readonly (string | number)[];

/** The place of a line and column, both counted from one; `length` is cut at the end of the line. */
export function placeOf(file: string, text: string, line: number, column: number, length = 1): Place {
  const source = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  return { file, line, column, length: Math.max(1, Math.min(length, source.length - column + 1)), source };
}

/** Where a path stands in a YAML or JSON text: at its key, or at its item; the nearest enclosing one where the path does not exist. */
export function placeAt(file: string, text: string, path: Path): Place {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, schema: 'core', prettyErrors: false, logLevel: 'silent' });
  let place: Node | null = null;
  let node: unknown = document.contents;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined || !isNode(pair.key)) break;
      place = pair.key;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (!isNode(item)) break;
      place = item;
      node = item;
    } else break;
  }
  if (place?.range == null) return placeOf(file, text, 1, 1);
  const { line, col } = lineCounter.linePos(place.range[0]);
  return placeOf(file, text, line, col, place.range[1] - place.range[0]);
}
