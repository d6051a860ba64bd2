import type { Block, Document } from '../../model/document.js';
import { unreachable } from '../../model/unreachable.js';
import { caretLines } from './caret.js';
import { createPainter } from './colour.js';
import type { Run } from './line-width.js';
import { runsOf, wrapped } from './line-width.js';
import { tableLines } from './table.js';
import { visibleLines } from './visible-text.js';

type Style = { readonly width: number; readonly paint: (runs: readonly Run[]) => string };

const LIST_INDENT = 4;
const HANGING = 2;

/** The document as text for a terminal of that many columns; ends with a line break, and holds no control sequence but colours. */
export function renderTerminal(
  document: Document,
  options: { readonly colour: boolean; readonly width: number },
): string {
  const style: Style = { width: Math.max(20, options.width), paint: createPainter(options.colour) };
  const lines = document.blocks.flatMap((block, index) => {
    const before = document.blocks[index - 1];
    const gap = before !== undefined && standsApart(before, block) ? [''] : [];
    return [...gap, ...blockLines(block, style)];
  });
  return lines.map((line) => line.trimEnd() + '\n').join('');
}

/** A heading holds on to what it heads, and a line to its list; everything else but running paragraphs is set apart. */
function standsApart(before: Block, block: Block): boolean {
  if (block.type === 'heading') return true;
  if (before.type === 'heading') return false;
  const running = (type: Block['type']): boolean => type === 'paragraph' || type === 'list';
  return !(running(before.type) && running(block.type));
}

function blockLines(block: Block, { width, paint }: Style): readonly string[] {
  switch (block.type) {
    case 'heading':
      return wrapped(runsOf([{ text: block.text, tone: 'strong' }]), { first: width, rest: width }).map(paint);
    case 'paragraph':
      return hanging(runsOf(block.line), 0, { width, paint });
    case 'list':
      return block.items.flatMap((item) => hanging(runsOf(item), LIST_INDENT, { width, paint }));
    case 'table':
      return tableLines(block, width, paint);
    case 'diagnostic':
      return caretLines(block.diagnostic).map(paint);
    case 'code':
      return visibleLines(block.text).map((line) => ' '.repeat(LIST_INDENT) + line);
    default:
      return unreachable(block);
  }
}

function hanging(runs: readonly Run[], indent: number, { width, paint }: Style): readonly string[] {
  const rest = indent + HANGING;
  return wrapped(runs, { first: width - indent, rest: width - rest }).map(
    (line, index) => ' '.repeat(index === 0 ? indent : rest) + paint(line),
  );
}
