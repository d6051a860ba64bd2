import type { Unread } from '../model/snapshot.js';
import { parseTemplate } from '../model/template.js';

/** The code of a template that was read and is none any more. */
export const UNREADABLE_TEMPLATE = 'UnreadableTemplate';

/** YAML's mark of a key that is written out, which CloudFormation's templates do not use. */
const KEY_MARK = /^[ \t]*(?:-[ \t]+)*\?(?:[ \t]|$)/m;

/**
 * Why a text that GetTemplate answered is not what the stack was made of; null where it may be. GetTemplate answers `?` for every character
 * that is not ASCII, and in YAML a `?` of its own means something else. Looks only where there is one.
 */
export function unreadableTemplate(text: string): Unread | null {
  if (!text.includes('?')) return null;
  const parsed = parseTemplate(text);
  if (parsed.type === 'not-a-template') return because(`line ${parsed.line}: ${parsed.message}`);
  if (text.trimStart().startsWith('{')) return null;
  const at = KEY_MARK.exec(text)?.index;
  if (at === undefined && !JSON.stringify(parsed.document).includes('{"":null}')) return null;
  return because('a ? of its own is the mark of a key in YAML');
}

const because = (reason: string): Unread => ({
  code: UNREADABLE_TEMPLATE,
  message: `GetTemplate answers ? for every character that is not ASCII, and what it answered here cannot be read as the template that it was: ${reason}`,
});
