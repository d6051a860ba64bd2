import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { invalid } from './refusal.js';
import { isObject, type Json, type JsonObject } from './json.js';

/** Far beyond any template that does something; AWS publishes no number. */
const DEEPEST = 500;

const PLAIN_NAMES = new Set(['Ref', 'Condition']);

/** The mapping that a template's text stands for, YAML short forms written out; refuses what CloudFormation cannot read. */
export function parseTemplateText(text: string): JsonObject {
  const value = text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text);
  demandShallow(value);
  if (!isObject(value)) throw invalid('Template format error: unsupported structure.');
  return value;
}

/** Level by level, because what is nested too deeply for whoever reads the template is so for this as well. */
function demandShallow(value: Json): void {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw invalid('Template format error: the template is nested too deeply.');
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const at = /position (\d+)/.exec(String(error))?.[1];
    throw notWellFormed('JSON', position(text, at === undefined ? text.length : Number(at)));
  }
}

function parseYaml(text: string): Json {
  const lineCounter = new LineCounter();
  // Only the first mistake is told; making all of them pretty takes the square of their number.
  const document = parseDocument(text, { schema: 'core', logLevel: 'silent', prettyErrors: false, lineCounter });
  const mistake = document.errors[0];
  const indented = mistake?.code === 'BAD_INDENT' ? indentFlow(text, mistake.pos[0]) : undefined;
  if (indented !== undefined) return parseYaml(indented);
  if (mistake) throw notWellFormed('YAML', lineCounter.linePos(mistake.pos[0]));
  visit(document, {
    Alias: () => {
      throw invalid('Template error: YAML aliases are not allowed in CloudFormation templates');
    },
  });
  return plain(document.contents);
}

function plain(node: unknown): Json {
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => [keyText(key), plain(value)] as const);
    return longForm(node.tag, Object.fromEntries(entries));
  }
  if (isSeq(node)) return longForm(node.tag, node.items.map(plain));
  if (isScalar(node)) return longForm(node.tag, (node.value ?? null) as Json);
  return null;
}

function keyText(key: unknown): string {
  if (!isScalar(key)) throw invalid('Template format error: unsupported structure.');
  return String(key.value);
}

function longForm(tag: string | undefined, value: Json): Json {
  if (tag === undefined || !tag.startsWith('!') || tag.startsWith('!!')) return value;
  const name = tag.slice(1);
  if (PLAIN_NAMES.has(name)) return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') return { 'Fn::GetAtt': value.split(/\.(.*)/s).slice(0, 2) };
  return { [`Fn::${name}`]: value };
}

function position(text: string, offset: number): { readonly line: number; readonly col: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, col: (before.at(-1)?.length ?? 0) + 1 };
}

function notWellFormed(language: string, at: { readonly line: number; readonly col: number }): Error {
  return invalid(`Template format error: ${language} not well-formed. (line ${at.line}, column ${at.col})`);
}

/**
 * CloudFormation reads flow collections whose lines stand no deeper than their key, which YAML forbids; published templates
 * have them. Answers the text with those lines moved in, or undefined where there is no end to the collection.
 */
function indentFlow(text: string, at: number): string | undefined {
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const end = flowEnd(text, at);
  if (end === undefined || text.slice(from, at).trim() !== '') return undefined;
  // Not by `^`, which stands between the two characters of a CRLF too, and would make a key of the first.
  const moved = ' '.repeat(80) + text.slice(from, end).replaceAll('\n', `\n${' '.repeat(80)}`);
  return text.slice(0, from) + moved + text.slice(end);
}

function flowEnd(text: string, from: number): number | undefined {
  let depth = 1;
  for (const match of text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|[[\]{}]/g)) {
    if (match[0] === '{' || match[0] === '[') depth += 1;
    if (match[0] === '}' || match[0] === ']') depth -= 1;
    if (depth === 0) return from + match.index;
  }
  return undefined;
}
