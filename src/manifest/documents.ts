import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import { linesOf, placesOf } from './places.js';
import type { Lines, Places } from './places.js';

/** One YAML document that could be read, as plain values. */
export type ManifestDocument = { readonly file: string; readonly value: unknown; readonly places: Places };

export type Documents = {
  readonly documents: readonly ManifestDocument[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether something in the file could not be read, so that what it was meant to hold is not known. */
  readonly unreadable: boolean;
};

const MAXIMUM_DEPTH = 64;
const MAXIMUM_ALIASES = 1_000;
/** Copies that one alias may stand for, over all its uses. */
const MAXIMUM_ALIAS_COUNT = 100;

/** Every document of a file, in YAML 1.2's core schema; what cannot be read is a diagnostic, and the other documents are read still. */
export function readDocuments(file: string, bytes: Uint8Array): Documents {
  const text = decode(bytes);
  if (text === null) {
    const message = `${file} is not UTF-8 text`;
    return { documents: [], unreadable: true, diagnostics: [finding('EK1004', message, 'save the file as UTF-8')] };
  }
  const counter = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: counter,
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false, // zod would never see the first of two, so they are found below, in linear time
    prettyErrors: false,
    logLevel: 'silent',
  });
  const lines = linesOf(file, text, counter);
  const read = [...parsed].map((document) => readDocument(file, document, lines));
  return {
    documents: read.flatMap((result) => result.document ?? []),
    diagnostics: read.flatMap((result) => result.diagnostics),
    unreadable: read.some((result) => result.document === null && result.diagnostics.length > 0),
  };
}

type Read = { readonly document: ManifestDocument | null; readonly diagnostics: readonly Diagnostic[] };

function readDocument(file: string, document: Document, lines: Lines): Read {
  const mistakes = [...document.errors, ...document.warnings];
  // What follows a first syntax error is mostly its echo.
  if (mistakes[0] !== undefined) return { document: null, diagnostics: [syntaxError(mistakes[0], lines)] };
  if (document.contents === null || isBlank(document.contents)) return { document: null, diagnostics: [] };
  const diagnostics = inspect(document.contents, lines);
  if (diagnostics.length > 0) return { document: null, diagnostics };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAXIMUM_ALIAS_COUNT });
    return { document: { file, value, places: placesOf(document, lines) }, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { document: null, diagnostics: [expandsTooFar(lines, document.contents)] };
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const finding = (code: DiagnosticCode, message: string, remedy: string, place?: Diagnostic['place']): Diagnostic => ({
  code,
  severity: 'error',
  ...(place === undefined ? {} : { place }),
  message,
  remedy,
});

function syntaxError(error: YAMLError, lines: Lines): Diagnostic {
  const place = lines.place(error.pos[0], error.pos[1]);
  if (error.code === 'RESOURCE_EXHAUSTION') return tooDeep(place);
  const message = plainly(error.message);
  const remedy =
    error.code === 'TAG_RESOLVE_FAILED' ? 'remove the tag; manifests have none' : 'correct the YAML at this place';
  return finding('EK1001', message, remedy, place);
}

/** The parser's commonest sentence, and the hardest to understand, in other words. */
function plainly(message: string): string {
  const unclosed = /^Flow (map|sequence) in block collection must be sufficiently indented and end with a (.)$/.exec(
    message,
  );
  if (unclosed === null) return message.charAt(0).toLowerCase() + message.slice(1);
  const [, type, end] = unclosed;
  return `the ${type === 'map' ? 'mapping' : 'list'} has no ${end!} here, on its own line or on an indented one below`;
}

const tooDeep = (place: Diagnostic['place']): Diagnostic =>
  finding('EK1008', `the YAML nests deeper than ${MAXIMUM_DEPTH} levels`, 'nest less deeply', place);

const expandsTooFar = (lines: Lines, node: Node): Diagnostic =>
  finding(
    'EK1005',
    'the YAML expands its aliases beyond measure',
    'write the values out instead of using aliases',
    placeOf(node, lines),
  );

const placeOf = (node: Node, lines: Lines) => lines.place(node.range?.[0] ?? 0, node.range?.[1] ?? 0);

const isBlank = (node: Node): boolean => isScalar(node) && node.value === null && node.source === '';

/** What YAML allows and a manifest does not: repeated and unwritable keys, circles, and depths that would exhaust the stack. */
function inspect(root: Node, lines: Lines): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const anchors = new Map<string, Node>();
  const ancestors = new Set<Node>();
  let aliases = 0;

  const visit = (node: unknown, depth: number): boolean => {
    if (isAlias(node)) {
      aliases += 1;
      const source = anchors.get(node.source);
      if (source === undefined) {
        found.push(unknownAnchor(node.source, placeOf(node, lines)));
      } else if (ancestors.has(source) || aliases > MAXIMUM_ALIASES) {
        found.push(expandsTooFar(lines, node));
        return false;
      }
      return true;
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return true;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return true;
    if (depth > MAXIMUM_DEPTH) {
      found.push(tooDeep(placeOf(node, lines)));
      return false;
    }
    ancestors.add(node);
    // Not spread into push: there may be more mistakes than a call takes arguments.
    for (const mistake of isMap(node) ? keyMistakes(node.items, lines) : []) found.push(mistake);
    const children: readonly unknown[] = isMap(node) ? node.items.map((pair) => pair.value) : node.items;
    const complete = children.every((child) => visit(child, depth + 1));
    ancestors.delete(node);
    return complete;
  };
  visit(root, 1);
  return found;
}

const unknownAnchor = (anchor: string, place: Diagnostic['place']): Diagnostic =>
  finding(
    'EK1001',
    `the alias *${anchor} has no anchor before it`,
    `write &${anchor} where the value is defined`,
    place,
  );

function keyMistakes(pairs: readonly { readonly key: unknown }[], lines: Lines): readonly Diagnostic[] {
  const seen = new Map<string, Node>();
  return pairs.flatMap(({ key }) => {
    if (!isScalar(key)) {
      const place = isMap(key) || isSeq(key) || isAlias(key) ? placeOf(key, lines) : undefined;
      return [finding('EK2003', 'a key is not plain text', 'write the key as text', place)];
    }
    const name = String(key.value);
    if (name === '__proto__') {
      return [finding('EK2001', '__proto__ is not a key of anything', 'remove it', placeOf(key, lines))];
    }
    const first = seen.get(name);
    seen.set(name, first ?? key);
    if (first === undefined) return [];
    const { line, column } = placeOf(first, lines);
    return [
      finding(
        'EK2007',
        `${name} is here for the second time, after ${line}:${column}`,
        'keep one of the two',
        placeOf(key, lines),
      ),
    ];
  });
}
