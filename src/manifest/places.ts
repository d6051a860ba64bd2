import { isAlias, isCollection, isMap, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node, Pair, Range, YAMLMap } from 'yaml';
import type { At } from '../model/desired.js';
import type { Place } from '../model/diagnostic.js';

type Path = readonly (string | number)[];
type Step = { readonly node: Node; readonly key: Node | null };

/** Finds values of one YAML document again by their path, and says where they stand. */
export type Places = {
  /** The value; the key before it where the value has several lines; the nearest enclosing one where there is none. */
  readonly at: At;
  /** The last key of the path rather than its value. */
  readonly key: At;
  /** How a plain scalar is written, for what YAML read as a number is another text; null for anything else. */
  readonly written: (path: Path) => string | null;
};

/** The lines of one file, and the place of any stretch of it. */
export type Lines = { readonly place: (from: number, to: number) => Place };

export function linesOf(file: string, text: string, counter: LineCounter): Lines {
  // Looked up, not searched: a file may be one line with thousands of mistakes.
  const endOf = (line: number): number => {
    const next = counter.lineStarts[line];
    if (next === undefined) return text.length;
    return text[next - 2] === '\r' ? next - 2 : next - 1;
  };
  // A mistake that is noticed at the end of the file is shown where its text ends, not on the empty line below.
  const last = Math.max(0, text.trimEnd().length - 1);
  return {
    place: (start, to) => {
      const from = Math.min(start, last);
      const position = counter.linePos(from);
      const line = Math.max(position.line, 1);
      const column = Math.max(position.col, 1);
      const end = endOf(line);
      const length = Math.max(1, Math.min(to, end) - from);
      return { file, line, column, length, source: text.slice(from - column + 1, end) };
    },
  };
}

export function placesOf(document: Document, lines: Lines): Places {
  const resolve = (node: unknown): Node | undefined =>
    isAlias(node) ? node.resolve(document) : ((node ?? undefined) as Node | undefined);

  const indexed = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  const pairsOf = (map: YAMLMap): ReadonlyMap<string, Pair> => {
    const known = indexed.get(map) ?? new Map(map.items.map((pair) => [keyText(pair), pair]));
    indexed.set(map, known);
    return known;
  };

  const child = (node: Node, step: string | number): Step | null => {
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(step));
      if (pair === undefined) return null;
      const key = pair.key as Node;
      return { node: resolve(pair.value) ?? key, key };
    }
    const item = isSeq(node) && typeof step === 'number' ? resolve(node.items[step]) : undefined;
    return item === undefined ? null : { node: item, key: null };
  };

  const descend = (path: Path): { readonly steps: readonly Step[]; readonly found: boolean } => {
    const steps: Step[] = [{ node: document.contents as Node, key: null }];
    for (const step of path) {
      const next = child(steps.at(-1)!.node, step);
      if (next === null) return { steps, found: false };
      steps.push(next);
    }
    return { steps, found: true };
  };

  const placeOf = (node: Node): Place => {
    const [from, to] = node.range as Range;
    return lines.place(from, to);
  };
  const nearest = ({ node, key }: Step): Place => {
    if (key !== null && (isCollection(node) || isEmpty(node))) return placeOf(key);
    return placeOf(firstKey(node) ?? node);
  };

  return {
    at: (...path) => nearest(descend(path).steps.at(-1)!),
    key: (...path) => {
      const { steps, found } = descend(path);
      const last = steps.at(-1)!;
      return found && last.key !== null ? placeOf(last.key) : nearest(last);
    },
    written: (path) => {
      const { steps, found } = descend(path);
      const { node } = steps.at(-1)!;
      return found && isScalar(node) && node.type === 'PLAIN' ? (node.source ?? null) : null;
    },
  };
}

const keyText = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

/** A value that is not written at all has no stretch to underline. */
const isEmpty = (node: Node): boolean => isScalar(node) && node.range?.[0] === node.range?.[1];

function firstKey(node: Node): Node | null {
  const key = isMap(node) && node.flow !== true ? node.items[0]?.key : null;
  return isScalar(key) ? key : null;
}
