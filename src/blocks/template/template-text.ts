import { INLINE_TEMPLATE_BYTES } from '../../model/artifact.js';
import type { TemplateDocument } from '../../model/template.js';

/** Null where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
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
