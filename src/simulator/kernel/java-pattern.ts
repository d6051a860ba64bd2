const BLANKS = ' \\t\\n\\v\\f\\r';
const ALL_BUT_BLANKS = '\\u0000-\\u0008\\u000e-\\u001f\\u0021-\\u{10ffff}';
const ANY = '[^\\n\\r\\u0085\\u2028\\u2029]';
/** Java's names for classes of ASCII, as members of a class. */
const OF_ASCII = new Map([
  ['Lower', 'a-z'],
  ['Upper', 'A-Z'],
  ['ASCII', '\\u0000-\\u007f'],
  ['Alpha', 'a-zA-Z'],
  ['Digit', '0-9'],
  ['Alnum', 'a-zA-Z0-9'],
  ['Punct', '!-\\/:-@\\[-`\\{-~'],
  ['Graph', '!-~'],
  ['Print', '\\u0020-~'],
  ['Blank', '\\u0020\\t'],
  ['Cntrl', '\\u0000-\\u001f\\u007f'],
  ['XDigit', '0-9a-fA-F'],
  ['Space', BLANKS],
]);
/** Characters that have a letter behind a backslash. */
const CONTROLS = new Map(Object.entries({ t: 9, n: 10, f: 12, r: 13, a: 7, e: 27 }));
/** What Java reads behind a backslash and this does not convert. */
const UNCONVERTED = /[0-9cGhHkNRvVX]/;
const ASSERTIONS = new Map([
  ['b', '\\b'],
  ['B', '\\B'],
  ['A', '^'],
  ['z', '$'],
]);
const GROUP = /\((?:\?(?:<?[=!]|<[^>]*>|>|(?<flags>[a-zA-Z-]*)(?<end>[:)])))?/y;
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/y;

/** A pattern that Java understands and that has no honest counterpart here. */
export class UnconvertedPattern extends Error {}

/** A pattern that Java refuses. */
export class InvalidPattern extends Error {}

/** A pattern of Java's as a regular expression that has to match the whole text. Throws UnconvertedPattern or InvalidPattern. */
export function wholePattern(source: string): RegExp {
  const translated = `^(?:${new Translation(source).result()})$`;
  try {
    return new RegExp(translated, 'u');
  } catch (error) {
    throw new InvalidPattern((error as Error).message);
  }
}

type Flags = { readonly ignoresCase: boolean; readonly dotIsAll: boolean };
/** `looksBack` is that of all inside of a look-behind, however deep. */
type Group = { readonly outside: Flags; readonly asserts: boolean; readonly looksBack: boolean };
type Escaped = { readonly code: number } | { readonly members: string } | { readonly negated: string };

class Translation {
  private at = 0;
  private flags: Flags = { ignoresCase: false, dotIsAll: false };
  private readonly groups: Group[] = [];
  private afterAssertion = false;

  constructor(private readonly source: string) {}

  result(): string {
    let translated = '';
    while (this.at < this.source.length) translated += this.next();
    return translated;
  }

  private next(): string {
    const quantifier = this.taken(QUANTIFIER)?.[0];
    if (quantifier !== undefined) return this.quantified(quantifier);
    const character = this.character();
    const asserted = this.asserted(character);
    this.afterAssertion = asserted !== undefined;
    if (asserted !== undefined) return asserted;
    switch (character) {
      case '(':
        return this.group();
      case ')':
        return this.closed();
      case '|':
      case '{':
        this.at += 1;
        return character;
      case '[':
        return this.characterClass();
      case '.':
        this.at += 1;
        return this.flags.dotIsAll ? '[^]' : ANY;
      case '\\':
        return this.quotation() ?? this.alone(this.escaped());
      default:
        this.at += character.length;
        return this.alone({ code: character.codePointAt(0)! });
    }
  }

  private quantified(quantifier: string): string {
    if (quantifier.length > 1 && quantifier.endsWith('+')) throw new UnconvertedPattern('a possessive quantifier');
    if (this.afterAssertion) throw new UnconvertedPattern('an assertion that is repeated');
    if (/^[*+]|,\}/.test(quantifier) && this.groups.at(-1)?.looksBack)
      throw new UnconvertedPattern('a look-behind without an obvious end');
    return quantifier;
  }

  private asserted(character: string): string | undefined {
    const after = character === '\\' ? this.source[this.at + 1] : undefined;
    if (after === 'Z') throw new UnconvertedPattern('\\Z');
    const assertion = character === '^' || character === '$' ? character : ASSERTIONS.get(after ?? '');
    if (assertion !== undefined) this.at += after === undefined ? 1 : 2;
    return assertion;
  }

  private group(): string {
    const { 0: opening, groups } = this.taken(GROUP)!;
    if (opening === '(?>') throw new UnconvertedPattern('an atomic group');
    if (opening.startsWith('(?<') && !/^\(\?<(?:[=!]|[A-Za-z][A-Za-z0-9]*>)$/.test(opening))
      throw new InvalidPattern(`Group ${opening}`);
    const outside = this.flags;
    if (groups?.['flags'] !== undefined) this.flags = changed(this.flags, groups['flags']);
    if (groups?.['end'] === ')') return '(?:)';
    const looksBack = /^\(\?<[=!]/.test(opening) || this.groups.at(-1)?.looksBack === true;
    this.groups.push({ outside, asserts: /[=!]$/.test(opening), looksBack });
    return groups?.['end'] === ':' ? '(?:' : opening;
  }

  private closed(): string {
    const group = this.groups.pop();
    if (group === undefined) throw new InvalidPattern("Unmatched closing ')'");
    this.at += 1;
    this.flags = group.outside;
    this.afterAssertion = group.asserts;
    return ')';
  }

  /** What stands between `\Q` and `\E`, letter by letter. */
  private quotation(): string | undefined {
    if (!this.source.startsWith('\\Q', this.at)) return undefined;
    const end = this.source.indexOf('\\E', this.at);
    const quoted = this.source.slice(this.at + 2, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + 2;
    return [...quoted].map((character) => this.alone({ code: character.codePointAt(0)! })).join('');
  }

  private alone(escaped: Escaped): string {
    if ('negated' in escaped) return `[^${escaped.negated}]`;
    return 'members' in escaped ? `[${escaped.members}]` : this.cased(escaped.code, escaped.code, '[', ']');
  }

  private characterClass(): string {
    this.at += 1;
    const negates = this.source[this.at] === '^';
    if (negates) this.at += 1;
    let members = '';
    for (let first = true; first || this.source[this.at] !== ']'; first = false) members += this.member();
    this.at += 1;
    return `[${negates ? '^' : ''}${members}]`;
  }

  private member(): string {
    const start = this.classItem();
    if ('members' in start) return start.members;
    if ('negated' in start) {
      if (start.negated === BLANKS) return ALL_BUT_BLANKS;
      if (/^\\[dw]$/.test(start.negated)) return start.negated.toUpperCase();
      throw new UnconvertedPattern('a negation inside of a class');
    }
    const ranges = this.source[this.at] === '-' && !/^[\][]?$/.test(this.source[this.at + 1] ?? '');
    if (!ranges) return this.cased(start.code, start.code);
    this.at += 1;
    const end = this.classItem();
    if (!('code' in end)) throw new InvalidPattern('Illegal character range');
    if (end.code < start.code) throw new InvalidPattern('Illegal character range');
    return this.cased(start.code, end.code);
  }

  private classItem(): Escaped {
    const character = this.character();
    if (character === '') throw new InvalidPattern('Unclosed character class');
    if (character === '[' || this.source.startsWith('&&', this.at))
      throw new UnconvertedPattern('a class inside of a class');
    if (this.source.startsWith('\\Q', this.at)) throw new UnconvertedPattern('a quotation inside of a class');
    if (character === '\\') return this.escaped();
    this.at += character.length;
    return { code: character.codePointAt(0)! };
  }

  private escaped(): Escaped {
    this.at += 1;
    const character = this.character();
    if (character === '') throw new InvalidPattern('Unexpected internal error');
    if (character === 'p' || character === 'P') return this.property(character === 'P');
    if (character === 'x' || character === 'u') return this.numbered();
    this.at += character.length;
    if (character === 's') return { members: BLANKS };
    if (character === 'S') return { negated: BLANKS };
    if (character === 'd' || character === 'w') return { members: `\\${character}` };
    if (character === 'D' || character === 'W') return { negated: `\\${character.toLowerCase()}` };
    if (UNCONVERTED.test(character)) throw new UnconvertedPattern(`\\${character}`);
    const control = CONTROLS.get(character);
    if (control !== undefined) return { code: control };
    if (/[A-Za-z]/.test(character)) throw new InvalidPattern('Illegal/unsupported escape sequence');
    return { code: character.codePointAt(0)! };
  }

  private numbered(): Escaped {
    const [, short, long, four] = this.taken(/x(?:([\dA-Fa-f]{2})|\{([\dA-Fa-f]+)\})|u([\dA-Fa-f]{4})/y) ?? [];
    const code = parseInt(short ?? long ?? four ?? '', 16);
    if (!(code <= 0x10ffff)) throw new InvalidPattern('Illegal hexadecimal escape sequence');
    if (code >= 0xd800 && code <= 0xdfff) throw new UnconvertedPattern('half a character');
    return { code };
  }

  private property(negates: boolean): Escaped {
    const [, letter, long] = this.taken(/[pP](?:([A-Z])|\{([^}]*)\})/y) ?? [];
    const name = letter ?? long;
    if (name === undefined) throw new InvalidPattern('Unclosed character family');
    if (this.flags.ignoresCase) throw new UnconvertedPattern(`\\p{${name}} regardless of case`);
    const members = OF_ASCII.get(name) ?? (isCategory(name) ? `\\p{${name}}` : undefined);
    if (members === undefined) throw new UnconvertedPattern(`\\p{${name}}`);
    return negates ? { negated: members } : { members };
  }

  /** A range of characters; regardless of case, ASCII's letters stand for both of theirs. */
  private cased(from: number, to: number, open = '', close = ''): string {
    const plain = from === to ? shown(from) : `${shown(from)}-${shown(to)}`;
    if (!this.flags.ignoresCase) return plain;
    const others = [
      [0x41, 0x5a, 32],
      [0x61, 0x7a, -32],
    ] as const;
    const added = others.map(([first, last, offset]) => {
      const [low, high] = [Math.max(from, first), Math.min(to, last)];
      return low > high ? '' : `${shown(low + offset)}-${shown(high + offset)}`;
    });
    return `${open}${plain}${added.join('')}${close}`;
  }

  private character(): string {
    const code = this.source.codePointAt(this.at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  private taken(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source) ?? undefined;
    this.at += match?.[0].length ?? 0;
    return match;
  }
}

const shown = (code: number): string =>
  /[A-Za-z0-9]/.test(String.fromCodePoint(code)) ? String.fromCodePoint(code) : `\\u{${code.toString(16)}}`;

function isCategory(name: string): boolean {
  return /^(?:C[cfnos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/.test(name);
}

function changed(flags: Flags, written: string): Flags {
  const [on = '', off = ''] = written.split('-');
  const unknown = /[^is]/.exec(on + off)?.[0];
  if (unknown !== undefined && /[dmuxU]/.test(unknown)) throw new UnconvertedPattern(`the flag ${unknown}`);
  if (unknown !== undefined) throw new InvalidPattern('Unknown inline modifier');
  const flag = (letter: string, before: boolean): boolean => !off.includes(letter) && (on.includes(letter) || before);
  return { ignoresCase: flag('i', flags.ignoresCase), dotIsAll: flag('s', flags.dotIsAll) };
}
