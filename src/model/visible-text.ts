/**
 * Control characters, and those that reorder or hide text: names and messages come from accounts that others administer, and
 * none of them may move the cursor, clear the screen or make a line read otherwise than it is.
 */
export const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The text on one line, with every control character written out as its escape. */
export function visibleText(text: string): string {
  return text.replace(DANGEROUS, escaped);
}
