import { LineCounter, parseDocument, YAMLMap, Scalar, isScalar } from 'yaml';
import type { CollectionTag, ScalarTag, Tags, YAMLSeq } from 'yaml';
import { digestOf } from './canonical.js';
import type { Sha256 } from './identifiers.js';

/** CloudFormation's short forms; `Ref` and `Condition` keep their names, all others are `Fn::…`. */
const INTRINSICS = [
  'Ref',
  'Condition',
  'Base64',
  'Cidr',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'ImportValue',
  'Join',
  'Length',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'And',
  'Equals',
  'If',
  'Not',
  'Or',
  'GetStackOutput',
];

const longName = (name: string): string => (name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`);

/** `!GetAtt A.B.C` means `[A, B.C]`. */
function scalarArgument(name: string, text: string): unknown {
  if (name !== 'GetAtt') return text;
  const dot = text.indexOf('.');
  return dot < 0 ? text : [text.slice(0, dot), text.slice(dot + 1)];
}

function tagsFor(name: string): (ScalarTag | CollectionTag)[] {
  const long = longName(name);
  const wrapped = (node: YAMLMap | YAMLSeq): YAMLMap => {
    const map = new YAMLMap();
    map.set(new Scalar(long), node);
    return map;
  };
  const scalar: ScalarTag = { tag: `!${name}`, resolve: (text) => ({ [long]: scalarArgument(name, text) }) };
  const sequence: CollectionTag = { tag: `!${name}`, collection: 'seq', resolve: (node) => wrapped(node) };
  const mapping: CollectionTag = { tag: `!${name}`, collection: 'map', resolve: (node) => wrapped(node) };
  return [scalar, sequence, mapping];
}

const customTags: Tags = INTRINSICS.flatMap(tagsFor);

export type TemplateDocument = { readonly [section: string]: unknown };
export type ParsedTemplate =
  | { readonly type: 'template'; readonly document: TemplateDocument }
  | { readonly type: 'not-a-template'; readonly message: string; readonly line: number; readonly column: number };

/** CloudFormation takes `{ … }` and `[ … ]` whose lines are not indented, which YAML 1.2 forbids. */
const UNDERINDENTED = /^Flow (map|sequence) in block collection must be sufficiently indented/;
/** Each line that is moved to the right costs one more parse. */
const MOST_REPAIRS = 50;
/** Levels: far more than anybody writes, and few enough for every walk. */
const DEEPEST = 500;

/**
 * Reads a CloudFormation template, YAML or JSON, short forms written out as `Fn::…`. Dates and such stay strings, as CloudFormation sees them.
 * The text may be a stranger's: aliases that multiply and nesting without end are findings like any other.
 */
export function parseTemplate(text: string): ParsedTemplate {
  try {
    const parsed = parseJson(text) ?? parseYaml(text);
    if (!isUnderindented(parsed)) return shallow(parsed);
    const repaired = parseIndented(text, parsed);
    return shallow(repaired.type === 'template' ? repaired : parsed);
  } catch (error) {
    // The parser throws a ReferenceError for aliases that multiply or have no anchor, a RangeError for nesting that the stack cannot hold.
    if (error instanceof ReferenceError || error instanceof RangeError) return notATemplate(error.message);
    throw error;
  }
}

/** Whoever walks a template recurses: what is nested without measure, or in itself by an alias, is none. */
function shallow(parsed: ParsedTemplate): ParsedTemplate {
  if (parsed.type === 'not-a-template') return parsed;
  const inside: { readonly value: unknown; readonly depth: number }[] = [{ value: parsed.document, depth: 0 }];
  for (let next = inside.pop(); next !== undefined; next = inside.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) return notATemplate(`it is nested more than ${DEEPEST} deep`);
    for (const each of Object.values(value)) inside.push({ value: each as unknown, depth: depth + 1 });
  }
  return parsed;
}

/** JSON is YAML too, and its own parser is hundreds of times faster; null where it is not JSON, so that YAML's says where it goes wrong. */
function parseJson(text: string): ParsedTemplate | null {
  if (!/^\s*\{/.test(text)) return null;
  try {
    return { type: 'template', document: JSON.parse(text) as TemplateDocument };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Inside brackets the spaces at the start of a line mean nothing, so the lines that the parser stumbles over are moved to the right. */
function parseIndented(text: string, first: ParsedTemplate): ParsedTemplate {
  const lines = text.split('\n');
  let parsed = first;
  for (let repairs = 0; repairs < MOST_REPAIRS && isUnderindented(parsed); repairs += 1) {
    lines[parsed.line - 1] = `        ${lines[parsed.line - 1] ?? ''}`;
    parsed = parseYaml(lines.join('\n'));
  }
  return parsed;
}

function isUnderindented(parsed: ParsedTemplate): parsed is Extract<ParsedTemplate, { type: 'not-a-template' }> {
  return parsed.type === 'not-a-template' && UNDERINDENTED.test(parsed.message);
}

function parseYaml(text: string): ParsedTemplate {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    customTags,
    schema: 'core',
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return { type: 'not-a-template', message: error.message, line, column: col };
  }
  if (isScalar(document.contents) || document.contents === null) return notATemplate(NO_MAPPING);
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return notATemplate(NO_MAPPING);
  return { type: 'template', document: value as TemplateDocument };
}

const NO_MAPPING = 'a template is a mapping with Resources';

function notATemplate(message: string): ParsedTemplate {
  return { type: 'not-a-template', message, line: 1, column: 1 };
}

/**
 * The digest of what a template says, whatever its comments, spacing and notation; of its text where it cannot be parsed.
 * A template has the same digest before it is given to CloudFormation and after GetTemplate answered it.
 */
export function templateSha256(text: string): Sha256 {
  const answered = asAnswered(text);
  const parsed = parseTemplate(answered);
  return digestOf(parsed.type === 'template' ? parsed.document : { unparsed: answered });
}

/**
 * GetTemplate answers `?` for every character that is not ASCII, so two templates that differ only in such characters are one to it.
 * That a character outside the basic plane, two UTF-16 units, is answered by one `?` is an assumption.
 */
function asAnswered(text: string): string {
  return text.replace(/[\u{80}-\u{10ffff}]/gu, '?');
}
