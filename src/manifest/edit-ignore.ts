import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { Document, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { canonicalJson } from '../model/canonical.js';
import type { IgnoreRule } from '../model/desired.js';
import { documentsOf, plainOf } from './edit.js';
import { itemsOf, valueAt } from './raw.js';
import type { Path } from './raw.js';

/** What a new rule says, and in which manifest of a file. */
export type NewRule = {
  readonly kind: string;
  readonly name: string;
  readonly rule: Pick<IgnoreRule, 'resource' | 'path' | 'reason' | 'expires'>;
};

export type WithRule =
  | { readonly type: 'edited'; readonly text: string }
  /** Why, as the end of a sentence that begins with what stands at the path. */
  | { readonly type: 'refused'; readonly path: Path; readonly reason: string };

/** Text that comes in at one place of a file. */
type Insertion = { readonly offset: number; readonly text: string };
type Style = 'plain' | 'quoted';

const IGNORE: Path = ['spec', 'drift', 'ignore'];

/**
 * The file's text with one more ignore rule at the end of a manifest's: every character that was there stays, comments, order and line
 * ends among them. Refused where the place is written by an alias, or where anything else would change its meaning.
 */
export function addIgnoreRule(text: string, { kind, name, rule }: NewRule): WithRule {
  const documents = documentsOf(text);
  const index = documents.findIndex(
    (each) => each.getIn(['kind']) === kind && each.getIn(['metadata', 'name']) === name,
  );
  const document = documents[index];
  if (document === undefined) return { type: 'refused', path: [], reason: 'is not in the file' };
  const before = plainOf(document);
  const expected = canonicalJson(withRule(before, written(rule)));
  for (const style of ['plain', 'quoted'] as const) {
    const insertion = insertionFor(text, document, rule, style);
    if ('reason' in insertion) return { type: 'refused', ...insertion };
    const edited = text.slice(0, insertion.offset) + insertion.text + text.slice(insertion.offset);
    const after = documentsOf(edited);
    const others = (all: readonly Document[]): string =>
      canonicalJson(all.filter((_, at) => at !== index).map((each) => plainOf(each) ?? null));
    if (after.length !== documents.length || after.some(({ errors }) => errors.length > 0)) continue;
    if (canonicalJson(plainOf(after[index]!)) === expected && others(after) === others(documents))
      return { type: 'edited', text: edited };
  }
  return { type: 'refused', path: IGNORE, reason: 'is written in a way that another rule cannot be added to' };
}

/** Below the last line of what it belongs to, or before the bracket that closes it. */
function insertionFor(
  text: string,
  document: Document,
  rule: NewRule['rule'],
  style: Style,
): Insertion | { readonly path: Path; readonly reason: string } {
  const spec = mappingAt(document, ['spec']);
  if (spec === null) return { path: ['spec'], reason: 'is written by an alias' };
  const drift = pairOf(spec, 'drift');
  if (drift === null) return intoMapping(text, spec, 'drift', { ignore: rule }, style);
  if (isBlank(drift.value)) return { path: ['spec', 'drift'], reason: 'is empty' };
  if (!isMap(drift.value)) return { path: ['spec', 'drift'], reason: 'is written by an alias' };
  const ignore = pairOf(drift.value, 'ignore');
  if (ignore === null) return intoMapping(text, drift.value, 'ignore', rule, style);
  if (isBlank(ignore.value)) return { path: IGNORE, reason: 'is empty' };
  if (!isSeq(ignore.value)) return { path: IGNORE, reason: 'is written by an alias' };
  return intoSequence(text, ignore.value, rule, style);
}

type Rule = NewRule['rule'];
type Content = Rule | { readonly ignore: Rule };

function intoMapping(text: string, map: YAMLMap, key: string, content: Content, style: Style): Insertion {
  if (map.flow === true || map.items.length === 0) return intoFlow(map, `${key}: ${flowed(content, style)}`, '{');
  const indent = columnOf(text, map.range![0]);
  const lines = [`${' '.repeat(indent)}${key}:`, ...blockLines(content, indent + 2, style)];
  return below(text, map, lines);
}

function intoSequence(text: string, sequence: YAMLSeq, rule: Rule, style: Style): Insertion {
  if (sequence.flow === true || sequence.items.length === 0) return intoFlow(sequence, ruleText(rule, style), '[');
  const indent = columnOf(text, sequence.range![0]);
  const last = sequence.items.at(-1);
  const isFlow = isMap(last) && last.flow === true;
  const lines = isFlow ? [`${' '.repeat(indent)}- ${ruleText(rule, style)}`] : itemLines(rule, indent, style);
  return below(text, sequence, lines);
}

/** Behind its last item, or behind the bracket that opens it. */
function intoFlow(collection: YAMLMap | YAMLSeq, added: string, bracket: '{' | '['): Insertion {
  const [start] = collection.range!;
  if (collection.items.length > 0) return { offset: lastEnd(collection), text: `, ${added}` };
  return { offset: start + 1, text: bracket === '{' ? ` ${added} ` : added };
}

function below(text: string, collection: YAMLMap | YAMLSeq, lines: readonly string[]): Insertion {
  const end = lastEnd(collection);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  // A block of text ends behind its last line, everything else in the middle of it.
  const at = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1;
  const isLast = at === 0;
  const added = lines.join(newline);
  return { offset: isLast ? text.length : at, text: isLast ? `${newline}${added}` : `${added}${newline}` };
}

/** Where the last thing that is written in a collection ends; what a parser calls its end is behind the comments that follow. */
function lastEnd(collection: YAMLMap | YAMLSeq): number {
  const last: unknown = collection.items.at(-1);
  if (!isPair(last)) return endOf(last);
  return endOf(isBlank(last.value) ? last.key : last.value);
}

function endOf(node: unknown): number {
  if ((isMap(node) || isSeq(node)) && node.flow !== true) return lastEnd(node);
  return isNode(node) ? node.range![1] : 0;
}

function blockLines(content: Content, indent: number, style: Style): readonly string[] {
  if ('ignore' in content) return [`${' '.repeat(indent)}ignore:`, ...itemLines(content.ignore, indent + 2, style)];
  return itemLines(content, indent, style);
}

function itemLines(rule: Rule, indent: number, style: Style): readonly string[] {
  return pairsOf(rule, style).map((pair, index) => `${' '.repeat(indent)}${index === 0 ? '- ' : '  '}${pair}`);
}

function flowed(content: Content, style: Style): string {
  return 'ignore' in content ? `{ ignore: [${ruleText(content.ignore, style)}] }` : `[${ruleText(content, style)}]`;
}

function ruleText(rule: Rule, style: Style): string {
  return `{ ${pairsOf(rule, style).join(', ')} }`;
}

function pairsOf(rule: Rule, style: Style): readonly string[] {
  return Object.entries(written(rule)).map(
    ([key, value]) => `${key}: ${style === 'plain' ? scalar(value) : quoted(value)}`,
  );
}

/** What a manifest says of it: a rule without an end says nothing of one. */
function written({ resource, path, reason, expires }: Rule): Readonly<Record<string, string>> {
  return { resource, path, reason, ...(expires === null ? {} : { expires }) };
}

/** Words that need no quotes anywhere, and dates; everything else gets some. */
function scalar(value: string): string {
  return /^(?:[A-Za-z/][\w./~-]*(?: [\w./~-]+)*|\d{4}-\d\d-\d\d)$/.test(value) ? value : quoted(value);
}

/** JSON's notation is YAML's, but for a few characters that YAML takes for line breaks or does not take at all. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function mappingAt(document: Document, path: Path): YAMLMap | null {
  let node: unknown = document.contents;
  for (const step of path) node = isMap(node) ? node.get(step, true) : null;
  return isMap(node) ? node : null;
}

function pairOf(map: YAMLMap, key: string): Pair | null {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) ?? null;
}

function isBlank(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

function withRule(manifest: unknown, item: object): unknown {
  const root = manifest as Readonly<Record<string, object>>;
  const drift = (valueAt(manifest, ['spec', 'drift']) ?? {});
  const ignore = [...itemsOf(valueAt(drift, ['ignore'])), item];
  return { ...root, spec: { ...root['spec'], drift: { ...drift, ignore } } };
}
