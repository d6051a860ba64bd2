import { createHash } from 'node:crypto';

const ALPHABETS = {
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  hex: '0123456789abcdef',
  digits: '0123456789',
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
} as const;

/** Characters that look random and depend on the key only: the same stack has the same ids in every run. */
export function fingerprint(key: string, length: number, alphabet: keyof typeof ALPHABETS): string {
  const characters = ALPHABETS[alphabet];
  const digest = createHash('sha512').update(key).digest();
  return Array.from({ length }, (_, at) => characters[(digest[at % digest.length] ?? 0) % characters.length]).join('');
}

/** A UUID that depends on the key only. */
export function fingerprintUuid(key: string): string {
  const hex = fingerprint(key, 32, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
