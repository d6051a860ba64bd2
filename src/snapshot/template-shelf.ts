import { sha256 } from '../model/canonical.js';
import type { Sha256 } from '../model/identifiers.js';
import type { Unread } from '../model/snapshot.js';
import { byText } from './records.js';
import { unreadableTemplate } from './unreadable.js';

/** Template texts, each kept once: the same one stands in thousands of stacks. */
export type TemplateShelf = {
  keep(text: string): Sha256;
  /** The same of what GetTemplate answered; why it is not kept where that cannot be read. */
  keepAnswered(text: string): Sha256 | Unread;
  sorted(): Readonly<Record<Sha256, string>>;
};

export function createTemplateShelf(): TemplateShelf {
  const texts = new Map<Sha256, string>();
  const unreadable = new Map<Sha256, Unread | null>();
  const keep = (text: string): Sha256 => {
    const digest = sha256(text);
    if (!texts.has(digest)) texts.set(digest, text);
    return digest;
  };
  return {
    keep,
    keepAnswered(text) {
      const digest = sha256(text);
      const known = unreadable.get(digest);
      const why = known === undefined ? unreadableTemplate(text) : known;
      unreadable.set(digest, why);
      return why ?? keep(text);
    },
    sorted: () => Object.fromEntries([...texts].sort(([one], [other]) => byText(one, other))),
  };
}
