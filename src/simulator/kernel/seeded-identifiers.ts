import { createHash } from 'node:crypto';
import type { Identifiers } from './contract.js';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** One stream of random identifiers; streams of other purposes do not disturb it, so that a request more does not rename a stack. */
export class SeededIdentifiers implements Identifiers {
  readonly #seed: number;
  #state: number;

  constructor(seed: number, purpose: string) {
    this.#seed = seed;
    this.#state = keyed(`${seed}/${purpose}`);
  }

  uuid(): string {
    const hex = this.hex(32);
    const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.#word().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  alphanumeric(length: number): string {
    let text = '';
    while (text.length < length) text += ALPHANUMERIC[this.#word() % ALPHANUMERIC.length]!;
    return text;
  }

  between(from: number, to: number, key: string): number {
    return from + (keyed(`${this.#seed}:${key}`) % (to - from + 1));
  }

  /** Mulberry32: 32 bits of state are plenty for telling things apart. */
  #word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  }
}

function keyed(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0);
}
