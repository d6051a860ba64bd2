import { LineCounter, parseDocument, YAMLMap, YAMLSeq, Scalar, isScalar } from 'yaml';
import type { CollectionTag, ScalarTag, Tags } from 'yaml';
import { digestOf } from './canonical.js';
import type { Sha256 } from './identifiers.js';

/** CloudFormation's short forms; `Ref` and `Condition` keep their names, all others are `Fn::…`. */
const INTRINSICS = ['Ref', 'Condition', 'Base64', 'Cidr', 'FindInMap', 'ForEach', 'GetAtt', 'GetAZs', 'ImportValue', 'Join', 'Length', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'And', 'Equals', 'If', 'Not', 'Or', 'GetStackOutput'];

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
  const sequence: CollectionTag = { tag: `!${name}`, collection: 'seq', resolve: (node) => wrapped(node as YAMLSeq) };
  const mapping: CollectionTag = { tag: `!${name}`, collection: 'map', resolve: (node) => wrapped(node as YAMLMap) };
  return [scalar, sequence, mapping];
}

const customTags: Tags = INTRINSICS.flatMap(tagsFor);

export type TemplateDocument = { readonly [section: string]: unknown };
export type ParsedTemplate = { readonly type: 'template'; readonly document: TemplateDocument } | { readonly type: 'not-a-template'; readonly message: string; readonly line: number; readonly column: number };

/** Reads a CloudFormation template, YAML or JSON, short forms written out as `Fn::…`. Dates and such stay strings, as CloudFormation sees them. */
export function parseTemplate(text: string): ParsedTemplate {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, customTags, schema: 'core', uniqueKeys: true, prettyErrors: false, logLevel: 'silent' });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return { type: 'not-a-template', message: error.message, line, column: col };
  }
  if (isScalar(document.contents) || document.contents === null) return { type: 'not-a-template', message: 'a template is a mapping with Resources', line: 1, column: 1 };
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { type: 'not-a-template', message: 'a template is a mapping with Resources', line: 1, column: 1 };
  return { type: 'template', document: value as TemplateDocument };
}

/** The digest of what a template says, whatever its comments, spacing and notation; of its text where it cannot be parsed. */
export function templateSha256(text: string): Sha256 {
  const parsed = parseTemplate(text);
  return digestOf(parsed.type === 'template' ? parsed.document : { unparsed: text });
}
