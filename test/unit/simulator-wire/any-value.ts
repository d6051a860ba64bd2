import type { Shape } from '../../../src/simulator/wire/shape.js';

/** A small generator with a seed: values of any shape, with the characters that break encoders. */
export class AnyValue {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  of(shape: Shape, depth = 0): unknown {
    switch (shape.type) {
      case 'structure': {
        // A form has no way to say that a structure is there and empty, so that one that is nested keeps a member.
        const optional = (index: number) => (depth < 4 && this.below(3) > 0) || (depth > 0 && index === 0);
        const members = shape.members.filter((member, index) => member.required || optional(index));
        return Object.fromEntries(members.map((member) => [member.name, this.of(member.shape, depth + 1)]));
      }
      case 'list':
        return Array.from({ length: depth > 4 ? 1 : 1 + this.below(3) }, () => this.of(shape.member, depth + 1));
      case 'map':
        return Object.fromEntries(
          Array.from({ length: 1 + this.below(3) }, (_, index) => [`key ${index}<&>`, this.of(shape.value, depth + 1)]),
        );
      case 'timestamp':
        return new Date(1_600_000_000_000 + this.below(1_000_000) * 1000);
      case 'boolean':
        return this.below(2) === 0;
      case 'number':
        return this.below(100_000);
      case 'blob':
        return new Uint8Array([this.below(256), 0, 255]);
      case 'document':
        return { text: this.#text() };
      case 'unit':
        return {};
      case 'string':
        return this.#text();
    }
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#state >>> 8) % limit;
  }

  /** Text with what encoders trip over, and now and then nothing but blanks; the SDK's XML reader drops a text of blanks and line feeds alone. */
  #text(): string {
    const blanks = [' ', '\t', '  \t ', ' a ', '\na\n'];
    if (this.below(5) === 0) return blanks[this.below(blanks.length)]!;
    const pieces = [
      'a',
      '<b>',
      '&amp;',
      '"',
      "'",
      ' ',
      '=',
      '+',
      '%20',
      'é',
      '日本',
      '😀',
      '\n',
      '\t',
      ']]>',
      'x',
      '/',
      '\r\n',
      '&#10;',
    ];
    const text = Array.from({ length: 1 + this.below(6) }, () => pieces[this.below(pieces.length)]!).join('');
    return text.trim() === '' ? `${text}.` : text;
  }
}
