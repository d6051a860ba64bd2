import type { Document } from '../model/document.js';
import { unreachable } from '../model/unreachable.js';
import type { Context, Output } from './context.js';
import type { OutputFormat, PrintOptions } from './options.js';
import { wantsColour } from './render/colour.js';
import { renderJson } from './render/json.js';
import { renderMarkdown } from './render/markdown.js';
import { renderTerminal } from './render/terminal.js';

/** The width of text that goes where nobody says how wide it is. */
const WIDTH_OF_A_PIPE = 120;

function rendered(
  document: Document,
  output: OutputFormat,
  options: PrintOptions,
  to: Output,
  context: Context,
): string {
  switch (output) {
    case 'table': {
      const colour = wantsColour({ env: context.env, isTerminal: to.isTTY, forbidden: !options.color });
      return renderTerminal(document, { colour, width: to.columns ?? WIDTH_OF_A_PIPE });
    }
    case 'json':
      return renderJson(document);
    case 'markdown':
      return renderMarkdown(document);
    default:
      return unreachable(output);
  }
}

/** Writes the document to stdout in the format asked for. */
export function print(document: Document, options: PrintOptions, context: Context): void {
  context.stdout.write(rendered(document, options.output, options, context.stdout, context));
}

/** Writes the document to stderr as text, for a person who must see it while stdout carries data for a machine. */
export function printAside(document: Document, options: PrintOptions, context: Context): void {
  context.stderr.write(rendered(document, 'table', options, context.stderr, context));
}
