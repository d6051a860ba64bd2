import { sha256 } from '../model/canonical.js';
import type { Sha256 } from '../model/identifiers.js';
import { byText } from './records.js';

/** Template texts, each kept once: the same one stands in thousands of stacks. */
export type TemplateShelf = {
  keep(text: string): Sha256;
  sorted(): Readonly<Record<Sha256, string>>;
};

export function createTemplateShelf(): TemplateShelf {
  const texts = new Map<Sha256, string>();
  return {
    keep(text) {
      const digest = sha256(text);
      if (!texts.has(digest)) texts.set(digest, text);
      return digest;
    },
    sorted: () => Object.fromEntries([...texts].sort(([one], [other]) => byText(one, other))),
  };
}
