const BLANKS = ' \\t\\n\\v\\f\\r';
const ALL_BUT_BLANKS = '\\u0000-\\u0008\\u000e-\\u001f\\u0021-\\u{10ffff}';
const ANY = '[^\\n\\r\\u0085\\u2028\\u2029]';
/** What a pattern with the u flag lets a backslash stand before; `-` in a class besides. */
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

/** A service model's pattern, which is Java's, as a regular expression that has to match the whole text. */
export function wholePattern(source: string): RegExp {
  let translated = '';
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at]!;
    if (character === '\\') {
      at += 1;
      translated += escaped(source[at] ?? '\\', inClass);
      continue;
    }
    if (character === '[') inClass = true;
    if (character === ']') inClass = false;
    translated += character === '.' && !inClass ? ANY : character;
  }
  return new RegExp(`^(?:${translated})$`, 'u');
}

/** Java's blanks are ASCII's, its dot knows one more end of line, and it may escape what needs no escape. */
function escaped(character: string, inClass: boolean): string {
  if (character === 's') return inClass ? BLANKS : `[${BLANKS}]`;
  if (character === 'S') return inClass ? ALL_BUT_BLANKS : `[^${BLANKS}]`;
  const needed = /[A-Za-z0-9]/.test(character) || SYNTAX.test(character) || (inClass && character === '-');
  return needed ? `\\${character}` : character;
}
