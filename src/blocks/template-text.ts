import { INLINE_TEMPLATE_BYTES } from '../model/artifact.js';
import { parseTemplate } from '../model/template.js';
import type { ParsedTemplate, TemplateDocument } from '../model/template.js';

/** Null where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Each repair costs one more parse. */
const MOST_REPAIRS = 50;
const UNDERINDENTED = /^Flow (?:map|sequence) in block collection must be sufficiently indented/;

export type ReadTemplate = { readonly text: string; readonly parsed: ParsedTemplate };

/**
 * parseTemplate for text of strangers: aliases that multiply and nesting without end are findings too. CloudFormation takes `{ … }` and `[ … ]`
 * whose lines are not indented, which YAML 1.2 forbids: such lines are moved to the right, and `text` is what then says the same to every parser.
 */
export function readTemplate(text: string): ReadTemplate {
  let current = text;
  let parsed = parseSafely(current);
  for (
    let repairs = 0;
    repairs < MOST_REPAIRS && parsed.type === 'not-a-template' && UNDERINDENTED.test(parsed.message);
    repairs += 1
  ) {
    current = indented(current, parsed.line);
    parsed = parseSafely(current);
  }
  return parsed.type === 'template' ? { text: current, parsed } : { text, parsed: parseSafely(text) };
}

/** Inside brackets the spaces at the start of a line mean nothing. */
function indented(text: string, line: number): string {
  const lines = text.split('\n');
  lines[line - 1] = `        ${lines[line - 1] ?? ''}`;
  return lines.join('\n');
}

function parseSafely(text: string): ParsedTemplate {
  try {
    return parseTemplate(text);
  } catch (error) {
    // The parser throws a ReferenceError for alias bombs and aliases without an anchor, a RangeError for nesting that the stack cannot hold.
    if (error instanceof ReferenceError || error instanceof RangeError)
      return { type: 'not-a-template', message: error.message, line: 1, column: 1 };
    throw error;
  }
}

/** JSON that a reviewer can read line by line, in the template's own order. */
export function writeReadable(document: TemplateDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The readable text where it may be given inline, else the densest: indentation must not push a template over a limit. */
export function writeForCloudFormation(document: TemplateDocument): string {
  const readable = writeReadable(document);
  return Buffer.byteLength(readable, 'utf8') <= INLINE_TEMPLATE_BYTES ? readable : JSON.stringify(document);
}
