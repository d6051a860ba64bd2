import { DANGEROUS, visibleText } from '../../model/visible-text.js';

export { visibleText };

/** The text with its line breaks kept and every other control character written out. */
export function visibleLines(text: string): readonly string[] {
  return text.replace(/\r\n/g, '\n').split('\n').map(visibleText);
}

/** JSON text with the characters escaped that JSON itself lets through. */
export function visibleJson(json: string): string {
  return json.replace(DANGEROUS, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
