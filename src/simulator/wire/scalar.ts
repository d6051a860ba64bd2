import type { TimestampFormat } from './shape.js';

/** The request's text does not have the form that its schema demands; the protocol says it in AWS's words. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

export function parseNumber(text: string): number {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw new Malformed(`'${text}' is not a number`);
  return Number(text);
}

export function parseBoolean(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw new Malformed(`'${text}' is not a boolean`);
  return lower === 'true';
}

const SECONDS = /^-?\d+(\.\d+)?$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Seconds since the epoch, or a date as HTTP or ISO 8601 write it. */
export function parseTimestamp(text: string): Date {
  const written = ISO_DATE.test(text) || HTTP_DATE.test(text);
  const date = SECONDS.test(text) ? new Date(Number(text) * 1000) : new Date(written ? text : NaN);
  if (Number.isNaN(date.getTime())) throw new Malformed(`'${text}' is not a timestamp`);
  return date;
}

export function formatTimestamp(value: unknown, format: TimestampFormat, byDefault: TimestampFormat): string {
  if (!(value instanceof Date)) throw new Error(`a timestamp must be a Date, not ${typeof value}`);
  switch (format === 'protocol' ? byDefault : format) {
    case 'epoch-seconds':
      return String(value.getTime() / 1000);
    case 'http-date':
      return value.toUTCString();
    case 'date-time':
    case 'protocol':
      return value.toISOString();
  }
}

export function blobText(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString('base64');
}

export function parseBlob(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
