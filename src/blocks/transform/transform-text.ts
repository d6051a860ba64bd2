import { YAMLMap, isScalar, parseDocument, visit } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { canonicalJson } from '../../model/canonical.js';
import { parseTemplate } from '../../model/template.js';
import type { TemplateDocument } from '../../model/template.js';
import { writeForCloudFormation } from '../template/template-text.js';
import type { Addition } from './transform-additions.js';

type Holder = Record<string | number, unknown>;

/** The document with the additions made. */
export function withAdditions(document: TemplateDocument, additions: readonly Addition[]): TemplateDocument {
  const written: Holder = structuredClone(document);
  for (const { path, value } of additions) {
    let holder = written;
    for (const step of path.slice(0, -1)) {
      if (holder[step] === undefined || holder[step] === null) holder[step] = {};
      holder = holder[step] as Holder;
    }
    holder[path.at(-1)!] = structuredClone(value);
  }
  return written;
}

/**
 * The template's text with the additions made. YAML keeps its comments, its short forms and every scalar as it is written, so that nothing but
 * the additions can be read differently; where that does not come out, what the template means is written as JSON.
 */
export function textWith(text: string, document: TemplateDocument, additions: readonly Addition[]): string {
  const wanted = withAdditions(document, additions);
  if (!/^\s*\{/.test(text)) {
    const yaml = yamlWith(text, additions);
    const parsed = yaml === null ? null : parseTemplate(yaml);
    if (parsed?.type === 'template' && canonicalJson(parsed.document) === canonicalJson(wanted)) return yaml!;
  }
  return writeForCloudFormation(wanted);
}

/** Null where one text is meant in several places, so that an addition at one would be made at all. */
function yamlWith(text: string, additions: readonly Addition[]): string | null {
  // In the failsafe schema every scalar is text, and is written as it was read.
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0 || hasAliases(document)) return null;
  for (const { path, value } of additions) {
    for (let length = 1; length < path.length; length += 1) {
      const prefix = path.slice(0, length);
      const node = document.getIn(prefix, true);
      if (node === undefined || node === null || (isScalar(node) && isEmpty(node.value)))
        document.setIn(prefix, new YAMLMap());
      else if (isScalar(node)) return null;
    }
    document.setIn(path, nodeOf(value, document));
  }
  return document.toString({ lineWidth: 0 });
}

/** Plain where every reader of YAML takes it for the same text. */
const PLAIN_TEXT = /^(?!(?:true|false|yes|no|on|off|y|n|null)$)[A-Za-z/][\w/.@-]*$/i;

/** Text is quoted where it could be read as something else, and what is no text is not. */
function nodeOf(value: unknown, document: Document): unknown {
  const node = document.createNode(value);
  const styled = (scalar: Scalar): void => {
    if (typeof scalar.value !== 'string') scalar.value = String(scalar.value);
    else if (!PLAIN_TEXT.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
  };
  if (isScalar(node)) styled(node);
  else visit(node, { Scalar: (key, scalar) => (key === 'key' ? undefined : styled(scalar)) });
  return node;
}

const isEmpty = (value: unknown): boolean => value === null || value === '';

function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
