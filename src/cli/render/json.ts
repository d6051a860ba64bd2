import type { Document } from '../../model/document.js';
import { visibleJson } from './visible-text.js';

/** The document's data, indented: everything that the blocks abbreviate, in a schema that carries its version. */
export function renderJson(document: Document): string {
  return visibleJson(JSON.stringify(document.data, null, 2)) + '\n';
}
