import type { Block, Line } from '../model/document.js';
import { unreachable } from '../model/unreachable.js';
import type { AccountNames } from './outcome.js';

/** An account where a sentence of ours names it: in an address, in a list of targets, or after the word; never inside an ARN or a value. */
const ACCOUNT = /(?<![\w:"'/.-])(?:[A-Z]\w*\/[\w-]+@)?(\d{12})(?:\/[a-z0-9-]+)?(?![\w"':./-])/g;

/** The blocks with the name of each account beside its id, so that no sentence has to know the names. */
export function withAccountNames(blocks: readonly Block[], names: AccountNames): readonly Block[] {
  const named = (text: string): string =>
    text.replace(ACCOUNT, (found: string, id: string, offset: number) => {
      const name = names[id];
      const isNamed = name === undefined || text.startsWith(` ${name}`, offset + found.length);
      return isNamed ? found : `${found} (${name})`;
    });
  const line = (told: Line): Line =>
    typeof told === 'string'
      ? named(told)
      : told.map((span) => (typeof span === 'string' ? named(span) : { ...span, text: named(span.text) }));
  return blocks.map((block): Block => {
    switch (block.type) {
      case 'paragraph':
        return { ...block, line: line(block.line) };
      case 'list':
        return { ...block, items: block.items.map(line) };
      case 'table':
        return { ...block, rows: block.rows.map((row) => row.map(line)) };
      case 'diagnostic':
        return { ...block, diagnostic: { ...block.diagnostic, message: named(block.diagnostic.message) } };
      case 'heading':
      case 'code':
        return block;
      default:
        return unreachable(block);
    }
  });
}
