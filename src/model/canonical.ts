import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Sha256 } from './identifiers.js';

/** RFC 8785 text of a JSON value: the one form in which values are compared and digested. */
export function canonicalJson(value: unknown): string {
  return (canonicalize as unknown as (value: unknown) => string | undefined)(value) ?? 'null';
}

export function sha256(bytes: string | Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256;
}

/** The digest of a JSON value, independent of the order of its keys. */
export function digestOf(value: unknown): Sha256 {
  return sha256(canonicalJson(value));
}
