import type { BlockReference } from '../model/desired.js';
import { unreachable } from '../model/unreachable.js';

/** What a manifest deploys, without its version: every version of it is the same building block. */
export function blockWords(block: BlockReference): string {
  switch (block.type) {
    case 'template':
      return block.path;
    case 'serverless-application':
      return block.application;
    case 'solution':
      return [block.solution ?? block.template ?? 'solution', ...(block.part === null ? [] : [block.part])].join(' ');
    case 'construct':
      return block.construct;
    default:
      return unreachable(block);
  }
}
